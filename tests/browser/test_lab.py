"""JupyterLab as a student meets it: the map opens alive, knows their progress, and asks again."""

import json
import re
import shutil
from datetime import datetime, timedelta

import nbformat
import pytest
from playwright.sync_api import expect

from autograder import chapters
from autograder.demo.pupils import answers, fill
from dlkit.home import logbook
from tests.browser.conftest import CHAPTER, KERNEL_IDLE, NOTEBOOK

pytestmark = pytest.mark.browser


@pytest.fixture
def progress(house):
    """The student's logbook, empty before and after."""
    book = logbook.path(house / "work")
    book.unlink(missing_ok=True)
    yield house / "work"
    book.unlink(missing_ok=True)


def passed(work, *names, days_ago=2):
    for name in names:
        at = datetime.now().astimezone() - timedelta(days=days_ago)
        assert logbook.add(work, logbook.CHECK, CHAPTER, name, 1, at)


def home(lab):
    return lab.page.get_by_role("region", name="Your course")


def row(lab):
    """Chapter 1 on the map."""
    return home(lab).get_by_role("row").filter(has_text="The perceptron and logic gates")


def review(lab):
    return lab.page.get_by_role("region", name="Review")


def test_the_map_opens_first_and_is_alive_without_a_press_or_a_question(lab, progress):
    asked_afar = []
    lab.page.on("request", lambda request: asked_afar.append(request.url))
    lab.start()
    expect(lab.page.locator(".lm-TabBar-tab.jp-mod-current").first).to_contain_text("index.ipynb")
    expect(home(lab)).to_contain_text("Begin here: chapter 1, exercise perceptron")
    expect(row(lab)).to_contain_text("0 of 12 exercises")
    expect(review(lab)).to_contain_text("Nothing is due yet")
    expect(lab.page.get_by_text("Would you like to")).to_have_count(0)
    expect(lab.page.locator(".jp-toc, .jp-TableOfContents").first).to_be_visible()
    assert [url for url in asked_afar if "127.0.0.1" not in url and "localhost" not in url] == []
    lab.screenshot("index")


def test_a_link_of_the_map_opens_the_chapter_at_the_exercise(lab, progress):
    lab.start()
    row(lab).get_by_text("0 of 12 exercises").click()
    home(lab).get_by_role("link", name="train_perceptron").click()
    lab.page.wait_for_function(f"() => {NOTEBOOK}.context.path.endsWith('{CHAPTER}.ipynb')")
    cell = lab.page.locator(".jp-Cell", has_text=re.compile(r"def train_perceptron\(X, t"))
    expect(cell).to_be_in_viewport()
    expect(lab.page.get_by_role("button", name="Validate")).to_be_visible()
    lab.screenshot("chapter-from-the-map")


@pytest.fixture
def answered(house):
    """The chapter in work/, in which one exercise is answered; afterwards as it was."""
    path = house / "work" / CHAPTER / f"{CHAPTER}.ipynb"
    before = path.read_bytes()
    right = answers(chapters.load(CHAPTER), lambda part: part.answer)
    released = json.loads(nbformat.writes(nbformat.read(path, as_version=4)))
    path.write_text(json.dumps(fill(released, chapters.load(CHAPTER), {"gates": right["gates"]})))
    yield path.relative_to(house).as_posix()
    path.write_bytes(before)


def run_cells(lab, *words):
    """Run the cells that hold these words, one after the other."""
    for wanted in words:
        sources = ["".join(cell["source"]) for cell in lab.notebook()["cells"]]
        (index,) = [i for i, source in enumerate(sources) if wanted in source]
        lab.page.evaluate(f"(i) => {{ {NOTEBOOK}.content.activeCellIndex = i; }}", index)
        lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")


def test_the_bar_follows_a_check_that_passed_in_another_notebook(lab, progress, answered):
    lab.start()
    expect(row(lab)).to_contain_text("0 of 12 exercises, 0 of 28 points")
    home(lab).get_by_role("link", name="perceptron and logic gates").click()
    lab.page.wait_for_function(f"() => {NOTEBOOK}.context.path.endsWith('{CHAPTER}.ipynb')")
    lab.page.wait_for_function(KERNEL_IDLE)
    run_cells(lab, "from dlkit.check import check", "def gates()", 'check("gates", gates)')
    expect(lab.page.get_by_text("✓ gates 2 of 2 points")).to_be_visible()
    lab.page.locator(".lm-TabBar-tabLabel", has_text="index.ipynb").click()
    expect(row(lab)).to_contain_text("1 of 12 exercises, 2 of 28 points")
    bar = row(lab).get_by_role("img", name="7 % of the points pass")
    expect(bar).to_be_visible()
    width = bar.locator("div").evaluate("(e) => e.offsetWidth / e.parentElement.clientWidth")
    assert width == pytest.approx(2 / 28, abs=0.02)
    expect(home(lab)).to_contain_text("Go on here: chapter 1, exercise perceptron")
    lab.screenshot("index-after-a-check")


def test_a_review_question_is_answered_by_keyboard_and_told_why(lab, progress):
    passed(progress, "perceptron", "gates")
    lab.start()
    expect(home(lab)).to_contain_text("2 review questions are due today")
    panel = review(lab)
    expect(panel).to_contain_text("question 1 of 2")
    first = panel.locator("form").get_attribute("data-question")
    cells = len(lab.notebook()["cells"])
    panel.get_by_role("radio").first.focus()
    lab.page.keyboard.press("Space")
    lab.page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("radio").nth(1)).to_be_checked()
    lab.page.keyboard.press("Enter")
    told = panel.get_by_role("group", name="Your answer")
    expect(told).to_be_focused()
    expect(told).to_contain_text(re.compile("✓ Right:|✗ Not quite:"))
    expect(told).to_contain_text("comes again on")
    lab.screenshot("review-answer")
    lab.page.keyboard.press("d")
    lab.page.keyboard.press("d")
    assert len(lab.notebook()["cells"]) == cells
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Enter")
    expect(panel).to_contain_text("question 2 of 2")
    assert panel.locator("form").get_attribute("data-question") != first
    panel.get_by_role("radio").last.check()
    panel.get_by_role("button", name="Answer").click()
    panel.get_by_role("button", name="Done").click()
    expect(panel).to_contain_text("Nothing is due. The next question comes")
    expect(home(lab)).not_to_contain_text("due today")
    lab.screenshot("review-done")
    events = [event for event in logbook.read(progress) if event.did == logbook.REVIEW]
    assert [event.chapter for event in events] == [CHAPTER] * 2
    assert f"{CHAPTER}/{events[0].name}" == first


def test_the_map_is_readable_in_the_dark_and_in_a_narrow_window(lab, progress):
    passed(progress, "perceptron", "gates", "xor")
    logbook.add(progress, logbook.CHECK, CHAPTER, "xor", 0)
    lab.start()
    expect(row(lab)).to_contain_text("2 of 12 exercises")
    set_theme(lab, "JupyterLab Dark")
    try:
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        row(lab).get_by_text("2 of 12 exercises").click()
        expect(home(lab)).to_contain_text("the last check did not")
        assert contrast(home(lab).get_by_role("link").first) >= 4.5
        assert contrast(review(lab).locator("legend")) >= 4.5
        lab.screenshot("index-dark")
        lab.page.set_viewport_size({"width": 520, "height": 900})
        lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        time = row(lab).get_by_role("cell", name="about 120 min")
        expect(time).to_be_visible()
        assert time.evaluate("(e) => getComputedStyle(e).display") == "block"
        panel = lab.page.locator(".jp-Notebook .jp-WindowedPanel-outer, .jp-Notebook").first
        assert panel.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
        lab.screenshot("index-narrow")
    finally:
        set_theme(lab, "JupyterLab Light")
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


def set_theme(lab, name):
    command = "commands.execute('apputils:change-theme', {theme: name})"
    lab.page.evaluate(f"(name) => window.jupyterapp.{command}", name)


def contrast(place):
    """WCAG's contrast of an element's text with the ground behind it."""
    ink, ground = place.evaluate("""(element) => {
        let behind = element;
        const colour = (e) => getComputedStyle(e).backgroundColor;
        while (behind.parentElement && /, 0\\)$|transparent/.test(colour(behind))) {
            behind = behind.parentElement;
        }
        return [getComputedStyle(element).color, colour(behind)];
    }""")
    bright, dim = sorted(map(luminance, (ink, ground)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour):
    shares = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("place", ["work/index.ipynb", "work/from a friend/index.ipynb"])
def test_a_changed_cell_and_a_strangers_index_are_not_run(lab, house, progress, place):
    path = house / place
    kept = path.read_bytes() if path.exists() else None
    notebook = nbformat.read(house / "course" / "index.ipynb", as_version=4)
    if kept:
        cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
        cell.source = "1 + 1\n" + cell.source
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)
    try:
        lab.open(place)
        lab.page.wait_for_function(
            f"() => {NOTEBOOK}?.sessionContext?.kernelDisplayStatus === 'idle'"
        )
        lab.page.wait_for_timeout(2000)
        assert all(cell.get("execution_count") is None for cell in lab.notebook()["cells"])
    finally:
        path.write_bytes(kept) if kept else shutil.rmtree(path.parent)
