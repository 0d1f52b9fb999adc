"""Each chapter, solved, run and exported as HTML: everybody can read it, without a kernel."""

import functools
import json
import os
import time

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from autograder import chapters
from autograder.demo.pupils import answers, fill
from autograder.paths import BUILD, ROOT
from dlkit.lab import PAGES
from tests import lab_server
from tests.browser.conftest import CHAPTER

pytestmark = pytest.mark.browser

COURSE = ROOT / "course"


@functools.cache
def run(chapter):
    """The chapter's notebook with right answers after a run from top to bottom."""
    path = COURSE / chapter / f"{chapter}.ipynb"
    released = json.loads(nbformat.writes(nbformat.read(path, as_version=4)))
    spec = chapters.load(chapter)
    filled = fill(released, spec, answers(spec, lambda part: part.answer))
    notebook = nbformat.reads(json.dumps(filled), as_version=4)
    started = time.monotonic()
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()
    print(f"{chapter}: {time.monotonic() - started:.0f} s")
    return notebook


@pytest.fixture(params=chapters.all_ids())
def chapter(request, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return request.param


@pytest.fixture
def exported(chapter, browser):
    """The exported page, open; nothing is loaded from elsewhere."""
    exporter = HTMLExporter(
        template_name="course", extra_template_basedirs=[str(PAGES)], embed_images=True
    )
    place = {"name": chapter, "path": str(COURSE / chapter)}
    html, _ = exporter.from_notebook_node(run(chapter), resources={"metadata": place})
    file = BUILD / "exported" / f"{chapter}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.route("http*://**", lambda route: route.abort())
    page.goto(file.as_uri())
    yield page
    page.close()


def test_it_runs_and_every_check_passes(chapter):
    cells = [cell for cell in run(chapter).cells if cell.cell_type == "code"]
    failed = [o for cell in cells for o in cell.outputs if o.output_type == "error"]
    assert failed == []
    tests = [c for c in cells if c.metadata.get("nbgrader", {}).get("grade_id", "")[:5] == "test_"]
    assert len(tests) == len(chapters.load(chapter).exercises)
    assert all("".join(cell.outputs[0].text).startswith("✓") for cell in tests)


def test_every_explorer_has_a_picture_without_a_kernel(chapter, exported):
    shown = [
        cell
        for cell in run(chapter).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    stills = exported.locator("[class^=dlk-still] > img")
    assert stills.count() == len(shown) > 0
    assert all(len(stills.nth(i).get_attribute("alt")) > 30 for i in range(stills.count()))
    assert stills.first.evaluate("(image) => image.naturalWidth") > 100


def test_no_serious_barrier_is_found(exported):
    found = Axe().run(exported).response["violations"]
    serious = {v["id"]: v["nodes"] for v in found if v["impact"] in ("serious", "critical")}
    assert {name: [n["html"][:200] for n in nodes[:3]] for name, nodes in serious.items()} == {}


def test_jupyterlab_exports_such_pages(server, house):
    """Its menu's "Save and Export Notebook As… HTML"."""
    page = lab_server.read(server, f"nbconvert/html/course/{CHAPTER}/{CHAPTER}.ipynb")
    assert "--jp-mirror-editor-comment-color: #33696a" in page
