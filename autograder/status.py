"""Where each chapter stands: released, handed in, graded, marked by a person, returned."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from nbgrader.api import Assignment, SubmittedAssignment
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from autograder import database
from autograder.feedback import page_path
from autograder.gradebook import read_results
from autograder.paths import COURSE, Classroom
from autograder.submission import submissions

_HEAD = ("chapter", "released", "handed in", "graded", "to mark", "feedback", "outcomes")


def status(chapter_ids: Iterable[str], classroom: Classroom, course_dir: Path = COURSE) -> str:
    """A table with a line a chapter; `to mark` counts hand-ins that wait for a person."""
    waiting = _waiting(classroom)
    lines = [_HEAD, *(_line(chapter, classroom, course_dir, waiting) for chapter in chapter_ids)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = [
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([f"classroom: {classroom.root}", *table])


def _line(chapter_id, classroom, course_dir, waiting) -> tuple[str, ...]:
    released = (course_dir / chapter_id / f"{chapter_id}.ipynb").is_file()
    handed_in = [submission.student for submission in submissions(classroom, chapter_id)]
    results = read_results(classroom, chapter_id)
    outcomes = Counter(results[student]["outcome"] for student in handed_in if student in results)
    graded = outcomes.total() - outcomes["no_verdict"]
    pages = sum(page_path(classroom, chapter_id, student).is_file() for student in handed_in)
    return (
        chapter_id,
        "yes" if released else "no",
        str(len(handed_in)),
        str(graded),
        str(waiting.get(chapter_id, 0)),
        str(pages),
        ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "-",
    )


def _waiting(classroom: Classroom) -> dict[str, int]:
    """How many hand-ins of each chapter have a part that a person has to mark."""
    if not database.exists(classroom):
        return {}
    engine = database.existing(classroom)
    query = (
        select(Assignment.name, func.count())
        .join(SubmittedAssignment)
        .where(SubmittedAssignment.needs_manual_grade)
        .group_by(Assignment.name)
    )
    with Session(engine) as session:
        waiting = {name: count for name, count in session.execute(query)}
    engine.dispose()
    return waiting
