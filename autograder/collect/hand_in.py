"""One hand-in as a source holds it: whose, from when, or why it is not taken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class HandIn:
    """A file found, and whose it is. What belongs to nobody bears its own name as `student`.

    `read` gives the notebook's bytes, or raises Unreadable. `time` is UTC, None where nobody knows
    it. It is `certain` where it was said by who received the hand-in, not by a file: then it
    replaces another one. `kept` are nbgrader's own files beside the notebook, by name.
    """

    student: str
    read: Callable[[], bytes] | None = None
    time: datetime | None = None
    certain: bool = False
    kept: dict[str, bytes] = field(default_factory=dict)
    problem: str | None = None
    notes: list[str] = field(default_factory=list)
