"""The report's numbers as CSV: a row a number, which a spreadsheet takes for nothing else."""

import csv
import io

from autograder.export import harmless
from autograder.report.figures import Figures

COLUMNS = ("part", "name", "detail", "value")


def table(found: Figures) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(found):
        writer.writerow([harmless(word) if isinstance(word, str) else word for word in row])
    return text.getvalue()


def _rows(found: Figures):
    for outcome, count in found.outcomes.items():
        yield "outcome", outcome, "hand-ins", count
    for part, bins in (("marks", found.marks), ("seconds", found.times)):
        for one in bins:
            yield part, f"{one.low:.4g} to {one.high:.4g}", "hand-ins", one.count
    for one in found.exercises:
        yield "exercise", one.name, "points", one.points
        yield "exercise", one.name, "marked", one.marked
        yield "exercise", one.name, "full marks", one.right
        yield "exercise", one.name, "mean points", round(one.mean, 4)
    for trap in found.traps:
        yield "trap", trap.exercise, trap.name, trap.count
    for case in found.cases:
        yield "needs a person", case.student, case.outcome, case.why
    for exercise, count in found.unmarked.items():
        yield "to mark by hand", exercise, "hand-ins", count
    for pair in found.pairs:
        names = " and ".join(pair.students)
        yield "alike", names, "all answers", round(pair.likeness, 4)
        for exercise, likeness in pair.exercises.items():
            yield "alike", names, exercise, round(likeness, 4)
