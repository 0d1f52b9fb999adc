"""Every explorer in JupyterLab: moved by keyboard and by mouse, it shows something else."""

import pytest
from playwright.sync_api import expect

from dlkit import explorers
from tests.browser.conftest import PATIENCE_MS, Lab
from tests.explorer_notebook import guess, write_notebook

pytestmark = pytest.mark.browser

NAMES = [name for name in explorers.__all__ if name != "explore"]


@pytest.fixture(scope="module")
def shown(browser, server, house):
    """A notebook with one explorer a cell, all run."""
    cells = [f"from dlkit.explorers import {name}\nseen = {name}()\nseen" for name in NAMES]
    write_notebook(house / "work" / "explorers.ipynb", cells)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(PATIENCE_MS)
    lab = Lab(page, server, house)
    lab.open("work/explorers.ipynb")
    lab.run_all()
    yield lab
    page.close()


def seen(panel):
    """The picture and the sentence as they now are."""
    picture = panel.locator(".dlk-scene").inner_html()
    return picture, panel.get_by_role("status").inner_text()


@pytest.mark.parametrize("name", NAMES)
def test_an_explorer_answers_keyboard_and_mouse(shown, name):
    cell = shown.scroll_to_cell(NAMES.index(name))
    panel = cell.get_by_role("group").first
    expect(panel.get_by_role("status")).to_contain_text("Predict first")
    before = seen(panel)
    guess(panel)
    expect(panel.get_by_role("status")).not_to_contain_text("Predict first")
    assert seen(panel) != before

    by_keyboard(shown, panel)
    by_mouse(panel)
    shown.screenshot(f"explorer-{name.replace('_', '-')}")
    panel.get_by_role("button", name="Reset").click()
    expect(panel.get_by_role("status")).to_contain_text("Predict first")


def by_keyboard(lab, panel):
    """The first control that moves: arrow keys change what is seen, and nothing in the notebook."""
    control = panel.locator("input[type=range]:enabled, select:enabled").first
    before, cells = seen(panel), len(lab.notebook()["cells"])
    control.focus()
    key = "ArrowDown" if control.evaluate("(e) => e.tagName") == "SELECT" else "ArrowRight"
    for _ in range(2):
        lab.page.keyboard.press(key)
    lab.page.wait_for_function(
        "([scene, before]) => scene.innerHTML !== before",
        arg=[panel.locator(".dlk-scene").element_handle(), before[0]],
    )
    for _ in range(2):
        lab.page.keyboard.press("d")
    assert len(lab.notebook()["cells"]) == cells


def by_mouse(panel):
    """A click on a slider's far end, or on a button, changes what is seen."""
    before = panel.locator(".dlk-scene").inner_html()
    sliders = panel.locator("input[type=range]:enabled")
    if not sliders.count():
        panel.get_by_role("button", disabled=False).first.click()
        assert changes(panel, before)
        return
    for slider in reversed(sliders.all()):  # one may be without effect while another is at its end
        box = slider.bounding_box()
        slider.click(position={"x": box["width"] - 3, "y": box["height"] / 2})
        if changes(panel, before):
            return
    raise AssertionError("no slider changes the picture")


def changes(panel, before, wait_s=3):
    """Whether the picture becomes another one within a moment."""
    for _ in range(20 * wait_s):
        if panel.locator(".dlk-scene").inner_html() != before:
            return True
        panel.page.wait_for_timeout(50)
    return False
