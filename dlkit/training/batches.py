"""Mini-batches and folds: every row once, in an order that the rng draws."""

import numpy as np

from dlkit.datasets.checks import check_count, check_rng
from dlkit.errors import ShapeError
from dlkit.nn.layer import as_array


def minibatches(X, t, size, rng):
    """Shuffled pairs of `size` rows of X with their targets; the last may be shorter.

    Parameters
    ----------
    X, t : arrays (N, …)
        Row n of t belongs to row n of X.
    size : int
        Rows of a batch, from 1.
    rng : numpy.random.Generator

    Returns
    -------
    iterator of (x, t)

    Raises
    ------
    ShapeError
        if X and t have different numbers of rows.
    ValueError
        if `size` is below 1.

    >>> X, t = np.eye(5), np.arange(5)
    >>> [len(x) for x, _ in minibatches(X, t, 2, np.random.default_rng(0))]
    [2, 2, 1]
    """
    X, t = check_pairs(X, t, "minibatches")
    check_count("size", size)
    check_rng(rng)
    order = rng.permutation(len(X))
    return ((X[rows], t[rows]) for rows in chunks(order, size))


def in_order(X, t, size):
    """The same pairs without shuffling, for validation."""
    return ((X[rows], t[rows]) for rows in chunks(np.arange(len(X)), size))


def chunks(order, size):
    """The array in pieces of `size`, the last one shorter."""
    return (order[start : start + size] for start in range(0, len(order), size))


def kfold(n, k, rng):
    """k ways to part n rows into training and validation, each row validated once.

    Parameters
    ----------
    n, k : int
        2 ≤ k ≤ n
    rng : numpy.random.Generator

    Returns
    -------
    list of (train, validation)
        Arrays of row numbers. The validation parts differ in size by at most 1.

    Raises
    ------
    ValueError
        if k is not from 2 to n, or one of them is no whole number.

    >>> [len(validation) for train, validation in kfold(10, 3, np.random.default_rng(0))]
    [4, 3, 3]
    """
    check_count("n", n)
    check_count("k", k)
    check_rng(rng)
    if not 2 <= k <= n:
        raise ValueError(f"kfold expected k from 2 to n = {n}, got {k}.")
    folds = np.array_split(rng.permutation(n), k)
    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


def check_pairs(X, t, where):
    """X and t as arrays, with as many rows each and at least one; else a ShapeError."""
    X, t = as_array(X), as_array(t)
    if X.ndim == 0 or t.ndim == 0 or len(X) != len(t):
        raise ShapeError(
            f"{where} expected as many targets as examples, got X {X.shape} and t {t.shape}: row n "
            "of t belongs to row n of X."
        )
    if len(X) == 0:
        raise ShapeError(f"{where} expected at least one example, got X {X.shape}.")
    return X, t
