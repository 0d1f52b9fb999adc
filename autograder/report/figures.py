"""What the report says, as numbers: from the exported marks, the results and the answers."""

import csv
import io
import json
import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import nbformat

from autograder.errors import AutograderError
from autograder.export import export, harmless
from autograder.gradebook import read_results
from autograder.paths import Classroom
from autograder.report.likeness import Pair, pairs

COLUMNS_OF_MARKS = 10
SECONDS = (0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 600)
_NOTHING_TO_JUDGE = ("unreadable", "missing", "no_verdict")
_QUIZ = "quiz_"


@dataclass(frozen=True)
class Bin:
    """How many values lie from `low` to below `high`; in the last bin also what is above."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Exercise:
    """One exercise's marks: how many were given, in full and as points on average."""

    name: str
    points: float
    marked: int
    right: int
    mean: float


@dataclass(frozen=True)
class Trap:
    """A named mistake, how many fell into it, and the hint that they read."""

    exercise: str
    name: str
    count: int
    hint: str


@dataclass(frozen=True)
class Case:
    """A hand-in that was not judged whole, and why."""

    student: str
    outcome: str
    why: str


@dataclass(frozen=True)
class Figures:
    chapter: str
    outcomes: dict[str, int]
    totals: list[float]
    marks: list[Bin]
    most: float
    exercises: list[Exercise]
    traps: list[Trap]
    seconds: list[float]
    times: list[Bin]
    cases: list[Case]
    unmarked: dict[str, int]
    pairs: list[Pair]


def gather(chapter_id: str, classroom: Classroom, course_dir: Path) -> Figures:
    """Everything that the report shows of a chapter."""
    release_path = course_dir / chapter_id / f"{chapter_id}.ipynb"
    if not release_path.is_file():
        raise AutograderError(
            f"{chapter_id} is not released: {release_path} is missing. "
            "Run: python -m autograder release"
        )
    release = nbformat.read(release_path, as_version=4)
    rows = list(csv.DictReader(io.StringIO(export([chapter_id], classroom, course_dir))))
    results = read_results(classroom, chapter_id)
    if not results:
        raise AutograderError(
            f"{classroom.root} has no graded hand-in of {chapter_id}, so there is nothing to "
            f"report. Run: python -m autograder grade {chapter_id}"
        )
    points = _points(release)
    totals = [float(row["total"]) for row in rows if row["total"]]
    most = sum(points.values())
    seconds = sorted(result["seconds"] for result in results.values())
    width = max(1, math.ceil(most / COLUMNS_OF_MARKS))
    return Figures(
        chapter=chapter_id,
        outcomes=dict(Counter(row["outcome"] for row in rows).most_common()),
        totals=totals,
        marks=bins(totals, [*range(0, math.ceil(most), width), most]),
        most=most,
        exercises=[_exercise(name, points[name], rows) for name in points],
        traps=_traps(results, list(points)),
        seconds=seconds,
        times=bins(seconds, SECONDS),
        cases=_cases(rows, results),
        unmarked=_unmarked(rows, list(points)),
        pairs=pairs(_answers(classroom, chapter_id, results), _code(release.cells)),
    )


def bins(values: list[float], edges: Sequence[float]) -> list[Bin]:
    """How many values lie between neighbouring edges; what is outside goes into the outer bins."""
    inner = edges[1:-1]
    counts = Counter(bisect_right(inner, value) for value in values)
    return [Bin(*ends, counts[place]) for place, ends in enumerate(pairwise(edges))]


def _points(release) -> dict[str, float]:
    """Points by exercise, in the notebook's order."""
    graded = [cell.metadata.get("nbgrader", {}) for cell in release.cells]
    return {
        about["grade_id"].removeprefix("test_"): float(about["points"])
        for about in graded
        if about.get("grade")
    }


def _exercise(name: str, points: float, rows: list[dict]) -> Exercise:
    marks = [
        float(row[name]) for row in rows if row[name] and row["outcome"] not in _NOTHING_TO_JUDGE
    ]
    right = sum(mark >= points for mark in marks)
    return Exercise(name, points, len(marks), right, sum(marks) / len(marks) if marks else 0.0)


def _traps(results: dict[str, dict], names: list[str]) -> list[Trap]:
    """By exercise in the notebook's order, the mistake that caught most first."""
    counts, hints = Counter(), {}
    for result in results.values():
        for exercise, mark in result["exercises"].items():
            for trap, hint in _named(exercise, mark):
                counts[exercise, trap] += 1
                hints.setdefault((exercise, trap), hint)
    order = {name: place for place, name in enumerate(names)}
    keys = sorted(counts, key=lambda key: (order.get(key[0], len(order)), -counts[key], key))
    return [Trap(*key, counts[key], hints[key]) for key in keys]


def _named(exercise: str, mark: dict) -> list[tuple[str, str]]:
    """A mark's traps with their hints; of a quiz each question's, whose hints are a line each."""
    if not mark["trap"]:
        return []
    if not exercise.startswith(_QUIZ):
        return [(mark["trap"], mark["hint"] or "")]
    traps = mark["trap"].split(", ")
    lines = (mark["hint"] or "").splitlines()
    hints = lines if len(lines) == len(traps) else [""] * len(traps)
    return list(zip(traps, hints, strict=True))


def _cases(rows: list[dict], results: dict[str, dict]) -> list[Case]:
    notes = {harmless(student): " ".join(result["notes"]) for student, result in results.items()}
    cases = [
        Case(row["student"], row["outcome"], notes.get(row["student"], ""))
        for row in rows
        if row["outcome"] not in ("graded", "not handed in")
    ]
    return sorted(cases, key=lambda case: (case.outcome, case.student))


def _unmarked(rows: list[dict], names: list[str]) -> dict[str, int]:
    """By exercise, how many hand-ins wait for a person's mark."""
    counts = {name: sum(not row[name] for row in rows if row["total"]) for name in names}
    return {name: count for name, count in counts.items() if count}


def _answers(classroom, chapter_id, results) -> dict[str, dict[str, str]]:
    """By student, the code of each exercise as it was judged; quizzes have one right answer."""
    found = defaultdict(dict)
    for student in results:
        path = classroom.autograded / student / chapter_id / f"{chapter_id}.ipynb"
        if not path.is_file():
            continue
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            name = about.get("grade_id", "")
            if cell["cell_type"] == "code" and about.get("solution") and not name.startswith(_QUIZ):
                found[student][name] = "".join(cell["source"])
    return dict(found)


def _code(cells) -> list[str]:
    return [cell.source for cell in cells if cell.cell_type == "code"]
