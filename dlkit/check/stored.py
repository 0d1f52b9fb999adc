"""A part of an exercise as JSON data and back: what stands in `checks.json`."""

from dlkit.check import codec
from dlkit.check.calls import Outcome
from dlkit.check.part import Case, PartCheck, TimeRule, Trap


def to_json(part: PartCheck) -> dict:
    """The part as JSON data, for `checks.json`."""
    entry = {
        "name": part.name,
        "points": part.points,
        "accept": part.acceptor,
        "objects": list(part.objects),
        "probe": part.probe,
        "cases": [_case_to_json(case) for case in part.cases],
        "expected": [_outcome_to_json(outcome) for outcome in part.expected],
        "traps": [_trap_to_json(trap, part.sealed) for trap in part.traps],
    }
    for key in ("forbidden", "in_place", "sealed"):
        if value := getattr(part, key):
            entry[key] = list(value) if key == "forbidden" else value
    if part.time:
        rule = part.time
        entry["time"] = {
            "case": _case_to_json(rule.case),
            "ratio": rule.ratio,
            "yardstick": rule.yardstick,
            "trap": rule.trap,
            "hint": rule.hint,
        }
    return entry


def from_json(entry: dict) -> PartCheck:
    """The part that `to_json` stored."""
    rule = entry.get("time")
    return PartCheck(
        name=entry["name"],
        points=entry["points"],
        acceptor=entry["accept"],
        cases=[_case_from_json(case) for case in entry["cases"]],
        expected=[_outcome_from_json(outcome) for outcome in entry["expected"]],
        traps=[_trap_from_json(trap) for trap in entry["traps"]],
        objects=tuple(entry["objects"]),
        probe=entry["probe"],
        forbidden=tuple(entry.get("forbidden", ())),
        in_place=entry.get("in_place", False),
        sealed=entry.get("sealed", False),
        time=TimeRule(**{**rule, "case": _case_from_json(rule["case"])}) if rule else None,
    )


def _case_to_json(case):
    entry = {"call": codec.to_text([list(case.args), case.kwargs])}
    return {**entry, "label": case.label} if case.label else entry


def _case_from_json(entry):
    args, kwargs = codec.from_text(entry["call"])
    return Case(tuple(args), kwargs, entry.get("label", ""))


def _outcome_to_json(outcome):
    if outcome is None:
        return None
    entry = codec.to_text(outcome.value)
    if outcome.raised:
        entry["raised"] = outcome.raised[:1]
    if outcome.changed:
        entry["changed"] = True
    return entry


def _outcome_from_json(entry):
    if entry is None:
        return None
    value = codec.from_text(entry)
    return Outcome(value, entry.get("raised", []), changed=entry.get("changed", False))


def _trap_to_json(trap, sealed):
    entry = {"name": trap.name, "hint": trap.hint}
    if sealed:  # a quiz's traps are named after the wrong letters
        del entry["name"]
    if trap.outcomes is not None:
        entry["outcomes"] = [[i, _outcome_to_json(o)] for i, o in trap.outcomes.items()]
    if trap.rule is not None:
        entry["rule"] = trap.rule
    if trap.code is not None:
        entry["code"] = trap.code
    return entry


def _trap_from_json(entry):
    outcomes = entry.get("outcomes")
    return Trap(
        entry.get("name"),
        entry["hint"],
        None if outcomes is None else {i: _outcome_from_json(o) for i, o in outcomes},
        entry.get("rule"),
        entry.get("code"),
    )
