"""The ready weights read digits that they have not seen, and are made as the script says."""

import numpy as np
import pytest

from dlkit import datasets
from dlkit.datasets import ready_weights


def right(params, X, t):
    """How many rows the network reads rightly."""
    for i, (W, b) in enumerate(params):
        X = X @ W + b
        X = np.maximum(X, 0) if i < len(params) - 1 else X
    return int((X.argmax(axis=1) == t).sum())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_ready_network_reads_351_of_360_unseen_digits(dtype):
    seen, unseen = datasets.digits(flat=True, dtype=dtype)
    params = datasets.digit_weights(dtype=dtype)
    assert {array.dtype for pair in params for array in pair} == {np.dtype(dtype)}
    assert right(params, *unseen) == 351
    assert right(params, *seen) == 1437


def test_the_weights_are_the_callers_own():
    datasets.digit_weights()[0][0][:] = 0
    assert datasets.digit_weights()[0][0].any()


def test_the_script_makes_such_a_network_again():
    made = ready_weights.train()
    params = [(made[f"W{i}"], made[f"b{i}"]) for i in range(3)]
    stored = datasets.digit_weights()
    assert [W.shape for W, _ in params] == [W.shape for W, _ in stored]
    assert right(params, *datasets.digits(flat=True)[1]) > 340  # other machines round otherwise


def test_the_file_is_small():
    assert (ready_weights.files("dlkit.datasets") / "digit_weights.npz").stat().st_size < 15_000
