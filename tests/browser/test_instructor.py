"""What an instructor opens in JupyterLab: Formgrader on a graded class, and the assignment list."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

CHAPTER = "ch01_perceptron"
PUPILS = ("all-right", "mixed-1", "broken")


@pytest.fixture(scope="module")
def graded(house):
    """Three made-up pupils, graded into the classroom that the server shows."""
    options = [word for pupil in PUPILS for word in ("--pupil", pupil)]
    done = subprocess.run(
        [sys.executable, "-m", "autograder.demo", "--folder", str(house / "demo"), *options],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_formgrader_lists_the_chapter_and_opens_an_autograded_submission(graded, lab):
    lab.start()
    lab.command("Nbgrader", "nbgrader:open-formgrader")
    frame = lab.page.frame_locator("iframe")
    expect(frame.get_by_role("link", name=CHAPTER)).to_be_visible()
    lab.screenshot("formgrader")

    frame.get_by_role("link", name="Manual Grading").click()
    frame.get_by_role("link", name=CHAPTER).click()
    frame.get_by_role("link", name=CHAPTER).click()
    frame.get_by_role("link", name="Submission #1").click()
    expect(frame.get_by_text("✗").or_(frame.get_by_text("✓")).first).to_be_visible()
    lab.screenshot("formgrader-submission")


def test_the_assignment_list_shows_what_was_released(graded, lab):
    lab.start()
    lab.command("Nbgrader", "nbgrader:open-assignment-list")
    expect(lab.page.locator("#released_assignments_list, body").last).to_contain_text(CHAPTER)
    lab.screenshot("assignment-list")
