"""The one writer of a classroom's marks: nbgrader's database, autograded notebooks and results."""

import json
import os
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.api import Course
from sqlalchemy.orm import Session

from autograder import database, marks, registry
from autograder.atomic import write_bytes, write_text
from autograder.errors import AutograderError
from autograder.late import LatePolicy
from autograder.lock import ClassroomLock
from autograder.nbconfig import settings
from autograder.paths import COURSE, COURSE_ID, ROOT, Classroom
from autograder.result import Result
from autograder.submission import KEPT_FILES, Submission, kept_files


class Gradebook:
    """A classroom's gradebook, open for writing by this process alone.

    Raises ClassroomBusy while another process holds it.
    """

    def __init__(self, classroom: Classroom, course_dir: Path = COURSE, root: Path = ROOT):
        self.classroom, self.course_dir = classroom, course_dir
        self._config = settings(classroom, root)
        self._known: set[str] = set()  # chapters that the database surely has as released

    def __enter__(self) -> "Gradebook":
        with ExitStack() as stack:
            stack.enter_context(ClassroomLock(self.classroom))
            connection = stack.enter_context(database.writing(self.classroom.database_url))
            self._session = stack.enter_context(Session(connection))
            self._add_course()
            self._open = stack.pop_all()
        return self

    def __exit__(self, *error) -> None:
        self._open.__exit__(*error)

    def _add_course(self) -> None:
        with self._session.begin():
            if self._session.get(Course, COURSE_ID) is None:
                self._session.add(Course(id=COURSE_ID))

    # -- what was released -------------------------------------------------------------------------

    def register(self, chapter_id: str, notebook: NotebookNode) -> None:
        """Bring the assignment's cells up to date with its release; marks and comments are kept.

        Raises AutograderError where a cell is gone for which there are hand-ins.
        """
        with self._session.begin():
            registry.register(self._session, chapter_id, notebook)

    def check(self, chapter_id: str, notebook: NotebookNode) -> None:
        """Raise what `register` would raise, and change nothing."""
        with self._session.begin():
            registry.check(self._session, chapter_id, notebook)

    def release_of(self, chapter_id: str) -> NotebookNode:
        """The released notebook, of which the gradebook is told if it knows another or none.

        It may: a release was killed, or `course/` came with another checkout.
        """
        path = self.course_dir / chapter_id / f"{chapter_id}.ipynb"
        if not path.is_file():
            raise AutograderError(
                f"{chapter_id} is not released: {path} is missing. "
                "Run: python -m autograder release"
            )
        notebook = nbformat.read(path, as_version=4)
        if chapter_id not in self._known:
            self.register(chapter_id, notebook)
            self._known.add(chapter_id)
        return notebook

    # -- lateness ----------------------------------------------------------------------------------

    @cached_property
    def _late(self) -> LatePolicy:
        return LatePolicy(self._session, self.classroom, self._config)

    def apply_late_rules(self) -> None:
        """Bring due dates, extensions and penalties of all that is recorded up to date.

        Raises AutograderError where late.toml is wrong; nothing is changed then.
        """
        self._late.apply()

    # -- what was handed in ------------------------------------------------------------------------

    def record(self, result: Result, submission: Submission, fingerprint: str | None = None):
        """Write one result: marks in one transaction, then the notebook, then the result's JSON.

        A no_verdict leaves marks and notebook as they are. Killed in between, it can be repeated.
        """
        if result.outcome == "no_verdict":
            self._write_result(result, None)
            return
        if result.chapter not in self._known:
            self.release_of(result.chapter)
        notebook, late = self._notebook_of(result), self._late
        with self._session.begin():
            marks.record(self._session, late, result, submission, notebook)
        self._write_notebook(result, submission, notebook)
        self._write_result(result, fingerprint)

    def _notebook_of(self, result: Result) -> NotebookNode:
        """The judged notebook, or where nothing could be read the release under a word of why."""
        if result.notebook is not None:
            return rejoin_lines(nbformat.from_dict(result.notebook))
        notebook = self.release_of(result.chapter)
        reason = " ".join(result.notes) or f"Its outcome is: {result.outcome}."
        text = f"**Nothing in this hand-in could be graded.** {reason}"
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="not-graded"))
        return notebook

    def _write_notebook(self, result, submission, notebook) -> None:
        folder = self.classroom.autograded / result.student / result.chapter
        _copy_figures(self.course_dir / result.chapter / "figures", folder / "figures")
        write_text(folder / f"{result.chapter}.ipynb", nbformat.v4.writes(notebook) + "\n")
        kept = kept_files(submission.folder)
        for name in KEPT_FILES:
            if name in kept:
                write_bytes(folder / name, kept[name])
            else:
                (folder / name).unlink(missing_ok=True)

    def _write_result(self, result: Result, fingerprint: str | None) -> None:
        path = result_path(self.classroom, result.chapter, result.student)
        content = result.to_json() | {"fingerprint": fingerprint}
        write_text(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def result_path(classroom: Classroom, chapter_id: str, student: str) -> Path:
    """Where a submission's last result lies."""
    return classroom.results / chapter_id / f"{student}.json"


def read_results(classroom: Classroom, chapter_id: str) -> dict[str, dict]:
    """The last result of each student, by student, with the fingerprint of what made it."""
    paths = sorted((classroom.results / chapter_id).glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def _copy_figures(source: Path, target: Path) -> None:
    """Give the notebook its released figures, as links where the file system has them."""
    for figure in sorted(source.glob("*")) if source.is_dir() else []:
        target.mkdir(parents=True, exist_ok=True)
        copy = target / figure.name
        copy.unlink(missing_ok=True)
        try:
            os.link(figure, copy)
        except OSError:
            write_bytes(copy, figure.read_bytes())
