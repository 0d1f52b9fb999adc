"""The student's logbook: what each check and each review answer came to, in one local file.

One line of JSON an event, only ever appended: two notebooks that write at once take nothing from
each other, and a damaged line costs itself alone. Nothing is kept unless the course's folder has
the folder `.course`, which only `make lab` makes: so nothing is left where hand-ins are graded.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

FOLDER = ".course"
NAME = "logbook.jsonl"
CHECK, REVIEW = "check", "review"


@dataclass(frozen=True)
class Event:
    """One line: `name` is an exercise or a question, `share` what part of it was right, 0 to 1."""

    did: str
    chapter: str
    name: str
    share: float
    at: datetime

    @property
    def day(self) -> date:
        """The student's own date, not Greenwich's."""
        return self.at.astimezone().date()


def path(course: Path) -> Path:
    return course / FOLDER / NAME


def note_check(chapter, name, share):
    """Remember a check where the chapter lies in a student's copy of the course, else do nothing.

    A copy of the chapter under another name does not count, nor does nbgrader's Validate: it runs
    every check once more, without the student having done anything.
    """
    try:
        folder = Path.cwd()
    except OSError:  # the folder was removed
        return
    if folder.name == chapter and "NBGRADER_EXECUTION" not in os.environ:
        add(folder.parent, CHECK, chapter, name, share)


def add(course, did, chapter, name, share, at=None):
    """Append an event; True if it is written. A file that cannot be written is no error here."""
    if not (course / FOLDER).is_dir():
        return False
    at = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    event = {"at": at, "did": did, "chapter": chapter, "name": name, "share": round(share, 4)}
    # it begins a new line, in case the one before was cut off in the middle
    line = f"\n{json.dumps(event)}".encode()
    try:
        with path(course).open("ab", buffering=0) as file:
            return file.write(line) == len(line)
    except OSError:
        return False


def cannot_write(course):
    """The file that would have to be written and cannot be, or None."""
    file = path(course)
    writable = os.access(file if file.exists() else file.parent, os.W_OK) and not file.is_dir()
    return None if writable else file


def read(course):
    """All events, in the order in which they were written; what is damaged is passed over."""
    try:
        lines = path(course).read_bytes().splitlines()
    except OSError:
        return []
    return [event for line in lines if (event := _event(line))]


def _event(line):
    try:
        entry = json.loads(line)
        at, share = datetime.fromisoformat(entry["at"]), float(entry["share"])
        words = [entry[key] for key in ("did", "chapter", "name")]
        at.astimezone()
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        return None
    if at.tzinfo is None or not 0 <= share <= 1 or not all(isinstance(w, str) for w in words):
        return None
    return Event(*words, share, at)
