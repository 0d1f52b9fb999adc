"""Clipping: gradients that are too long are shortened before a step."""

import math

import numpy as np

from dlkit.errors import NotFiniteError
from dlkit.nn.layer import as_float
from dlkit.optim.optimizer import number


def clip_by_norm(grads, max_norm):
    """Shorten all gradients together so that their norm is at most `max_norm` [1].

    norm = √(Σ of all squared entries),   g' = g · min(1, max_norm / norm)

    The direction stays.

    Parameters
    ----------
    grads : dict of str to array, or list of arrays
        Of any shapes; they are not changed.
    max_norm : float
        Above 0.

    Returns
    -------
    (clipped, norm)
        Gradients of the same form, and the norm before clipping.

    Raises
    ------
    NotFiniteError
        if a gradient holds nan or infinity: it has no direction to keep.

    References
    ----------
    [1] Pascanu, Mikolov & Bengio 2013, On the Difficulty of Training Recurrent Neural Networks,
        ICML, arXiv:1211.5063.

    >>> clip_by_norm([np.array([3.0, 0.0]), np.array([4.0])], max_norm=1)
    ([array([0.6, 0. ]), array([0.8])], 5.0)
    """
    max_norm = check_limit("max_norm", max_norm, "clip_by_norm")
    named = {name: as_float(g) for name, g in _pairs(grads)}
    norms = {name: float(np.linalg.norm(g)) for name, g in named.items()}
    for name, norm in norms.items():
        if not math.isfinite(norm):
            raise NotFiniteError(
                f"clip_by_norm found a norm of {norm} of the gradient {name}: a nan or an infinity "
                "in it, or numbers too large to be squared. A smaller learning rate may help."
            )
    norm = math.hypot(*norms.values())
    scale = max_norm / norm if norm > max_norm else 1.0
    return _as_given(grads, {name: g * scale for name, g in named.items()}), norm


def clip_by_value(grads, limit):
    """Cut every entry to −limit … limit: simple, but the direction changes.

    Takes and returns gradients as `clip_by_norm` does; nan stays nan.

    >>> clip_by_value([np.array([3.0, -0.5])], limit=1)
    [array([ 1. , -0.5])]
    """
    limit = check_limit("limit", limit, "clip_by_value")
    return _as_given(grads, {n: np.clip(as_float(g), -limit, limit) for n, g in _pairs(grads)})


def _pairs(grads):
    return grads.items() if isinstance(grads, dict) else enumerate(grads)


def _as_given(grads, named):
    return named if isinstance(grads, dict) else list(named.values())


def check_limit(name, value, where):
    """value as a float above 0; else an error that names it."""
    value = number(name, value, where)
    if value == 0:
        raise ValueError(f"{where} expected {name} above 0, got 0: nothing would be learnt.")
    return value
