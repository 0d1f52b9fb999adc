"""What a source rule sees: the student's own definitions, however they are bound or imported."""

import pytest

from dlkit.check.source import Source
from dlkit.check.source_rules import borrows, lacks_threshold, matches, uses

RULE = uses(nodes=["BitXor", "Mod"], calls=["operator.xor", "numpy.absolute"])

SEEN = {
    "imported under its name": "from operator import xor",
    "imported with everything": "from operator import *",
    "with a type": "from typing import Callable\nxor: Callable = lambda a, b: a ^ b",
    "with a walrus": "(xor := lambda a, b: a ^ b)",
    "unpacked": "xor, other = (lambda a, b: a ^ b), None",
    "in a loop": "for xor in [lambda a, b: a ^ b]:\n    pass",
    "a helper out of a star import": (
        "from numpy import *\ndef xor(a, b):\n    return int(absolute(a - b) > 0)"
    ),
    "a helper above": "def f(a, b):\n    return a ^ b\ndef xor(a, b):\n    return f(a, b)",
    "a helper in a class": (
        "class Bits:\n    def f(self, a, b):\n        return a ^ b\n"
        "def xor(a, b):\n    return Bits().f(a, b)"
    ),
}

HIDDEN = {
    "set by another function": (
        "def setup():\n    global f\n    f = lambda a, b: a ^ b\ndef xor(a, b):\n    return f(a, b)"
    ),
    "behind a shell command": "files = !ls\ndef xor(a, b):\n    return a ^ b",
    "behind an indented magic": "if True:\n    %who\ndef xor(a, b):\n    return a ^ b",
    "on a timed line": "%time xor = lambda a, b: a ^ b",
    "above what only stands in a block": (
        "if 1:\n    def xor(a, b):\n        return int(a > b)\ndef xor(a, b):\n    return a ^ b"
    ),
    "in the other block": (
        "if 1:\n    def xor(a, b):\n        return a ^ b\n"
        "else:\n    def xor(a, b):\n        return int(a > b)"
    ),
    "in a text": "def xor(a, b):\n    return int(eval('a ^ b') > 0)",
    "in a method's name": "def xor(a, b):\n    return int(a.__xor__(b) > 0)",
    "in an attribute's name": "def xor(a, b):\n    return int(getattr(a, '__x' 'or__')(b) > 0)",
    "in a long cell": "data = '" + "x" * 100_000 + "'\ndef xor(a, b):\n    return a ^ b",
    "under much else": (
        "def xor(a, b):\n    f0\n    return a ^ b\n"
        + "".join(f"def f{i}():\n    return f{i + 1}\n" for i in range(2500))
    ),
    "beside a chain without end": (
        "def xor(a, b):\n    a" + ".a" * 2500 + "\n    return int(a > b)"
    ),
}

HARMLESS = {
    "a shell command": "files = !ls\nif files:\n    !ls\ndef xor(a, b):\n    return int(a > b)",
    "an own function called compile": (
        "def compile(a):\n    return int(a > 0)\ndef xor(a, b):\n    return compile(a - b)"
    ),
    "a text over several lines": "note = '''\n%d\n! '''\ndef xor(a, b):\n    return int(a > b)",
    "a self-test whose name is also a variable inside": (
        "def xor(a, b):\n    y = int(a + b > 0.5)\n    return y\n"
        "for a in (0, 1):\n    y = a ^ 1\n    assert xor(a, a) >= 0"
    ),
    "a self-test with an argument's name": "a = 7 % 2\ndef xor(a, b):\n    return int(a > b)",
    "an import that a definition replaced": (
        "from operator import xor\ndef xor(a, b):\n    return xor(0, 0) if a > b else 1"
    ),
    "a printed number": "def xor(a, b):\n    print('%d' % a)\n    return int(a > b)",
    "an unpacked neighbour": "unit, odd = (lambda a: int(a > 0)), 5 % 2\ndef xor(a, b):\n"
    "    return unit(a - b)",
}


@pytest.mark.parametrize("cell", SEEN.values(), ids=SEEN)
def test_a_forbidden_operator_is_seen(cell):
    assert matches(RULE, Source.of([cell]), "xor")


@pytest.mark.parametrize("cell", HIDDEN.values(), ids=HIDDEN)
def test_an_operator_cannot_be_hidden(cell):
    assert matches(RULE, Source.of([cell]), "xor")


@pytest.mark.parametrize("hidden", ["def f(a, b):\n    return a ^ b", "(f, g) = h, h", "f = h"])
def test_a_helper_cannot_be_hidden_in_a_long_cell(hidden):
    cells = [hidden + "\n#" + "x" * 100_000, "def xor(a, b):\n    return int(f(a, b) > 0)"]
    assert matches(RULE, Source.of(cells), "xor")
    other = cells[0].replace("def f", "def e").replace("(f,", "(e,").replace("f = h", "e = h")
    assert not matches(RULE, Source.of([other, cells[1]]), "xor")


def test_what_no_cell_defines_has_no_threshold():
    source = Source.of(["exec('def xor(a, b): return a ^ b')"])
    assert matches(lacks_threshold(), source, "xor")


@pytest.mark.parametrize("use", ["from own import unit as u", "from own import *\nu = unit"])
@pytest.mark.parametrize("operator", ["^", ">"])
def test_a_module_that_a_cell_wrote_is_read(use, operator):
    module = f"%%writefile own.py\ndef unit(a):\n    return int(a {operator} 0)"
    source = Source.of([module, f"{use}\ndef xor(a, b):\n    return u(a - b)"])
    assert matches(RULE, source, "xor") == (operator == "^")
    assert matches(lacks_threshold(), source, "xor") == (operator == "^")


def test_a_module_that_a_cell_wrote_is_read_under_its_name():
    module = "%%writefile own.py\ndef unit(a):\n    return int(a > 0)"
    source = Source.of([module, "import own\ndef xor(a, b):\n    return own.unit(a - b)"])
    assert not matches(lacks_threshold(), source, "xor")


def test_a_threshold_that_another_function_sets_is_seen():
    cell = "def setup():\n    global f\n    f = lambda a: int(a > 0)\n"
    source = Source.of([cell, "def xor(a, b):\n    return f(a - b)"])
    assert not matches(lacks_threshold(), source, "xor")


def test_more_code_than_can_be_read_reaches_nothing():
    chain = "".join(f"def f{i}():\n    return f{i + 1}\n" for i in range(2500))
    assert not Source.of([chain]).reaches("f0", "f2499")


@pytest.mark.parametrize("cell", HARMLESS.values(), ids=HARMLESS)
def test_what_the_function_does_not_use_costs_nothing(cell):
    assert not matches(RULE, Source.of([cell]), "xor")


@pytest.mark.parametrize(
    "start",
    ["from numpy import *", "from numpy import heaviside", "from numpy import heaviside as h"],
)
def test_a_step_is_known_however_it_is_imported(start):
    step = start.split()[-1] if start.endswith(" h") else "heaviside"
    cell = f"{start}\ndef xor(a, b):\n    return int({step}(a - b, 0))"
    assert not matches(lacks_threshold(), Source.of([cell]), "xor")


def test_an_own_variable_is_no_use_of_an_earlier_exercise():
    source = Source.of(
        ["def margin(X):\n    return 1", "def train(X):\n    margin = 2\n    return margin"]
    )
    assert not source.reaches("train", "margin")
    assert Source.of(["def train(X):\n    return margin(X)"]).reaches("train", "margin")


def test_a_very_long_sum_is_still_looked_through():
    source = Source.of(
        ["def xor(a, b):\n    return " + "+".join(["f(a)"] * 900), "f = lambda a: a ^ 1"]
    )
    assert matches(RULE, source, "xor")


BORROWED = {
    "imported": "from dlkit.autograd import Value",
    "under another name": "from dlkit.autograd.value import Value as V\nValue = V",
    "as an attribute": "import dlkit.autograd as ag\nValue = ag.Value",
    "out of the package": "import dlkit\nValue = dlkit.autograd.Value",
    "derived": "from dlkit import autograd\nclass Value(autograd.Value):\n    pass",
    "leaned on": (
        "import torch\nclass Value:\n    def __init__(self, data):\n"
        "        self.t = torch.tensor(data)"
    ),
    "imported inside": (
        "class Value:\n    def __init__(self, data):\n"
        "        from dlkit.autograd import Value as V\n        self.v = V(data)"
    ),
}


@pytest.mark.parametrize("cell", BORROWED.values(), ids=BORROWED)
def test_what_comes_from_a_library_is_borrowed(cell):
    assert matches(borrows("dlkit.autograd", "torch"), Source.of([cell]), "Value")


def test_an_own_class_beside_a_librarys_is_not_borrowed():
    cells = [
        "import torch\nfrom dlkit import autograd\nx = autograd.Value(2.0)",
        "class Node:\n    def torch(self):\n        return self\nValue = Node",
    ]
    assert not matches(borrows("dlkit.autograd", "torch"), Source.of(cells), "Value")
