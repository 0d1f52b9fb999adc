"""Every awkward kind of exercise can be written, and its right and wrong answers are told apart."""

import json
from dataclasses import replace

import numpy as np
import pytest

from autograder.compile import add_trap_values, compile_checks, compile_part, traps_like
from dlkit.check.calls import run_case
from dlkit.check.source import Source
from dlkit.check.stored import from_json, to_json
from tests.check.specimen import chapter

PARTS = [
    (exercise.name, key, part)
    for exercise in chapter.exercises.values()
    for key, part in exercise.parts.items()
]
SIDES = ["student", "grader"]


def _check(part, side):
    """The part as a student's check has it (through JSON), or as the grader does."""
    rng = np.random.default_rng(5)
    compiled = compile_part(chapter, part, rng, for_release=side == "student")
    if side == "student":
        return from_json(json.loads(json.dumps(to_json(compiled))))
    shown = replace(compiled, traps=[])
    assert add_trap_values(chapter, shown, part) == []
    return compiled


def _verdict(check, answer, part, side):
    references = {key: part.answer.function for _, key, part in PARTS}
    objects = (answer.function, *(references[name] for name in check.objects[1:]))
    found = [
        run_case(objects, check.probe, case.args, case.kwargs, check.forbidden)
        for case in check.cases
    ]
    if side == "grader":
        check = replace(check, traps=[*check.traps, *traps_like(chapter, check, part, found)])
    return check.verdict(found, Source.of([answer.text]))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("exercise", "key", "part"), PARTS, ids=[p[1] for p in PARTS])
def test_right_answers_pass_and_wrong_ones_do_not(exercise, key, part, side):
    check = _check(part, side)
    for answer in [part.answer, *part.rights]:
        assert _verdict(check, answer, part, side).ok, answer.text
    for answer in part.wrongs:
        verdict = _verdict(check, answer, part, side)
        assert not verdict.ok, answer.text
        assert verdict.trap is None
        assert verdict.hint


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("part", "trap"),
    [
        pytest.param(part, trap, id=f"{part.name}:{trap.name}")
        for _, _, part in PARTS
        for trap in part.traps
    ],
)
def test_each_trap_is_told_its_own_hint(part, trap, side):
    check = _check(part, side)
    assert trap.answers
    for answer in trap.answers:
        verdict = _verdict(check, answer, part, side)
        assert not verdict.ok
        assert verdict.hint == trap.hint
        assert side == "student" or verdict.trap == trap.name


def test_the_same_source_gives_the_same_text():
    assert compile_checks(chapter) == compile_checks(chapter)


def test_no_answer_without_inputs_can_be_read():
    data = json.loads(compile_checks(chapter))["exercises"]
    for name in ("worked_example", "quiz_ch99"):
        text = json.dumps([part["expected"] for part in data[name]["parts"]])
        assert "hash" in text
        assert "0.018" not in text
    quiz = data["quiz_ch99"]["parts"][0]
    assert [sorted(trap) for trap in quiz["traps"]] == [["hint", "outcomes"]] * 2


def test_a_forbidden_call_is_told():
    part = chapter.exercises["newton_step"].parts["newton_step"]
    verdict = _verdict(_check(part, "student"), part.wrongs[0], part, "student")
    assert "numpy.linalg.inv may not be called" in verdict.hint
