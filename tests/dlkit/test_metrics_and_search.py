"""Batches, folds, metrics and search: small cases by hand, and every row exactly once."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlkit import training
from dlkit.errors import DtypeError, NotFiniteError, ShapeError


def rng(seed=0):
    return np.random.default_rng(seed)


@given(N=st.integers(1, 40), size=st.integers(1, 50))
def test_every_row_is_in_one_batch_with_its_target(N, size):
    X = np.arange(N)[:, None] * [1.0, 10.0]
    batches = list(training.minibatches(X, np.arange(N), size, rng()))
    assert [len(x) for x, _ in batches[:-1]] == [size] * (len(batches) - 1)
    assert 1 <= len(batches[-1][0]) <= size
    labels = np.concatenate([t for _, t in batches])
    assert sorted(labels) == list(range(N))
    assert np.array_equal(np.concatenate([x for x, _ in batches])[:, 0], labels)


def test_batches_are_shuffled_by_the_rng_alone():
    def order(seed):
        return [int(v) for _, t in training.minibatches(X, X, 7, rng(seed)) for v in t]

    X = np.arange(50)
    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1) != sorted(order(1))
    assert np.array_equal(X, np.arange(50))


@given(n=st.integers(2, 30), data=st.data())
def test_every_index_is_validated_once(n, data):
    k = data.draw(st.integers(2, n))
    folds = training.kfold(n, k, rng())
    assert sorted(np.concatenate([v for _, v in folds])) == list(range(n))
    sizes = [len(v) for _, v in folds]
    assert len(folds) == k
    assert max(sizes) - min(sizes) <= 1
    for train, validation in folds:
        assert sorted([*train, *validation]) == list(range(n))


def test_folds_are_shuffled():
    first = training.kfold(20, 4, rng(1))[0][1]
    assert not np.array_equal(first, np.arange(5))
    assert not np.array_equal(first, training.kfold(20, 4, rng(2))[0][1])


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: training.kfold(5, 6, rng()), ValueError, "from 2 to n = 5, got 6"),
        (lambda: training.kfold(5, 1, rng()), ValueError, "from 2 to n = 5, got 1"),
        (lambda: training.kfold(5, 2, 0), TypeError, "default_rng"),
        (lambda: training.kfold(5.0, 2, rng()), ValueError, "n expected a whole number"),
        (lambda: training.kfold(5, 2.5, rng()), ValueError, "k expected a whole number"),
        (lambda: training.kfold(np.ones((5, 2)), 2, rng()), ValueError, "n expected a whole"),
        (lambda: training.accuracy(np.ones((0, 3)), []), ShapeError, "at least one"),
        (lambda: training.top_k_accuracy(np.ones((0, 3)), []), ShapeError, "at least one"),
        (lambda: training.top_k_accuracy(np.eye(2), [0, 1], k=0), ValueError, "k expected a whole"),
        (lambda: training.binary_accuracy([], []), ShapeError, "at least one"),
        (lambda: training.perplexity([]), ShapeError, "at least one"),
        (lambda: training.bits_per_token([]), ShapeError, "at least one"),
        (lambda: training.confusion_matrix([0], [0], 2.0), ValueError, "num_classes expected a"),
        (lambda: training.precision_recall_f1(np.ones((2, 3))), ShapeError, r"got \(2, 3\)"),
        (lambda: training.sample_log_uniform(1, 2, 3, 0), TypeError, "default_rng"),
        (
            lambda: training.random_search(None, {"lr": [1]}, 0, rng()),
            ValueError,
            "trials expected",
        ),
        (lambda: training.random_search(None, {"lr": [1]}, 1, None), TypeError, "default_rng"),
        (lambda: training.minibatches([1, 2], [1], 1, rng()), ShapeError, "as many targets"),
        (lambda: training.minibatches([1], [1], 0, rng()), ValueError, "size expected a whole"),
        (lambda: training.minibatches([1], [1], 1, None), TypeError, "default_rng"),
        (lambda: training.accuracy(np.eye(3), np.eye(3)), DtypeError, "whole numbers"),
        (lambda: training.accuracy(np.eye(3), np.eye(3, dtype=int)), ShapeError, "argmax"),
        (lambda: training.accuracy(np.eye(3), [0, 1, 3]), ValueError, "from 0 to 2, .* got 0 to 3"),
        (lambda: training.binary_accuracy(np.ones((3, 1)), np.ones(3)), ShapeError, "shape of z"),
        (lambda: training.confusion_matrix([0], [0, 1], 2), ShapeError, "one shape"),
        (lambda: training.confusion_matrix([2], [0], 2), ValueError, "predicted from 0 to 1"),
        (lambda: training.confusion_matrix([0], [-1], 2), ValueError, "labels from 0 to 1"),
        (lambda: training.sample_log_uniform(0, 1, 3, rng()), ValueError, "0 < low"),
        (lambda: training.sample_log_uniform(2, 1, 3, rng()), ValueError, "0 < low"),
        (lambda: training.random_search(None, {"lr": 0.1}, 1, rng()), ValueError, "for lr"),
        (lambda: training.early_stopping([], 1), ValueError, "at least one loss"),
        (lambda: training.early_stopping([1.0], 0), ValueError, "patience"),
    ],
)
def test_wrong_arguments_are_explained(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_accuracies():
    scores = np.array([[1.0, 2, 3], [3, 3, 1], [0, 5, 4], [2, 1, 0]])
    assert training.accuracy(scores, [2, 0, 2, 1]) == 0.5  # the tie goes to class 0
    assert training.accuracy(scores.reshape(2, 2, 3), [[2, 1], [1, 0]]) == 0.75
    assert training.top_k_accuracy(scores, [1, 2, 2, 1], k=2) == 0.75
    assert training.top_k_accuracy(scores, [2, 0, 2, 1], k=1) == 0.5
    assert training.binary_accuracy([[-1.0], [0.0], [2.0], [3.0]], [[0], [1], [1], [1]]) == 0.75


def test_nan_is_never_a_hit():
    scores = np.array([[np.nan, 1, 2], [np.nan] * 3, [3, 2, 1]])
    assert training.accuracy(scores, [0, 0, 0]) == pytest.approx(1 / 3)
    assert training.top_k_accuracy(scores, [2, 0, 1], k=2) == pytest.approx(1 / 3)
    assert training.binary_accuracy([np.nan, -1.0], [0, 0]) == 0.5


def test_a_confusion_matrix_counts_true_classes_in_rows():
    matrix = training.confusion_matrix([0, 1, 1, 0], [0, 1, 0, 0], 3)
    assert np.array_equal(matrix, [[2, 1, 0], [0, 1, 0], [0, 0, 0]])
    assert matrix.dtype.kind == "i"
    precision, recall, f1 = training.precision_recall_f1(matrix)
    assert np.allclose(precision, [1, 0.5, 0])
    assert np.allclose(recall, [2 / 3, 1, 0])
    assert np.allclose(f1, [0.8, 2 / 3, 0])


def test_perplexity_and_bits_are_of_the_labels_and_far_scores_are_no_trouble():
    log_probs = training.label_log_probs(np.log([[0.5, 0.5], [0.25, 0.75]]), [0, 0])
    assert np.allclose(log_probs, np.log([0.5, 0.25]))
    assert training.perplexity(log_probs) == pytest.approx(math.sqrt(8))
    assert training.bits_per_token(log_probs) == pytest.approx(1.5)
    assert training.label_log_probs([[1e4, -1e4]], [1]) == pytest.approx(-2e4)
    assert training.perplexity([-1e4]) == math.inf


def test_log_uniform_numbers_have_a_uniform_logarithm():
    values = training.sample_log_uniform(1e-4, 1, 20_000, rng())
    assert values.shape == (20_000,)
    assert values.min() >= 1e-4
    assert values.max() <= 1
    share = np.histogram(np.log10(values), bins=4, range=(-4, 0))[0] / 20_000
    assert np.allclose(share, 0.25, atol=0.02)
    assert np.array_equal(training.sample_log_uniform(3, 3, 2, rng()), [3, 3])


def test_a_search_sorts_and_survives_what_diverges():
    seen = []

    def evaluate(lr, units):
        seen.append((lr, units))
        if units == 8:
            raise NotFiniteError("diverged")
        return float("nan") if units == 16 else lr

    space = {"lr": training.log_uniform(1e-3, 1), "units": [8, 16, 32]}
    found = training.random_search(evaluate, space, 30, rng())
    values = [value for value, _ in found]
    assert len(seen) == 30
    assert {units for _, units in seen} == {8, 16, 32}
    assert values == sorted(values)
    assert all(math.isinf(v) == (setting["units"] != 32) for v, setting in found)
    assert found[0][0] == min(lr for lr, units in seen if units == 32)

    def broken(lr):
        raise KeyError("a mistake of the user's")

    with pytest.raises(KeyError):
        training.random_search(broken, {"lr": [1]}, 1, rng())
