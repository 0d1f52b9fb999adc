"""One hand-in's marks in the database, as nbgrader's own Autograde would have left them."""

from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import compute_checksum
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from autograder.errors import NoVerdict
from autograder.late import LatePolicy
from autograder.registry import complete
from autograder.result import Result
from autograder.submission import Submission


def record(
    session: Session, late: LatePolicy, result: Result, submission: Submission, judged: NotebookNode
) -> None:
    """Write the result's marks; a person's marks, comments and extra credit stay as they are."""
    hand_in = _hand_in(session, submission)
    hand_in.timestamp = submission.timestamp
    session.flush()
    cells = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in judged.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    }
    with session.no_autoflush:
        for submitted in hand_in.notebooks:
            for grade in _with_cells(session, Grade, submitted):
                _mark(grade, result, cells)
            for comment in _with_cells(session, Comment, submitted):
                _comment(comment, cells)
    session.flush()
    session.expire_all()
    late.settle(hand_in)


def _with_cells(session: Session, kind: type, submitted: SubmittedNotebook):
    """A notebook's grades or comments and the cells that they belong to, in two queries."""
    query = select(kind).where(kind.notebook_id == submitted.id).options(selectinload(kind.cell))
    return session.scalars(query)


def _hand_in(session: Session, submission: Submission) -> SubmittedAssignment:
    """The student's row for the chapter, with empty marks and comments when it is the first."""
    assignment = session.scalars(
        select(Assignment).where(Assignment.name == submission.chapter)
    ).one()
    known = session.scalar(
        select(SubmittedAssignment).where(
            SubmittedAssignment.assignment_id == assignment.id,
            SubmittedAssignment.student_id == submission.student,
        )
    )
    if known is not None:
        return known
    student = session.get(Student, submission.student) or Student(id=submission.student)
    hand_in = SubmittedAssignment(assignment_id=assignment.id, student=student)
    session.add(hand_in)
    session.flush()
    for notebook in assignment.notebooks:
        submitted = SubmittedNotebook(notebook_id=notebook.id, assignment_id=hand_in.id)
        session.add(submitted)
        session.flush()
        complete(session, submitted)
    session.expire_all()
    return hand_in


def _mark(grade: Grade, result: Result, cells: dict[str, NotebookNode]) -> None:
    name = grade.cell.name
    if result.notebook is None:
        grade.auto_score, grade.needs_manual_grade = 0, False
        return
    if grade.cell.cell_type == "markdown":
        grade.auto_score = 0 if is_untouched(cells[name]) else None
    else:
        mark = result.exercises.get(name.removeprefix("test_"))
        if mark is None:
            raise NoVerdict(
                f"{result.student}: expected a mark for {name}, the judge gave none. "
                "Was the chapter released anew while it was being graded?"
            )
        grade.auto_score = mark.score
    grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


def _comment(comment: Comment, cells: dict[str, NotebookNode]) -> None:
    cell = cells.get(comment.cell.name)
    comment.auto_comment = "No response." if cell and is_untouched(cell) else None


def is_untouched(cell: NotebookNode) -> bool:
    """Whether the cell is still as it was released."""
    return cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
