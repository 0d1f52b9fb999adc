"""Perceptron learning step by step: it is the rule, and says each step in words."""

import numpy as np
import pytest

from dlkit.explorers import learning_run, perceptron_steps


def guessed(guess="3", **values):
    """Perceptron learning with the prediction made."""
    explorer = perceptron_steps()
    explorer.move(**values)
    explorer.move(guess=guess)
    return explorer


def reference(points, targets, lr, epochs=20):
    """The learning rule in other words, on arrays."""
    X, w, b, errors = np.array(points), np.zeros(2), 0.0, []
    while len(errors) < epochs and 0 not in errors:
        errors.append(0)
        for x, t in zip(X, targets, strict=True):
            e = t - float(x @ w + b > 0)
            w, b, errors[-1] = w + lr * e * x, b + lr * e, errors[-1] + abs(int(e))
    return w.tolist(), b, errors


@pytest.mark.parametrize("lr", ["0.25", "0.5", "1"])
@pytest.mark.parametrize("data", ["AND gate", "separable", "not separable"])
def test_the_run_is_the_learning_rule(data, lr):
    for seed in range(10):
        explorer = guessed(data=data, lr=lr, seed=seed)
        while "epoch" not in explorer.widget.disabled:
            explorer.press("epoch")
        state = explorer.state
        expected = reference(state["points"], state["targets"], float(lr))
        assert (list(state["w"]), state["b"], state["errors_per_epoch"]) == expected
        assert (state["errors_per_epoch"][-1] == 0) == (data != "not separable")


@pytest.mark.parametrize("seed", range(10))
def test_no_line_separates_the_points_that_are_called_so(seed):
    points, targets = learning_run.not_separable(seed)
    pairs = {t: [(p, q) for p in points for q in points if targets[points.index(p)] == t
                 and targets[points.index(q)] == t and p < q] for t in (0, 1)}  # fmt: skip
    middles = [{(p[0] + q[0], p[1] + q[1]) for p, q in pairs[t]} for t in (0, 1)]
    assert len(set(points)) == len(points)
    assert middles[0] & middles[1]  # a point between two of either class


def test_nothing_moves_before_the_guess():
    explorer = perceptron_steps()
    explorer.press("step")
    assert explorer.state["looked_at"] is None
    assert explorer.state["sentence"].startswith("Predict first")
    explorer.move(guess="2")
    explorer.press("step")
    assert explorer.state["looked_at"] == 0
    assert "guess" in explorer.widget.disabled


def test_a_step_shows_the_weights_before_and_after():
    explorer = guessed(data="AND gate")
    for _ in range(4):
        explorer.press("step")
    assert explorer.state["sentence"] == (
        "Point 4 at (1, 1) is of class 1; the unit said 0: wrong, "
        "so w becomes w plus x and b becomes b plus 1."
    )
    assert "<td>(0, 0), 0</td><td>(1, 1), 1</td>" in explorer.widget.scene
    explorer.press("step")
    assert explorer.state["sentence"].endswith("so w becomes w minus x and b becomes b minus 1.")
    assert "dlk-before" in explorer.widget.scene


@pytest.mark.parametrize(("guess", "end"), [("6", "predicted 6: right!"), ("4", "predicted 4.")])
def test_the_prediction_is_told_at_the_end(guess, end):
    explorer = guessed(guess)
    for _ in range(9):
        explorer.press("epoch")
    assert explorer.state["errors_per_epoch"] == [2, 2, 3, 2, 2, 0]
    assert explorer.state["sentence"].startswith("Epoch 6 had no error: w rests after 11 updates.")
    assert explorer.state["sentence"].endswith(end)
    assert "your guess" in explorer.widget.scene


def test_points_without_a_line_end_in_words():
    explorer = guessed("never", data="not separable")
    for _ in range(25):
        explorer.press("epoch")
    assert len(explorer.state["errors_per_epoch"]) == 20
    assert explorer.state["sentence"].endswith("You predicted never: right!")


def test_other_points_and_reset_start_again():
    explorer = guessed()
    explorer.press("epoch")
    explorer.move(seed=4)
    assert explorer.state["looked_at"] is None
    assert explorer.state["guess"] == "choose first"
    explorer.move(guess="2")
    explorer.press("epoch")
    explorer.press("reset")
    assert explorer.state["updates"] == 0
    assert explorer.state["seed"] == 4
