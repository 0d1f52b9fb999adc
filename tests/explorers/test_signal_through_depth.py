"""Signal through depth: its sizes are those of dlkit's layers, and its regimes are named."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers import signal_through_depth
from dlkit.explorers.signal_run import ACTIVATIONS, DEPTH, INITS, WIDTH, N, send


def shown(**values):
    explorer = signal_through_depth()
    explorer.move(**values)
    explorer.press("show")
    return explorer


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("init", INITS)
def test_sizes_are_those_of_a_network(init, activation):
    rng = np.random.default_rng(3)
    x, dy = rng.normal(size=(N, WIDTH)), rng.normal(size=(N, WIDTH))
    linears = [nn.Linear(WIDTH, WIDTH, init=INITS[init], rng=rng) for _ in range(DEPTH)]
    layers = [ACTIVATIONS[activation]() for _ in range(DEPTH)]
    signal = send(init, 1, activation, 3)
    for linear, layer, std in zip(linears, layers, signal.stds, strict=True):
        x = layer(linear(x))
        assert x.std() == pytest.approx(std, rel=1e-9)
    for i in reversed(range(DEPTH)):
        ds = layers[i].backward(dy)
        assert ds.std() == pytest.approx(signal.grad_stds[i], rel=1e-9)
        dy = linears[i].backward(ds)


@pytest.mark.parametrize(
    ("values", "regime"),
    [
        ({"init": "normal, std 0.01", "activation": "tanh"}, "faded"),
        ({"init": "normal, std 1", "activation": "tanh"}, "saturated"),
        ({"init": "Xavier", "activation": "tanh"}, "kept"),
        ({"init": "He", "activation": "ReLU"}, "kept"),
        ({"init": "Xavier", "activation": "ReLU"}, "faded"),
        ({"init": "normal, std 1", "activation": "ReLU"}, "exploded"),
        ({"init": "zeros", "activation": "ReLU"}, "faded"),
    ],
)
@pytest.mark.parametrize("seed", [0, 5, 9])
def test_a_regime_is_named_and_a_guess_of_it_is_right(values, regime, seed):
    explorer = shown(**values, seed=seed, guess=regime)
    assert explorer.state["regime"] == regime
    assert explorer.sentence.startswith(f"You predicted {regime}: right. The signal is {regime}")


def test_a_gradient_that_is_lost_is_said():
    explorer = shown(init="Xavier", activation="sigmoid")
    assert explorer.state["grad_stds"][0] < 1e-6 * explorer.state["grad_stds"][-1]
    assert "·10⁻" in explorer.sentence


def test_nothing_is_shown_before_the_guess():
    explorer = signal_through_depth()
    assert "stds" not in explorer.state
    assert explorer.widget.scene.count("?") >= 15
    assert "dlk-on" not in explorer.widget.scene


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("factor", [0.25, 4])
def test_the_ends_of_the_controls_give_numbers(init, activation, factor):
    explorer = shown(init=init, activation=activation, factor=factor)
    assert "nan" not in explorer.widget.scene
    assert "nan" not in explorer.sentence


def test_reset_is_the_start():
    explorer = shown(init="He", seed=4)
    explorer.press("reset")
    assert explorer.state == signal_through_depth().state
