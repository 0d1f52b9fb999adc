"""Predictions for unseen rows: a good model's pass, and each wrong output unit is told its slip."""

import numpy as np
import pytest

from dlkit.check import accept
from dlkit.check.predictions import relative_entropy

rng = np.random.default_rng(4)
LEVELS = 10 * rng.normal(size=200)
YES = rng.uniform(0.05, 0.95, size=200)
ONE = rng.dirichlet([1, 1, 1], size=200) * 0.9 + 0.1 / 3
SEVERAL = rng.uniform(0.05, 0.95, size=(200, 3))
LIMIT = {"numbers": 0.05, "yes or no": 0.1, "one of many": 0.15, "several": 0.25}
GOOD = {"numbers": LEVELS, "yes or no": YES, "one of many": ONE, "several": SEVERAL}


def _judge(kind, found):
    return accept.judge(accept.predictions(kind, LIMIT[kind]), GOOD[kind], found)


def _softmax(p):
    return p / p.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("kind", GOOD)
def test_predictions_near_a_good_models_pass_in_any_form(kind):
    near = GOOD[kind] + 0.01 * rng.normal(size=GOOD[kind].shape)
    if kind != "numbers":
        near = np.clip(near, 0.01, 0.99)
    near = _softmax(near) if kind == "one of many" else near
    assert _judge(kind, near) is None
    assert _judge(kind, near.tolist()) is None
    assert _judge(kind, near.astype(np.float32)) is None


@pytest.mark.parametrize(
    ("kind", "found", "code", "says"),
    [
        ("numbers", 1 / (1 + np.exp(-LEVELS)), "bounded", "never leave 0 to 1"),
        ("numbers", np.maximum(LEVELS, 0), "cut off", "stop at 0"),
        ("numbers", np.full(200, 5.0), "cost", "off by"),
        ("numbers", LEVELS * np.nan, "nan", "nan"),
        ("numbers", LEVELS[:, None], "shape", "shape (200, 1), expected (200,)"),
        ("numbers", "high", "type:str", "of type str"),
        ("yes or no", np.log(YES / (1 - YES)), "range", "a probability is from 0 to 1"),
        ("yes or no", YES * np.nan, "nan", "nan"),
        ("yes or no", YES > 0.5, "decisions", "only 0 and 1"),
        ("yes or no", np.full(200, 3e-4), "sure and wrong", "are sure and far off"),
        ("yes or no", 1 - YES, "cost", "nats a row more than a good model's"),
        ("one of many", np.sqrt(ONE), "sums", "exactly one class is true"),
        ("one of many", np.full((200, 3), 1 / 3), "cost", "nats a row more"),
        ("one of many", np.eye(3)[ONE.argmax(axis=1)], "decisions", "only 0 and 1"),
        ("one of many", ONE.T, "shape", "shape (3, 200), expected (200, 3)"),
        ("several", _softmax(SEVERAL), "one of many", "any number of them may be true"),
        ("several", np.rint(SEVERAL), "decisions", "only 0 and 1"),
        ("several", np.full((200, 3), 0.5), "cost", "nats a row more"),
    ],
)  # fmt: skip
def test_what_a_wrong_output_gives_is_told_by_its_code(kind, found, code, says):
    if code == "shape" and kind == "numbers":
        assert _judge(kind, found[:, 0]) is None
    difference = _judge(kind, found)
    assert difference.code == code
    assert says in difference.text


def test_the_cost_of_probabilities_is_their_relative_entropy():
    p, q = np.array([[0.5, 0.3, 0.2]]), np.array([[0.4, 0.4, 0.2]])
    assert relative_entropy(p, q, "one of many")[0] == pytest.approx(0.02527, abs=1e-5)
    twice = relative_entropy(np.array([[0.5, 0.5]]), np.array([[0.25, 0.75]]), "several")
    assert twice[0] == pytest.approx(2 * relative_entropy(0.5, 0.25, "yes or no"))
    assert np.isinf(relative_entropy(np.array([0.5]), np.array([0.0]), "yes or no")[0])
    assert relative_entropy(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]]), "one of many")[0] == 0


@pytest.mark.parametrize("found", [np.eye(3), np.eye(3).tolist(), np.eye(3, dtype=np.float32)])
def test_floats_pass_as_arrays_and_lists(found):
    assert accept.judge(accept.floats(), np.eye(3), found) is None


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (np.eye(3, dtype=int), "type:whole"),
        (np.eye(3, dtype=bool), "type:whole"),
        (np.eye(3, dtype=complex), "type:whole"),
        (2 * np.eye(3), "value"),
        (np.eye(2), "shape"),
        (None, "type:None"),
    ],
)
def test_what_is_not_floating_is_refused(found, code):
    assert accept.judge(accept.floats(), np.eye(3), found).code == code
