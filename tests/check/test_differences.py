"""Numbers are shown in digits that tell them apart, and a cut-off logarithm is told by its name."""

import numpy as np
import pytest

from dlkit.check.codec import Fn
from dlkit.check.differences import Tolerance, compare, shown

FAR = 20_000.0


@pytest.mark.parametrize("epsilon", [1e-5, 1e-7, 1e-8, 1e-12, 1e-15, np.finfo(float).eps])
@pytest.mark.parametrize("log", [np.log, np.log2])
def test_a_logarithm_of_epsilon_is_named(epsilon, log):
    for wanted, found in ((FAR, -log(epsilon)), (np.inf, -log(epsilon)), (-FAR, log(epsilon))):
        difference = compare(wanted, found, Tolerance())
        assert difference.code == "ε"
        assert "something tiny" in difference.text


def test_all_wrong_entries_must_be_that_logarithm():
    wanted, found = np.array([-1.0, -FAR, -2 * FAR]), np.array([-1.0, *2 * [np.log(1e-9)]])
    assert compare(wanted, found, Tolerance()).code == "ε"
    found[1] -= 1
    assert compare(wanted, found, Tolerance()).code == "value"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (FAR, -FAR),
        (FAR, 27.7),
        (20.0, -np.log(1e-12)),  # larger than the right number: nothing was cut off
        (FAR, np.log(10.0)),
        (FAR, np.nan),
        (FAR, 27.631021j),
        (FAR, np.inf),
    ],
)
def test_other_wrong_numbers_are_not_taken_for_it(wanted, found):
    assert compare(wanted, found, Tolerance()).code == "value"


def test_an_empty_list_is_compared_by_its_length():
    assert compare([], [], Tolerance()) is None
    assert compare([], np.zeros((0, 2)), Tolerance()) is None
    assert compare([], [(0, 1)], Tolerance()).code == "length"
    assert compare([(0, 1)], [], Tolerance()).code == "length"
    assert compare([], ["x"], Tolerance()).text.startswith("it has 1 entr")


@pytest.mark.parametrize(
    ("wanted", "found", "said"),
    [
        ((1.0, np.ones(2)), (1.0, np.array([1.0, 3.0])), "value 2 of 2, entry [1] is 3, expected"),
        ([(np.ones((1, 1)), 2.0)], [(np.ones((1, 1)), 3)], "value 1 of 1, value 2 of 2 is 3,"),
        ({"w": (1.0, 2.0)}, {"w": (1.0, 3.0)}, "entry 'w'[1] is 3, expected 2."),
    ],
)
def test_the_place_of_a_difference_is_named(wanted, found, said):
    assert compare(wanted, found, Tolerance()).text.startswith(said)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (1.25, "is 1.25, expected 1.5."),
        (1.500002, "is 1.500002, expected 1.5."),
        (1.5 + 2e-8, "is 1.50000002, expected 1.5."),
        (np.float32(1.25), "is 1.25, expected 1.5."),
    ],
)
def test_two_numbers_are_shown_in_digits_that_tell_them_apart(found, says):
    assert says in compare(1.5, found, Tolerance(0.0, 0.0)).text
    assert says in compare(
        np.array([0, 1.5]), np.array([0, found]), Tolerance(0.0, 0.0)
    ).text.replace(" (1 of 2 entries differ)", "")


def test_a_function_among_the_inputs_is_shown_by_its_name():
    assert shown(Fn("scale", (np.ones((9, 9)),))) == "the function scale"
