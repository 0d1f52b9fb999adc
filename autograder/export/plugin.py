"""nbgrader's `export` with our tables: its options say which chapters, students and file."""

from pathlib import Path

from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Unicode

from autograder import chapters
from autograder.errors import AutograderError
from autograder.export.sheet import Options
from autograder.export.table import export
from autograder.nbconfig import classroom_of
from autograder.paths import Classroom


class Exporter(ExportPlugin):
    """An export plugin of nbgrader's, which writes the text that `made` returns."""

    destination = "marks.csv"

    def made(
        self, chapter_ids: list[str], classroom: Classroom, root: Path
    ) -> tuple[str, list[str]]:
        """The text, and lines that say what became of whom."""
        raise NotImplementedError

    def export(self, gradebook) -> None:
        coursedir = self.parent.coursedir
        known = [assignment.name for assignment in gradebook.assignments]
        gradebook.db.rollback()  # ends its reading, since we may write
        try:
            asked = [chapters.resolve(str(name), known) for name in self.assignment]
            text, told = self.made(asked or known, classroom_of(coursedir), Path(coursedir.root))
        except AutograderError as problem:
            self.parent.fail(problem.message)
        for line in told:
            self.log.warning(line)
        target = Path(self.to or self.destination)
        target.write_text(text, encoding="utf-8", newline="")
        self.log.info("wrote %s", target)


class TableExport(Exporter):
    """`nbgrader export --exporter=autograder.export.plugin.TableExport`: a column an exercise."""

    def made(self, chapter_ids, classroom, root):
        return export(chapter_ids, classroom, root / "course", root), []


class SheetExport(Exporter):
    """What the plugins have in common that fill in a sheet."""

    sheet = Unicode(help="the sheet as downloaded (default: students.csv in the classroom)").tag(
        config=True
    )
    scale = Bool(False, help="fit our points to the sheet's").tag(config=True)
    missing_as_zero = Bool(False, help="0 where nothing was handed in").tag(config=True)

    @property
    def path(self) -> Path | None:
        return Path(self.sheet) if self.sheet else None

    def options(self, **more) -> Options:
        return Options(
            scale=self.scale,
            missing_as_zero=self.missing_as_zero,
            students=frozenset(map(str, self.student)),
            **more,
        )
