"""Embedding: rows of W, gradients added up by token, ids that are there."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import DtypeError
from dlkit.nn.embedding import sum_by_token


@pytest.fixture
def layer():
    return nn.Embedding(4, 3, rng=np.random.default_rng(0))


def test_it_is_one_hot_times_W(layer):
    ids = np.array([[0, 3], [3, 1]])
    assert np.allclose(layer(ids), nn.one_hot(ids, 4) @ layer.params["W"])


def test_the_gradients_of_a_token_add_up(layer):
    layer([1, 3, 1])
    assert layer.backward([[1, 2, 3], [0, 0, 1], [10, 20, 30]]) is None
    expected = [[0, 0, 0], [11, 22, 33], [0, 0, 0], [0, 0, 1]]
    assert layer.grads["W"].tolist() == expected


@pytest.mark.parametrize("n", [0, 1, 50])
def test_sums_by_token_are_those_of_add_at(n):
    rng = np.random.default_rng(n)
    ids, rows = rng.integers(9, size=n), rng.normal(size=(n, 3))
    total = np.zeros((9, 3))
    np.add.at(total, ids, rows)
    assert np.allclose(sum_by_token(ids, rows, 9), total, rtol=1e-12, atol=1e-12)


def test_it_stands_first_in_a_network(layer):
    rng = np.random.default_rng(1)
    model = nn.Sequential(layer, nn.Flatten(), nn.Linear(6, 2, rng=rng))
    y = model([[0, 1], [2, 2]])
    assert model.backward(np.ones_like(y)) is None
    assert [*model.grads] == [*model.params]


@pytest.mark.parametrize("ids", [[-1, 0], [0, 4]])
def test_an_id_out_of_range_is_refused(layer, ids):
    with pytest.raises(ValueError, match="ids from 0 to 3, one of 4 rows of W"):
        layer(ids)


def test_ids_are_whole_numbers(layer):
    with pytest.raises(DtypeError, match=r"Pass ids.astype\(int\)"):
        layer([0.0, 1.0])
