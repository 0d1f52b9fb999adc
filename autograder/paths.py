"""Where everything lies: the project's folders, and the folders of one classroom."""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic import write_bytes
from autograder.errors import AutograderError

ROOT = Path(__file__).resolve().parent.parent
COURSE = ROOT / "course"
SOLUTIONS = ROOT / "solutions"
BUILD = ROOT / "build"
DLKIT = ROOT / "dlkit"

COURSE_ID = "deep-learning"
CHAPTER_PATTERN = re.compile(r"ch\d\d_[a-z0-9_]+")


@dataclass(frozen=True)
class Classroom:
    """The folder of a course being run: hand-ins, marks and feedback (`--classroom DIR`)."""

    root: Path

    @classmethod
    def at(cls, root: str | os.PathLike | None = None) -> "Classroom":
        """The classroom at `root`; by default $CLASSROOM, else `classroom/` in the project."""
        return cls(Path(root or os.environ.get("CLASSROOM") or ROOT / "classroom").resolve())

    @property
    def submitted(self) -> Path:
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        return self.root / "autograded"

    @property
    def feedback(self) -> Path:
        return self.root / "feedback"

    @property
    def exchange(self) -> Path:
        return self.root / "exchange"

    @property
    def results(self) -> Path:
        """One JSON a graded submission: its promised object and the fingerprint of what made it."""
        return self.root / "results"

    @property
    def database_url(self) -> str:
        """nbgrader's gradebook: SQLite in the classroom unless $GRADEBOOK_URL names another."""
        return os.environ.get("GRADEBOOK_URL") or f"sqlite:///{self.root / 'gradebook.db'}"

    def secret(self) -> bytes:
        """The classroom's secret, from which the judge's hidden inputs are drawn.

        Made once; the caller holds the classroom's lock.
        """
        path = self.root / "secret"
        if not path.exists():
            write_bytes(path, f"{secrets.token_bytes(32).hex()}\n".encode(), mode=0o600)
        value = path.read_bytes().strip()
        if not re.fullmatch(rb"[0-9a-f]{64}", value):
            raise AutograderError(
                f"{path} should hold 64 hexadecimal digits but is damaged. Restore it from a "
                "backup; a new secret would change every hidden input."
            )
        return bytes.fromhex(value.decode())
