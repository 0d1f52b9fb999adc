"""Initialisers: the spread that each promises, the same seed, the same weights."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.nn import initialisers

WIDE, KERNELS = (300, 500), (60, 40, 5, 5)


def drawn(init, shape, **more):
    return init(shape, rng=np.random.default_rng(0), **more)


@pytest.mark.parametrize(
    ("init", "shape", "deviation"),
    [
        (initialisers.normal, WIDE, 0.01),
        (initialisers.uniform, WIDE, 0.01 / np.sqrt(3)),
        (initialisers.xavier_normal, WIDE, np.sqrt(2 / 800)),
        (initialisers.xavier_uniform, WIDE, np.sqrt(2 / 800)),
        (initialisers.he_normal, WIDE, np.sqrt(2 / 300)),
        (initialisers.he_uniform, WIDE, np.sqrt(2 / 300)),
        (initialisers.xavier_normal, KERNELS, np.sqrt(2 / 2500)),
        (initialisers.he_normal, KERNELS, np.sqrt(2 / 1000)),
    ],
)
def test_mean_and_deviation(init, shape, deviation):
    W = drawn(init, shape)
    assert W.shape == shape
    assert W.std() == pytest.approx(deviation, rel=0.02)
    assert abs(W.mean()) < 0.02 * deviation
    assert np.array_equal(W, drawn(init, shape))


@pytest.mark.parametrize(
    ("init", "limit"),
    [
        (initialisers.uniform, 0.01),
        (initialisers.xavier_uniform, np.sqrt(6 / 800)),
        (initialisers.he_uniform, np.sqrt(6 / 300)),
    ],
)
def test_uniform_ones_reach_their_limit_and_stay_inside(init, limit):
    W = drawn(init, WIDE)
    assert 0.999 * limit < np.abs(W).max() <= limit


@pytest.mark.parametrize("shape", [(4, 4), (6, 3), (3, 6), (4, 3, 2, 2)])
def test_orthogonal_rows_or_columns(shape):
    W = drawn(initialisers.orthogonal, shape, gain=2.0)
    assert W.shape == shape
    W = W.reshape(shape[0], -1)
    gram = W @ W.T if len(W) <= W.shape[1] else W.T @ W
    assert np.allclose(gram, 4 * np.eye(len(gram)), atol=1e-12)


def test_orthogonal_draws_every_direction_alike():
    draws = [initialisers.orthogonal((2, 2), rng=np.random.default_rng(n)) for n in range(400)]
    assert np.abs(np.mean(draws, axis=0)).max() < 0.15


def test_zeros_make_all_units_the_same():
    layer = nn.Linear(3, 2, rng=np.random.default_rng(0), init=initialisers.zeros)
    assert not layer.params["W"].any()


def test_weights_have_two_sides():
    for shape in [(5,), (0, 3), (3, 0), (2, -1, 3, 3)]:
        with pytest.raises(ValueError, match=r"such as \(D, M\)") as error:
            drawn(initialisers.xavier_normal, shape)
        assert f"got {shape}" in str(error.value)
