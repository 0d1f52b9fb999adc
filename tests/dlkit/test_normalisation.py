"""Layers that normalise, and dropout: what they promise of a batch, in training and evaluation."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import ShapeError


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def images(rng):
    return rng.normal(3.0, 2.0, size=(5, 4, 6, 6))


@pytest.mark.parametrize(
    ("layer", "axes"),
    [
        (nn.BatchNorm(4), (0, 2, 3)),
        (nn.GroupNorm(1, 4), (1, 2, 3)),
        (nn.InstanceNorm(4), (2, 3)),
        (nn.LayerNorm(6), (3,)),
    ],
)
def test_mean_0_and_variance_1_over_the_axes_of_each(layer, axes, images):
    y = layer(images)
    assert np.allclose(y.mean(axis=axes), 0, atol=1e-12)
    assert np.allclose(y.var(axis=axes), 1, atol=2e-4)
    assert np.ptp(y) > 2.1  # not squeezed into [0, 1]


def test_neighbouring_channels_form_a_group(images):
    y = nn.GroupNorm(2, 4)(images).reshape(5, 2, 2, 6, 6)
    assert np.allclose(y.mean(axis=(2, 3, 4)), 0, atol=1e-12)
    assert not np.allclose(y.mean(axis=(3, 4)), 0, atol=1e-3)


def test_running_values_follow_the_batches(rng):
    layer = nn.BatchNorm(2, momentum=0.25)
    x = np.array([[1.0, 10.0], [3.0, 10.0], [8.0, 10.0]])
    layer(x)
    assert np.allclose(layer.buffers["running_mean"], [1, 2.5])
    assert np.allclose(layer.buffers["running_var"], [0.75 + 0.25 * 13, 0.75])  # 13 = 26 / (3 − 1)


def test_evaluation_uses_the_running_values_and_leaves_them(rng):
    layer = nn.BatchNorm(2, eps=0)
    layer.buffers["running_mean"][...] = [1, 2]
    layer.buffers["running_var"][...] = [4, 9]
    layer.eval()
    assert np.allclose(layer(np.array([[3.0, 5.0]])), [[1, 1]])
    assert layer.buffers["running_mean"].tolist() == [1, 2]
    assert layer.buffers["running_var"].tolist() == [4, 9]


def test_an_empty_batch_leaves_the_running_values():
    layer = nn.BatchNorm(2)
    assert layer(np.zeros((0, 2))).shape == (0, 2)
    assert layer.buffers["running_mean"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("layer", "shape", "says"),
    [
        (nn.BatchNorm(3), (1, 3), r"more than one value for each feature in training.*eval"),
        (nn.BatchNorm(3), (3,), r"pass x\[None, :\]"),
        (nn.BatchNorm(3), (4, 2), r"\(N, 3\) or \(N, 3, H, W\), got \(4, 2\)"),
        (nn.BatchNorm(3), (2, 5, 5, 3), r"try x.transpose\(0, 3, 1, 2\)"),
        (nn.LayerNorm(3), (4, 2), "normalises over the last axis"),
        (nn.GroupNorm(1, 3), (2, 5, 5, 3), r"try x.transpose\(0, 3, 1, 2\)"),
        (nn.GroupNorm(1, 3), (3,), "Axis 1 holds the channels"),
        (nn.InstanceNorm(3), (2, 3), "InstanceNorm.forward expected more than one value a group"),
        (nn.Flatten(), (), "got one number"),
    ],
)
def test_a_wrong_shape_is_explained(layer, shape, says):
    with pytest.raises(ShapeError, match=says):
        layer(np.ones(shape))


@pytest.mark.parametrize("groups", [0, 2, 6])
def test_groups_divide_the_channels(groups):
    with pytest.raises(ValueError, match="divides the channels"):
        nn.GroupNorm(groups, 3)


def test_dropout_keeps_the_mean_and_drops_its_share(rng):
    layer = nn.Dropout(0.2, rng=rng)
    y = layer(np.ones(100_000))
    assert set(np.unique(y).tolist()) == {0, 1.25}
    assert np.mean(y == 0) == pytest.approx(0.2, abs=0.01)
    assert np.array_equal(layer.backward(np.ones(100_000)), y)


def test_dropout_draws_anew_and_rests_in_evaluation(rng):
    layer = nn.Dropout(0.5, rng=rng)
    x = np.ones(100)
    assert not np.array_equal(layer(x), layer(x))
    layer.eval()
    assert np.array_equal(layer(x), x)
    assert np.array_equal(layer.backward(x), x)
    assert np.array_equal(nn.Dropout(0, rng=rng)(x), x)


@pytest.mark.parametrize(("p", "says"), [(1, "got 1"), (-0.1, "got -0.1"), (20, "Divide by 100")])
def test_dropout_needs_a_probability(p, says, rng):
    with pytest.raises(ValueError, match=says):
        nn.Dropout(p, rng=rng)
