"""The verdict on a part: which call a hint speaks of, and what a wrong exception is told."""

import pytest

from dlkit.check import accept
from dlkit.check.calls import Outcome
from dlkit.check.part import Case, PartCheck, Trap
from dlkit.check.source import Source

REFUSED = Outcome(raised=["ValueError", "Exception"], message="too big")


def verdict(*found):
    """On three calls whose right outcomes are 2, 3 and a ValueError."""
    cases = [Case((4, 3), label="a"), Case((5, 3), label="b"), Case((3, 4), label="c")]
    expected = [Outcome(2), Outcome(3), REFUSED]
    traps = [Trap("returns", "There is no such place.", code="not raised")]
    part = PartCheck("places", 1, accept.exact(), cases, expected, traps, objects=("places",))
    return part.verdict(list(found), Source.of([]))


def test_the_call_shown_with_a_difference_trap_is_the_one_that_shows_it():
    judged = verdict(Outcome(7), Outcome(3), Outcome(0))
    assert judged.trap == "returns"
    assert judged.case == 2


def test_without_a_trap_the_first_wrong_call_is_shown():
    judged = verdict(Outcome(2), Outcome(7), REFUSED)
    assert (judged.trap, judged.case) == (None, 1)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("", "With c: the function raised AssertionError, expected ValueError to be raised."),
        ("no", "With c: the function raised AssertionError, expected ValueError to be raised: no"),
    ],
)
def test_another_exception_than_the_one_asked_for_is_told_with_both_names(message, told):
    other = Outcome(raised=["AssertionError", "Exception"], message=message)
    assert verdict(Outcome(2), Outcome(3), other).hint == told


def test_an_exception_where_a_value_is_expected_is_told_by_its_name_alone():
    other = Outcome(raised=["IndexError", "Exception"], message="")
    assert verdict(other, Outcome(3), REFUSED).hint == "With a: the function raised IndexError."
