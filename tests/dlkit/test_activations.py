"""Activations: their values at the kinks and far out."""

import math

import numpy as np
import pytest

from dlkit import nn

FAR = np.array([-1e30, -1e4, -40.0, 0.0, 40.0, 1e4, 1e30])


def test_step_does_not_fire_at_zero():
    assert nn.Step()([-1, 0, 1e-9]).tolist() == [0, 0, 1]


def test_sigmoid_is_right_far_out():
    y = nn.Sigmoid()([-1e4, -40, 0, 40, 1e4])
    assert np.allclose(y, [0, np.exp(-40), 0.5, 1, 1], rtol=1e-12, atol=0)


def test_tanh_is_right_far_out():
    layer = nn.Tanh()
    assert layer(FAR).tolist() == [-1, -1, -1, 0, 1, 1, 1]
    assert layer.backward(np.ones(7)).tolist() == [0, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize(("layer", "slope"), [(nn.ReLU(), 0), (nn.LeakyReLU(0.25), 0.25)])
def test_rectifiers_have_the_lower_slope_at_zero(layer, slope):
    assert layer([-4, 0, 3]).tolist() == [-4 * slope, 0, 3]
    assert layer.backward([1, 1, 1]).tolist() == [slope, slope, 1]


@pytest.mark.parametrize("slope", [-0.1, 1.1, float("nan")])
def test_a_slope_is_from_0_to_1(slope):
    with pytest.raises(ValueError, match="slope from 0 to 1"):
        nn.LeakyReLU(slope)


def test_gelu_is_x_times_the_normal_distribution_within_its_promise():
    x = np.linspace(-8, 8, 2001)
    exact = [v * 0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x]
    apart = np.abs(nn.gelu(x) - exact).max()
    assert 1e-4 < apart < 5e-4


def test_gelu_is_right_far_out():
    layer = nn.GELU()
    assert layer(FAR).tolist() == [0, 0, 0, 0, 40, 1e4, 1e30]
    assert layer.backward(np.ones(7)).tolist() == [0, 0, 0, 0.5, 1, 1, 1]


def test_softmax_is_right_far_out_and_row_by_row():
    rows = np.array([[1e4, 0.0], [-1e4, -1e4], [0.0, math.log(3)]])
    assert np.allclose(nn.softmax(rows), [[1, 0], [0.5, 0.5], [0.25, 0.75]], rtol=1e-12)
    assert nn.log_softmax(rows)[0].tolist() == [0, -1e4]
    assert np.allclose(nn.log_softmax(rows)[2], np.log([0.25, 0.75]), rtol=1e-12)


def test_softmax_sums_to_one_along_its_axis():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    for axis in (0, 1, 2, -1):
        assert np.allclose(nn.softmax(x, axis).sum(axis=axis), 1, rtol=1e-12)
        assert np.allclose(np.exp(nn.log_softmax(x, axis)), nn.softmax(x, axis), rtol=1e-12)


def test_functions_are_the_layers_without_state():
    x = np.random.default_rng(0).normal(size=(3, 4))
    pairs = [
        (nn.relu, nn.ReLU()),
        (nn.leaky_relu, nn.LeakyReLU()),
        (nn.gelu, nn.GELU()),
        (nn.sigmoid, nn.Sigmoid()),
        (nn.softmax, nn.Softmax()),
    ]
    for function, layer in pairs:
        assert np.array_equal(function(x.tolist()), layer(x))
    assert nn.relu(-2) == 0
    assert nn.leaky_relu(-2, 0.5) == -1


def test_one_hot_has_one_1_in_each_row():
    assert nn.one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert nn.one_hot([], 3).shape == (0, 3)
    assert nn.one_hot(np.zeros((2, 4), int), 3).shape == (2, 4, 3)


def test_one_hot_of_a_large_vocabulary_takes_only_its_rows():
    assert nn.one_hot([7], 10_000_000)[0].nonzero()[0].tolist() == [7]


@pytest.mark.parametrize("labels", [[-1, 0], [0, 3]])
def test_one_hot_refuses_labels_out_of_range(labels):
    with pytest.raises(ValueError, match="labels from 0 to 2"):
        nn.one_hot(labels, 3)
