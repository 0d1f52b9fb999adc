"""Marks in Canvas's gradebook export, to be imported there: a chapter is one of its columns."""

import re
from collections.abc import Iterable
from pathlib import Path

from traitlets import Unicode

from autograder import roster
from autograder.errors import AutograderError
from autograder.export.marks import entries, most, up_to_date
from autograder.export.plugin import SheetExport
from autograder.export.sheet import PLAIN, Options, Rows, Sheet, check_points, fill, open_sheet
from autograder.paths import ROOT, Classroom

WHAT = "Canvas's gradebook as downloaded (Grades, Export; names in one column)"
_TITLE = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)\s*")
_NO_ASSIGNMENT = (  # as Canvas's own importer knows them
    *("student", "id", "sis user id", "sis login id", "integration id", "root account", "section"),
)


def to_canvas(
    chapter_ids: Iterable[str],
    classroom: Classroom,
    path: Path | None = None,
    options: Options = PLAIN,
    root: Path = ROOT,
) -> tuple[str, list[str]]:
    """The sheet's text with the chapters' columns filled in, and what became of each student.

    Cells without a mark of ours stay as they are, since Canvas takes an empty cell for a change. So
    do EX (excused) and N/A (not for this student).
    """
    sheet = open_sheet(path, classroom, ("Student", "ID"), WHAT)
    chapter_ids, told = list(chapter_ids), []
    if options.column and len(chapter_ids) != 1:
        raise AutograderError(f"--column is one chapter's, but {len(chapter_ids)} were asked for")
    with up_to_date(classroom, root) as session:
        for chapter_id in chapter_ids:
            found = entries(session, chapter_id, classroom)
            if len(chapter_ids) > 1 and not any(entry.hand_in for entry in found):
                told.append(f"{chapter_id}: left out, nobody has marks for it")
                continue
            index = _column(sheet, chapter_id, options.column)
            times = _factor(sheet, index, most(session, chapter_id), options.scale)
            rows = Rows(sheet, classroom, found, roster.from_canvas)

            def factor(cells, index=index, times=times):
                return None if cells[index].strip().upper() in ("EX", "N/A") else times

            title = sheet.header[index].strip()
            lines = fill(rows, index, found, options, factor)
            told += [f"{chapter_id} in {title}: {line}" for line in lines]
    return sheet.text(), told


def _column(sheet: Sheet, chapter_id: str, wanted: str) -> int:
    """The chapter's column: the one wanted, or the one whose title is the chapter's id."""
    titles = {
        index: name.strip()
        for index, name in enumerate(sheet.header)
        if name.strip() and name.strip().casefold() not in _NO_ASSIGNMENT
    }
    number = chapter_id.partition("_")[0]
    ways = [
        lambda title: _words(title) == chapter_id,
        lambda title: _words(title).partition("_")[0] == number,
    ]
    if wanted:
        ways = [lambda title: wanted in (title, *_parts(title))]
    for fits in ways:
        fitting = [index for index, title in titles.items() if fits(title)]
        if len(fitting) == 1:
            return fitting[0]
    raise AutograderError(
        f"{sheet.path}: which column is {chapter_id}? Expected one called {wanted or chapter_id}; "
        f"name one with --column: {', '.join(map(repr, titles.values()))}"
    )


def _parts(title: str) -> tuple[str, ...]:
    """A column's title without Canvas's number, and the number."""
    match = _TITLE.fullmatch(title)
    return match.groups() if match else ()


def _words(title: str) -> str:
    """`Ch01: Perceptron (4711)` is `ch01_perceptron`."""
    return "_".join(re.findall(r"[a-z0-9]+", (_parts(title) or (title,))[0].casefold()))


def _factor(sheet: Sheet, index: int, points: float, scale: bool) -> float:
    """What our points are multiplied with, by the row of possible points below the header."""
    where = f"{sheet.path}, {sheet.header[index].strip()}"
    for _, cells in sheet.rows:
        if "Points Possible" in cells[0]:
            if "read only" in cells[index]:
                raise AutograderError(f"{where}: Canvas computes this column; choose another")
            return check_points(where, cells[index], points, scale)
    raise AutograderError(
        f"{where}: expected a row `Points Possible` below the header. Download the sheet again"
    )


class CanvasExport(SheetExport):
    """`nbgrader export --exporter=autograder.export.canvas.CanvasExport`."""

    column = Unicode(help="the chapter's column, where its title is not the chapter's id").tag(
        config=True
    )
    destination = "canvas.csv"

    def made(self, chapter_ids, classroom, root):
        return to_canvas(chapter_ids, classroom, self.path, self.options(column=self.column), root)
