"""The layers that a gradient checker judges: what is right is right, each mistake can be found."""

import numpy as np
import pytest

from dlkit.check import layers
from dlkit.check.functions import make

SHAPES = {
    "dense": {"x": (4, 3), "W": (3, 3), "b": (3,)},
    "scale": {"x": (4, 3), "g": (3,)},
    "mixed": {"x": (4, 3), "W": (3, 2), "b": (2,), "g": (2,)},
}
PAIRS = [
    (name, number) for name in layers._LAYERS for number in range(len(layers._LAYERS[name]) - 1)
]
MIXED = [(name, kind) for name in SHAPES["mixed"] for kind in layers._FAULTS]


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def _inputs(rng, name):
    inputs = {key: rng.normal(size=shape) for key, shape in SHAPES.get(name, {"x": (4, 3)}).items()}
    if name == "softplus":
        inputs["x"][0, 0] = 900.0
    return inputs


def _wrong(name, number, inputs, rng, fault=None):
    """Names of the inputs whose gradient is not that of central differences."""
    forward = make("layer_forward", (name,))
    backward = make("layer_backward", (name, number, fault))
    dout = rng.normal(size=forward(**inputs).shape)
    found, wrong = backward(dout, **inputs), []
    for key, value in inputs.items():
        expected = np.zeros_like(value)
        for index in np.ndindex(value.shape):
            losses = []
            for step in (1e-5, -1e-5):
                moved = value.copy()
                moved[index] += step
                losses.append(np.sum(dout * forward(**{**inputs, key: moved})))
            expected[index] = (losses[0] - losses[1]) / 2e-5
        got = found.get(key)
        if np.shape(got) != value.shape or not np.allclose(got, expected, rtol=1e-6, atol=1e-7):
            wrong.append(key)
    return wrong


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_backward_pass_0_is_right_and_every_other_is_not(pair, rng):
    name, number = pair
    wrong = _wrong(name, number, _inputs(rng, name), rng)
    assert bool(wrong) == (number > 0)


@pytest.mark.parametrize("fault", MIXED, ids=str)
def test_a_fault_spoils_its_own_gradient_alone(fault, rng):
    assert _wrong("mixed", 0, _inputs(rng, "mixed"), rng, fault) == [fault[0]]


def test_some_mistakes_do_not_show_when_dout_is_all_ones(rng):
    inputs, ones = _inputs(rng, "dense"), np.ones((4, 3))
    right, shared = (make("layer_backward", ("dense", n))(ones, **inputs)["b"] for n in (0, 2))
    np.testing.assert_allclose(shared, right)
