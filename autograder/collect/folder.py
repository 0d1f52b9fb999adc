"""Hand-ins from a plain folder: STUDENT/x.ipynb, STUDENT/CHAPTER/x.ipynb, STUDENT.ipynb."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser

from autograder import intake
from autograder.collect.hand_in import HandIn
from autograder.submission import kept_files


def hand_ins(folder: Path, chapter_id: str) -> Iterator[HandIn]:
    """A hand-in, or a word, for each entry of the folder."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_symlink():
            yield HandIn(path.name, problem="is a link, and links are not followed")
        elif path.is_dir():
            yield _in_folder(path, chapter_id)
        elif path.suffix.lower() == ".ipynb":
            yield _flat(path, chapter_id)
        else:
            yield HandIn(path.name, problem="is no notebook (.ipynb)")


def _flat(path: Path, chapter_id: str) -> HandIn:
    """The hand-in of the student whose name the file bears, before the chapter's or alone."""
    student, chapter = re.fullmatch(r"(.+?)(?:[_+-](ch\d\d_\w+))?", path.stem).groups()
    if chapter and intake.is_other_chapter(chapter, chapter_id):
        return HandIn(student, problem=f"{path.name} is called after another chapter")
    return _at(student, path)


def _in_folder(folder: Path, chapter_id: str) -> HandIn:
    """The hand-in of the student whose name the folder bears."""
    inner = folder / chapter_id
    if inner.is_symlink():
        return HandIn(folder.name, problem=f"{chapter_id} is a link, and links are not followed")
    found = intake.find(inner if inner.is_dir() else folder, chapter_id)
    if found.path is None:
        return HandIn(folder.name, problem=found.problem, notes=found.notes)
    return _at(folder.name, found.path, found.notes)


def _at(student: str, path: Path, notes: list[str] | None = None) -> HandIn:
    return HandIn(student, lambda: intake.read_bytes(path), _time(path), notes=notes or [])


def _time(path: Path) -> datetime:
    """When it was handed in (UTC): by the timestamp.txt beside it, else by the file itself."""
    try:
        text = kept_files(path.parent)["timestamp.txt"].decode("utf-8")
        time = parser.parse(text.strip()[:100])
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (KeyError, ValueError, OverflowError):  # none there, or none that can be read
        pass
    modified = os.stat(path, follow_symlinks=False).st_mtime
    return datetime.fromtimestamp(modified, UTC).replace(tzinfo=None)
