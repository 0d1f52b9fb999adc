"""Plain NumPy work of a known size: what a student's time is compared with, on any machine."""

import time

import numpy as np


def matvec(X, w, b):
    """One matrix-vector product, a shift and a comparison; X (N, D), w (D,), b a number."""
    return (np.asarray(X) @ np.asarray(w) + b > 0).astype(int)


_NAMES = ("matvec",)


def by_name(name: str):
    """The yardstick called `name`; ValueError for a name that is not listed."""
    if name not in _NAMES:
        raise ValueError(f"no yardstick {name!r} here: expected one of {', '.join(_NAMES)}")
    return globals()[name]


def best_seconds(function, args, repeat=3) -> float:
    """The shortest of `repeat` runs, wall seconds."""
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        function(*args)
        seconds.append(time.perf_counter() - start)
    return min(seconds)
