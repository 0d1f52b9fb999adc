"""Losses: values, gradients beside central differences, and errors that name the slip."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import DtypeError, OrderError, ShapeError
from tests.dlkit.gradients import differences
from tests.dlkit.layer_cases import LOSSES


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("name", LOSSES)
def test_backward_matches_central_differences(name, rng):
    loss = getattr(nn, name.split(",")[0])()
    scores, targets = LOSSES[name].inputs(rng, 5)
    expected = differences(lambda: loss(scores, targets), scores)
    assert isinstance(loss(scores, targets), float)
    assert np.allclose(loss.backward(), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", LOSSES)
def test_float32_stays_float32(name, rng):
    loss = getattr(nn, name.split(",")[0])()
    scores, targets = LOSSES[name].inputs(rng, 5)
    expected = loss(scores, targets)
    assert loss(scores.astype(np.float32), targets) == pytest.approx(expected, rel=1e-6)
    assert loss.backward().dtype == np.float32


@pytest.mark.parametrize("name", LOSSES)
def test_what_has_no_loss_is_refused(name, rng):
    loss = getattr(nn, name.split(",")[0])()
    with pytest.raises(OrderError, match="forward has not run yet"):
        loss.backward()
    scores, targets = LOSSES[name].inputs(rng, 5)
    with pytest.raises(DtypeError, match="got dtype"):
        loss(scores.astype(str), targets)
    with pytest.raises(DtypeError, match="got dtype"):
        loss(scores, targets.astype(str))
    with pytest.raises(ShapeError, match="expected at least one"):
        loss(scores[:0], targets[:0])


@pytest.mark.parametrize("name", LOSSES)
def test_a_nan_is_passed_on(name, rng):
    scores, targets = LOSSES[name].inputs(rng, 5)
    scores[0, 0] = np.nan
    assert np.isnan(getattr(nn, name.split(",")[0])()(scores, targets))


def test_cross_entropy_is_minus_the_mean_log_likelihood(rng):
    z, t = rng.normal(size=(5, 1)), rng.uniform(size=(5, 1))
    p = 1 / (1 + np.exp(-z))
    expected = np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p))
    assert nn.BinaryCrossEntropyWithLogits()(z, t) == pytest.approx(expected, rel=1e-12)


def test_cross_entropy_is_right_far_out():
    loss = nn.BinaryCrossEntropyWithLogits()
    assert loss([1e4, -1e4], [1, 0]) == 0
    assert loss([1e4, -1e4], [0, 1]) == 1e4
    assert loss.backward().tolist() == [0.5, -0.5]


def test_cross_entropy_gradient_matches_central_differences(rng):
    loss = nn.BinaryCrossEntropyWithLogits()
    z, t = np.append(rng.normal(size=5), 0.0), rng.uniform(size=6)
    expected = differences(lambda: loss.forward(z, t), z)
    loss.forward(z, t)
    assert np.allclose(loss.backward(), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("make", [nn.BinaryCrossEntropyWithLogits, nn.MeanSquaredError])
@pytest.mark.parametrize(
    ("scores", "targets", "says"),
    [
        ((4, 1), (4,), r"pass scores\[:, 0\]"),
        ((4,), (4, 1), r"pass targets\[:, 0\]"),
        ((4,), (3,), "One target for each score"),
    ],
)
def test_a_target_for_each_score(make, scores, targets, says):
    with pytest.raises(ShapeError, match=says):
        make()(np.ones(scores), np.ones(targets))


@pytest.mark.parametrize(
    ("scores", "labels", "says"),
    [
        ((4, 3), (4, 3), r"look one-hot: pass labels.argmax\(axis=-1\)"),
        ((4, 3), (4, 1), r"are a column: pass labels\[:, 0\]"),
        ((4, 3), (3,), "expected labels of shape \\(4,\\) for scores of shape \\(4, 3\\)"),
        ((), (), r"scores of shape \(N, K\), got one number"),
    ],
)
def test_a_label_for_each_row(scores, labels, says):
    with pytest.raises(ShapeError, match=says):
        nn.SoftmaxCrossEntropy()(np.ones(scores), np.ones(labels, dtype=int))


def test_labels_are_whole_numbers_in_range():
    loss = nn.SoftmaxCrossEntropy()
    with pytest.raises(
        ValueError, match="labels from 0 to 2, one of 3 classes, got 1 to 3. Do they"
    ):
        loss(np.ones((2, 3)), [1, 3])
    with pytest.raises(ValueError, match="got -1 to 0.$"):
        loss(np.ones((2, 3)), [-1, 0])
    with pytest.raises(DtypeError, match=r"Pass labels.astype\(int\)"):
        loss(np.ones((2, 3)), [0.0, 1.0])


def test_softmax_cross_entropy_is_right_far_out():
    loss = nn.SoftmaxCrossEntropy()
    assert loss([[1e4, -1e4]], [0]) == 0
    assert loss([[1e4, -1e4]], [1]) == 2e4
    assert loss.backward().tolist() == [[1, -1]]


def test_softmax_cross_entropy_is_minus_the_mean_log_likelihood(rng):
    z, t = rng.normal(size=(5, 3)), rng.integers(3, size=5)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    expected = -np.mean([np.log(p[n, t[n]]) for n in range(5)])
    assert nn.SoftmaxCrossEntropy()(z, t) == pytest.approx(expected, rel=1e-12)


def test_cross_entropy_refuses_other_targets_and_order():
    loss = nn.BinaryCrossEntropyWithLogits()
    with pytest.raises(ValueError, match="got -1 to 1. Classes"):
        loss.forward([0.0, 0.0], [-1, 1])
