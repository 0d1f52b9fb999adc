"""Chapter 1 marked as strangers answer it: right in many styles, into each trap, and plainly wrong.

`ch01_strangers/` has a file an exercise. `# %% right`, `# %% trap NAME`, `# %% wrong` or
`# %% peeks` starts an answer (one that peeks reads what the release knows, and `check` may believe
it); `# --- next cell ---` splits it into cells. The answers were written from the exercises' text
alone, without a look at the chapter's own right and wrong answers.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from autograder import compile
from autograder.chapters import load
from autograder.judge import Judge
from autograder.sandbox import Sandbox
from autograder.session import Session
from dlkit.check.report import hint
from dlkit.check.source import Source

FOLDER = Path(__file__).with_name("ch01_strangers")
EXERCISES = [
    "perceptron",
    "gates",
    "xor",
    "perceptron_batch",
    "perceptron_update",
    "train_perceptron",
    "decision_line",
    "margin",
    "is_linearly_separable",
]


def answers(wanted):
    """pytest parameters (exercise, the trap's name or "", cells) of the answers of one kind."""
    found = []
    for exercise in EXERCISES:
        text = (FOLDER / f"{exercise}.txt").read_text("utf-8")
        for number, block in enumerate(re.split(r"^# %% ", text, flags=re.MULTILINE)[1:], start=1):
            head, body = block.split("\n", 1)
            kind, _, trap = head.partition(" ")
            if kind == wanted:
                cells = body.split("# --- next cell ---\n")
                found.append(pytest.param(exercise, trap, cells, id=f"{exercise}-{number}"))
    return found


@pytest.fixture(scope="module")
def chapter():
    return load("ch01_perceptron")


@pytest.fixture(scope="module")
def judge(chapter):
    return Judge(chapter, b"a secret of the strangers' own..", "stranger")


@pytest.fixture(scope="module")
def sandbox(chapter):
    files = {"checks.json": compile.compile_checks(chapter).encode()}
    with Sandbox(("numpy", "dlkit.check"), files, isolated=False) as opened:
        yield opened


@pytest.fixture
def mark(chapter, judge, sandbox):
    """Hands in one answer; gives the judge's report and what `check` told ("" if it passed)."""

    def hand_in(name, cells):
        others = [e.cell() for e in chapter.exercises.values() if e.kind == "code"]
        others.remove(chapter.exercises[name].cell())
        cells = ["from dlkit.check import check\n" + "\n".join(others), *cells]
        with Session(sandbox, seed=1) as session:
            for cell in cells:
                session.run_cell(cell)
            outputs = session.run_cell(f"check({name!r}, {name})").outputs
            (report,) = judge.reports(chapter.exercises[name], session, Source.of(cells))
        errors = [output for output in outputs if output["output_type"] == "error"]
        return report, "\n".join(line for error in errors for line in error["traceback"])

    return hand_in


@pytest.mark.parametrize(("exercise", "trap", "cells"), answers("right"))
def test_a_right_answer_in_any_style_gets_full_marks(mark, exercise, trap, cells):
    report, told = mark(exercise, cells)
    assert report.verdict.ok, report.verdict.hint
    assert not told


@pytest.mark.parametrize(("exercise", "trap", "cells"), answers("trap"))
def test_a_trap_is_told_by_its_name(mark, exercise, trap, cells):
    report, told = mark(exercise, cells)
    assert not report.verdict.ok
    assert report.verdict.trap == trap, report.verdict.hint
    assert report.verdict.hint in " ".join(told.split())


@pytest.mark.parametrize(("exercise", "trap", "cells"), answers("wrong"))
def test_a_wrong_answer_is_refused_with_a_reason(mark, exercise, trap, cells):
    report, told = mark(exercise, cells)
    assert not report.verdict.ok
    assert hint(report, False).strip()
    assert told


@pytest.mark.parametrize(("exercise", "trap", "cells"), answers("peeks"))
def test_the_released_values_are_not_enough(mark, exercise, trap, cells):
    report, _told = mark(exercise, cells)
    assert not report.verdict.ok


def test_every_exercise_is_answered_in_many_ways():
    right = Counter(answer.values[0] for answer in answers("right"))
    listed = Counter(answer.values[:2] for answer in answers("trap"))
    assert set(right) == set(EXERCISES)
    assert min(right.values()) >= 8
    assert len([trap for trap, variants in listed.items() if variants >= 6]) >= 18
