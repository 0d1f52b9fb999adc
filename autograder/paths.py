"""Where everything lies: the project's folders, and the folders of one classroom."""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

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
        """The classroom's secret, made once, from which the judge's hidden inputs are drawn."""
        path = self.root / "secret"
        self.root.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            value = bytes.fromhex(path.read_text().strip())
            if len(value) != 32:
                raise AutograderError(
                    f"{path} should hold 64 hexadecimal digits but is damaged. Restore it from a "
                    "backup; a new secret would change every hidden input."
                ) from None
            return value
        value = secrets.token_bytes(32)
        with os.fdopen(descriptor, "w") as file:
            file.write(value.hex() + "\n")
        return value
