"""What an instructor opens in JupyterLab: Formgrader on a graded class, and the assignment list."""

import pytest
from playwright.sync_api import expect

from autograder import chapters
from tests.browser.conftest import CHAPTER, PUPILS

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

MARKS = f"{chapters.load(CHAPTER).max_score:g}"  # by the machine; the written answer is open


def test_formgrader_lists_the_chapter_and_opens_an_autograded_submission(graded, lab):
    lab.start()
    lab.command("Nbgrader", "nbgrader:open-formgrader")
    frame = lab.page.frame_locator("iframe")
    chapter = frame.get_by_role("link", name=CHAPTER)
    expect(chapter).to_be_visible()
    lab.screenshot("formgrader")

    frame.get_by_role("link", name="Manual Grading").click()
    frame.get_by_role("columnheader", name="Assignment ID").wait_for()
    chapter.click()
    frame.get_by_role("columnheader", name="Notebook ID").wait_for()
    chapter.click()
    expect(frame.get_by_role("link", name="Submission #")).to_have_count(len(PUPILS))
    full = frame.get_by_role("row").filter(has_text=f"{MARKS} / {MARKS}").first
    full.get_by_role("link", name="Submission #").click()
    verdict = frame.get_by_text("✓ perceptron").first
    expect(verdict).to_be_visible()
    verdict.scroll_into_view_if_needed()
    lab.screenshot("formgrader-submission")


def test_a_student_hands_in_through_the_assignment_list(graded, lab, house):
    lab.start()
    lab.command("Nbgrader", "nbgrader:open-assignment-list")
    fetched = lab.page.locator("#fetched_assignments_list")
    expect(fetched).to_contain_text(CHAPTER)
    fetched.get_by_text("Submit").click()
    expect(lab.page.locator("#submitted_assignments_list")).to_contain_text(CHAPTER)
    lab.screenshot("assignment-list")
    inbound = house / "demo" / "classroom" / "exchange" / "deep-learning" / "inbound"
    assert len(list(inbound.glob(f"*/{CHAPTER}.ipynb"))) == 1
