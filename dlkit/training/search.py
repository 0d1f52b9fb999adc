"""Random search: hyperparameters drawn at random, rates on a log scale."""

import math

import numpy as np

from dlkit.datasets.checks import check_count, check_rng
from dlkit.errors import NotFiniteError


def sample_log_uniform(low, high, n, rng):
    """n floats (n,) whose logarithm is uniform between those of low and high.

    Raises
    ------
    ValueError
        unless 0 < low ≤ high.

    >>> rates = sample_log_uniform(1e-4, 1, 1000, np.random.default_rng(0))
    >>> bool(0.4 < (rates < 0.01).mean() < 0.6)
    True
    """
    if not 0 < low <= high < math.inf:
        raise ValueError(f"sample_log_uniform expected 0 < low ≤ high, got {low} and {high}.")
    check_rng(rng)
    drawn = np.exp(rng.uniform(math.log(low), math.log(high), size=n))
    return np.clip(drawn, low, high)  # rounding may step over a bound


def log_uniform(low, high):
    """A draw for `random_search`: rng → one float from low to high, uniform on a log scale."""
    return lambda rng: float(sample_log_uniform(low, high, 1, rng)[0])


def random_search(evaluate, space, trials, rng):
    """Try settings drawn from `space`; the best first [1].

    Parameters
    ----------
    evaluate : function
        evaluate(**setting) → a number to be made small, such as a validation loss. One that raises
        NotFiniteError, as `fit` does when training diverges, counts as infinity.
    space : dict
        Name → a list to choose from, or a function rng → value, such as `log_uniform(1e-4, 1)`.
    trials : int
        From 1.
    rng : numpy.random.Generator

    Returns
    -------
    list of (value, setting)
        Sorted by value; nan counts as infinity.

    References
    ----------
    [1] Bergstra & Bengio 2012, Random Search for Hyper-Parameter Optimization, Journal of Machine
        Learning Research 13.

    >>> def evaluate(lr, hidden):
    ...     return (math.log10(lr) + 2) ** 2 + 1 / hidden
    >>> space = {"lr": log_uniform(1e-4, 1), "hidden": [16, 64]}
    >>> value, setting = random_search(evaluate, space, 20, np.random.default_rng(0))[0]
    >>> setting["hidden"], bool(0.005 < setting["lr"] < 0.02)
    (64, True)
    """
    check_count("trials", trials)
    check_rng(rng)
    for name, values in space.items():
        if not callable(values) and (not isinstance(values, list | tuple) or not values):
            raise ValueError(
                f"random_search expected a list of choices or a function of rng for {name}, got "
                f"{values!r}."
            )
    found = []
    for _ in range(trials):
        setting = {name: _draw(values, rng) for name, values in space.items()}
        try:
            value = float(evaluate(**setting))
        except NotFiniteError:
            value = math.inf
        found.append((math.inf if math.isnan(value) else value, setting))
    return sorted(found, key=lambda trial: trial[0])


def _draw(values, rng):
    return values(rng) if callable(values) else values[rng.integers(len(values))]
