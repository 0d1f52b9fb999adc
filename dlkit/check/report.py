"""The text of a check's result: a headline, and for each part that is wrong its hint."""

import textwrap
from dataclasses import dataclass, field

from dlkit.check.part import PartCheck, Verdict

WIDTH = 88  # what a notebook's output and the Validate window show without scrolling


@dataclass
class PartReport:
    """One part's verdict, and further lines that only its author may read (call, print)."""

    part: PartCheck
    verdict: Verdict
    extra: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        return self.part.points if self.verdict.ok else 0.0

    @property
    def label(self) -> str:
        """The part's name; for a question of a quiz its key."""
        return self.part.cases[0].args[0] if self.part.probe == "item" else self.part.name


def text(name: str, points: float, reports: list[PartReport]) -> str:
    """`✓ softmax  2 of 2 points`, and one or more lines for each part that is wrong."""
    passed = all(report.verdict.ok for report in reports)
    score = sum(report.score for report in reports)
    unit = "point" if points == 1 else "points"
    lines = [f"{'✓' if passed else '✗'} {name}  {score:g} of {points:g} {unit}"]
    for report in reports:
        told = [] if report.verdict.ok else [hint(report, len(reports) > 1)]
        for line in told + report.extra:
            lines += textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines)


def hint(report: PartReport, several: bool) -> str:
    """A part's hint, led by its label where the exercise has several parts."""
    return f"{report.label}: {report.verdict.hint}" if several else report.verdict.hint
