"""Answers that are networks, and numbers that refute a claim: judged by what they do."""

import numpy as np
import pytest

from dlkit.check import accept
from dlkit.check.calls import run_case
from dlkit.check.codec import Fn

FOUR = [[0, 0], [0, 1], [1, 0], [1, 1]]
XOR = accept.network(FOUR, [0, 1, 1, 0], [[2, 2], [2, 1]])
RIGHT = [([[1, 1], [1, 1]], [0, -1]), ([[1], [-2]], [0])]


def code(acceptor, found, args=(), kwargs=None, expected=None):
    """The code of the difference, or None where the found value is accepted."""
    difference = accept.judge(acceptor, expected, found, args, kwargs)
    return difference and difference.code


# -- XOR -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found",
    [
        RIGHT,
        tuple(RIGHT),
        [[np.array(W), np.array(b)] for W, b in RIGHT],
        [([[1, -1], [-1, 1]], [0, 0]), ([[1], [1]], [0])],
        [([[2, -3], [-2, 3]], [0, 0]), ([[0.5], [1 / 3]], [0])],
    ],
)
def test_xor_is_accepted_whatever_its_numbers(found):
    assert code(XOR, found) is None


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([([[1, 1], [1, 1]], [0, -1]), ([[1], [-2]], [1e-8])], "rounded"),
        ([([[-1, 1], [-1, 1]], [1.5, -0.5]), ([[1], [1]], [-1.5])], "steps"),
        ([([[1, 1], [1, 1]], [0, -1]), ([[1], [1]], [0])], "value"),
        ([([[1, -2], [-1, 2]], [0, 0.0]), ([[1], [0.5]], [0])], None),
        ([([[1, -1], [-2, 2]], [0, 0.0]), ([[1], [0.5]], [0])], "transposed"),
        ([([[1, 1], [1, 1]], [0, -1]), ([[np.nan], [-2]], [0])], "form"),
        ([([[1, 1], [1, 1]], [0, -1]), ([1, -2], [0])], "form"),
        ([([[1, 1], [1, 1]], [0, -1]), ([[1], [-2]], 0)], "form"),
        ([([[1, 1, 1], [1, 1, 1]], [0, -1, 0]), ([[1], [-2], [0]], [0])], "form"),
        ([([[1, 1], [1, 1]], [[0], [-1]]), ([[1], [-2]], [0])], "form"),
        ([([[1, 1j], [1, 1]], [0, -1]), ([[1], [-2]], [0])], "form"),
        ([([[1e308, 1e308], [1e308, 1e308]], [0, -1]), ([[1e308], [-2]], [0])], "value"),
        (RIGHT[:1], "form"),
        ([], "form"),
        ({"W": 1}, "form"),
        (None, "type:None"),
    ],
)
def test_another_network_is_told_by_its_slip(found, why):
    assert code(XOR, found) == why


def test_a_shape_that_does_not_fit_is_explained():
    found = [([[1, 1], [1, 1]], [[0, -1]]), ([[1], [-2]], [0])]
    difference = accept.judge(XOR, None, found)
    assert "b of layer 0 has shape (1, 2), expected (2,): one bias for each" in difference.text
    flat = [([1, 1], [0, -1]), ([[1], [-2]], [0])]
    difference = accept.judge(accept.curve(), None, flat, ([0, 1], [1, 2]))
    assert "W of layer 0 has shape (2,), expected one row for each input" in difference.text


# -- a curve ---------------------------------------------------------------------------------------

KNOTS, VALUES = np.array([0.0, 1.0, 3.0]), np.array([1.0, 3.0, 0.0])
LINES = [([[1, 1]], [0, -1]), ([[2], [-3.5]], [1])]  # slope 2, then -1.5


def test_a_curve_is_judged_between_its_ends_only():
    mirrored = [([[-1, -1]], [3, 1]), ([[1.5], [-3.5]], [0])]
    assert code(accept.curve(), LINES, (KNOTS, VALUES)) is None
    assert code(accept.curve(), mirrored, (KNOTS.tolist(), VALUES)) is None


def test_a_curve_through_float32_points_may_be_off_by_their_rounding():
    off = [LINES[0], ([[2], [-3.5]], [1.0001])]
    assert code(accept.curve(), off, (KNOTS, VALUES)) == "value"
    assert code(accept.curve(), off, (KNOTS.astype(np.float32), VALUES)) is None


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([([[1, 1]], [0, -1]), ([[2], [-1.5]], [1])], "value"),
        ([([[1, 1]], [0, -1]), ([[2], [-3.5]], [0])], "value"),
        ([([[1, 1]], [0, -1]), ([[2, 1], [-3.5, 1]], [1, 1])], "form"),
        ([*LINES, ([[1]], [0])], "form"),
    ],
)
def test_another_curve_is_refused(found, why):
    assert code(accept.curve(), found, (KNOTS, VALUES)) == why


def test_a_curve_can_be_compared_with_that_of_a_trap():
    trap = [([[1, 1]], [0, -1]), ([[2], [-1.5]], [1])]
    same = [([[2, 4]], [0, -4]), ([[1], [-0.375]], [1])]
    assert code(accept.curve(), same, (KNOTS, VALUES), expected=trap) is None
    assert code(accept.curve(), LINES, (KNOTS, VALUES), expected=trap) == "value"


# -- a classifier ----------------------------------------------------------------------------------

BARS = [([[1], [0]], [0]), ([[-1, 1]], [0, 0])]  # right of x1 = 0 is class 1


def spirals(least, budget=10, slack=0.01):
    return accept.spiral_classifier(budget, least, turns=0.001, noise=0.01, slack=slack)


def test_a_classifier_is_tried_on_points_of_the_seed():
    # almost without a turn the arms are straight: class 0 to the right, class 1 to the left
    facing = [BARS[0], ([[1, -1]], [-1e-9, 0])]
    for seed in (1, 2):
        assert code(spirals(0.95), ("relu", facing), kwargs={"seed": seed}) is None
        assert code(spirals(0.95), ["tanh", facing], kwargs={"seed": seed}) is None
        assert code(spirals(0.95), ("relu", BARS), kwargs={"seed": seed}) == "swapped"


def test_the_grader_is_milder_so_that_what_check_let_pass_is_not_refused():
    half = [([[0], [0]], [0]), ([[0, 0]], [1, 0])]  # always class 0
    assert code(spirals(0.505), ("relu", half), kwargs={"seed": 1}) == "accuracy"
    assert code(spirals(0.505), ("relu", half), kwargs={"seed": 1}, expected=("relu", half)) is None
    assert code(spirals(0.515), ("relu", half), kwargs={"seed": 1}, expected=1) == "accuracy"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (("relu", [([[1] * 9, [0] * 9], [0] * 9), ([[-1, 1]] * 9, [0, 0])]), "budget"),
        (("softplus", BARS), "form"),
        ((BARS, "relu"), "form"),
        (BARS, "form"),
        (("relu", [([[1, 1, 1], [0, 0, 0]], [0, 0, 0])]), "form"),
        (("relu", [BARS[0], ([[-1, 1], [1, 1]], [0, 0])]), "form"),
        (("relu", None), "type:None"),
        (None, "form"),
    ],
)
def test_another_classifier_is_told_by_its_slip(found, why):
    assert code(spirals(0.95), found, kwargs={"seed": 1}) == why


# -- claims ----------------------------------------------------------------------------------------

GOOD = {
    "sigmoids_add_up_to_1": (3, 2),
    "saturation_stops_the_signal": [-10, 10.0],
    "relu_never_saturates": -0.01,
    "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [0, -2]), ([[1], [1]], [0])],
}
CLAIMS = accept.refutes(list(GOOD))


def test_numbers_that_refute_every_claim_are_accepted():
    assert code(CLAIMS, GOOD) is None


@pytest.mark.parametrize(
    ("claim", "value", "why"),
    [
        ("sigmoids_add_up_to_1", (1.0, -1.0), "agrees"),
        ("sigmoids_add_up_to_1", (0.8, 0.9), "outputs for sums"),
        ("sigmoids_add_up_to_1", (-3, -3), "value"),
        ("sigmoids_add_up_to_1", 3, "form"),
        ("saturation_stops_the_signal", (-10, 2), "not saturated"),
        ("saturation_stops_the_signal", (10, 20), "same end"),
        ("saturation_stops_the_signal", (np.inf, -np.inf), "form"),
        ("relu_never_saturates", 0, "edge"),
        ("relu_never_saturates", 2, "value"),
        ("relu_never_saturates", [-1], "form"),
        ("a_dead_unit_stops_all_later_ones", RIGHT, "none dead"),
        ("a_dead_unit_stops_all_later_ones", [(-np.eye(2), [0, 0]), ([[1], [1]], [1])], "all dead"),
        ("a_dead_unit_stops_all_later_ones", [(np.eye(2), [0, 0])], "form"),
    ],
)
def test_numbers_that_refute_nothing_are_told_by_their_slip(claim, value, why):
    assert code(CLAIMS, {**GOOD, claim: value}) == f"{claim}:{why}"


def test_a_claim_that_is_left_out_is_named():
    assert code(CLAIMS, {"relu_never_saturates": -1}) == "missing:sigmoids_add_up_to_1"
    assert code(CLAIMS, [-1]) == "type"


# -- what goes with them ---------------------------------------------------------------------------


def test_a_probe_can_keep_the_inputs_from_the_function():
    assert run_case((lambda: 7,), "made", (), {"seed": 3}).value == 7


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (Fn("leaky_relu", (0.5,)), [-1, 0, 3]),
        (Fn("tanh"), np.tanh([-2, 0, 3])),
        (Fn("sigmoid"), 1 / (1 + np.exp([2, 0, -3]))),
    ],
)
def test_activations_are_handed_over_by_name(function, expected):
    outcome = run_case((lambda f, x: f(x),), "call", (function, np.array([-2.0, 0.0, 3.0])))
    assert np.allclose(outcome.value, expected)
