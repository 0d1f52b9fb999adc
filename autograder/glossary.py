"""The course's glossary: one table of all terms, made from those of the released chapters."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.errors import SourceError
from dlkit.home.course import Chapter, CourseFileError, read_map

PLACE = "<!-- the glossary -->"
HEADING = "## Glossary"
_ROW = re.compile(r"^\| (?P<english>.+?) \| (?P<chinese>.+?) \| (?P<meaning>.+?) \|$", re.MULTILINE)
_HEAD = re.compile(r"^\| English \| 中文 \| in this chapter \|\n\|---\|---\|---\|$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One line of a chapter's glossary; `english` may hold several terms."""

    chapter: Chapter
    english: str
    chinese: str
    meaning: str

    @property
    def terms(self) -> list[str]:
        """Its English terms, one by one: "padding, stride" holds two."""
        return self.english.split(", ")


def put_glossary(notebook: NotebookNode, map_file: Path, course: Path) -> None:
    """Write the glossary of the chapters that lie in `course` where a text cell says so."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and PLACE in cell.source:
            cell.source = cell.source.replace(PLACE, table(entries(map_file, course)))


def entries(map_file: Path, course: Path) -> list[Entry]:
    """The lines of all released chapters' glossaries, chapter by chapter."""
    try:
        chapters = read_map(map_file)
    except (OSError, CourseFileError) as problem:
        raise SourceError(f"the map of the course: {problem}") from problem
    released = [chapter for chapter in chapters if (course / chapter.notebook).is_file()]
    return [entry for chapter in released for entry in read(chapter, course / chapter.notebook)]


def read(chapter: Chapter, path: Path) -> list[Entry]:
    """The lines of the glossary in the chapter's notebook, none where there is no glossary yet."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and cell.source.startswith(HEADING):
            head = _HEAD.search(cell.source)
            if not head:
                raise SourceError(
                    f"{path.name}: its glossary holds no table with these two first lines:\n"
                    "| English | 中文 | in this chapter |\n|---|---|---|"
                )
            rows = _ROW.finditer(cell.source, head.end())
            return [Entry(chapter, **row.groupdict()) for row in rows]
    return []


def table(lines: list[Entry]) -> str:
    """One row a line, in alphabetical order; the last column leads to the chapter."""
    rows = ["| English | 中文 | what it is | chapter |", "|---|---|---|--:|"]
    for entry in sorted(lines, key=_place):
        link = f"[{entry.chapter.number}]({entry.chapter.notebook})"
        rows.append(f"| {entry.english} | {entry.chinese} | {entry.meaning} | {link} |")
    return "\n".join(rows)


def _place(entry: Entry) -> tuple[str, int]:
    """Its place in the alphabet: "to fire" stands under f."""
    return entry.english.removeprefix("to ").casefold(), entry.chapter.number
