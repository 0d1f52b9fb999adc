"""The examples in dlkit's docstrings give what they say."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import dlkit

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(dlkit.__path__, "dlkit.")
    if not module.name.startswith("dlkit.torch_nn")
)
TWINS = sorted(
    f"dlkit.torch_nn.{module.name}"
    for module in pkgutil.iter_modules([f"{dlkit.__path__[0]}/torch_nn"])
)


def run(name):
    """How many examples of a module ran; their failures as text."""
    module, said = importlib.import_module(name), []
    runner, finder = doctest.DocTestRunner(), doctest.DocTestFinder()
    for test in finder.find(module, name, extraglobs={"np": np}):
        runner.run(test, out=said.append)
    return runner.tries, "".join(said)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_right(name):
    assert run(name)[1] == ""


@pytest.mark.torch
@pytest.mark.parametrize("name", TWINS)
def test_the_twins_examples_are_right(name):
    assert run(name)[1] == ""


def test_the_examples_are_found():
    assert run("dlkit.nn.linear")[0] >= 2
    assert run("dlkit.autograd.value")[0] >= 4
