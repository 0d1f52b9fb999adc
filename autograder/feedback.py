"""Feedback pages: nbgrader's with each hint, safe to open, written again when marks change."""

import hashlib
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Assignment, SubmittedAssignment
from nbgrader.converters import GenerateFeedback
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder import database, late
from autograder.atomic import write_bytes, write_text
from autograder.errors import AutograderError
from autograder.formulas import draw_formulas
from autograder.lock import ClassroomLock
from autograder.nbconfig import course_config, run
from autograder.paths import ROOT, Classroom
from autograder.sanitise import SafeHTMLExporter, clean_page
from autograder.scratch import ScratchFolder
from autograder.submission import KEPT_FILES

_FORM = "2"  # a page of another form is written anew
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="made-from" content="{made_from}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{styles}
<style>
body {{ max-width: 60em; margin: auto; padding: 1em; overflow-wrap: anywhere; }}
div.prompt {{ display: none; }}
.container {{ width: auto; padding: 0; }}
div.output_area pre {{ white-space: pre-wrap; }}
td, th {{ padding: 0.1em 0.6em; }}
summary {{ display: list-item; }}
math[display="block"] {{ overflow-x: auto; }}
img {{ max-width: 100%; }}
</style>
</head>
<body>
"""
_UNMARKED = "<p><strong>A part of this has still to be marked by a person.</strong></p>"


def feedback(
    chapter_id: str,
    classroom: Classroom,
    students: Iterable[str] | None = None,
    root: Path = ROOT,
) -> list[str]:
    """Write feedback/STUDENT/CHAPTER/CHAPTER.html where marks or notebook changed; the students."""
    with ClassroomLock(classroom):
        late.bring_up_to_date(classroom, root)
        facts = _facts(classroom, chapter_id, students)
        current = _up_to_date(classroom, chapter_id, facts)
        stale = [student for student in facts if not current[student]]
        if not stale:
            return []
        with ScratchFolder("autograder-feedback-") as scratch:
            pages = _generate(chapter_id, classroom, stale, scratch)
            for student, page in pages.items():
                text = _finish(page, chapter_id, facts[student])
                _write(classroom, chapter_id, student, text)
    return stale


def up_to_date(chapter_id: str, classroom: Classroom) -> dict[str, bool]:
    """Of each student with a graded hand-in, whether they have a page and it shows their marks."""
    return _up_to_date(classroom, chapter_id, _facts(classroom, chapter_id, None))


def _up_to_date(classroom, chapter_id, facts) -> dict[str, bool]:
    return {
        student: _made_from(page_path(classroom, chapter_id, student)) == known.made_from
        for student, known in facts.items()
    }


def page_path(classroom: Classroom, chapter_id: str, student: str) -> Path:
    return classroom.feedback / student / chapter_id / f"{chapter_id}.html"


@dataclass(frozen=True)
class _Facts:
    """What a page depends on, as a fingerprint, and the cells that nobody has marked yet."""

    made_from: str
    unmarked: tuple[str, ...]


def _facts(classroom, chapter_id, students) -> dict[str, _Facts]:
    """Of each graded hand-in (or of the given students')."""
    found = {}
    engine = database.existing(classroom)
    with Session(engine) as session:
        query = select(SubmittedAssignment).join(Assignment).where(Assignment.name == chapter_id)
        for hand_in in session.scalars(query):
            notebook = classroom.autograded / hand_in.student_id / chapter_id
            path = notebook / f"{chapter_id}.ipynb"
            if path.is_file():
                digest = hashlib.sha256(path.read_bytes() + repr(_marks(hand_in)).encode())
                made_from = f"{_FORM}-{digest.hexdigest()}"
                found[hand_in.student_id] = _Facts(made_from, _unmarked(hand_in))
    engine.dispose()
    if students is None:
        return dict(sorted(found.items()))
    if unknown := [student for student in students if student not in found]:
        raise AutograderError(
            f"{chapter_id}: no graded hand-in of {', '.join(unknown)}. "
            f"Run: python -m autograder grade {chapter_id}"
        )
    return {student: found[student] for student in students}


def _unmarked(hand_in: SubmittedAssignment) -> tuple[str, ...]:
    """Not what needs_manual_grade says: it also asks to look again at marks that were given."""
    grades = [grade for notebook in hand_in.notebooks for grade in notebook.grades]
    return tuple(g.name for g in grades if g.auto_score is None and g.manual_score is None)


def _marks(hand_in: SubmittedAssignment) -> list:
    """Everything of the gradebook that the page shows."""
    shown = [_unmarked(hand_in)]
    for notebook in hand_in.notebooks:
        shown.append(notebook.late_submission_penalty)
        shown += sorted((g.name, g.score, g.max_score) for g in notebook.grades)
        shown += sorted((c.name, c.comment or "") for c in notebook.comments)
    return shown


def _made_from(page: Path) -> str | None:
    if not page.is_file():
        return None
    match = re.search(r'name="made-from" content="([\w-]+)"', page.read_text("utf-8")[:2000])
    return match and match[1]


def _generate(chapter_id, classroom, students, scratch: Path) -> dict[str, str]:
    """nbgrader's pages for these students, by student."""
    for student in students:
        folder = scratch / "autograded" / student / chapter_id
        shutil.copytree(classroom.autograded / student / chapter_id, folder)
    config = course_config(classroom)
    config.CourseDirectory.root = str(scratch)
    config.GenerateFeedback.exporter_class = SafeHTMLExporter
    config.HTMLExporter.exclude_anchor_links = True
    run(
        GenerateFeedback,
        config,
        assignment_id=chapter_id,
        autograded_directory=str(scratch / "autograded"),
        feedback_directory=str(scratch / "feedback"),
    )
    pages = scratch / "feedback"
    return {
        student: (pages / student / chapter_id / f"{chapter_id}.html").read_text(encoding="utf-8")
        for student in students
    }


def _finish(page: str, chapter_id: str, facts: _Facts) -> str:
    """nbgrader's styles in a head of our own, which loads nothing, over a body made harmless."""
    head, _, body = page.partition("<body>")
    styles = re.findall(r"<style.*?</style>", head, re.DOTALL)
    body = draw_formulas(clean_page(body))
    body = re.sub(r'(<a href="#test_(\w+)"[^>]*>)Test cell', r"\1\2", body)
    body = re.sub(r'(<a href="#comment-(\w+)"[^>]*>)Comment', r"\1Comment on \2", body)
    for name in facts.unmarked:  # in the list on top and above the answer
        score = rf'((?:href="#|name="){name}".{{0,300}}?Score: )0\.0 /'
        body = re.sub(score, r"\1– /", body, flags=re.DOTALL)
    head = _HEAD.format(made_from=facts.made_from, title=chapter_id, styles="\n".join(styles))
    return head + (_UNMARKED if facts.unmarked else "") + body + "\n</body>\n</html>\n"


def _write(classroom, chapter_id, student, text) -> None:
    page = page_path(classroom, chapter_id, student)
    for name in KEPT_FILES:
        kept = classroom.autograded / student / chapter_id / name
        if kept.is_file():
            write_bytes(page.parent / name, kept.read_bytes())
    write_text(page, text)
