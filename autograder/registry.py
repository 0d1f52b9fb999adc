"""What the gradebook knows of a release: the assignment, its notebook and its cells."""

import json

from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedNotebook,
)
from nbgrader.utils import is_grade, is_locked, is_solution
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.errors import AutograderError
from autograder.paths import COURSE_ID


def register(session: Session, chapter_id: str, release: NotebookNode) -> None:
    """Write the cells of the released notebook as nbgrader's SaveCells would.

    Unlike it, cells may be added after hand-ins: each gets an empty mark for every hand-in.
    """
    check(session, chapter_id, release)
    assignment = _assignment(session, chapter_id)
    if assignment is None:
        assignment = Assignment(name=chapter_id, course_id=COURSE_ID)
        session.add(assignment)
    notebook = _notebook(session, chapter_id)
    if notebook is None:
        notebook = Notebook(name=chapter_id, assignment=assignment)
        session.add(notebook)
    notebook.kernelspec = json.dumps(release.metadata.kernelspec)
    for kind, rows in _rows(release).items():
        _update(session, notebook, kind, rows)
    session.flush()
    session.expire_all()
    for submitted in notebook.submissions:
        complete(session, submitted)


def check(session: Session, chapter_id: str, release: NotebookNode) -> None:
    """Raise AutograderError where the release lacks a cell for which there are hand-ins."""
    notebook = _notebook(session, chapter_id)
    if notebook is None or not notebook.submissions:
        return
    rows = _rows(release)
    for kind in (GradeCell, SolutionCell):
        gone = {cell.name for cell in _cells(notebook, kind)} - set(rows[kind])
        if gone:
            raise AutograderError(
                f"{chapter_id}: the cells {', '.join(sorted(gone))} are gone, but "
                f"{len(notebook.submissions)} hand-ins have marks for them. Put them back, or use "
                "a new classroom (--classroom DIR); nothing was changed."
            )


def _assignment(session: Session, chapter_id: str) -> Assignment | None:
    return session.scalar(select(Assignment).where(Assignment.name == chapter_id))


def _notebook(session: Session, chapter_id: str) -> Notebook | None:
    query = select(Notebook).join(Assignment)
    return session.scalar(query.where(Assignment.name == chapter_id, Notebook.name == chapter_id))


def _rows(release: NotebookNode) -> dict[type, dict[str, dict]]:
    """For each kind of row, its columns by cell name."""
    rows = {GradeCell: {}, SolutionCell: {}, SourceCell: {}}
    for cell in release.cells:
        if not (is_grade(cell) or is_solution(cell) or is_locked(cell)):
            continue
        nbgrader = cell.metadata.nbgrader
        if is_grade(cell):
            rows[GradeCell][nbgrader.grade_id] = {
                "max_score": float(nbgrader.points),
                "cell_type": cell.cell_type,
            }
        if is_solution(cell):
            rows[SolutionCell][nbgrader.grade_id] = {}
        rows[SourceCell][nbgrader.grade_id] = {
            "cell_type": cell.cell_type,
            "locked": is_locked(cell),
            "source": cell.source,
            "checksum": nbgrader.checksum,
        }
    return rows


def _cells(notebook: Notebook, kind: type) -> list:
    return notebook.source_cells if kind is SourceCell else _base_cells(notebook, kind)


def _base_cells(notebook: Notebook, kind: type) -> list:
    return [cell for cell in notebook._base_cells if isinstance(cell, kind)]


def _update(session: Session, notebook: Notebook, kind: type, rows: dict[str, dict]) -> None:
    """Make the notebook's cells of one kind be `rows`."""
    known = {cell.name: cell for cell in _cells(notebook, kind)}
    for name in known.keys() - rows.keys():
        session.delete(known[name])
    for name, columns in rows.items():
        cell = known.get(name) or kind(name=name, notebook=notebook)
        session.add(cell)
        for column, value in columns.items():
            setattr(cell, column, value)


def complete(session: Session, submitted: SubmittedNotebook) -> None:
    """Give a hand-in a mark and a comment for every cell, empty where it has none yet."""
    for kind, row, rows in (
        (GradeCell, Grade, submitted.grades),
        (SolutionCell, Comment, submitted.comments),
    ):
        present = {entry.cell_id for entry in rows}
        for cell in _base_cells(submitted.notebook, kind):
            if cell.id not in present:
                session.add(row(cell_id=cell.id, notebook_id=submitted.id))
