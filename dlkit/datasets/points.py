"""Points in the plane that a straight line cannot part: spirals, moons, rings; and the gates."""

import numpy as np

from dlkit.datasets.checks import check_count, check_noise, check_rng
from dlkit.gates import GATES, INPUTS


def spirals(n, *, rng, classes=2, turns=1.0, noise=0.05):
    """Arms that wind around each other, one a class.

    Parameters
    ----------
    n : int
        Number of points; the classes share them as evenly as they can.
    rng : numpy.random.Generator
    classes : int
        Number of arms.
    turns : float
        How often an arm winds around the middle.
    noise : float
        Standard deviation of what is added to each coordinate; an arm is 1 long from the middle.

    Returns
    -------
    X (n, 2), t (n,), in random order.

    >>> X, t = spirals(200, rng=np.random.default_rng(0), classes=3)
    >>> X.shape, np.bincount(t)
    ((200, 2), array([67, 67, 66]))
    """
    check_count("classes", classes, least=2)
    t = _labels(n, classes, noise, rng)
    radius = np.sqrt(rng.uniform(0.01, 1.0, size=n))
    angle = 2 * np.pi * (turns * radius + t / classes)
    return _noisy(radius * np.cos(angle), radius * np.sin(angle), noise, rng), t


def moons(n, *, rng, noise=0.1):
    """Two half circles that reach into each other.

    Parameters
    ----------
    n : int
        Number of points.
    rng : numpy.random.Generator
    noise : float
        Standard deviation of what is added to each coordinate; the circles have radius 1.

    Returns
    -------
    X (n, 2), t (n,): 0 is the upper moon, 1 the lower one; in random order.

    >>> X, t = moons(5, rng=np.random.default_rng(0))
    >>> X.shape, np.bincount(t)
    ((5, 2), array([3, 2]))
    """
    t = _labels(n, 2, noise, rng)
    angle = rng.uniform(0, np.pi, size=n)
    x = np.where(t == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(t == 0, np.sin(angle), 0.5 - np.sin(angle))
    return _noisy(x, y, noise, rng), t


def rings(n, *, rng, classes=2, noise=0.05):
    """Circles around each other, one a class, the innermost class 0.

    Parameters
    ----------
    n : int
        Number of points.
    rng : numpy.random.Generator
    classes : int
        Number of rings; their radii are evenly spaced, the outermost has radius 1.
    noise : float
        Standard deviation of what is added to each coordinate.

    Returns
    -------
    X (n, 2), t (n,), in random order.

    >>> X, t = rings(4, rng=np.random.default_rng(0), noise=0)
    >>> np.allclose(np.hypot(*X.T), (t + 1) / 2)
    True
    """
    check_count("classes", classes, least=2)
    t = _labels(n, classes, noise, rng)
    angle = rng.uniform(0, 2 * np.pi, size=n)
    radius = (t + 1) / classes
    return _noisy(radius * np.cos(angle), radius * np.sin(angle), noise, rng), t


def gate(name):
    """The truth table of a function of two binary inputs.

    Parameters
    ----------
    name : str
        "AND", "NAND", "OR", "XOR", or any other key of `dlkit.gates.GATES`.

    Returns
    -------
    X (4, 2) in the order 00, 01, 10, 11, and t (4,).

    >>> gate("XOR")[1]
    array([0, 1, 1, 0])
    """
    if name not in GATES:
        raise ValueError(f"gate expected one of {', '.join(GATES)}; got {name!r}.")
    return np.array(INPUTS, dtype=float), np.array(GATES[name])


def _labels(n, classes, noise, rng):
    """n labels in random order, each class as often as the others where n allows."""
    check_count("n", n)
    check_noise(noise)
    check_rng(rng)
    return rng.permutation(np.arange(n) % classes)


def _noisy(x, y, noise, rng):
    X = np.column_stack([x, y])
    return X + rng.normal(0.0, noise, size=X.shape)
