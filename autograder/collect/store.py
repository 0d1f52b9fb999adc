"""One hand-in into the classroom; an earlier one is set aside, never lost."""

import zlib
from datetime import datetime
from pathlib import Path

from autograder.atomic import copy_folder, write_bytes
from autograder.collect.hand_in import HandIn
from autograder.intake import Unreadable
from autograder.paths import Classroom
from autograder.submission import KEPT_FILES, STUDENT_PATTERN, read_timestamp

_FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"  # as nbgrader's own submit writes it


def take(hand_in: HandIn, chapter_id: str, classroom: Classroom) -> str:
    """Copy one hand-in into submitted/; the note about it."""
    return " ".join([_take(hand_in, chapter_id, classroom), *hand_in.notes])


def _take(hand_in: HandIn, chapter_id: str, classroom: Classroom) -> str:
    if hand_in.read is None:
        return f"not collected: {hand_in.problem}"
    if not STUDENT_PATTERN.fullmatch(hand_in.student):
        return (
            "not collected: a student's id should have only letters, digits and _ . @ + -, and "
            "begin with a letter, a digit, _, @ or -"
        )
    try:
        content = hand_in.read()
    except Unreadable as error:
        return f"not collected: {error}"
    target = classroom.submitted / hand_in.student / chapter_id
    note = _make_room(target, content, hand_in, classroom)
    if not note.startswith("not"):
        _write_kept(target, hand_in)  # before the notebook, which shows that it was collected
        write_bytes(target / f"{chapter_id}.ipynb", content)
    return note


def _make_room(target: Path, content: bytes, hand_in: HandIn, classroom: Classroom) -> str:
    """Set an earlier hand-in aside; says what happens to the new one."""
    if target.is_symlink() or target.parent.is_symlink():
        return f"not collected: {target} is a link, and links are not followed"
    earlier, time = target / f"{target.name}.ipynb", hand_in.time
    if not earlier.is_file():
        return "collected."
    known = read_timestamp(target)
    if earlier.read_bytes() == content:
        if not hand_in.certain or time == known:
            return "not changed: the same file was collected before."
        _write_kept(target, hand_in)
        return f"not changed, but its time is now {time:%Y-%m-%d %H:%M:%S} UTC."
    if known is not None and time is not None and time < known:
        return f"not collected: a later hand-in, of {known:%Y-%m-%d %H:%M:%S} UTC, is there."
    student, mark = target.parent.name, f"{zlib.crc32(earlier.read_bytes()):08x}"
    when = f"{known:%Y%m%dT%H%M%S}" if known else "undated"
    aside = classroom.root / "replaced" / student / target.name / f"{when}-{mark}"
    if not aside.exists():
        copy_folder(target, aside)
    return f"collected; the earlier one lies in {aside.relative_to(classroom.root)}."


def _write_kept(target: Path, hand_in: HandIn) -> None:
    kept = dict(hand_in.kept)
    if hand_in.time is not None:
        kept.setdefault("timestamp.txt", _stamp(hand_in.time))
    for name in KEPT_FILES:
        if name in kept:
            write_bytes(target / name, kept[name])
        else:
            (target / name).unlink(missing_ok=True)


def _stamp(time: datetime) -> bytes:
    return time.strftime(_FORMAT).encode()
