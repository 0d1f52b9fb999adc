"""Hand-ins from a folder into the classroom; what cannot be taken is named, never dropped."""

import os
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser

from autograder import intake
from autograder.atomic import write_bytes, write_text
from autograder.errors import AutograderError
from autograder.lock import ClassroomLock
from autograder.paths import Classroom
from autograder.submission import STUDENT_PATTERN, read_timestamp

_FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"  # as nbgrader's own submit writes it


@dataclass
class _HandIn:
    """One file found in the folder, and whose it is; `problem` says why it is not taken."""

    student: str
    path: Path | None
    problem: str | None = None
    notes: tuple[str, ...] = ()


def collect(folder: Path, chapter_id: str, classroom: Classroom) -> list[tuple[str, str]]:
    """Copy each student's newest hand-in into submitted/; (student, what became of it) for each.

    Understands STUDENT/CHAPTER/anything.ipynb, STUDENT/anything.ipynb, STUDENT_CHAPTER.ipynb and
    STUDENT.ipynb. Running it again takes only what is new.
    """
    if not folder.is_dir():
        raise AutograderError(f"expected a folder of hand-ins, found none at {folder}")
    told = []
    with ClassroomLock(classroom):
        for hand_in in _oldest_first(_find_all(folder, chapter_id)):
            told.append((hand_in.student, _take(hand_in, chapter_id, classroom)))
    return sorted(told)


def _find_all(folder: Path, chapter_id: str) -> Iterator[_HandIn]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_symlink():
            yield _HandIn(path.name, None, "is a link, and links are not followed")
        elif path.is_dir():
            yield _in_folder(path, chapter_id)
        elif path.suffix.lower() == ".ipynb":
            yield _flat(path, chapter_id)
        else:
            yield _HandIn(path.name, None, "is no notebook (.ipynb)")


def _flat(path: Path, chapter_id: str) -> _HandIn:
    """The hand-in of the student whose name the file bears, before the chapter's or alone."""
    student, chapter = re.fullmatch(r"(.+?)(?:[_+-](ch\d\d_\w+))?", path.stem).groups()
    if chapter and intake.is_other_chapter(chapter, chapter_id):
        return _HandIn(student, None, f"{path.name} is called after another chapter")
    return _HandIn(student, path)


def _in_folder(folder: Path, chapter_id: str) -> _HandIn:
    """The hand-in of the student whose name the folder bears."""
    inner = folder / chapter_id
    if inner.is_symlink():
        return _HandIn(folder.name, None, f"{chapter_id} is a link, and links are not followed")
    found = intake.find(inner if inner.is_dir() else folder, chapter_id)
    return _HandIn(folder.name, found.path, found.problem, tuple(found.notes))


def _oldest_first(hand_ins: Iterator[_HandIn]) -> list[_HandIn]:
    return sorted(hand_ins, key=lambda h: _time(h.path) if h.path else datetime.min)


def _take(hand_in: _HandIn, chapter_id: str, classroom: Classroom) -> str:
    """Copy one hand-in; the note about it."""
    if not STUDENT_PATTERN.fullmatch(hand_in.student):
        return (
            "not collected: a student's id should have only letters, digits and _ . @ + -, and "
            "begin with a letter, a digit, _, @ or -"
        )
    if hand_in.path is None:
        return f"not collected: {hand_in.problem}"
    try:
        content = intake.read_bytes(hand_in.path)
    except intake.Unreadable as error:
        return f"not collected: {error}"
    time = _time(hand_in.path)
    target = classroom.submitted / hand_in.student / chapter_id
    note = _make_room(target, content, time, classroom)
    if note.startswith("not"):
        return note
    write_bytes(target / f"{chapter_id}.ipynb", content)
    write_text(target / "timestamp.txt", time.strftime(_FORMAT))
    return " ".join([note, *hand_in.notes])


def _make_room(target: Path, content: bytes, time: datetime, classroom: Classroom) -> str:
    """Set an earlier hand-in aside; says what happens to the new one."""
    if target.is_symlink() or target.parent.is_symlink():
        return f"not collected: {target} is a link, and links are not followed"
    earlier = target / f"{target.name}.ipynb"
    if not earlier.is_file():
        return "collected."
    if earlier.read_bytes() == content:
        return "not changed: the same file was collected before."
    known = read_timestamp(target)
    if known is not None and time < known:
        return f"not collected: a later hand-in, of {known:%Y-%m-%d %H:%M:%S} UTC, is there."
    student, mark = target.parent.name, f"{zlib.crc32(earlier.read_bytes()):08x}"
    when = f"{known:%Y%m%dT%H%M%S}" if known else "undated"
    aside = classroom.root / "replaced" / student / target.name / f"{when}-{mark}"
    shutil.copytree(target, aside, symlinks=True, dirs_exist_ok=True)
    return f"collected; the earlier one lies in {aside.relative_to(classroom.root)}."


def _time(path: Path) -> datetime:
    """When it was handed in (UTC): by the timestamp.txt beside it, else by the file itself."""
    written = path.parent / "timestamp.txt"
    if written.is_file() and not written.is_symlink():
        try:
            time = parser.parse(written.read_text(encoding="utf-8").strip()[:100])
        except (ValueError, OverflowError):
            pass
        else:
            return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    modified = os.stat(path, follow_symlinks=False).st_mtime
    return datetime.fromtimestamp(modified, UTC).replace(tzinfo=None)
