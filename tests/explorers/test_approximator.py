"""The approximator: its networks are dlkit's, its fits are the best, and its words are true."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers import approximator
from dlkit.explorers.approximation import (
    COUNTS,
    EVEN,
    KINDS,
    NONE,
    RELU,
    TANH,
    TARGETS,
    X,
    errors,
    nets,
)

ACTIVATIONS = {EVEN: nn.ReLU, RELU: nn.ReLU, TANH: nn.Tanh}


def shown(**values):
    explorer = approximator()
    explorer.press("show")
    explorer.move(**values)
    return explorer


def rebuilt(params, kind):
    """The net of dlkit with these parameters."""
    layers = [nn.Linear(*np.shape(W), rng=np.random.default_rng(0)) for W, _ in params]
    for layer, (W, b) in zip(layers, params, strict=True):
        layer.params["W"][...], layer.params["b"][...] = W, b
    between = [] if kind == NONE else [ACTIVATIONS[kind]()]
    return nn.Sequential(layers[0], *between, layers[1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", TARGETS)
def test_what_is_shown_is_what_dlkits_net_gives(target, kind):
    explorer = shown(target=target, kind=kind, units=12, seed=0)
    y = rebuilt(explorer.state["params"], kind)(X[:, None])[:, 0]
    error = np.abs(y - TARGETS[target](X)).max()
    assert explorer.state["error"] == pytest.approx(error, rel=1e-9, abs=1e-9)
    assert np.shape(explorer.state["params"][0][0]) == (1, 12)


@pytest.mark.parametrize("kind", [RELU, TANH, NONE])
@pytest.mark.parametrize("count", [1, 8, 64])
def test_random_units_are_weighted_by_least_squares(kind, count):
    net, t = nets("wiggle", kind, 5)[count], TARGETS["wiggle"](X)
    (W, b), (V, c) = net.params
    H = X[:, None] @ W + b if kind == NONE else ACTIVATIONS[kind]()(X[:, None] @ W + b)
    residual = H @ V[:, 0] + c - t
    columns = np.column_stack([H, np.ones(len(X))])
    assert np.abs(columns.T @ residual).max() < 1e-6 * np.abs(columns).sum(axis=0).max()
    np.testing.assert_allclose(
        net.parts.sum(axis=1) + c, net.y, atol=1e-9 * np.abs(net.parts).max()
    )


def test_side_by_side_goes_through_the_target_at_each_kink():
    for count, net in nets("wave", EVEN, 0).items():
        knots = np.linspace(-1, 1, count + 1)
        y = rebuilt(net.params, EVEN)(knots[:, None])[:, 0]
        np.testing.assert_allclose(y, np.sin(np.pi * knots), atol=1e-12)
        np.testing.assert_allclose(net.middles, knots[:-1], atol=1e-12)


def test_twice_the_units_quarter_the_error_on_a_smooth_curve():
    found = errors("wave", EVEN, 0)
    assert found[64] / found[32] == pytest.approx(1 / 4, abs=0.02)


def test_two_units_make_a_tent():
    assert errors("tent", EVEN, 0)[2] < 1e-12
    assert shown(target="tent", units=2).state["fewest"] == "2"


def test_without_activation_every_number_of_units_draws_the_same_line():
    found = nets("wave", NONE, 0)
    for net in found.values():
        np.testing.assert_allclose(net.y, found[1].y, atol=1e-9)
        np.testing.assert_allclose(np.diff(net.y, 2), 0, atol=1e-9)


def test_more_units_keep_the_old_ones():
    found = nets("wave", TANH, 7)
    np.testing.assert_array_equal(found[4].middles, found[64].middles[:4])
    assert np.abs(found[64].middles).max() <= 1


@pytest.mark.parametrize(
    ("values", "regime", "says"),
    [
        ({"units": 6}, "outside", "0.134, outside the band at x = −0.50. The fewest that stay"),
        (
            {"units": 8},
            "inside the band",
            "0.070, inside the band. The fewest that stay inside: 8.",
        ),
        ({"units": 1}, "outside", "1 hidden unit: the largest error is 1.000"),
        ({"target": "tent", "units": 2}, "inside the band", "under 0.001"),
        (
            {"kind": NONE, "units": 64},
            "straight line",
            "64 hidden units: the largest error is 0.95",
        ),
        ({"target": "jump", "units": 64}, "cannot jump", "it cannot jump"),
        ({"target": "wiggle", "kind": RELU, "seed": 3}, "outside", "Not even 64 suffice."),
    ],
)
def test_each_regime_is_named(values, regime, says):
    explorer = shown(**values)
    assert explorer.state["regime"] == regime
    assert says in explorer.sentence


def test_the_mean_error_at_a_jump_goes_down_while_the_largest_stays():
    t = TARGETS["jump"](X)
    for kind in (EVEN, RELU, TANH):
        few, many = (np.abs(nets("jump", kind, 0)[count].y - t) for count in (8, 64))
        assert many.mean() < 0.6 * few.mean()
        assert many.max() > 0.8
        assert all(min(errors("jump", kind, seed).values()) > 0.5 for seed in range(10))


def test_nothing_is_given_away_before_the_guess():
    explorer = approximator()
    before = explorer.widget.scene
    explorer.move(units=64)
    assert explorer.widget.scene == before
    assert {"units", "seed"} <= set(explorer.widget.disabled)
    assert all(mark not in before for mark in ("dlk-line", "dlk-on", "net of", "off by"))
    hidden = ("error", "errors", "fewest", "regime", "params")
    assert all(explorer.state[name] is None for name in hidden)


@pytest.mark.parametrize(("guess", "told"), [("8", "8: right."), ("4", "4; it is 8.")])
def test_the_guess_stands_beside_the_truth(guess, told):
    explorer = approximator()
    explorer.move(guess=guess)
    explorer.press("show")
    assert explorer.sentence.startswith(f"You predicted {told}")
    assert "dlk-guess" in explorer.widget.scene
    assert f"Your guess: {guess}." in explorer.widget.scene
    explorer.move(units=16)
    assert explorer.sentence.startswith(f"You predicted {told}")
    explorer.move(target="tent")
    assert "predicted" not in explorer.sentence
    assert "dlk-guess" not in explorer.widget.scene


def test_only_random_units_have_a_seed():
    assert "seed" in shown(kind=EVEN).widget.disabled
    assert "seed" in shown(kind=NONE).widget.disabled
    one, other = shown(kind=TANH, seed=1), shown(kind=TANH, seed=2)
    assert "seed" not in one.widget.disabled
    assert one.widget.scene != other.widget.scene


def test_reset_is_the_start():
    explorer = shown(target="jump", kind=TANH, units=64, seed=9)
    explorer.press("reset")
    start = approximator()
    assert explorer.state == start.state
    assert explorer.widget.scene == start.widget.scene


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_breaks_at_the_sliders_ends(target, kind):
    for units in (COUNTS[0], COUNTS[-1]):
        for seed in (0, 9):
            explorer = shown(target=target, kind=kind, units=units, seed=seed)
            told = explorer.sentence + explorer.widget.scene
            assert all(word not in told for word in ("nan", "inf"))
            assert np.isfinite(list(explorer.state["errors"].values())).all()
