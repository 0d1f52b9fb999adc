"""The course as it lies in a folder: its map, the chapters' exercises, their review questions."""

import json
import re
import tomllib
from dataclasses import dataclass

MAP = "map.toml"
REVIEW = "review.toml"
CHECKS = "checks.json"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CHAPTER = re.compile(r"ch\d\d_[a-z0-9_]+")
_MARKUP = re.compile(r"\$|\\\(|</?[a-z]|\*\*|\]\(")


class CourseFileError(ValueError):
    """A map or a file of review questions that does not follow its form."""


@dataclass(frozen=True)
class Chapter:
    """One line of the map; `minutes` is None until it can be measured."""

    id: str
    title: str
    minutes: int | None
    builds_on: tuple[int, ...]

    @property
    def number(self) -> int:
        return int(self.id[2:4])

    @property
    def notebook(self) -> str:
        """Where its notebook lies, seen from the course's folder."""
        return f"{self.id}/{self.id}.ipynb"


@dataclass(frozen=True)
class Question:
    """A review question; `choices` are (words, why) and the first of them is right."""

    chapter: str
    id: str
    after: str
    ask: str
    choices: tuple[tuple[str, str], ...]


def read_map(path):
    """The chapters of map.toml, in order."""
    chapters = []
    for id, entry in _tables(path).items():
        where = f"{path.name}, [{id}]"
        if not _CHAPTER.fullmatch(id):
            raise CourseFileError(f"{where}: a chapter's id looks like ch01_name.")
        _only(where, entry, required=("title", "builds_on"), allowed=("minutes",))
        minutes = entry.get("minutes")
        if minutes is not None and type(minutes) is not int:
            raise CourseFileError(f"{where}: minutes is a whole number, found {minutes!r}.")
        chapter = Chapter(id, entry["title"], minutes, tuple(entry["builds_on"]))
        known = {earlier.number for earlier in chapters}
        if chapter.number in known or any(n not in known for n in chapter.builds_on):
            raise CourseFileError(
                f"{where}: expected a number of its own, and in builds_on numbers of chapters "
                f"above it, {sorted(known) or 'none'}; found {list(chapter.builds_on)}."
            )
        chapters.append(chapter)
    return chapters


def read_questions(path):
    """The review questions of the chapter in whose folder `path` lies, in order."""
    questions = []
    for id, entry in _tables(path).items():
        where = f"{path.parent.name}/{path.name}, [{id}]"
        if not _ID.fullmatch(id):
            raise CourseFileError(f"{where}: expected an id of a-z, 0-9 and hyphens.")
        _only(where, entry, required=("after", "ask", "right", "wrong"))
        choices = (entry["right"], *entry["wrong"])
        _check_choices(where, choices)
        for words in (entry["after"], entry["ask"], *(text for pair in choices for text in pair)):
            _check_words(where, words)
        pairs = tuple((words, why) for words, why in choices)
        questions.append(Question(path.parent.name, id, entry["after"], entry["ask"], pairs))
    return questions


def exercises(folder):
    """{name: points} of the chapter in `folder`, in order; empty where its check data is missing.

    The order is that of the notebook, which the check data do not keep.
    """
    try:
        stored = json.loads((folder / CHECKS).read_text(encoding="utf-8"))["exercises"]
        points = {name: float(entry["points"]) for name, entry in stored.items()}
        cells = json.loads((folder / f"{folder.name}.ipynb").read_text(encoding="utf-8"))["cells"]
        order = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return dict(sorted(points.items(), key=lambda item: _place(order, f"test_{item[0]}")))


def _place(order, name):
    return order.index(name) if name in order else len(order)


def _tables(path):
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseFileError(f"{path.parent.name}/{path.name} is no TOML: {error}") from None
    loose = [name for name, entry in tables.items() if not isinstance(entry, dict)]
    if loose:
        raise CourseFileError(f"{path.name}: `{loose[0]}` stands above the first [id].")
    return tables


def _only(where, entry, required, allowed=()):
    missing = [key for key in required if key not in entry]
    unknown = [key for key in entry if key not in (*required, *allowed)]
    if missing or unknown:
        raise CourseFileError(
            f"{where}: expected {', '.join(required)}; missing {missing or 'none'}, "
            f"unknown {unknown or 'none'}."
        )


def _check_choices(where, choices):
    for pair in choices:
        if not isinstance(pair, list) or len(pair) != 2:
            raise CourseFileError(f"{where}: a choice is [words, why], found {pair!r}.")
    words = [pair[0] for pair in choices]
    if not 3 <= len(words) <= 5 or len(set(words)) < len(words):
        raise CourseFileError(
            f"{where}: expected two to four wrong choices, each another; found {words[1:]}."
        )


def _check_words(where, words):
    if not isinstance(words, str) or not words.strip():
        raise CourseFileError(f"{where}: expected words, found {words!r}.")
    if found := _MARKUP.search(words):
        raise CourseFileError(
            f"{where}: {found[0]!r} in {words[:60]!r}: expected plain text, with `code` and "
            "Unicode for formulas."
        )
