"""One hand-in as it lies in classroom/submitted, and all of a chapter's."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.paths import Classroom

STUDENT_PATTERN = re.compile(r"[A-Za-z0-9_@-][A-Za-z0-9_.@+-]{0,99}")
KEPT_FILES = ("timestamp.txt", "submission_secret.txt")  # nbgrader's, beside the notebook


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
    path = folder / "timestamp.txt"
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return parse_utc(path.read_text(encoding="utf-8").strip()[:100])
    except (ValueError, OverflowError):
        return None
