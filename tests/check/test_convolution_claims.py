"""Claims of the old notes about sizes and pooling are refuted by numbers, and only by such."""

import numpy as np
import pytest

from dlkit.check import accept

FLOOR, SAME = "the_size_needs_no_floor", "same_padding_keeps_the_size"
MAXIMUM, TURN = "max_pooling_is_a_convolution", "pooling_makes_rotation_harmless"
PICTURE = np.kron([[4, 3], [2, 1]], [[1, 0], [0, 0]])


def code(claim, value):
    difference = accept.judge(accept.refutes([claim]), None, {claim: value})
    return difference and difference.code.removeprefix(f"{claim}:")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        (FLOOR, (6, 3, 0, 2)),
        (FLOOR, np.array([224.0, 11, 2, 4])),
        (FLOOR, [1, 4, 2, 3]),
        (SAME, (6, 3, 2)),
        (SAME, [2, 1, 5]),
        (MAXIMUM, ([[1, 0], [0, 0]], [[0, 1], [0, 0]])),
        (MAXIMUM, np.array([[[5.0, -2], [0, 0]], [[-5, 2], [0, 0]]])),
        (TURN, PICTURE),
        (TURN, PICTURE.tolist()),
        (TURN, np.roll(PICTURE, 1, axis=0)),
    ],
)
def test_numbers_that_refute_a_claim_are_accepted(claim, value):
    assert code(claim, value) is None


@pytest.mark.parametrize(
    ("claim", "value", "why"),
    [
        (FLOOR, (7, 3, 0, 2), "agrees"),
        (FLOOR, (6, 3, 1, 1), "agrees"),
        (FLOOR, (2, 5, 1, 2), "does not fit"),
        (FLOOR, (6, 3, 0, 0), "form"),
        (FLOOR, (6.5, 3, 0, 2), "form"),
        (FLOOR, (6, 3, 2), "form"),
        (FLOOR, "all", "form"),
        (SAME, (6, 3, 1), "stride 1"),
        (SAME, (1, 3, 2), "agrees"),
        (SAME, (6, 4, 2), "form"),
        (SAME, None, "form"),
        (MAXIMUM, ([[1, 0], [0, 0]], [[2, 0], [0, 0]]), "agrees"),
        (MAXIMUM, np.zeros((2, 2, 2)), "agrees"),
        (MAXIMUM, [[1, 0], [0, 1]], "form"),
        (MAXIMUM, np.full((2, 2, 2), np.inf), "form"),
        (TURN, np.arange(16).reshape(4, 4), "moves"),
        (TURN, np.roll(PICTURE, 1, axis=1), "moves"),
        (TURN, np.zeros((4, 4)), "turns"),
        (TURN, np.kron([[4, 4], [2, 1]], [[1, 0], [0, 0]]), "turns"),
        (TURN, PICTURE[:3], "form"),
        (TURN, PICTURE * 1j, "form"),
    ],
)
def test_other_values_are_told_why_not(claim, value, why):
    assert code(claim, value) == why
