"""Chapter 1: XOR out of threshold units in any style passes; XOR by other means is named."""

import re
from pathlib import Path

import pytest

from autograder.chapters import load
from dlkit.check.source import Source
from dlkit.check.source_rules import matches

EARLIER = """
import operator
import numpy as np

def perceptron(x, w, b):
    if len(x) != len(w):
        raise ValueError("x and w differ in length")
    return int(np.dot(x, w) + b > 0)

def gates():
    return {"AND": ([0.5, 0.5], -0.7), "NAND": ([-0.5, -0.5], 0.7), "OR": ([0.5, 0.5], -0.2)}

def perceptron_batch(X, w, b):
    return (np.asarray(X) @ w + b > 0).astype(int)
"""


def answers(name):
    """The answers of a text file, which stand between lines of `###`."""
    text = Path(__file__).with_name(name).read_text("utf-8")
    return [part.strip() for part in re.split(r"^###$", text, flags=re.MULTILINE)]


def named(answer):
    """Is the answer caught by a source rule of the exercise?"""
    part = load("ch01_perceptron").exercises["xor"].parts["xor"]
    source = Source.of([EARLIER, answer])
    return any(matches(trap.rule, source, "xor") for trap in part.traps if trap.rule)


def values(answer):
    namespace = {}
    exec(EARLIER + answer, namespace)
    return [int(namespace["xor"](x1, x2)) for x1 in (0, 1) for x2 in (0, 1)]


@pytest.mark.parametrize("answer", answers("xor_of_units.txt"))
def test_units_in_any_style_pass(answer):
    assert values(answer) == [0, 1, 1, 0]
    assert not named(answer)


@pytest.mark.parametrize("answer", answers("xor_by_other_means.txt"))
def test_other_means_are_named(answer):
    assert values(answer) == [0, 1, 1, 0]
    assert named(answer)


def test_a_self_test_beside_the_function_costs_nothing():
    answer = answers("xor_of_units.txt")[0] + "\nassert xor(0, 1) != xor(1, 1)\nprint(5 % 2)\n"
    assert not named(answer)
