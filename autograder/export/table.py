"""Marks as CSV: a row a student and chapter, a column an exercise."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbgrader.api import SubmittedAssignment
from nbgrader.utils import is_grade

from autograder import late
from autograder.export.marks import after_penalty, entries, number, up_to_date
from autograder.paths import COURSE, ROOT, Classroom

COLUMNS = (
    *("student", "chapter", "outcome", "timestamp", "late_seconds", "late_penalty"),
    *("total", "max"),
)


def export(
    chapter_ids: Iterable[str], classroom: Classroom, course_dir: Path = COURSE, root: Path = ROOT
) -> str:
    """The marks of the chapters as CSV text. A mark that nobody has given yet is empty, not 0.

    `total` is after the late penalty. Exercises stand in the order of their notebooks.
    """
    exercises, rows = {}, []
    with up_to_date(classroom, root) as session:
        for chapter_id in chapter_ids:
            exercises |= dict.fromkeys(_exercises(chapter_id, course_dir))
            for entry in entries(session, chapter_id, classroom):
                row = {"student": harmless(entry.student), "chapter": chapter_id}
                row["outcome"] = entry.outcome
                rows.append(row | (_marks(entry.hand_in) if entry.hand_in else {}))
    text = io.StringIO()
    writer = csv.DictWriter(text, [*COLUMNS, *exercises], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _exercises(chapter_id: str, course_dir: Path) -> list[str]:
    """The names of what is graded, in the released notebook's order."""
    notebook = nbformat.read(course_dir / chapter_id / f"{chapter_id}.ipynb", as_version=4)
    cells = filter(is_grade, notebook.cells)
    return [_exercise(cell.metadata.nbgrader.grade_id) for cell in cells]


def _exercise(cell_name: str) -> str:
    return cell_name.removeprefix("test_")


def _marks(hand_in: SubmittedAssignment) -> dict:
    """What the gradebook says of one hand-in."""
    (notebook,) = hand_in.notebooks
    marks = {
        "timestamp": hand_in.timestamp.isoformat(" ", "seconds") if hand_in.timestamp else "",
        "late_seconds": number(late.seconds_late(hand_in)),
        "late_penalty": number(notebook.late_submission_penalty or 0),
        "total": number(after_penalty(notebook)),
        "max": number(notebook.max_score),
    }
    for grade in notebook.grades:
        given = grade.manual_score is not None or grade.auto_score is not None
        marks[_exercise(grade.name)] = number(grade.score) if given else ""
    return marks


def harmless(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
