"""Loss surfaces, the module run under Node: costs, gradients and walks are those of dlkit."""

import numpy as np
import pytest

from dlkit import nn, optim
from dlkit.explorers.loss_surfaces import POINTS, LossSurfaces
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node
X, T = np.array(POINTS, dtype=float).T


def unit(w, b, kind):
    """dlkit's unit at this place, and a function that gives its cost and leaves its gradients."""
    layer = nn.Linear(1, 1, rng=np.random.default_rng(0))
    layer.params["W"][...], layer.params["b"][...] = w, b
    model = nn.Sequential(layer, nn.Sigmoid()) if kind == "mse" else nn.Sequential(layer)
    loss = nn.MeanSquaredError() if kind == "mse" else nn.BinaryCrossEntropyWithLogits()

    def cost():
        value = loss(model(X[:, None])[:, 0], T)
        model.backward(loss.backward()[:, None])
        return float(value)

    return model, cost


def last(*steps):
    return walk(LossSurfaces, *steps)[-1]


@pytest.mark.parametrize("kind", ["mse", "ce"])
def test_cost_and_gradient_are_dlkits(kind):
    places = np.random.default_rng(1).uniform(-8, 8, size=(30, 2)).tolist()
    jobs = [{"module": "loss_surfaces", "call": ["costAt", kind, *p, POINTS]} for p in places]
    for (w, b), found in zip(places, drive(jobs), strict=True):
        model, cost = unit(w, b, kind)
        assert found["cost"] == pytest.approx(cost(), rel=1e-9)
        expected = [g.item() for g in model.grads.values()]
        assert found["gradient"] == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("kind", ["mse", "ce"])
def test_the_walk_is_dlkits_descent(kind):
    seen = last(SHOW, ("move", {"w": -2.5, "b": 1.5, "lr": 0.3, "steps": 60}))
    model, cost = unit(-2.5, 1.5, kind)
    rule = optim.SGD(model, lr=0.3)
    for _ in range(60):
        cost()
        rule.step()
    found = seen["state"][kind]
    assert found["end"] == pytest.approx([p.item() for p in model.params.values()], rel=1e-9)
    assert found["cost"] == pytest.approx(cost(), rel=1e-9)


def test_no_unit_has_all_six_right():
    grid = np.linspace(-8, 8, 65)
    w, b = np.meshgrid(grid, grid)
    right = ((w[..., None] * X + b[..., None] > 0) == T).sum(axis=-1)
    assert right.max() == 5


def test_a_sure_and_wrong_unit_stands_still_under_the_squared_error():
    seen = last(SHOW)
    assert seen["state"]["mse"]["right"] < seen["state"]["ce"]["right"]
    assert "starts on a flat part" in seen["sentence"]
    assert "Both start on a slope" in last(SHOW, ("move", {"w": 0, "b": 0}))["sentence"]


@pytest.mark.parametrize(
    ("place", "guess"),
    [
        ({"w": 0, "b": 0}, "up to 10 times as long"),
        ({"w": -6, "b": -3}, "10 to 100 times as long"),
        ({"w": -8, "b": -1}, "over 100 times as long"),
    ],
)
def test_the_guess_is_told_right(place, guess):
    seen = last(("move", {**place, "guess": guess}), SHOW)
    assert seen["sentence"].startswith(f"You predicted {guess}: right. "), seen["state"]["ratio"]


def test_the_walks_wait_for_the_guess():
    seen = walk(LossSurfaces)[0]
    assert "?" in seen["table"]
    assert all("hidden until" in picture["alt"] for picture in seen["pictures"])
    assert all("dlk-on" not in picture["marks"] for picture in seen["pictures"])


def test_a_click_is_the_start():
    seen = last(SHOW, ("point", 1, 34 + 110, 30 + 55))
    assert (seen["values"]["w"], seen["values"]["b"]) == (0, 4)


@pytest.mark.parametrize("w", [-8, 8])
@pytest.mark.parametrize("b", [-8, 8])
def test_the_corners_give_numbers(w, b):
    seen = last(SHOW, ("move", {"w": w, "b": b, "lr": 3, "steps": 200}))
    assert "nan" not in seen["sentence"]
    assert all(np.isfinite(seen["state"][kind]["cost"]) for kind in ("mse", "ce"))
