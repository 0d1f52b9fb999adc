"""Marks as CSV: a row a student and chapter, a column an exercise."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbgrader.api import Assignment, Student, SubmittedAssignment
from nbgrader.utils import is_grade
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder import database, late
from autograder.gradebook import read_results
from autograder.lock import ClassroomLock
from autograder.paths import COURSE, ROOT, Classroom
from autograder.submission import submissions

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
    engine = database.existing(classroom)
    with ClassroomLock(classroom):
        late.bring_up_to_date(classroom, root)
    exercises, rows = {}, []
    with Session(engine) as session:
        students = set(session.scalars(select(Student.id)))
        for chapter_id in chapter_ids:
            exercises |= dict.fromkeys(_exercises(chapter_id, course_dir))
            rows += _rows(session, chapter_id, classroom, students)
    engine.dispose()
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


def _rows(session: Session, chapter_id, classroom, students: set[str]) -> list[dict]:
    """A row for every student of the classroom, whether or not they handed in."""
    results = read_results(classroom, chapter_id)
    outcomes = {student: result["outcome"] for student, result in results.items()}
    handed_in = {submission.student for submission in submissions(classroom, chapter_id)}
    query = select(SubmittedAssignment).join(Assignment).where(Assignment.name == chapter_id)
    marked = {row.student_id: row for row in session.scalars(query)}
    rows = []
    for student in sorted(students | handed_in | marked.keys()):
        waiting = "not graded" if student in handed_in else "not handed in"
        row = {"student": harmless(student), "chapter": chapter_id}
        row["outcome"] = outcomes.get(student, waiting)
        if student in marked:
            row |= _marks(marked[student])
        rows.append(row)
    return rows


def _marks(hand_in: SubmittedAssignment) -> dict:
    """What the gradebook says of one hand-in."""
    (notebook,) = hand_in.notebooks
    penalty = notebook.late_submission_penalty or 0
    marks = {
        "timestamp": hand_in.timestamp.isoformat(" ", "seconds") if hand_in.timestamp else "",
        "late_seconds": _number(late.seconds_late(hand_in)),
        "late_penalty": _number(penalty),
        "total": _number(notebook.score - penalty),
        "max": _number(notebook.max_score),
    }
    for grade in notebook.grades:
        given = grade.manual_score is not None or grade.auto_score is not None
        marks[_exercise(grade.name)] = _number(grade.score) if given else ""
    return marks


def _number(value: float) -> str:
    return f"{value:.10g}"


def harmless(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
