"""Information, entropy, relative entropy and cross-entropy of distributions, in bits or any base.

Shannon 1948, A Mathematical Theory of Communication, Bell System Technical Journal; Kullback &
Leibler 1951, On Information and Sufficiency, Annals of Mathematical Statistics.
"""

import math

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float


def self_information(p, base=2):
    """−log p of events of probability p, elementwise: 0 where p is 1, ∞ where it is 0.

    >>> float(self_information(0.25))
    2.0
    """
    p = checked_probabilities(p)
    never = p == 0
    nats = 0 - np.log(np.where(never, 1, p))  # 0 less than it, since −log 1 would be −0
    return np.where(never, np.inf, nats / math.log(base))[()]


def entropy(p, base=2):
    """H(p) = −Σ pᵢ log pᵢ with 0 log 0 = 0, of one distribution (K,): a float.

    >>> entropy([0.5, 0.5])
    1.0
    """
    return cross_entropy(p, p, base)


def cross_entropy(p, q, base=2):
    """H(p, q) = −Σ pᵢ log qᵢ = H(p) + D(p ‖ q): a float, ∞ where q is 0 and p is not.

    >>> cross_entropy([0.5, 0.5], [0.25, 0.75]) > entropy([0.5, 0.5])
    True
    """
    p, q = checked_pair(p, q)
    happens = p > 0
    return float((p[happens] * self_information(q[happens], base)).sum())


def kl_divergence(p, q, base=2):
    """D(p ‖ q) = Σ pᵢ log(pᵢ / qᵢ), what coding p by q's code costs more: a float, not symmetric.

    >>> kl_divergence([0.5, 0.5], [0.5, 0.5])
    0.0
    """
    p, q = checked_pair(p, q)
    happens = p > 0
    more = self_information(q[happens], base) - self_information(p[happens], base)
    return float((p[happens] * more).sum())


def checked_probabilities(p):
    """p as floats, or a ValueError unless all are from 0 to 1."""
    p = as_float(p)
    if not ((p >= 0) & (p <= 1)).all():  # NaN is neither
        raise ValueError(f"expected probabilities from 0 to 1, got {p.min():g} to {p.max():g}.")
    return p


def checked_pair(p, q):
    """Both as floats, or a ShapeError unless both are (K,)."""
    p, q = checked_probabilities(p), checked_probabilities(q)
    if p.ndim != 1 or p.shape != q.shape:
        raise ShapeError(f"expected distributions of one shape (K,), got {p.shape} and {q.shape}.")
    return p, q
