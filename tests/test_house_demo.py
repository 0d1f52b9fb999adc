"""The made-up class: every style and every trap of a chapter, and the hand-ins that go wrong."""

import ast
import json

import numpy as np
import pytest

from autograder.demo import pupils
from autograder.spec import Chapter, case, choice
from dlkit.check import accept

chapter = Chapter("ch98_demo", coverage="C98")

double_ = chapter.exercise("double", points=1, accept=accept.close())


@double_.inputs
def inputs(rng):
    yield case(3.0)


@double_.reference
def double(x):
    return 2 * x


@double_.right
def double(x):  # noqa: F811
    return x + x


@double_.trap("squares", hint="2² is 4, but 3² is not 6.")
def double(x):  # noqa: F811
    return x**2


@double_.trap("halves", hint="The other way round.")
def double(x):  # noqa: F811
    return x / 2


pair_ = chapter.exercise("low", points=2, accept=accept.close(), names=["low", "high"])


@pair_["low"].reference
def low(x):
    return np.min(x)


@pair_["high"].reference
def high(x):
    return np.max(x)


@pair_["high"].trap("the first", hint="Is the first always the largest?")
def high(x):  # noqa: F811
    return x[0]


chapter.quiz(q1=choice("b", a="tempting", c="tempting too"), q2=choice("a", b="tempting"))
chapter.written(points=2)


def cell(name, source):
    return {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}}, "source": source}


RELEASED = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# Démo"},
        *(cell(name, "raise NotImplementedError") for name in chapter.exercises),
        *(cell(f"test_{name}", "check()") for name in chapter.exercises),
        cell("written_ch98", "Your answer"),
    ],
}


@pytest.fixture(scope="module")
def by_name():
    return {pupil.id: pupil for pupil in pupils.make_class(chapter, RELEASED)}


def cells(pupil):
    notebook = json.loads(pupil.content.decode("utf-8-sig"))
    named = (c for c in notebook["cells"] if "nbgrader" in c["metadata"])
    return {c["metadata"]["nbgrader"]["grade_id"]: c["source"] for c in named}


def letters(answers):
    return ast.literal_eval(answers["quiz_ch98"].removeprefix("quiz_ch98 = "))


def test_every_trap_falls_to_exactly_one_pupil():
    dealt = "\n".join("\n".join(one.values()) for one in pupils.deal_traps(chapter))
    assert [dealt.count(code) for code in ("x**2", "x / 2", "x[0]")] == [1, 1, 1]
    quizzes = [letters(one) for one in pupils.deal_traps(chapter)]
    assert sorted(q["q1"] for q in quizzes) == ["a", "b", "b", "b", "c"]
    assert sorted(q["q2"] for q in quizzes) == ["a", "a", "a", "a", "b"]


def test_right_pupils_answer_in_different_styles(by_name):
    assert "2 * x" in cells(by_name["all-right"])["double"]
    assert "x + x" in cells(by_name["warns"])["double"]
    assert "def low" in cells(by_name["all-right"])["low"]
    assert "def high" in cells(by_name["all-right"])["low"]
    assert eval(cells(by_name["all-right"])["quiz_ch98"].partition("=")[2]) == {
        "q1": "b",
        "q2": "a",
    }


def test_only_answers_are_changed_and_the_release_is_not(by_name):
    before = json.dumps(RELEASED)
    for pupil in pupils.make_class(chapter, RELEASED):
        if pupil.id != "broken":
            assert cells(pupil)["test_double"] == "check()"
    assert json.dumps(RELEASED) == before
    assert json.loads(by_name["untouched"].content) == RELEASED


def test_half_done_has_answers_and_stubs(by_name):
    half = cells(by_name["half-done"])
    assert "2 * x" in half["double"]
    assert half["quiz_ch98"] == "raise NotImplementedError"


def test_what_goes_wrong_goes_wrong(by_name):
    with pytest.raises(ValueError):
        json.loads(by_name["broken"].content)
    assert by_name["bom"].content.startswith(b"\xef\xbb\xbf")
    assert [pupil.id for pupil in by_name.values() if pupil.late] == ["late"]
    assert "while True" in cells(by_name["endless"])["low"]
    assert "os._exit" in cells(by_name["ends"])["low"]
    assert "warnings.warn" in cells(by_name["warns"])["low"]
    assert cells(by_name["patches"])["low"] == "raise NotImplementedError"
