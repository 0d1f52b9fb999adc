"""Plain NumPy work of a known size: what a student's time is compared with, on any machine."""

import time

import numpy as np


def matvec(X, w, b):
    """One matrix-vector product, a shift and a comparison; X (N, D), w (D,), b a number.

    einsum works in one thread; the time of `X @ w` depends on how many the machine can spare.
    """
    return (np.einsum("nd,d->n", np.asarray(X), np.asarray(w)) + b > 0).astype(int)


_NAMES = ("matvec",)


def by_name(name: str):
    """The yardstick called `name`; ValueError for a name that is not listed."""
    if name not in _NAMES:
        raise ValueError(f"no yardstick {name!r} here: expected one of {', '.join(_NAMES)}")
    return globals()[name]


def best_seconds(function, args, repeat=3, at_least=0.0) -> float:
    """The shortest of `repeat` runs or more (until `at_least` seconds have passed), wall seconds.

    A quick function is run often, so that at least one run is not disturbed by other programs.
    """
    best, start = float("inf"), time.perf_counter()
    while repeat > 0 or time.perf_counter() - start < at_least:
        before = time.perf_counter()
        function(*args)
        best = min(best, time.perf_counter() - before)
        repeat -= 1
    return best
