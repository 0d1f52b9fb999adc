"""Claims about memory: what refutes one passes, what agrees with it or is no answer is told why."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.check import accept, recurrent_claims

EXPLODES, FORGETS, BENDS = (claim.__name__ for claim in recurrent_claims.CLAIMS)


def code(claim, value):
    difference = accept.judge(accept.refutes([claim]), None, {claim: value})
    return difference and difference.code.removeprefix(f"{claim}:")


def test_the_units_gradient_is_that_of_the_layer():
    rng = np.random.default_rng(0)
    for steps in (1, 2, 20):
        Wh, b = rng.normal(size=(2, 4)) * 2
        layer = nn.LSTM(1, 1, rng=rng)
        layer.params.update(Wx=np.zeros((1, 4)), Wh=Wh[None], b=b)
        hs, h, c = layer(np.zeros((steps, 1, 1)), *layer.zero_states(1))
        _, dh0, dc0 = layer.backward(np.zeros_like(hs), np.ones_like(h), np.zeros_like(c))
        largest = max(abs(dh0.item()), abs(dc0.item()))
        assert recurrent_claims.unit_gradient(Wh, b, steps) == pytest.approx(largest, rel=1e-9)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (([0, 0, 8, 0], [0, 0, 0, 0]), None),
        ((np.array([[0, 0, -4, 0]]), np.array([2.0, 2, 0, 2])), None),
        (([0, 0, 2.5, 0], [0, 0, 0, 0]), "short"),
        (([0, 0, 0, 0], [0, 5, 0, 0]), "vanishes"),
        (([0, 0, 8, 0], [0, 0, 3, 0]), "driven"),
        (([0, 0, 80, 0], [0, 0, 0, 0]), "form"),
        (([0, 0, np.nan, 0], [0, 0, 0, 0]), "form"),
        ([0, 0, 8, 0], "form"),
        (8, "form"),
    ],
)
def test_a_unit_that_explodes(value, says):
    assert code(EXPLODES, value) == says


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (0.5, None),
        (np.array([[1.3]]), None),
        (1.4, "keeps"),
        (50, "keeps"),
        (0.49, "shut"),
        (-3, "shut"),
        (np.nan, "form"),
        ("1", "form"),
        ([1, 1], "form"),
    ],
)
def test_a_gate_that_forgets(value, says):
    """σ(1.35)²⁰ is 0.0101, σ(1.34)²⁰ is 0.0099."""
    assert code(FORGETS, value) == says


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (([30, 40], [1]), None),
        ((np.full((2, 2), 9.0), np.array([0.0, 0.9])), None),
        (([1], [10, 0, 0]), None),
        (([3, 4], [5]), "alike"),
        (([1000], [0.001]), "alike"),
        (([0.5], [0.5]), "both short"),
        (([0, 0], [5]), "form"),
        (([np.inf], [5]), "form"),
        (([1, 2],), "form"),
        (("a", "b"), "form"),
    ],
)
def test_a_direction_that_turns(value, says):
    assert code(BENDS, value) == says
