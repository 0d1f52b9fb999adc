"""What grading one submission yields: the object that `grade --json` prints, and the notebook."""

from dataclasses import asdict, dataclass, field, fields, replace

OUTCOMES = (
    "graded",
    "missing",
    "unreadable",
    "timeout",
    "out_of_memory",
    "crashed",
    "no_verdict",
)


@dataclass
class ExerciseMark:
    """One exercise's mark; trap and hint are None when the answer is right."""

    score: float
    max_score: float
    trap: str | None = None
    hint: str | None = None


@dataclass
class Result:
    """One submission's outcome. `notebook` is what lands in autograded/ (nbformat JSON)."""

    student: str
    chapter: str
    outcome: str
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    exercises: dict[str, ExerciseMark] = field(default_factory=dict)
    notebook: dict | None = None

    def to_json(self) -> dict:
        """The promised object, without the notebook."""
        public = asdict(replace(self, notebook=None))  # asdict copies what it holds
        del public["notebook"]
        return public

    @classmethod
    def from_json(cls, entry: dict) -> "Result":
        """The result in an object of `to_json`, which may hold a notebook and more."""
        known = {field.name: entry[field.name] for field in fields(cls) if field.name in entry}
        marks = {name: ExerciseMark(**mark) for name, mark in entry["exercises"].items()}
        return cls(**known | {"exercises": marks})
