"""One hand-in graded: bytes in, JSON out, in whatever process holds a sandbox."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat

from autograder import chapters, intake, judge
from autograder.result import ExerciseMark, Result
from autograder.sandbox import Limits, Sandbox


@dataclass(frozen=True)
class Setting:
    """What all hand-ins of one run share; sent once to every process that grades.

    release : the released notebook, as JSON
    files : name -> bytes, the chapter's other released files
    secret : the classroom's, from which the hidden inputs are drawn
    """

    chapter_id: str
    release: str
    files: dict[str, bytes]
    limits: Limits
    secret: bytes = field(repr=False)

    @property
    def release_id(self) -> str:
        """Changes with every change of the released notebook; hidden inputs are drawn from it."""
        return hashlib.sha256(self.release.encode()).hexdigest()

    def to_plain(self) -> dict:
        """Without classes of ours, so that another version of our code can read it."""
        return asdict(self)

    @classmethod
    def from_plain(cls, fields: dict) -> "Setting":
        return cls(**{**fields, "limits": Limits(**fields["limits"])})


@dataclass(frozen=True)
class HandIn:
    """A hand-in as it travels: the notebook's bytes, or an outcome and why there are none."""

    student: str
    content: bytes | None = None
    notes: tuple[str, ...] = ()
    outcome: str = "graded"
    problem: str | None = None


def take(student: str, folder: Path, chapter_id: str) -> HandIn:
    """Read what a student's folder holds; nothing of it is parsed or believed yet."""
    found = intake.find(folder, chapter_id)
    if found.path is None:
        there = found.closed or any(folder.glob("*.ipynb"))
        outcome = "unreadable" if there else "missing"
        return HandIn(student, outcome=outcome, problem=found.problem)
    try:
        return HandIn(student, intake.read_bytes(found.path), tuple(found.notes))
    except intake.Unreadable as error:
        return HandIn(student, outcome="unreadable", problem=str(error))


class Desk:
    """Where the hand-ins of one chapter are graded, one at a time; its sandbox stays warm.

    A context manager. Entering raises SandboxUnavailable where isolation does not work.
    """

    def __init__(self, setting: Setting):
        self.setting = setting
        self.chapter = chapters.load(setting.chapter_id)
        self.release = nbformat.reads(setting.release, as_version=4)
        self.sandbox = Sandbox(self.chapter.modules, setting.files, setting.limits)

    def __enter__(self) -> "Desk":
        self.sandbox.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self.sandbox.__exit__(*error)

    def grade(self, hand_in: HandIn) -> str:
        """The result as JSON, its notebook included; whatever fails here is a no_verdict."""
        try:
            return _to_json(self._result(hand_in))
        except Exception as error:  # our fault whatever it is: said, never a zero
            reason = f"{type(error).__name__}: {error}"
            return _to_json(no_verdict(hand_in.student, self.chapter.id, reason))

    def _result(self, hand_in: HandIn) -> Result:
        if hand_in.content is None:
            return self._ungraded(hand_in, hand_in.outcome, hand_in.problem)
        taken = intake.parse(hand_in.content, self.release)
        if taken.problem:
            return self._ungraded(hand_in, "unreadable", taken.problem)
        return judge.grade(
            taken.notebook,
            self.chapter,
            self.sandbox,
            student=hand_in.student,
            secret=self.setting.secret,
            release=self.setting.release_id,
            given=judge.given_cells(self.release),
            notes=(*hand_in.notes, *taken.notes),
        )

    def _ungraded(self, hand_in: HandIn, outcome: str, problem: str) -> Result:
        """No notebook that could be run: every exercise at 0, and the reason in a note."""
        exercises = self.chapter.exercises
        return Result(
            hand_in.student,
            self.chapter.id,
            outcome,
            max_score=self.chapter.max_score,
            notes=[problem],
            exercises={n: ExerciseMark(0.0, e.points) for n, e in exercises.items()},
        )


def no_verdict(student: str, chapter_id: str, reason: str) -> Result:
    """The result of a hand-in that we could not judge."""
    note = f"Not graded, by no fault of the hand-in: {reason}. Run grade again."
    return Result(student, chapter_id, "no_verdict", notes=[note])


def _to_json(result: Result) -> str:
    return json.dumps(result.to_json() | {"notebook": result.notebook})
