"""The overfitting lab, its module run under Node: it trains as dlkit does, and names regimes."""

import numpy as np
import pytest

from dlkit import nn, optim
from dlkit.explorers.overfitting_lab import OverfittingLab
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node
K = 12


def last(*steps):
    return walk(OverfittingLab, *steps)[-1]


def call(function, *arguments):
    return {"module": "overfitting_model", "call": [function, *arguments]}


def points():
    draw = OverfittingLab.data()["drawn"][1]
    target = np.sin(1.5 * np.pi * np.array([*draw["x"], *draw["xv"]])) + 0.4 * np.array(
        [*draw["z"], *draw["zv"]]
    )
    n = len(draw["x"])
    return {"x": draw["x"], "t": target[:n].tolist(), "xv": draw["xv"], "tv": target[n:].tolist()}


def waves(x):
    k = np.arange(K)
    return 6 / (6 + k) * np.cos(k * np.pi * (np.array(x)[:, None] + 1) / 2)


def test_training_is_dlkits():
    p = points()
    found = drive([call("train", p, K, 0.03, 0, 50, 0)])[0]
    model = nn.Sequential(nn.Linear(K, 1, init=nn.initialisers.zeros, rng=None))
    loss, W = nn.MeanSquaredError(), model.params["0.W"]
    rule = optim.SGD(model, lr=0.4, weight_decay=0.03)
    errors = {"training": [], "validation": []}
    for _ in range(50):
        loss(model(waves(p["x"]))[:, 0], p["t"])
        model.backward(loss.backward()[:, None])
        rule.step()
        model.params["0.b"][...] = 0  # the first wave is the bias
        for name, x, t in (("training", p["x"], p["t"]), ("validation", p["xv"], p["tv"])):
            errors[name].append(float(loss((waves(x) @ W)[:, 0], t)))
    for name, expected in errors.items():
        assert found[name] == pytest.approx(expected, rel=1e-9)
    assert found["best"]["epoch"] == 1 + np.argmin(errors["validation"])


def test_dropout_is_inverted_and_keeps_the_bias():
    rng, p = np.random.default_rng(0), points()
    keep = np.where(rng.random((15, K)) < 0.3, 0, 1 / 0.7)
    keep[:, 0] = 1
    w, rows = rng.normal(size=K), waves(p["x"])
    kept = rows * keep
    expected = w - 0.4 * 2 / 15 * kept.T @ (kept @ w - p["t"])
    found = drive([call("step", w.tolist(), rows.tolist(), p["t"], 0, keep.tolist())])[0]
    assert list(found) == pytest.approx(expected, rel=1e-9)


def test_masks_drop_as_many_as_asked():
    seen = last(SHOW, ("move", {"drop": 0.5}))
    again = last(SHOW, ("move", {"drop": 0.5}))
    without = last(SHOW)
    assert seen == again
    assert seen["state"]["training"] > without["state"]["training"]


@pytest.mark.parametrize(
    ("values", "regime"),
    [
        ({"waves": 2}, "underfitting"),
        ({"lam": 1, "noise": 0.2}, "underfitting"),
        ({"waves": 30}, "overfitting"),
        ({"waves": 6, "noise": 0.2}, "a good fit"),
    ],
)
def test_a_regime_is_named_and_a_guess_of_it_is_right(values, regime):
    seen = last(("move", {**values, "guess": regime}), SHOW)
    assert seen["sentence"].startswith(f"You predicted {regime}: right. This is {regime}: ")
    assert seen["state"]["regime"] == regime


def test_stopping_at_the_best_epoch_keeps_the_model_from_overfitting():
    seen = last(SHOW, ("move", {"seed": 0}))
    best = seen["state"]["best_epoch"]
    earlier = last(SHOW, ("move", {"seed": 0, "epochs": max(10, 10 * (best // 10))}))
    assert earlier["state"]["validation"] < seen["state"]["validation"]


def test_chapter_5s_third_task_goes_as_it_says():
    def state(**values):
        return last(SHOW, ("move", {"waves": 30, "noise": 0.5, **values}))["state"]

    assert state()["regime"] == "overfitting"
    assert [state(epochs=n)["regime"] for n in (10, 20, 50)] == ["a good fit"] * 3
    assert {state(drop=share)["regime"] for share in (0.1, 0.2, 0.3, 0.5)} == {"overfitting"}
    far = state(lam=1)
    for lam in (0.03, 0.1, 0.3):
        mended = state(lam=lam)
        assert mended["regime"] == "a good fit"
        assert all(far[name] > mended[name] for name in ("training", "validation"))


def test_nothing_is_shown_before_the_guess():
    seen = walk(OverfittingLab)[0]
    assert seen["table"].count("?") == 4
    assert all("hidden until" in picture["alt"] for picture in seen["pictures"])


@pytest.mark.parametrize("waves", [1, 40])
@pytest.mark.parametrize("drop", [0, 0.5])
def test_the_ends_of_the_controls_give_numbers(waves, drop):
    seen = last(SHOW, ("move", {"waves": waves, "drop": drop, "noise": 1, "epochs": 400}))
    assert "nan" not in str(seen)
    assert "Infinity" not in str(seen)
