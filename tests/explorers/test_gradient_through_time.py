"""Gradient through time: its norms are those of dlkit's layers, and the regimes are named."""

import base64

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers.gradient_through_time import (
    UNITS,
    GradientThroughTime,
    starts,
    unit_matrix,
)
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW, after, shown

pytestmark = pytest.mark.node
GUESSES = {
    "vanishes": "less than a tenth",
    "keeps its size": "about as large",
    "explodes": "more than ten times",
}


@pytest.mark.parametrize("matrix", ["random", "orthogonal"])
@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
def test_with_tanh_the_norms_are_those_of_dlkits_rnn(matrix, radius):
    state = shown(GradientThroughTime, matrix=matrix, radius=radius, steps=12, seed=3)["state"]
    h0, dh = starts(3)
    layer = nn.RNN(1, UNITS, rng=np.random.default_rng(0))
    layer.params["Wx"][...] = layer.params["b"][...] = 0
    layer.params["Wh"][...] = state["Wh"]
    states = [h0, *layer(np.zeros((12, 1, 1)), h0[None, None])[0][:, 0]]
    np.testing.assert_allclose(state["forward"], np.linalg.norm(states, axis=1), rtol=1e-9)
    for t in range(12):  # from step t on: the gradient of the first state is that of step t
        y, _ = layer(np.zeros((12 - t, 1, 1)), states[t][None, None])
        dy = np.zeros_like(y)
        dy[-1, 0] = dh
        _dx, dfirst = layer.backward(dy, np.zeros((1, 1, UNITS)))
        assert state["backward"][t] == pytest.approx(np.linalg.norm(dfirst), rel=1e-9)
    assert state["backward"][12] == pytest.approx(1)


@pytest.mark.parametrize("activation", ["linear", "ReLU"])
def test_without_tanh_they_are_those_of_a_stack_of_dlkits_layers(activation):
    state = shown(GradientThroughTime, activation=activation, radius=1.5, steps=9, seed=1)["state"]
    h0, dh = starts(1)
    layers, rng = [], np.random.default_rng(0)
    for _ in range(9):
        layers.append(nn.Linear(UNITS, UNITS, rng=rng))
        layers[-1].params["W"][...], layers[-1].params["b"][...] = state["Wh"], 0
        if activation == "ReLU":
            layers.append(nn.ReLU())
    y = nn.Sequential(*layers).forward(h0[None])
    assert state["forward"][-1] == pytest.approx(np.linalg.norm(y), rel=1e-9)
    d = dh[None]
    for layer in reversed(layers):
        d = layer.backward(d)
    assert state["backward"][0] == pytest.approx(np.linalg.norm(d), rel=1e-9)


def test_linear_and_orthogonal_each_step_multiplies_by_the_radius():
    for radius in (0.5, 0.95, 1.0, 1.2):
        state = shown(
            GradientThroughTime, activation="linear", matrix="orthogonal", radius=radius, steps=40
        )["state"]
        powers = radius ** np.arange(41)
        np.testing.assert_allclose(state["forward"], powers, rtol=1e-9)
        np.testing.assert_allclose(state["backward"], powers[::-1], rtol=1e-9)
        assert state["factor"] == pytest.approx(radius)


@pytest.mark.parametrize("matrix", ["random", "orthogonal"])
def test_the_matrix_has_the_spectral_radius(matrix):
    settings = [(radius, seed) for radius in (0.5, 1.0, 2.0) for seed in range(10)]
    moves = [after(matrix=matrix, radius=radius, seed=seed) for radius, seed in settings]
    for (radius, seed), seen in zip(settings, walk(GradientThroughTime, *moves)[1:], strict=True):
        W = np.array(seen["state"]["Wh"])
        np.testing.assert_allclose(W, radius * unit_matrix(matrix, seed), rtol=1e-12)
        sizes = np.abs(np.linalg.eigvals(W))
        assert sizes.max() == pytest.approx(radius)
        beyond = (sizes > 1 + 1e-9).sum()
        assert f"is {sizes.max():.2f} from 0, {beyond} are beyond 1." in seen["pictures"][1]["alt"]
    if matrix == "orthogonal":
        np.testing.assert_allclose(W @ W.T, 4 * np.eye(UNITS), atol=1e-12)


@pytest.mark.parametrize(
    ("values", "regime", "words"),
    [
        ({"radius": 0.9}, "vanishes", "it vanishes. A step multiplies it by 0.90 on average"),
        ({"radius": 1.0}, "keeps its size", "is 1.00 as large: it keeps its size."),
        ({"radius": 1.1}, "explodes", "After 40 steps back the gradient is 45.3 as large: it expl"),
        ({"radius": 2.0, "steps": 60}, "explodes", "is 1.2·10¹⁸ as large"),
        ({"radius": 0.5, "steps": 60}, "vanishes", "is 8.7·10⁻¹⁹ as large"),
        ({"radius": 0.8, "steps": 10}, "keeps its size", "is 0.11 as large"),
        ({"radius": 0.8, "steps": 11}, "vanishes", "is 0.0859 as large"),
    ],
)
def test_regimes_are_named_with_their_numbers(values, regime, words):
    moves = after(activation="linear", matrix="orthogonal", **values), after(guess=GUESSES[regime])
    seen = walk(GradientThroughTime, *moves, SHOW)[-1]
    assert seen["state"]["regime"] == regime
    assert seen["sentence"].startswith(f"You predicted {GUESSES[regime]}: right. ")
    assert words in seen["sentence"]
    assert seen["sentence"].endswith(f"a spectral radius of {values['radius']:g}.")


def test_slopes_below_one_keep_a_gradient_from_exploding():
    linear, tanh = (
        shown(GradientThroughTime, radius=1.5, activation=name) for name in ("linear", "tanh")
    )
    assert linear["state"]["regime"] == "explodes"
    assert tanh["state"]["regime"] == "keeps its size"
    assert tanh["state"]["slope"] < 0.8
    assert "a mean slope of tanh of 0." in tanh["sentence"]
    relu = shown(GradientThroughTime, radius=1.0, activation="ReLU")["state"]
    assert relu["regime"] == "vanishes"
    assert 0.3 < relu["slope"] < 0.7


def test_a_gradient_that_is_exactly_zero_is_told():
    data = GradientThroughTime.data()
    zeros = bytes(len(base64.b64decode(data["weights"]["random"])))
    data["weights"]["random"] = base64.b64encode(zeros).decode()
    start = {**GradientThroughTime.start, "activation": "ReLU", "guess": "less than a tenth"}
    job = {"module": "gradient_through_time", "start": start, "data": data, "steps": [SHOW]}
    _start, seen = drive([job])[0]
    right = "You predicted less than a tenth: right. "
    assert seen["sentence"].startswith(f"{right}No gradient reaches the first step")
    assert "nan" not in str(seen["pictures"]).lower()


def test_nothing_is_given_away_before_the_guess():
    seen = walk(GradientThroughTime, after(radius=2.0, activation="linear"))[-1]
    drawn = str(seen["pictures"])
    assert seen["sentence"].startswith("Predict first")
    assert "dlk-slope" not in drawn
    assert "dlk-line" in drawn  # the state's norm may be seen
    assert not {"backward", "regime", "factor", "slope"} & set(seen["state"])
    assert "hidden until" in drawn


def test_the_guess_stands_beside_the_truth_until_something_moves():
    again = ("press", "predict"), after(guess="less than a tenth"), SHOW
    _start, shown, moved, *_rest, last = walk(GradientThroughTime, SHOW, after(steps=41), *again)
    assert shown["sentence"].startswith(
        "You predicted about as large; it is less than a tenth. After 40 steps back"
    )
    assert "your guess" in str(shown["pictures"])
    assert "predicted" not in moved["sentence"]
    assert "your guess" not in str(moved["pictures"])
    assert last["sentence"].startswith("You predicted less than a tenth: right. ")


def test_reset_is_the_start():
    other = after(radius=2.0, matrix="orthogonal", activation="ReLU", steps=7, seed=4)
    start, *_rest, back = walk(GradientThroughTime, SHOW, other, ("press", "reset"))
    assert back == start
    assert back["state"]["hidden"]


@pytest.mark.parametrize("guess", GUESSES.values())
def test_every_setting_is_drawn(guess):
    steps = []
    for activation in ("linear", "tanh", "ReLU"):
        for matrix in ("random", "orthogonal"):
            for radius in (0.5, 2.0):
                for count in (5, 60):
                    values = {"activation": activation, "matrix": matrix}
                    values |= {"radius": radius, "steps": count, "guess": guess}
                    steps += [("press", "predict"), after(**values), SHOW]
    for seen in walk(GradientThroughTime, *steps):
        drawn = str(seen["pictures"]).lower()
        assert not any(odd in drawn for odd in ("nan", "inf", "∞", 'height="-'))
