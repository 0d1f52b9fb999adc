"""What each student has for a chapter, after the late penalty, or why there is no mark yet."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Assignment, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder import database, late
from autograder.gradebook import read_results
from autograder.lock import ClassroomLock
from autograder.paths import ROOT, Classroom
from autograder.submission import submissions

NOT_HANDED_IN = ("not handed in", "missing")


@dataclass(frozen=True)
class Entry:
    """One student and chapter; `hand_in` is None where the gradebook has no marks."""

    student: str
    outcome: str
    hand_in: SubmittedAssignment | None

    @property
    def why_unmarked(self) -> str | None:
        """Why there is no mark to hand over; None where there is one."""
        if self.outcome in NOT_HANDED_IN:
            return "not handed in"
        if self.hand_in is None or self.outcome == "no_verdict":
            return "not graded"
        return "to be marked by a person" if self.hand_in.needs_manual_grade else None

    @property
    def points(self) -> float:
        """The marks after the late penalty."""
        return after_penalty(self.hand_in.notebooks[0])


def after_penalty(notebook: SubmittedNotebook) -> float:
    return notebook.score - (notebook.late_submission_penalty or 0)


@contextmanager
def up_to_date(classroom: Classroom, root: Path = ROOT) -> Iterator[Session]:
    """The gradebook for reading, its late penalties brought up to date.

    Raises ClassroomBusy while another process writes.
    """
    engine = database.existing(classroom)
    try:
        with ClassroomLock(classroom):
            late.bring_up_to_date(classroom, root)
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def entries(session: Session, chapter_id: str, classroom: Classroom) -> list[Entry]:
    """An entry for every student of the classroom, whether or not they handed in."""
    results = read_results(classroom, chapter_id)
    handed_in = {submission.student for submission in submissions(classroom, chapter_id)}
    query = select(SubmittedAssignment).join(Assignment).where(Assignment.name == chapter_id)
    marked = {row.student_id: row for row in session.scalars(query)}
    found = []
    for student in sorted({*session.scalars(select(Student.id)), *handed_in, *marked}):
        outcome = "not graded" if student in handed_in else "not handed in"
        if student in results:
            outcome = results[student]["outcome"]
        found.append(Entry(student, outcome, marked.get(student)))
    return found


def most(session: Session, chapter_id: str) -> float:
    """The chapter's points; 0 where the gradebook does not know it."""
    query = select(Assignment.max_score).where(Assignment.name == chapter_id)
    return float(session.scalar(query) or 0)


def number(value: float) -> str:
    """Up to five decimals, as Moodle keeps; never with an exponent."""
    return f"{value:.5f}".rstrip("0").rstrip(".")


def listed(students: Iterable[str]) -> str:
    """Their names in one line."""
    return ", ".join(sorted(students))
