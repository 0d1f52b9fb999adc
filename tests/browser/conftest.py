"""One JupyterLab and one Chromium for all browser tests, and what a person does with them."""

import contextlib
import os
import shutil
import subprocess
import sys

import pytest
from playwright.sync_api import TimeoutError, expect, sync_playwright

from autograder.paths import BUILD
from tests import lab_server
from tests.conftest import chromium

CHAPTER = "ch01_perceptron"
PUPILS = ("all-right", "warns", "broken")
PATIENCE_MS = 60_000
NOTEBOOK = "window.jupyterapp.shell.currentWidget"
KERNEL_IDLE = f"() => {NOTEBOOK}.sessionContext.kernelDisplayStatus === 'idle'"
ALL_RUN = f"""() => [...{NOTEBOOK}.content.model.cells]
    .every((cell) => cell.type !== 'code' || cell.executionCount)"""


class Lab:
    """JupyterLab in a browser page, by the things that a person sees and presses."""

    def __init__(self, page, server, house):
        self.page = page
        self.house = house
        self._server = server

    def start(self):
        """What opens by itself after the first `make lab`, when nothing has been opened before."""
        shutil.rmtree(self.house / "workspaces", ignore_errors=True)
        self._go("?")
        self.page.locator(".jp-Notebook").wait_for()

    def open(self, path):
        """Open a file of the repository."""
        self._go(f"lab/tree/{path}?reset&")
        self.page.locator(".jp-Notebook").wait_for()

    def _go(self, place):
        self.page.goto(f"{self._server['url']}{place}token={self._server['token']}")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def command(self, menu, command):
        """Choose an entry of the menu bar."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text=menu).first.click()
        self.page.locator(f'.lm-Menu-item[data-command="{command}"]').click()

    def run_all(self):
        """Choose Run All Cells, and wait for the last one; the test says which did not run."""
        self.page.wait_for_function(f"() => {NOTEBOOK}?.sessionContext.session?.kernel")
        self.page.wait_for_function(KERNEL_IDLE)
        self.command("Run", "runmenu:run-all")
        with contextlib.suppress(TimeoutError):
            self.page.wait_for_function(ALL_RUN)

    def notebook(self):
        """The open notebook as it now is, as nbformat JSON."""
        return self.page.evaluate(f"() => {NOTEBOOK}.content.model.toJSON()")

    def scroll_to(self, grade_id):
        """Bring a cell into view (only those near it are drawn); its place in the page."""
        ids = [
            cell["metadata"].get("nbgrader", {}).get("grade_id")
            for cell in self.notebook()["cells"]
        ]
        return self.scroll_to_cell(ids.index(grade_id))

    def scroll_to_cell(self, index):
        """Bring the cell of this number into view; its place in the page."""
        self.page.evaluate(f"(i) => {NOTEBOOK}.content.scrollToItem(i)", index)
        return self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')

    def screenshot(self, name):
        """A picture for people, in build/screenshots."""
        folder = BUILD / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png")


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """A copy of the project that tests may work in."""
    folder = tmp_path_factory.mktemp("house")
    lab_server.copy_project(folder)
    return folder


@pytest.fixture(scope="session")
def server(house):
    classroom = str(house / "demo" / "classroom")
    options = ("--port", str(lab_server.free_port()), "--classroom", classroom)
    with lab_server.running(house, *options, "--expose-app-in-browser") as notes:
        yield notes


@pytest.fixture(scope="package")  # a second Playwright cannot start beside it
def browser():
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # Chromium refuses its own sandbox to root; only our own pages are opened
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def graded(house):
    """A few made-up pupils, graded into the classroom that the server shows; its folder."""
    options = [word for pupil in PUPILS for word in ("--pupil", pupil)]
    run_python(house, "-m", "autograder.demo", "ch01", "--folder", str(house / "demo"), *options)
    return house / "demo" / "classroom"


def run_python(house, *words):
    """Run a command of the project that was copied to `house`; its stdout."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def lab(browser, server, house):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    yield Lab(page, server, house)
    page.close()
