"""Hand-ins from nbgrader's exchange: each student's newest STUDENT+CHAPTER+TIME+RANDOM folder."""

import os
import pwd
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder import intake
from autograder.collect.hand_in import HandIn
from autograder.errors import AutograderError
from autograder.intake import shown
from autograder.paths import CHAPTER_PATTERN, COURSE_ID, Classroom
from autograder.submission import kept_files, read_timestamp

_SLACK = timedelta(minutes=10)  # a slow copy of a hand-in


@dataclass(frozen=True)
class _Entry:
    path: Path
    student: str
    time: datetime


def hand_ins(classroom: Classroom, chapter_id: str, check_owner: bool = True) -> Iterator[HandIn]:
    """A hand-in, or a word, for each student's newest in the exchange; earlier ones are counted."""
    inbound = classroom.exchange / COURSE_ID / "inbound"
    if not inbound.is_dir():
        raise AutograderError(
            f"expected nbgrader's exchange, found no {inbound}. Run: python -m autograder release"
        )
    by_student = defaultdict(list)
    for path in sorted(inbound.iterdir()):
        entry = _entry(path, chapter_id)
        if isinstance(entry, _Entry):
            by_student[entry.student].append(entry)
        elif entry:
            yield HandIn(shown(path.name), problem=entry)
    for entries in by_student.values():
        entries.sort(key=lambda entry: entry.time)
        try:
            hand_in = _hand_in(entries[-1], chapter_id, check_owner)
        except OSError as error:  # its student may take it away, or all rights to it, at any time
            problem = f"it cannot be read: {error.strerror}"
            hand_in = HandIn(entries[-1].student, problem=problem)
        if len(entries) > 1:
            hand_in.notes.append(f"{len(entries) - 1} earlier one(s) stay in the exchange.")
        yield hand_in


def _entry(path: Path, chapter_id: str) -> _Entry | str | None:
    """A hand-in of the chapter; else why it is none, or None for another chapter's."""
    found = re.fullmatch(rf"(.+)\+{chapter_id}\+([^+]+)(\+[^+]*)?", path.name, re.DOTALL)
    if found is None and set(filter(CHAPTER_PATTERN.fullmatch, path.name.split("+"))):
        return None
    try:
        time = parse_utc(found[2])
    except (TypeError, ValueError, OverflowError):
        return "is not named as nbgrader names hand-ins (STUDENT+CHAPTER+TIME)"
    if path.is_symlink() or not path.is_dir():
        return "is no folder, and links are not followed"
    return _Entry(path, found[1], time)


def _hand_in(entry: _Entry, chapter_id: str, check_owner: bool) -> HandIn:
    hand_in = HandIn(entry.student, time=entry.time, certain=True)
    found = intake.find(entry.path, chapter_id)
    hand_in.problem, hand_in.notes = found.problem, list(found.notes)
    if found.path and not _is_forged(entry, hand_in, check_owner):
        hand_in.read = lambda: intake.read_bytes(found.path)
        _check_time(entry, found.path, hand_in)
        hand_in.kept = _kept(entry, hand_in.time)
    return hand_in


def _is_forged(entry: _Entry, hand_in: HandIn, check_owner: bool) -> bool:
    """Whether another student's account put it there; a note where that cannot be told."""
    if not check_owner:
        return False
    uid = os.lstat(entry.path).st_uid
    try:
        owner = pwd.getpwuid(uid).pw_name
    except KeyError:
        owner = f"number {uid}"
    if owner == entry.student:
        return False
    if uid != os.getuid() and _is_account(entry.student):
        hand_in.problem = f"it was put there by the account {owner}, not by {entry.student}"
        return True
    hand_in.notes.append(f"It was put there by the account {owner}.")
    return False


def _is_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _check_time(entry: _Entry, path: Path, hand_in: HandIn) -> None:
    """Students can write any time; the later of the two that are written counts."""
    written = read_timestamp(entry.path)
    if written is not None and written != entry.time:
        hand_in.time = max(written, entry.time)
        hand_in.notes.append(
            "Its name and its timestamp.txt say different times; the later counts."
        )
    changed = datetime.fromtimestamp(os.lstat(path).st_ctime, UTC).replace(tzinfo=None)
    if changed > hand_in.time + _SLACK:
        hand_in.notes.append(
            f"Its file was last touched at {changed:%Y-%m-%d %H:%M:%S} UTC, later."
        )


def _kept(entry: _Entry, time: datetime) -> dict[str, bytes]:
    """nbgrader's files as they are, so that its feedback finds its way back."""
    kept = kept_files(entry.path)
    if read_timestamp(entry.path) != time:
        kept.pop("timestamp.txt", None)
    return kept
