"""Cells that only show something are left out when graded, and no others."""

import copy

import pytest
from nbformat.v4 import new_code_cell

from autograder import chapters, judge, source
from autograder.needed import needless
from autograder.sandbox import Limits, Sandbox
from tests.autograder.lessons import FILES, RIGHT, chapter, notebook

TRAIN = "net = build()\nnet.fit(X)"
PLOT = "plt.plot(net.history)"
DATA = "X = np.zeros(3)"
NOTE = "rate = 0.1"
IMPORTS = "import numpy as np\nfrom matplotlib import pyplot as plt"
GIVEN = [IMPORTS, DATA, NOTE, TRAIN, PLOT]


def spared(*asked, names=("f",), given=GIVEN):
    return needless(given, asked, names)


@pytest.mark.parametrize(
    "body",
    ["net = x", "net = 0\n    net += x", "net = x\n    del net", "return [net for net in x]"],
)
def test_a_function_with_a_variable_of_that_name_needs_nothing_else(body):
    assert spared(f"def f(x):\n    {body}") == frozenset(GIVEN)


@pytest.mark.parametrize(
    "asked",
    [
        "def f(x):\n    return net.weights @ x",
        "f = net",
        "def f(x, net=net):\n    return net",
        "def f(x):\n    def inner():\n        return net\n    return inner()",
        "class F:\n    weights = net.weights",
        "net.weights[:] = 0",
        "del net",
        "net += 1",
        "def f():\n    global net\n    net += 1",
        "print(f'{net}')",
    ],
)
def test_what_is_used_is_run_with_all_that_it_uses(asked):
    assert spared(asked, given=[IMPORTS, "def build():\n    return np", DATA, TRAIN]) == set()


def test_a_name_that_marks_are_given_for_is_needed():
    assert spared("x = 1", names=["net"]) == {NOTE}
    assert PLOT in spared("x = 1", names=["X"], given=[IMPORTS, DATA, PLOT])


def test_a_value_is_run_with_everything_that_may_change_it():
    """The plot may change `net`; a function that only reads the data may change those too."""
    assert spared("print(net)") == {NOTE}
    assert spared("print(X)") == {NOTE}
    assert spared("print(rate)") == {IMPORTS, DATA, TRAIN, PLOT}


@pytest.mark.parametrize("alias", ["Y = X[1:]", "Y = view(X)", "Y = {'data': X}", "Y, z = [X], 3"])
def test_a_value_with_a_second_name_is_run_with_what_may_change_that(alias):
    given = [IMPORTS, DATA, "def view(x):\n    return x", "Y[0] = 1", "print(other)"]
    assert spared("print(X)", given=[*given, alias]) <= {
        "def view(x):\n    return x",
        "print(other)",
    }
    assert spared("print(X)", given=["X = 1\n" + alias, "Y.clear()"]) == set()


@pytest.mark.parametrize(
    "change",
    ["settings.eps = 1", "settings['eps'] = 1", "settings.eps += 1", "settings.a().b[0] = 1"],
)
def test_what_is_set_inside_a_module_or_function_counts(change):
    cells = ["import settings", change]
    assert spared("def f():\n    return settings.eps", given=cells) == set()
    assert spared("def f():\n    return 1", given=cells) == set(cells)


def test_imports_and_definitions_are_no_values_that_a_use_might_change():
    assert spared("def f(x):\n    return np.sum(x)") == {DATA, NOTE, TRAIN, PLOT}


@pytest.mark.parametrize(
    "asked",
    [
        "def f(x):\n    return globals()['net']",
        "def f(x):\n    return eval('net')",
        "import __main__\ndef f(x):\n    return __main__.net",
        "from sys import modules\n",
        "import sys as s\nprint(s.modules)",
        "import inspect\ndef f(x):\n    return inspect.stack()[1].frame.f_globals['net']",
        "def f(x):\n    return f.__globals__['net']",
        "print(_)",
        "_12",
        "%timeit net",
        "x = %sql net",
        "%%capture\nnet",
        "!echo $net",
        "net?",
        "def f(x):\n    return Out[3]",
        f"x = '{'long' * 50_000}'",
    ],
)
def test_nothing_is_left_out_where_a_cell_may_reach_any_name(asked):
    assert spared(asked) == set()


@pytest.mark.parametrize(
    "given",
    [
        "%matplotlib inline",
        "%%time\nx = 1",
        "from math import *",
        "def g():\n    global f\n    f = 1",
        "np.seterr(all='raise')",
        "torch.set_default_dtype(torch.float64)",
    ],
)
def test_a_released_cell_that_may_set_anything_is_run(given):
    assert spared("x = 1", given=[given, PLOT]) == {PLOT}


def test_a_name_that_only_looks_alike_is_not_any_name():
    asked = "import sys\nfor _ in range(3):\n    print(model.evaluate(), file=sys.stderr)"
    assert spared(asked) == frozenset(GIVEN)


OWN = "z = 0\nfor k in range(3):\n    z = z + k\n    print(z, k)\nprint(z)"


def test_a_cell_that_sets_a_name_before_it_uses_it_takes_none_from_others():
    others = ["z = 5", "k = np.ones(3)"]
    assert spared("x = 1", names=["z"], given=[OWN, *others]) == {others[1]}
    assert spared(OWN, given=others) == set(others)


@pytest.mark.parametrize(
    "asked",
    [
        "print(z)\nz = 0",
        "z += 1",
        "if x:\n    z = 0\nprint(z)",
        "for z in z:\n    pass",
        "def f():\n    return z\nz = 0",
        "z, y = z, 0",
        "z[0] = 1\nz = 0",
    ],
)
def test_a_name_that_may_come_from_others_is_taken(asked):
    assert spared(asked, given=["z = 5", "k = 1"]) == {"k = 1"}


def test_so_much_code_that_it_is_not_looked_through_runs_all():
    assert spared(*(f"x = '{'long' * 20_000}'" for _ in range(15))) == set()


def test_a_cell_that_is_no_python_needs_nothing():
    assert spared("def f(:") == frozenset(GIVEN)


@pytest.mark.parametrize("chapter_id", chapters.all_ids())
def test_of_a_solved_chapter_few_shown_cells_are_run(chapter_id):
    real = chapters.load(chapter_id)
    solved = source.read_chapter(chapters.source_path(chapter_id), real)
    given = judge.given_cells(solved)
    left_out = judge._spared(solved, real, given)
    assert left_out < given
    assert len(left_out) >= 0.9 * len(given)


# -- in the judge ---


@pytest.fixture(scope="module")
def sandbox():
    limits = Limits(cell_s=5.0, notebook_s=60.0)
    with Sandbox(chapter.modules, FILES, limits, isolated=False) as sandbox:
        yield sandbox


def graded(sandbox, nb, *given):
    """({exercise: score}, each code cell's text output)."""
    nb, given = copy.deepcopy(nb), frozenset(given)
    result = judge.grade(nb, chapter, sandbox, student="ada", secret=b"s" * 32, given=given)
    scores = {name: mark.score for name, mark in result.exercises.items()}
    outputs = [cell.get("outputs", []) for cell in nb.cells]
    return scores, ["".join(out.get("text", "") for out in cell) for cell in outputs]


def with_cell(nb, text):
    nb.cells.insert(1, new_code_cell(text))
    return nb


def test_a_spared_cell_says_so_and_costs_no_mark(sandbox):
    shown = "factor = 2\nprint('trained')"
    nb = with_cell(notebook(), shown)
    scores, texts = graded(sandbox, nb, shown)
    assert texts.count(judge.SPARED) == 1
    assert "trained\n" not in texts
    everything, texts = graded(sandbox, nb)
    assert scores == everything
    assert "trained\n" in texts


def test_an_answer_that_uses_a_shown_cells_name_keeps_its_marks(sandbox):
    shown = "factor = 2\nprint('trained')"
    nb = with_cell(notebook(double="def double(x):\n    return factor * np.asarray(x)"), shown)
    scores, texts = graded(sandbox, nb, shown)
    assert scores["double"] == 1
    assert "trained\n" in texts


def test_a_changed_cell_runs(sandbox):
    nb = with_cell(notebook(), "factor = 3\nprint('changed')")
    _, texts = graded(sandbox, nb, "factor = 2\nprint('changed')")
    assert "changed\n" in texts


def test_follow_through_finds_what_the_right_code_uses(sandbox):
    """A wrong exercise's right code needs NumPy, though no cell of the student's does."""
    wrong = notebook(double="def double(x):\n    return x", quadruple=RIGHT["quadruple"])
    given = [c.source for c in wrong.cells if c.source.startswith("import")]
    scores, _ = graded(sandbox, wrong, *given)
    assert scores["quadruple"] == 2
