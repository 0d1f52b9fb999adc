"""Marks in Moodle's grading worksheet of one assignment, to be uploaded there."""

from collections.abc import Iterable
from pathlib import Path

from autograder import roster
from autograder.errors import AutograderError
from autograder.export.marks import entries, most, up_to_date
from autograder.export.plugin import SheetExport
from autograder.export.sheet import PLAIN, Options, Rows, check_points, fill, open_sheet
from autograder.paths import ROOT, Classroom

WHAT = "Moodle's grading worksheet as downloaded, with Moodle in English"
NEEDED = ("Identifier", "Grade", "Last modified (grade)")  # without them Moodle refuses it


def to_moodle(
    chapter_ids: Iterable[str],
    classroom: Classroom,
    path: Path | None = None,
    options: Options = PLAIN,
    root: Path = ROOT,
) -> tuple[str, list[str]]:
    """The sheet's text with the grades of one chapter, and what became of each student.

    Grades without a mark of ours, and those that Moodle has locked, stay as they are.
    """
    chapter_ids = list(chapter_ids)
    if len(chapter_ids) != 1:
        raise AutograderError(
            f"a worksheet of Moodle's is one assignment's, but {len(chapter_ids)} chapters were "
            "asked for: name one"
        )
    sheet = open_sheet(path, classroom, NEEDED, WHAT)
    maximum, changeable = sheet.column("Maximum grade"), sheet.column("Grade can be changed")
    with up_to_date(classroom, root) as session:
        found = entries(session, chapter_ids[0], classroom)
        points = most(session, chapter_ids[0])
        rows = Rows(sheet, classroom, found, roster.from_moodle)

        def factor(cells: list[str]) -> float | None:
            if changeable is not None and cells[changeable].strip().casefold() == "no":
                return None
            if maximum is None or not cells[maximum].strip():
                return 1.0
            where = f"{sheet.path}, {cells[sheet.column('Identifier')]}"
            return check_points(where, cells[maximum], points, options.scale)

        told = fill(rows, sheet.column("Grade"), found, options, factor)
    return sheet.text(), [f"{chapter_ids[0]}: {line}" for line in told]


class MoodleExport(SheetExport):
    """`nbgrader export --exporter=autograder.export.moodle.MoodleExport --assignment='["ch…"]'`."""

    destination = "moodle.csv"

    def made(self, chapter_ids, classroom, root):
        return to_moodle(chapter_ids, classroom, self.path, self.options(), root)
