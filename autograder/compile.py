"""Compiling a chapter's specification: inputs drawn, reference and traps evaluated, all as data."""

import json
import zlib

import numpy as np

from autograder.errors import SourceError
from autograder.spec import Chapter, PartSpec
from dlkit.check import accept, seal
from dlkit.check.calls import Outcome, run_case, settled
from dlkit.check.part import Case, PartCheck, TimeRule, Trap
from dlkit.check.stored import to_json


def compile_checks(chapter: Chapter) -> str:
    """The chapter's check data for students, as JSON text: the same source gives the same text."""
    exercises = {}
    for name, exercise in chapter.exercises.items():
        parts = [
            compile_part(chapter, part, _release_rng(chapter, name, key), for_release=True)
            for key, part in exercise.parts.items()
        ]
        exercises[name] = {
            "points": exercise.points,
            "kind": exercise.kind,
            "parts": [to_json(part) for part in parts],
        }
    form = {"chapter": chapter.id, "form": 1, "exercises": exercises}
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def _release_rng(chapter, *names):
    return np.random.default_rng(zlib.crc32("/".join([chapter.id, *names]).encode()))


def compile_part(
    chapter: Chapter, part: PartSpec, rng: np.random.Generator, *, for_release: bool
) -> PartCheck:
    """A part with inputs drawn from rng.

    For the release, traps are evaluated at once (each must show on these inputs) and an answer
    without inputs is sealed. The grader asks for the traps only when an answer is wrong
    (`traps_like`).
    """
    if part.answer is None:
        raise SourceError(f"{chapter.id}: {part.name} has no reference")
    cases = list(part.make_inputs(rng)) if part.make_inputs else [Case()]
    check = PartCheck(
        name=part.name,
        points=part.points,
        acceptor=part.accept,
        cases=cases,
        expected=[],
        objects=part.objects,
        probe=part.probe,
        forbidden=part.forbidden,
        in_place=part.in_place,
        time=_time_rule(part, rng),
    )
    others = _references(chapter, part.uses)
    check.expected = [_expected(part, others, case) for case in cases]
    _must_be_clean(chapter, check)
    check.traps = [
        Trap(spec.name, spec.hint, rule=spec.rule, code=spec.code)
        for spec in part.traps
        if spec.rule or spec.code
    ]
    if for_release:
        if silent := add_trap_values(chapter, check, part):
            raise SourceError(silent[0])
        if part.sealed:
            _seal(check, rng)
        elif not accept.needs_expected(part.accept):
            check.expected = [None] * len(cases)
        _condense(check)
    return check


def add_trap_values(chapter: Chapter, check: PartCheck, part: PartSpec) -> list[str]:
    """Evaluate the traps on the part's inputs; returns a complaint for each that does not show."""
    others, silent = _references(chapter, part.uses), []
    for spec in part.traps:
        for variant in spec.variants:
            telling = {}
            for i, case in enumerate(check.cases):
                outcome = _run(part, variant.function, others, case)
                if check.difference(i, outcome):
                    telling[i] = outcome
            if telling:
                check.traps.append(Trap(spec.name, spec.hint, telling))
            else:
                silent.append(
                    f"{chapter.id}: on the inputs of {part.name} the trap {spec.name!r} gives "
                    f"the right values. Add an input on which it goes wrong:\n{variant.text}"
                )
    return silent


def traps_like(
    chapter: Chapter, check: PartCheck, part: PartSpec, found: list[Outcome]
) -> list[Trap]:
    """The traps that a wrong answer's outcomes do not refute, with their values.

    Most are refuted by the first case on which the answer is wrong, and run no further.
    """
    others = _references(chapter, part.uses)
    differences = [check.difference(i, outcome) for i, outcome in enumerate(found)]
    wrong_first = sorted(range(len(found)), key=lambda i: differences[i] is None)
    traps = []
    for spec in part.traps:
        for variant in spec.variants:
            telling = {}
            for i in wrong_first:
                outcome = _run(part, variant.function, others, check.cases[i])
                trapped = outcome if check.difference(i, outcome) else None
                if check.refutes(i, trapped, found[i], differences[i]):
                    break
                if trapped:
                    telling[i] = trapped
            else:
                if telling:
                    traps.append(Trap(spec.name, spec.hint, telling))
    return traps


def _references(chapter, names):
    return tuple(
        part.answer.function
        for name in names
        for exercise in chapter.exercises.values()
        for part in [exercise.parts.get(name)]
        if part
    )


def _run(part, function, others, case) -> Outcome:
    outcome = run_case((function, *others), part.probe, case.args, case.kwargs)
    return Outcome(outcome.value, outcome.raised, outcome.message, outcome.changed)


def _time_rule(part, rng):
    if part.time is None:
        return None
    rule = part.time
    return TimeRule(rule.inputs(rng), rule.ratio, rule.yardstick, rule.trap, rule.hint)


def _must_be_clean(chapter, check):
    """The reference passes its own checks: no purity slip, nothing that its acceptor refuses."""
    for index, outcome in enumerate(check.expected):
        if difference := check.difference(index, outcome):
            label = check.cases[index].label or f"case {index}"
            raise SourceError(
                f"{chapter.id}: the reference of {check.name} is refused ({label}): "
                f"{difference.text}"
            )


def _expected(part, others, case) -> Outcome:
    if case.truth is not None:
        return Outcome(settled(case.truth))
    return _run(part, part.answer.function, others, case)


def _condense(check):
    """A release stores of the values only what its acceptor needs to judge by."""
    stored = [outcome for outcome in check.expected if outcome]
    stored += [outcome for trap in check.traps for outcome in (trap.outcomes or {}).values()]
    for outcome in stored:
        if not outcome.raised:
            outcome.value = accept.condensed(check.acceptor, outcome.value)


def _seal(check, rng):
    salt = rng.bytes(8).hex()
    for trap in check.traps:
        for index, outcome in (trap.outcomes or {}).items():
            trap.outcomes[index] = Outcome(seal.seal(outcome.value, salt))
    check.expected = [Outcome(seal.seal(outcome.value, salt)) for outcome in check.expected]
    check.sealed = True
