"""Claims of the old notes about weight decay, L1, batch normalisation and dropout are refuted."""

import numpy as np
import pytest

from dlkit.check import accept

OUTLIER = [0] * 49 + [1]


def code(claim, value):
    difference = accept.judge(accept.refutes([claim]), None, {claim: value})
    return difference and difference.code.removeprefix(f"{claim}:")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("decay_multiplies_by_1_minus_lam", (2, 0.1, 0.5)),
        ("decay_multiplies_by_1_minus_lam", np.array([-1e-3, 0.01, 0.2])),
        ("l1_makes_a_weight_0", (0.5, 0.4, 0.1)),
        ("l1_makes_a_weight_0", [-3, 2, 1]),
        ("batch_norm_gives_0_to_1", OUTLIER),
        ("batch_norm_gives_0_to_1", np.array([[5.0]] + [[2.0]] * 10)),
        ("evaluation_multiplies_by_drop", 0.1),
        ("evaluation_multiplies_by_drop", np.float64(0.8)),
        ("evaluation_multiplies_by_drop", 0),
    ],
)
def test_numbers_that_refute_a_claim_are_accepted(claim, value):
    assert code(claim, value) is None


@pytest.mark.parametrize(
    ("claim", "value", "why"),
    [
        ("decay_multiplies_by_1_minus_lam", (2, 1, 0.5), "agrees"),
        ("decay_multiplies_by_1_minus_lam", (2, 0.9, 0.1), "close"),
        ("decay_multiplies_by_1_minus_lam", (2, 0.1, 0), "form"),
        ("decay_multiplies_by_1_minus_lam", (0, 0.1, 0.5), "form"),
        ("decay_multiplies_by_1_minus_lam", (2, 0.1), "form"),
        ("l1_makes_a_weight_0", (0.5, 0.1, 0.1), "agrees"),
        ("l1_makes_a_weight_0", (0.5, -0.05, 0.1), "agrees"),
        ("l1_makes_a_weight_0", (0.5, 0.4, 0), "lam"),
        ("l1_makes_a_weight_0", (0.5, 0.4, np.nan), "form"),
        ("batch_norm_gives_0_to_1", [0] * 9 + [1], "short"),
        ("batch_norm_gives_0_to_1", list(range(50)), "short"),
        ("batch_norm_gives_0_to_1", [2, 2, 2], "constant"),
        ("batch_norm_gives_0_to_1", [0] * 99 + [1], "form"),
        ("batch_norm_gives_0_to_1", [1, np.inf], "form"),
        ("batch_norm_gives_0_to_1", "many", "form"),
        ("evaluation_multiplies_by_drop", 0.5, "agrees"),
        ("evaluation_multiplies_by_drop", 0.45, "close"),
        ("evaluation_multiplies_by_drop", 1, "form"),
        ("evaluation_multiplies_by_drop", [0.2], "form"),
    ],
)
def test_numbers_that_do_not_are_told_why(claim, value, why):
    assert code(claim, value) == why
