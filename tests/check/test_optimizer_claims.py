"""Claims of the old notes about Adam, AdaGrad, RMSprop, ε and annealing are refuted."""

import numpy as np
import pytest

from dlkit import optim
from dlkit.check import accept

NEVER_FALLS, NO_EPS = "adams_divisor_never_falls", "adagrad_needs_no_epsilon"
SAME, ANYWHERE = "rmsprop_is_adadelta", "epsilon_may_stand_anywhere"
DOWN = "annealing_only_goes_down"


def code(claim, value):
    difference = accept.judge(accept.refutes([claim]), None, {claim: value})
    return difference and difference.code.removeprefix(f"{claim}:")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        (NEVER_FALLS, [10, 0, 0, 0, 0]),
        (NEVER_FALLS, np.array([-3.0] + [0.1] * 9)),
        (NO_EPS, [0]),
        (NO_EPS, (0.0, 1.0)),
        (NO_EPS, [1e-200]),
        (SAME, [1, 1, 1]),
        (SAME, [-2.0, 5.0, 1.0, 3.0]),
        (ANYWHERE, 1e-7),
        (ANYWHERE, np.float64(-1e-8)),
        (DOWN, (1, 2)),
        (DOWN, [30.0, 100.0]),
    ],
)
def test_numbers_that_refute_a_claim_are_accepted(claim, value):
    assert code(claim, value) is None


@pytest.mark.parametrize(
    ("claim", "value", "why"),
    [
        (NEVER_FALLS, [1, 2, 3], "agrees"),
        (NEVER_FALLS, [1] * 20, "agrees"),
        (NEVER_FALLS, [0, 0], "agrees"),
        (NEVER_FALLS, [10, 0, 0], "close"),
        (NEVER_FALLS, [10] + [0] * 20, "form"),
        (NEVER_FALLS, [], "form"),
        (NEVER_FALLS, [np.nan, 1], "form"),
        (NO_EPS, [1, 0], "agrees"),
        (NO_EPS, 0, "form"),
        (SAME, [1, 1], "short"),
        (SAME, [1e-4] * 20, "tiny"),
        (SAME, [1, 0, 1], "form"),
        (SAME, [1], "form"),
        (ANYWHERE, 1e-3, "close"),
        (ANYWHERE, 0, "form"),
        (ANYWHERE, [1e-7], "form"),
        (DOWN, (1, 1), "cold"),
        (DOWN, (-1, 1), "rise"),
        (DOWN, (2, 0), "form"),
        (DOWN, (2, -1), "form"),
        (DOWN, 2, "form"),
        (DOWN, "up", "form"),
    ],
)
def test_numbers_that_do_not_are_told_why(claim, value, why):
    assert code(claim, value) == why


def test_the_rules_here_are_those_of_dlkit_optim():
    """The multiple, the divisor and the paper's first step, from the steps themselves."""
    gradients, w, s, d = [1.0, 3.0, -2.0], 0.0, 0.0, 0.0
    multiples, r = [], 0.0
    for g in gradients:
        new, s, d = optim.adadelta_step(w, g, s, d)
        r = 0.95 * r + 0.05 * g**2
        multiples.append((w - new) / (g / np.sqrt(r + 1e-6)))
        w = new
    assert max(multiples) / min(multiples) > 1.5
    assert code(SAME, gradients) is None

    paper = -optim.adam_step(0.0, 1e-7, 0.0, 0.0, 1)[0]
    assert paper == pytest.approx(9.1e-4, rel=0.01)
    v = 0.001 * 1e-14
    notes = 1e-3 * np.sqrt(0.001) / 0.1 * 1e-8 / (np.sqrt(v) + 1e-7)
    assert notes == pytest.approx(3.1e-5, rel=0.02)
