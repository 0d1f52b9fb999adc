"""A sheet of Canvas's or Moodle's, as downloaded: our marks go in, all else stays as it was.

We write only numbers, so no cell of ours can be a formula; the other cells must stay, since the LMS
finds its students by them.
"""

import codecs
import csv
import io
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder import roster, tables
from autograder.errors import AutograderError
from autograder.export.marks import Entry, listed, number
from autograder.paths import Classroom


@dataclass(frozen=True)
class Options:
    """How a sheet is filled in.

    `column` names the chapter's column where it cannot be told from its name; `scale` fits our
    points to the sheet's; `missing_as_zero` writes 0 where nothing was handed in
    and no mark stands.
    """

    column: str = ""
    scale: bool = False
    missing_as_zero: bool = False
    students: frozenset[str] = frozenset()  # none: everybody


PLAIN = Options()


class Sheet:
    """The cells of a CSV file in the order in which they stand.

    `header` is the first row; `rows` are (line, cells) of all others, with as many cells.
    """

    def __init__(self, path: Path):
        self.path = path
        text = tables.text_of(path)
        self._bom = "\ufeff" if path.read_bytes().startswith(codecs.BOM_UTF8) else ""
        self._newline = "\r\n" if "\r\n" in text else "\n"
        separator = tables.separator_of(path)
        self._separator = "," if separator == "\t" else separator
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        try:
            rows = [(reader.line_num, cells) for cells in reader]
        except csv.Error as problem:
            raise AutograderError(
                f"{path}, line {reader.line_num}: expected CSV, but {problem}"
            ) from None
        self.header = rows[0][1] if rows else []
        self.rows = [(line, self._whole(line, cells)) for line, cells in rows[1:] if cells]

    def _whole(self, line: int, cells: list[str]) -> list[str]:
        if len(cells) > len(self.header):
            raise AutograderError(
                f"{self.path}, line {line}: expected {len(self.header)} cells as in the header, "
                f"found {len(cells)}. Was it changed by hand? Download it again."
            )
        return cells + [""] * (len(self.header) - len(cells))

    def column(self, name: str) -> int | None:
        """Where the column of this name stands, whatever its case."""
        names = [title.strip().casefold() for title in self.header]
        return names.index(name.casefold()) if name.casefold() in names else None

    def as_dict(self, cells: list[str]) -> dict[str, str]:
        """A row as the roster reads it."""
        names = (title.strip().casefold() for title in self.header)
        return dict(zip(names, map(str.strip, cells), strict=True))

    def text(self) -> str:
        """UTF-8 for both systems, with the byte order mark that the file had."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self._separator, lineterminator=self._newline)
        writer.writerows([self.header, *(cells for _, cells in self.rows)])
        return self._bom + out.getvalue()


def open_sheet(
    path: Path | None, classroom: Classroom, needed: tuple[str, ...], what: str
) -> Sheet:
    """The sheet at `path`, or else the classroom's students.csv, if it is one of these."""
    chosen = path or roster.path_of(classroom)
    if not chosen.is_file():
        raise AutograderError(f"expected {what} at {chosen}; name yours with --sheet FILE")
    sheet = Sheet(chosen)
    if missing := [name for name in needed if sheet.column(name) is None]:
        raise AutograderError(
            f"{chosen} should be {what}, but has no column {', '.join(missing)}; it has "
            f"{', '.join(sheet.header) or 'none'}. Name another file with --sheet FILE"
        )
    return sheet


class Rows:
    """The rows of a sheet, by our id of their student; in `strangers` those of nobody we know.

    `make` reads a row's student, None where it is nobody's. Raises AutograderError where two rows
    are one student.
    """

    def __init__(self, sheet: Sheet, classroom: Classroom, entries: list[Entry], make: Callable):
        class_list, lines = roster.read(classroom), defaultdict(list)
        known = {entry.student for entry in entries} | {s.id for s in class_list.students}
        self.by_student, self.strangers = {}, []
        for line, cells in sheet.rows:
            there = make(sheet.as_dict(cells))
            if there is None:
                continue
            student = _ours(there, class_list, known)
            if student is None:
                self.strangers.append(there.name or there.id)
            else:
                lines[student].append(str(line))
                self.by_student[student] = cells
        for student, found in lines.items():
            if len(found) > 1:
                raise AutograderError(
                    f"{sheet.path}: the lines {', '.join(found)} are all {student}. Leave one of "
                    "them; nothing was written"
                )


def _ours(there: roster.Student, class_list: roster.Roster, known: set[str]) -> str | None:
    """Our id of somebody in a sheet: by the class list, else by what the sheet calls them."""
    by_canvas = class_list.canvas(there.canvas_id) if there.canvas_id else None
    here = by_canvas or class_list.same_as(there)
    if here is not None and not _namesakes(here, there):
        return here.id
    return next((name for name in _called(there) if name in known), None)


def _called(student: roster.Student) -> tuple[str, ...]:
    return (student.id, student.number, student.login, student.email, student.canvas_id)


def _namesakes(here: roster.Student, there: roster.Student) -> bool:
    """Whether both lists say more than the name, and no word of it is the same."""
    ours, theirs = (
        {name.casefold() for name in _called(student) if name} for student in (here, there)
    )
    both = any(
        getattr(here, known) and getattr(there, known)
        for known in ("canvas_id", "email", "number", "login")
    )
    return both and not ours & theirs


def fill(
    rows: Rows,
    index: int,
    entries: list[Entry],
    options: Options,
    factor: Callable[[list[str]], float | None],
) -> list[str]:
    """Write the marks into column `index`; a line for each thing that became of them.

    `factor` says what a row's points are multiplied with, None where it may not be changed.
    """
    became = defaultdict(list)
    by_student = {entry.student: entry for entry in entries}
    for student, cells in rows.by_student.items():
        if options.students and student not in options.students:
            continue
        entry = by_student.get(student) or Entry(student, "not handed in", None)
        times, why = factor(cells), entry.why_unmarked
        if times is None:
            became["left as it was, the sheet allows no change"].append(student)
        elif why is None:
            cells[index] = number(entry.points * times)
            became["mark written"].append(student)
        elif options.missing_as_zero and why == "not handed in" and not cells[index].strip():
            cells[index] = "0"
            became["not handed in, 0 written"].append(student)
        else:
            became[f"left as it was, {why}"].append(student)
    for entry in entries:
        if entry.why_unmarked != "not handed in" and entry.student not in rows.by_student:
            became["handed in, and NOT IN THE SHEET"].append(entry.student)
    if rows.strangers:
        became["in the sheet, and nobody we know"] = rows.strangers
    return [f"{what}: {len(who)} ({listed(who)})" for what, who in became.items()]


def check_points(where: str, theirs: str, ours: float, scale: bool) -> float:
    """What our points are multiplied with to fit the sheet's; AutograderError where they differ."""
    try:
        points = float(theirs.strip().replace(",", "."))
    except ValueError:
        raise AutograderError(f"{where}: expected a number of points, found {theirs!r}") from None
    if abs(points - ours) < 1e-6:
        return 1.0
    if not scale or ours <= 0:
        raise AutograderError(
            f"{where}: {number(points)} points are possible there, and {number(ours)} here. Change "
            f"the assignment's points to {number(ours)} and download the sheet again, or scale the "
            "marks with --scale"
        )
    return points / ours
