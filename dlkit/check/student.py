"""`check("softmax", softmax)`: run an exercise's stored inputs and say what is wrong, if anything.

The inputs, expected values and hints come from `checks.json` beside the notebook. What decides is
what the grader uses too (`PartCheck.verdict`); the grader only draws other inputs. What came out
goes into the student's logbook (`dlkit.home`), where there is one.
"""

import inspect
import json
import sys
import textwrap
from pathlib import Path

from dlkit.check.calls import live, run_cases
from dlkit.check.differences import shown
from dlkit.check.part import Verdict
from dlkit.check.report import WIDTH, PartReport, text
from dlkit.check.source import Source
from dlkit.check.stored import from_json
from dlkit.check.yardsticks import best_seconds, by_name
from dlkit.home.logbook import note_check

FILE_NAME = "checks.json"


class CheckFailed(Exception):
    """A check that did not pass. Jupyter shows its message alone, without a traceback."""

    def _render_traceback_(self):
        return [str(self)]


class CheckSetupError(CheckFailed):
    """The check itself cannot run: a missing file, an unknown exercise, a missing argument."""

    def __init__(self, words):
        super().__init__(textwrap.fill(words, WIDTH))


def check(name: str, *objects) -> None:
    """Check one exercise; prints a line when it is right.

    name is the exercise's name, objects what the exercise defines, in the order of its text.

    Raises
    ------
    CheckFailed
        with the hint, or with the first difference in plain words, when it is not right.
    """
    chapter, exercise = _exercise(name)
    names = _names(exercise)
    if len(objects) != len(names):
        raise CheckSetupError(
            f"check({name!r}, …) expected {len(names)} argument(s) after the name, "
            f"{', '.join(names)}; got {len(objects)}. Restore the test cell's line."
        )
    namespace = {**sys._getframe(1).f_globals, **dict(zip(names, objects, strict=True))}
    source = _source(objects)
    parts = [from_json(entry) for entry in exercise["parts"]]
    reports = [_judge(part, namespace, source) for part in parts]
    note_check(chapter, name, _share(reports))
    words = text(name, exercise["points"], reports)
    if not all(report.verdict.ok for report in reports):
        raise CheckFailed(words)
    print(words)


def _exercise(name):
    path = Path(FILE_NAME)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckSetupError(
            f"{FILE_NAME} is not in this notebook's folder ({Path.cwd().name}). It comes with the "
            "chapter: open the notebook from the folder in which it was released."
        ) from None
    except ValueError:
        raise CheckSetupError(
            f"{FILE_NAME} is damaged. Copy it again from the released chapter."
        ) from None
    if name not in data["exercises"]:
        known = ", ".join(data["exercises"])
        raise CheckSetupError(f"no exercise {name!r} in this chapter; there are {known}.")
    return data["chapter"], data["exercises"][name]


def _share(reports):
    """What part of the exercise's points the reports earn."""
    return sum(report.score for report in reports) / sum(report.part.points for report in reports)


def _names(exercise):
    return list(dict.fromkeys(part["objects"][0] for part in exercise["parts"]))


def _source(objects):
    """All code that ran in this notebook so far; outside IPython, the objects' own text."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        return Source.of(list(shell.user_ns.get("In", [])))
    texts = []
    for item in objects:
        try:
            texts.append(inspect.getsource(item))
        except (OSError, TypeError):
            continue
    return Source.of(texts)


def _judge(part, namespace, source):
    missing = [name for name in part.objects if name not in namespace]
    if missing:
        hint = f"`{missing[0]}` is not defined. Run the cell that defines it first."
        return PartReport(part, Verdict(False, None, hint))
    objects = tuple(namespace[name] for name in part.objects)
    calls = [(case.args, case.kwargs) for case in part.cases]
    found = run_cases(objects, part.probe, calls, part.forbidden)
    verdict = part.verdict(found, source)
    if verdict.ok and part.time:
        verdict = _timed(part, objects[0])
    return PartReport(part, verdict, _extra(part, verdict, found))


def _extra(part, verdict, found):
    """What helps the student further: the call, what it printed, a warning on the way."""
    lines = []
    if verdict.case is not None:
        case, outcome = part.cases[verdict.case], found[verdict.case]
        if call := _call(part, case):
            lines.append(f"The call was {call}.")
        if outcome.printed.strip():
            lines.append(f"It printed: {outcome.printed.strip()}")
    warned = next((outcome.warned for outcome in found if outcome.warned), "")
    if verdict.ok and warned:
        lines.append(f"Note: it warned ({warned}). That costs nothing.")
    return lines


def _timed(part, function):
    rule = part.time
    args = live(rule.case.args)
    limit = rule.ratio * best_seconds(by_name(rule.yardstick), args, at_least=0.05)
    if best_seconds(function, args) <= limit:
        return Verdict(True)
    return Verdict(False, rule.trap, rule.hint)


def _call(part, case):
    if part.probe != "call" or not (case.args or case.kwargs):
        return ""
    texts = [shown(value) for value in case.args]
    texts += [f"{key}={shown(value)}" for key, value in case.kwargs.items()]
    text = f"{part.name}({', '.join(texts)})"
    return text if len(text) <= 120 else ""
