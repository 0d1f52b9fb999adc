"""Each chapter's figures are what its script draws, each with words for its alternative text."""

import importlib.util
from importlib.metadata import version
from xml.etree import ElementTree

import pytest

from autograder.chapters import all_ids
from autograder.paths import ROOT, SOLUTIONS


@pytest.fixture(scope="module", params=all_ids())
def chapter(request):
    """The folder of a chapter's sources."""
    return SOLUTIONS / request.param


@pytest.fixture(scope="module")
def script(chapter):
    return load_script(chapter)


def load_script(chapter):
    """The module that draws the chapter's figures."""
    spec = importlib.util.spec_from_file_location(f"figures_{chapter.name}", chapter / "figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def drawn(script, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    script.draw_all(folder)
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_holds_what_the_script_draws(chapter, drawn):
    assert names(chapter / "figures") == names(drawn)


def test_the_script_describes_every_figure(script, drawn):
    described = [line.split()[0] for line in script.__doc__.splitlines()[4:] if line[:1].strip()]
    assert sorted(f"{name}.svg" for name in described) == names(drawn)


def test_every_figure_is_svg_without_a_date(drawn):
    for path in drawn.iterdir():
        text = path.read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
        assert "<dc:date>" not in text


def test_the_explorers_pictures_are_up_to_date(chapter, script, drawn):
    for name in script.STILLS:
        file = f"{name}.svg"
        assert (chapter / "figures" / file).read_bytes() == (drawn / file).read_bytes(), file


def test_the_figures_are_up_to_date(chapter, drawn):
    pinned = (ROOT / "constraints.txt").read_text().split()
    if not {f"{name}=={version(name)}" for name in ("matplotlib", "numpy")} <= set(pinned):
        pytest.skip("another matplotlib or NumPy than the pinned one draws other bytes")
    for path in drawn.iterdir():
        assert (chapter / "figures" / path.name).read_bytes() == path.read_bytes(), path.name
