"""Parts a set into one to learn from and one to test with."""

import numpy as np

from dlkit.datasets.checks import check_rng
from dlkit.errors import ShapeError


def split(X, t, *, test, rng):
    """Part the examples at random into training and test set.

    Parameters
    ----------
    X : array (N, …)
    t : array (N, …)
        Row n belongs to row n of X.
    test : float
        Share of the examples to test with, between 0 and 1; at least one example stays on
        either side.
    rng : numpy.random.Generator

    Returns
    -------
    (X_train, t_train), (X_test, t_test)

    Raises
    ------
    ShapeError
        if X and t have different numbers of rows, or fewer than two.
    ValueError
        if `test` is not between 0 and 1.

    >>> train, held_out = split(np.eye(8), np.arange(8), test=0.25, rng=np.random.default_rng(0))
    >>> train[0].shape, held_out[1].shape
    ((6, 8), (2,))
    """
    X, t = np.asarray(X), np.asarray(t)
    if X.ndim == 0 or t.ndim == 0 or len(X) != len(t) or len(X) < 2:
        raise ShapeError(
            f"split expected as many targets as examples, two or more, got X {X.shape} and "
            f"t {t.shape}."
        )
    if not 0 < test < 1:
        raise ValueError(
            f"split expected a share between 0 and 1 to test with, got test={test!r}. "
            "A quarter is test=0.25."
        )
    check_rng(rng)
    order = rng.permutation(len(X))
    cut = min(max(round(len(X) * test), 1), len(X) - 1)
    held_out, learnt = order[:cut], order[cut:]
    return (X[learnt], t[learnt]), (X[held_out], t[held_out])
