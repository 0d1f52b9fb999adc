"""Formgrader in Chromium: what a person gives stays when graded again, and reaches the student."""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CHAPTER, PUPILS, run_python

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

STUDENT, OTHER, _ = PUPILS
ANSWER = "written_ch01"
HTML = "<script>alert('gotcha')</script><b onclick=alert(1)>See</b>"
COMMENT = f"A *good* start. Why $w_1 < 0$? {HTML}"


class Formgrader:
    """Formgrader in its tab of JupyterLab, by the things that a person sees and presses."""

    def __init__(self, lab):
        self.page, self.asked_afar = lab.page, []
        lab.page.on("request", self._note)
        lab.start()
        lab.command("Nbgrader", "nbgrader:open-formgrader")
        self.frame = lab.page.frame_locator("iframe")
        self.box = self.frame.locator(f"#{ANSWER}")
        self.extra = self.frame.locator(f"#{ANSWER}_extra_credit")
        self.comment = self.frame.locator(f"#{ANSWER}-comment")
        self.resolve = self.box.locator("xpath=ancestor::*[contains(@class, 'nbgrader_cell')]")
        self.resolve = self.resolve.get_by_role("button", name="Resolve")

    def _note(self, request):
        if not re.match(r"(https?://(127\.0\.0\.1|localhost):|data:|blob:)", request.url):
            self.asked_afar.append(request.url)

    def open_submission(self, student):
        """Manual Grading → chapter → notebook → the student's."""
        self.frame.get_by_role("link", name="Manual Grading").first.click()
        for column in ("Assignment ID", "Notebook ID"):
            self.frame.get_by_role("columnheader", name=column).wait_for()
            self.frame.get_by_role("link", name=CHAPTER).last.click()
        self.frame.get_by_role("link", name="Submission #").first.wait_for()
        self.frame.get_by_role("button", name="Show All Names").click()
        self.frame.get_by_role("link", name=student).click()
        expect(self.box).to_be_attached()

    def row(self, student):
        """The student's row among a chapter's hand-ins."""
        self.frame.get_by_role("link", name="Manual Grading").first.click()
        self.frame.get_by_role("link", name="Manage Assignments").click()
        count = self.frame.get_by_role("row").filter(has_text=CHAPTER).get_by_role("link")
        count.filter(has_text=re.compile(r"^\d+$")).click()
        return self.frame.get_by_role("row").filter(has_text=student)

    def press(self, row, icon):
        """Press one of a row's buttons; what Formgrader says of it, once it is done."""
        row.locator(f".glyphicon-{icon}").click()
        told = self.frame.locator(".modal.in")
        expect(told).to_contain_text("Log Output")
        text = told.inner_text()
        told.get_by_role("button", name="OK").click()
        expect(told).to_have_count(0)
        return text

    def expect_what_was_given(self):
        expect(self.box).to_have_value("1.5")
        expect(self.extra).to_have_value("0.25")
        expect(self.comment).to_have_value(COMMENT)


@pytest.fixture
def formgrader(graded, lab):
    return Formgrader(lab)


def mark(formgrader):
    """Points, extra credit and a comment, typed in; Next and back; all of it is there."""
    formgrader.open_submission(STUDENT)
    expect(formgrader.box).to_be_focused()
    expect(formgrader.box).to_be_in_viewport()
    expect(formgrader.box).to_have_class(re.compile("needs_manual_grade"))
    for text in ("1.5", "0.25", COMMENT):
        formgrader.page.keyboard.type(text)
        formgrader.page.keyboard.press("Tab")
    expect(formgrader.box).not_to_have_class(re.compile("needs_manual_grade"))

    crumb = formgrader.frame.locator(".breadcrumb .name-hidden").first
    here = crumb.inner_text()
    away, back = ("Next", "Prev") if "#1" in here else ("Prev", "Next")  # their order is random
    formgrader.frame.get_by_role("link", name=away).click()
    expect(crumb).not_to_have_text(here)
    formgrader.frame.get_by_role("link", name=back).click()
    expect(crumb).to_have_text(here)
    formgrader.expect_what_was_given()
    formgrader.frame.locator("html").evaluate("() => location.reload()")
    formgrader.expect_what_was_given()


def grade_again(formgrader, house, classroom):
    """By the command, which has nothing to do, and by the button, which asks to look again."""
    run_python(house, "-m", "autograder", "grade", CHAPTER, "--classroom", str(classroom))
    row = formgrader.row(STUDENT)
    expect(row).to_contain_text("29.75 / 30")
    expect(row).not_to_contain_text("needs manual grading")
    told = formgrader.press(row, "flash")
    assert "Successfully autograded" in told
    assert "28 of 28" in told
    expect(row).to_contain_text("needs manual grading")

    formgrader.open_submission(STUDENT)
    formgrader.expect_what_was_given()
    formgrader.resolve.click()
    expect(formgrader.resolve).to_be_hidden()
    formgrader.frame.locator("html").evaluate("() => location.reload()")
    formgrader.expect_what_was_given()
    expect(formgrader.resolve).to_be_hidden()


def test_what_a_person_gives_stays_and_reaches_the_student(formgrader, house, graded, browser):
    mark(formgrader)
    grade_again(formgrader, house, graded)
    row = formgrader.row(STUDENT)
    assert "marks are newer than their pages" in formgrader.press(row, "envelope")
    assert "1 feedback page(s)" in formgrader.press(row, "comment")
    assert "Not handed in through the exchange" in formgrader.press(row, "envelope")
    assert formgrader.asked_afar == []

    page, dialogs = browser.new_page(viewport={"width": 400, "height": 900}), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"file://{graded}/feedback/{STUDENT}/{CHAPTER}/{CHAPTER}.html")
    expect(page.locator("h4").first).to_have_text(f"{CHAPTER} (Score: 29.75 / 30.0)")
    expect(page.locator("body")).not_to_contain_text("has still to be marked")
    comment = page.locator(".panel-footer", has_text="Comments:")
    expect(comment).to_contain_text("A good start. Why")
    expect(comment.locator("math")).to_have_text("w1<0")
    comment.get_by_text("See").click()
    assert "gotcha" not in page.content()
    assert dialogs == []
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    page.goto(f"file://{graded}/feedback/{OTHER}/{CHAPTER}/{CHAPTER}.html")
    expect(page.locator("body")).to_contain_text("has still to be marked")
    page.close()

    out = run_python(house, "-m", "autograder", "export", CHAPTER, "--classroom", str(graded))
    marks = {row["student"]: row for row in csv.DictReader(out.splitlines())}
    assert (marks[STUDENT]["total"], marks[STUDENT][ANSWER]) == ("29.75", "1.75")
    assert (marks[OTHER]["total"], marks[OTHER][ANSWER]) == ("28", "")
