"""A chapter of four small exercises for the judge's tests, and notebooks that answer it."""

import nbformat
import numpy as np

from autograder.compile import compile_checks
from autograder.spec import Chapter, case, choice
from dlkit.check import accept
from dlkit.check.codec import Draw

chapter = Chapter("ch98_lessons", coverage="C98", modules=("numpy", "dlkit.check"))

double_ = chapter.exercise("double", points=1, accept=accept.close())


@double_.inputs
def inputs(rng):
    yield case(rng.normal(size=3))
    yield case(rng.integers(1, 9, size=3).tolist(), label="a list")


@double_.reference
def double(x):
    return 2 * np.asarray(x)


@double_.trap("squares", hint="Twice a number is not the number times itself.")
def double(x):
    return np.asarray(x) ** 2


quadruple_ = chapter.exercise("quadruple", points=2, accept=accept.close())


@quadruple_.inputs
def inputs(rng):
    yield case(rng.normal(size=3))


@quadruple_.reference
def quadruple(x):
    return double(double(x))


total_ = chapter.exercise("total", points=2, accept=accept.close())


@total_.inputs
def inputs(rng):
    yield case(rng.normal(size=(4, 10)), np.ones(10), 0.0)


@total_.reference
def total(X, w, b):
    return (X @ w + b > 0).astype(int)


total_.time_rule(
    inputs=lambda rng: case(Draw(int(rng.integers(2**31)), (200_000, 10)), np.ones(10), 0.0),
    ratio=30,
    yardstick="matvec",
    trap="loops",
    hint="A loop over the rows is slow.",
)


@total_.falls_into("loops")
def total(X, w, b):
    return np.array([int(sum(x * w) + b > 0) for x in X])


chapter.quiz(
    q1=choice("b", a="It sounds alike.", c="It is the opposite."), q2=choice("a", b="Close.")
)

FILES = {"checks.json": compile_checks(chapter).encode()}
RIGHT = {
    "double": double_.answer.text,
    "quadruple": quadruple_.answer.text,
    "total": total_.answer.text,
    "quiz_ch98": 'quiz_ch98 = {"q1": "b", "q2": "a"}',
}


def notebook(*extra_cells: str, **answers: str):
    """The right notebook, with other answers for the exercises named and further cells on top."""
    first = "import numpy as np\nfrom dlkit.check import check"
    cells = [nbformat.v4.new_code_cell(text) for text in [first, *extra_cells]]
    for name, text in {**RIGHT, **answers}.items():
        names = ", ".join(chapter.exercises[name].names)
        cells.append(_cell(text, grade_id=name, grade=False, solution=True))
        line = f'check("{name}", {names})'
        cells.append(_cell(line, grade_id=f"test_{name}", grade=True, solution=False))
    return nbformat.v4.new_notebook(cells=cells)


def _cell(text, **nbgrader):
    return nbformat.v4.new_code_cell(text, metadata={"nbgrader": nbgrader})
