"""Chapters marked as strangers answer them: right in many styles, into each trap, plainly wrong.

`chNN_strangers/` has a file an exercise. `# %% right`, `# %% trap NAME`, `# %% wrong` or
`# %% peeks` starts an answer (one that peeks reads what the release knows, and `check` may believe
it); `# --- next cell ---` splits it into cells. A right answer defines every name of the exercise;
where there are several, what another answer leaves out is right already. The answers were written
from the exercises' text alone, without a look at the chapter's own right and wrong answers.
"""

import functools
import re
from collections import Counter
from pathlib import Path

import pytest

from autograder import compile
from autograder.chapters import load, resolve
from autograder.judge import Judge
from autograder.sandbox import Sandbox
from autograder.session import Session
from dlkit.check.report import hint
from dlkit.check.source import Source

FOLDERS = sorted(Path(__file__).parent.glob("ch??_strangers"))


def answers(wanted):
    """pytest parameters (chapter, exercise, trap or "", cells) of the answers of one kind."""
    found = []
    for path in (path for folder in FOLDERS for path in sorted(folder.glob("*.txt"))):
        number, exercise = path.parent.name[:4], path.stem
        blocks = re.split(r"^# %% ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
        for turn, block in enumerate(blocks, start=1):
            head, body = block.split("\n", 1)
            kind, _, trap = head.partition(" ")
            if kind == wanted:
                cells = body.split("# --- next cell ---\n")
                name = f"{number}-{exercise}-{turn}"
                found.append(pytest.param(resolve(number), exercise, trap, cells, id=name))
    return found


@functools.cache
def judge(chapter):
    return Judge(load(chapter), b"a secret of the strangers' own..", "stranger")


@pytest.fixture(scope="module")
def sandbox():
    """Gives the chapter's sandbox; one stands at a time."""
    opened = {}

    def open_for(chapter):
        if chapter not in opened:
            close()
            files = {"checks.json": compile.compile_checks(load(chapter)).encode()}
            one = Sandbox(load(chapter).modules, files, isolated=False)
            opened[chapter] = one.__enter__()
        return opened[chapter]

    def close():
        while opened:
            opened.popitem()[1].__exit__(None, None, None)

    yield open_for
    close()


@pytest.fixture
def mark(sandbox):
    """Hands in one answer; gives the judge's reports and what `check` told ("" if it passed)."""

    def hand_in(chapter, name, cells, *, complete):
        exercise = load(chapter).exercises[name]
        others = [e for e in load(chapter).exercises.values() if e.kind == "code"]
        if complete or len(exercise.parts) == 1:
            others.remove(exercise)
        first = "from dlkit.check import check\n" + "\n".join(e.cell() for e in others)
        call = f"check({name!r}, {', '.join(exercise.parts)})"
        with Session(sandbox(chapter), seed=1) as session:
            for cell in (first, *cells):
                session.run_cell(cell)
            outputs = session.run_cell(call).outputs
            reports = judge(chapter).reports(exercise, session, Source.of([first, *cells]))
        errors = [output for output in outputs if output["output_type"] == "error"]
        return reports, "\n".join(line for error in errors for line in error["traceback"])

    return hand_in


ANSWER = ("chapter", "exercise", "trap", "cells")


@pytest.mark.parametrize(ANSWER, answers("right"))
def test_a_right_answer_in_any_style_gets_full_marks(mark, chapter, exercise, trap, cells):
    reports, told = mark(chapter, exercise, cells, complete=True)
    assert all(report.verdict.ok for report in reports), [r.verdict.hint for r in reports]
    assert not told


@pytest.mark.parametrize(ANSWER, answers("trap"))
def test_a_trap_is_told_by_its_name(mark, chapter, exercise, trap, cells):
    reports, told = mark(chapter, exercise, cells, complete=False)
    (verdict,) = (report.verdict for report in reports if not report.verdict.ok)
    assert verdict.trap == trap, verdict.hint
    assert verdict.hint in " ".join(told.split())


@pytest.mark.parametrize(ANSWER, answers("wrong"))
def test_a_wrong_answer_is_refused_with_a_reason(mark, chapter, exercise, trap, cells):
    reports, told = mark(chapter, exercise, cells, complete=False)
    refused = [report for report in reports if not report.verdict.ok]
    assert refused
    assert all(hint(report, False).strip() for report in refused)
    assert told


@pytest.mark.parametrize(ANSWER, answers("peeks"))
def test_the_released_values_are_not_enough(mark, chapter, exercise, trap, cells):
    reports, _told = mark(chapter, exercise, cells, complete=False)
    assert not all(report.verdict.ok for report in reports)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_file_answers_its_exercise_in_many_ways(folder):
    chapter = resolve(folder.name[:4])
    right, traps, wrong = (
        Counter(answer.values[1] for answer in answers(kind) if answer.values[0] == chapter)
        for kind in ("right", "trap", "wrong")
    )
    exercises = load(chapter).exercises
    for name in (path.stem for path in folder.iterdir()):
        named = any(part.traps for part in exercises[name].parts.values())
        assert right[name] >= 8, name
        assert wrong[name] >= 3, name
        assert traps[name] >= 3 or not named, name
