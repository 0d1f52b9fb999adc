"""One hand-in as it lies in classroom/submitted, and all of a chapter's."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder import intake
from autograder.paths import Classroom

STUDENT_PATTERN = re.compile(r"[A-Za-z0-9_@-][A-Za-z0-9_.@+-]{0,99}")
KEPT_FILES = ("timestamp.txt", "submission_secret.txt")  # nbgrader's, beside the notebook
KEPT_BYTES = 10_000


@dataclass(frozen=True)
class Submission:
    """A student's hand-in of one chapter; `timestamp` is UTC, None where it is not known."""

    student: str
    chapter: str
    folder: Path
    timestamp: datetime | None = None


def submissions(classroom: Classroom, chapter_id: str) -> list[Submission]:
    """Every hand-in of the chapter, by student."""
    folders = sorted(classroom.submitted.glob(f"*/{chapter_id}"))
    return [
        Submission(folder.parent.name, chapter_id, folder, read_timestamp(folder))
        for folder in folders
        if folder.is_dir()
        and not folder.is_symlink()
        and not folder.parent.is_symlink()
        and STUDENT_PATTERN.fullmatch(folder.parent.name)
    ]


def read_timestamp(folder: Path) -> datetime | None:
    """The time (UTC, without zone) in the folder's timestamp.txt; None where there is none."""
    try:
        return parse_utc(_kept(folder, "timestamp.txt").decode("utf-8").strip()[:100])
    except (intake.Unreadable, ValueError, OverflowError):
        return None


def kept_files(folder: Path) -> dict[str, bytes]:
    """nbgrader's own files beside the notebook, as far as they can be read."""
    found = {}
    for name in KEPT_FILES:
        with suppress(intake.Unreadable):
            found[name] = _kept(folder, name)
    return found


def _kept(folder, name):
    return intake.read_bytes(folder / name, KEPT_BYTES)
