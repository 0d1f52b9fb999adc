"""Chapter 1's figures are what its script draws, and each has words for its alternative text."""

import importlib.util
from importlib.metadata import version
from xml.etree import ElementTree

import numpy as np
import pytest

from autograder.paths import ROOT
from dlkit.gates import GATES

CHAPTER = ROOT / "solutions" / "ch01_perceptron"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("ch01_figures", CHAPTER / "figures.py")
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


def test_the_folder_holds_what_the_script_draws(drawn):
    assert names(CHAPTER / "figures") == names(drawn)


def test_the_script_describes_every_figure(script, drawn):
    described = [line.split()[0] for line in script.__doc__.splitlines()[4:] if line[:1].strip()]
    assert sorted(f"{name}.svg" for name in described) == names(drawn)


def test_every_figure_is_svg_without_a_date(drawn):
    for path in drawn.iterdir():
        text = path.read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
        assert "<dc:date>" not in text


def test_the_explorers_pictures_are_up_to_date(script, drawn):
    for name in script.STILLS:
        file = f"{name}.svg"
        assert (CHAPTER / "figures" / file).read_bytes() == (drawn / file).read_bytes(), file


def test_the_figures_are_up_to_date(drawn):
    pinned = (ROOT / "constraints.txt").read_text().split()
    if not {f"{name}=={version(name)}" for name in ("matplotlib", "numpy")} <= set(pinned):
        pytest.skip("another matplotlib or NumPy than the pinned one draws other bytes")
    for path in drawn.iterdir():
        assert (CHAPTER / "figures" / path.name).read_bytes() == path.read_bytes(), path.name


def test_fourteen_of_sixteen_have_a_unit(script):
    none = [name for name, outputs in GATES.items() if script._unit_for(outputs) is None]
    assert none == ["XOR", "XNOR"]


def test_what_the_descriptions_claim_is_so(script):
    run = script.learning_run.LearningRun(*script.learning_run.separable(2))
    while not run.ended:
        run.epoch()
    assert run.errors == [2, 2, 3, 2, 2, 0]
    assert abs(3.25 + 0.75 * 1.5 - 3.5) / np.hypot(1, 0.75) == pytest.approx(0.70)
    assert [int(x1 + x2 - 1.5 > 0) for x1, x2 in script.INPUTS] != list(GATES["OR"])
