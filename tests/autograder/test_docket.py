"""Whose turn it is: everybody once, the lost again and alone, and nobody for ever."""

import json

from autograder.docket import Docket
from autograder.result import Result
from autograder.work import HandIn

ID = "ch98_lessons"


def _docket(*students, **options):
    return Docket(ID, students, HandIn, **options)


def _students(hand_ins):
    return [hand_in.student for hand_in in hand_ins]


def _json(student, outcome):
    return json.dumps(Result(student, ID, outcome).to_json() | {"notebook": {"cells": []}})


def test_hand_ins_are_taken_when_their_turn_comes():
    taken = []

    def take(student):
        taken.append(student)
        return HandIn(student)

    docket = Docket(ID, ["ada", "bob", "cyd"], take)
    assert taken == []
    assert _students(docket.batch(2)) == ["ada", "bob"] == taken
    assert _students(docket.batch(2)) == ["cyd"]
    assert docket.batch(2) == []


def test_what_was_lost_comes_again_alone_after_the_others():
    docket = _docket("ada", "bob", "cyd")
    docket.batch(2)
    assert docket.lost("ada", "a worker died") == docket.lost("bob", "a worker died") == []
    assert len(docket) == 3
    assert [_students(docket.batch(9)) for _ in range(4)] == [["cyd"], ["ada"], ["bob"], []]


def test_after_the_last_try_there_is_no_verdict():
    docket = _docket("ada", tries=2)
    docket.batch(1)
    assert docket.lost("ada", "a worker died") == []
    docket.batch(1)
    (result,) = docket.lost("ada", "a worker died again")
    assert (result.student, result.outcome) == ("ada", "no_verdict")
    assert "a worker died again. Run grade again." in result.notes[0]
    assert len(docket) == 0


def test_a_verdict_is_final_and_no_verdict_is_tried_again():
    docket = _docket("ada", "bob")
    docket.batch(2)
    (result,) = docket.judged(_json("ada", "crashed"))
    assert (result.outcome, result.notebook) == ("crashed", {"cells": []})
    assert docket.judged(_json("bob", "no_verdict")) == []
    assert _students(docket.batch(1)) == ["bob"]
    (result,) = docket.judged(_json("bob", "no_verdict"))
    assert result.outcome == "no_verdict"
    assert len(docket) == 0
