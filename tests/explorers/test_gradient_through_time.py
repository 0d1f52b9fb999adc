"""Gradient through time: its norms are those of dlkit's layers, and the regimes are named."""

from dataclasses import replace

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers import gradient_through_time
from dlkit.explorers.gradient_scene import REGIMES
from dlkit.explorers.gradient_through_time import UNITS


def shown(**values):
    """The explorer after a guess and a move."""
    explorer = gradient_through_time()
    explorer.press("show")
    explorer.move(**values)
    return explorer


def starts(seed):
    """The first state and the last gradient of a seed: drawn after the matrix."""
    rng = np.random.default_rng(seed)
    rng.normal(size=(UNITS, UNITS))
    return (v / np.linalg.norm(v) for v in rng.normal(size=(2, UNITS)))


@pytest.mark.parametrize("matrix", ["random", "orthogonal"])
@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
def test_with_tanh_the_norms_are_those_of_dlkits_rnn(matrix, radius):
    state = shown(matrix=matrix, radius=radius, steps=12, seed=3).state
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
    state = shown(activation=activation, radius=1.5, steps=9, seed=1).state
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
        state = shown(activation="linear", matrix="orthogonal", radius=radius, steps=40).state
        powers = radius ** np.arange(41)
        np.testing.assert_allclose(state["forward"], powers, rtol=1e-9)
        np.testing.assert_allclose(state["backward"], powers[::-1], rtol=1e-9)
        assert state["factor"] == pytest.approx(radius)


@pytest.mark.parametrize("matrix", ["random", "orthogonal"])
def test_the_matrix_has_the_spectral_radius(matrix):
    for radius in (0.5, 1.0, 2.0):
        for seed in range(10):
            W = np.array(shown(matrix=matrix, radius=radius, seed=seed).state["Wh"])
            assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(radius)
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
    explorer = shown(activation="linear", matrix="orthogonal", **values)
    assert explorer.state["regime"] == regime
    assert explorer.truth() == REGIMES[regime]
    assert words in explorer.sentence
    assert explorer.sentence.endswith(f"a spectral radius of {values['radius']:g}.")


def test_slopes_below_one_keep_a_gradient_from_exploding():
    linear, tanh = (shown(radius=1.5, activation=name) for name in ("linear", "tanh"))
    assert linear.state["regime"] == "explodes"
    assert tanh.state["regime"] == "keeps its size"
    assert tanh.state["slope"] < 0.8
    assert "a mean slope of tanh of 0." in tanh.sentence
    assert shown(radius=1.0, activation="ReLU").state["regime"] == "vanishes"
    assert 0.3 < shown(radius=1.0, activation="ReLU").state["slope"] < 0.7


def test_a_gradient_that_is_exactly_zero_is_told():
    explorer = shown(activation="ReLU")
    explorer.run = replace(explorer.run, backward=explorer.run.backward * 0)
    assert explorer.scene().sentence.startswith("No gradient reaches the first step")
    assert explorer.truth() == "less than a tenth"
    assert "nan" not in str(explorer.scene().pictures)


def test_nothing_is_given_away_before_the_guess():
    explorer = gradient_through_time()
    explorer.move(radius=2.0, activation="linear")
    assert explorer.sentence.startswith("Predict first")
    assert "dlk-slope" not in explorer.widget.scene
    assert "dlk-line" in explorer.widget.scene  # the state's norm may be seen
    assert not {"backward", "regime", "factor", "slope"} & set(explorer.state)
    assert "hidden until" in explorer.widget.scene


def test_the_guess_stands_beside_the_truth_until_something_moves():
    explorer = gradient_through_time()
    explorer.press("show")
    assert explorer.sentence.startswith(
        "You predicted about as large; it is less than a tenth. After 40 steps back"
    )
    assert "your guess" in explorer.widget.scene
    explorer.move(steps=41)
    assert "predicted" not in explorer.sentence
    assert "your guess" not in explorer.widget.scene
    explorer.press("predict")
    explorer.move(guess="less than a tenth")
    explorer.press("show")
    assert explorer.sentence.startswith("You predicted less than a tenth: right. ")


def test_reset_is_the_start():
    explorer = shown(radius=2.0, matrix="orthogonal", activation="ReLU", steps=7, seed=4)
    explorer.press("reset")
    assert explorer.values == explorer.start
    assert explorer.widget.scene == gradient_through_time().widget.scene
    assert explorer.state["hidden"]


@pytest.mark.parametrize("guess", REGIMES.values())
def test_every_setting_is_drawn(guess):
    explorer = gradient_through_time()
    explorer.move(guess=guess)
    for activation in ("linear", "tanh", "ReLU"):
        for matrix in ("random", "orthogonal"):
            for radius in (0.5, 2.0):
                for steps in (5, 60):
                    explorer.press("predict")
                    explorer.move(activation=activation, matrix=matrix, radius=radius, steps=steps)
                    explorer.move(guess=guess)
                    explorer.press("show")
                    scene = explorer.widget.scene
                    assert not any(odd in scene for odd in ("nan", "inf", 'height="-'))
