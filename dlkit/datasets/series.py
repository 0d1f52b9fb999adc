"""Sine series: what comes next in a wave, for recurrent networks."""

import numpy as np

from dlkit.datasets.checks import check_count, check_noise, check_rng


def sines(n, steps, *, rng, periods=(10.0, 25.0), noise=0.0):
    """Waves of random period and phase, and the same waves one step later.

    Each wave is s(k) = sin(2π k / period + phase); the task is to say s(k + 1) from s(0) … s(k).

    Parameters
    ----------
    n : int
        Number of waves, N below.
    steps : int
        Length of each, T below.
    rng : numpy.random.Generator
    periods : (float, float)
        Shortest and longest period, in steps.
    noise : float
        Standard deviation of what is added to each value.

    Returns
    -------
    x, y : arrays (T, N, 1)
        y[k] is what follows x[k]: y[k] == x[k + 1].

    >>> x, y = sines(3, 20, rng=np.random.default_rng(0))
    >>> x.shape, bool((x[1:] == y[:-1]).all())
    ((20, 3, 1), True)
    """
    check_count("n", n)
    check_count("steps", steps)
    check_noise(noise)
    check_rng(rng)
    if np.shape(periods) != (2,) or not 0 < periods[0] <= periods[1] < np.inf:
        raise ValueError(
            f"periods expected the shortest and the longest, above 0 and in this order, got "
            f"{periods!r}."
        )
    period, phase = rng.uniform(*periods, size=n), rng.uniform(0, 2 * np.pi, size=n)
    k = np.arange(steps + 1)[:, None]
    waves = np.sin(2 * np.pi * k / period + phase) + rng.normal(0.0, noise, size=(steps + 1, n))
    return waves[:-1, :, None], waves[1:, :, None]
