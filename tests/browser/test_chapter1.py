"""Chapter 1 in a real browser: it runs, its explorers answer, and a mistake is told its hint."""

import json
import re
import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from autograder import chapters
from autograder.demo.pupils import answers, fill
from tests.browser.conftest import Lab

pytestmark = pytest.mark.browser

CHAPTER = "ch01_perceptron"


def put(house, folder, filled):
    """A copy of the released chapter in work/FOLDER with these answers; its path."""
    shutil.copytree(house / "course" / CHAPTER, house / "work" / folder)
    path = house / "work" / folder / f"{CHAPTER}.ipynb"
    released = json.loads(nbformat.writes(nbformat.read(path, as_version=4)))
    path.write_text(json.dumps(fill(released, chapters.load(CHAPTER), filled)))
    return path.relative_to(house).as_posix()


def right():
    return answers(chapters.load(CHAPTER), lambda part: part.answer)


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def errors(cell):
    return [out for out in cell["outputs"] if out["output_type"] == "error"]


def is_test(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_")


@pytest.fixture(scope="module")
def solved(browser, server, house):
    """The solved chapter after Run All, in a page that the tests of this file share."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    lab = Lab(page, server, house)
    lab.open(put(house, "solved", right()))
    lab.run_all()
    yield lab
    page.close()


def test_it_runs_from_top_to_bottom_and_every_check_passes(solved):
    cells = code_cells(solved.notebook())
    assert [cell["source"] for cell in cells if cell["execution_count"] is None] == []
    assert [error for cell in cells for error in errors(cell)] == []
    told = ["".join(cell["outputs"][0]["text"]) for cell in cells if is_test(cell)]
    assert len(told) == len(chapters.load(CHAPTER).exercises)
    assert all(text.startswith("✓") for text in told)


def test_a_slider_of_the_gate_playground_moves_by_keyboard_and_the_picture_follows(solved):
    panel = solved.page.get_by_role("group", name="Gate playground")
    panel.scroll_into_view_if_needed()
    panel.get_by_role("button", name="Show").click()
    expect(panel.get_by_role("status")).to_contain_text("rows right")
    picture_follows(solved, panel, panel.get_by_role("slider", name="weight w₁"))
    solved.screenshot("gate-playground")


def test_a_slider_of_perceptron_learning_moves_by_keyboard_and_the_picture_follows(solved):
    panel = solved.page.get_by_role("group", name=re.compile("Perceptron learning"))
    panel.scroll_into_view_if_needed()
    picture_follows(solved, panel, panel.get_by_role("slider").first)
    solved.screenshot("perceptron-learning")


def picture_follows(lab, panel, slider):
    """Arrow keys move the slider and the picture; keys that JupyterLab knows do nothing to it."""
    picture = panel.locator("svg").first
    before, at = picture.inner_html(), slider.input_value()
    cells = len(lab.notebook()["cells"])
    slider.focus()
    for _ in range(3):
        lab.page.keyboard.press("ArrowRight")
    expect(slider).not_to_have_value(at)
    expect(picture).not_to_have_js_property("innerHTML", before)
    lab.page.keyboard.press("d")
    lab.page.keyboard.press("d")
    assert len(lab.notebook()["cells"]) == cells


def test_validate_reports_a_right_notebook(solved):
    solved.page.get_by_role("button", name="Validate").click()
    dialog = solved.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("Success", timeout=90_000)
    solved.screenshot("validate-right")
    dialog.get_by_role("button").last.click()


def test_a_wrong_answer_shows_its_traps_hint_and_the_rest_runs_on(lab, house):
    trap = chapters.load(CHAPTER).exercises["margin"]["margin"].traps[0]
    path = put(house, "trapped", right() | {"margin": trap.answers[0].text})
    lab.open(path)
    lab.run_all()
    output = lab.scroll_to("test_margin").locator(".jp-OutputArea-output")
    expect(output).to_contain_text(" ".join(trap.hint.split()))
    expect(output).not_to_contain_text("Traceback")
    output.scroll_into_view_if_needed()
    lab.screenshot("hint")
    cells = code_cells(lab.notebook())
    assert [cell["source"] for cell in cells if cell["execution_count"] is None] == []
    failed = [cell for cell in cells if is_test(cell) and errors(cell)]
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in failed] == ["test_margin"]

    lab.page.get_by_role("button", name="Validate").click()
    dialog = lab.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text('check("margin"', timeout=90_000)
    lab.screenshot("validate-wrong")


def test_an_untouched_chapter_runs_to_its_end(lab, house):
    path = put(house, "untouched", {})
    lab.open(path)
    lab.run_all()
    cells = code_cells(lab.notebook())
    assert [cell["source"] for cell in cells if cell["execution_count"] is None] == []
