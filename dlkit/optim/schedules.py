"""Schedules: the learning rate as a function of time, lr = schedule(t).

t may count steps or epochs and need not be whole; `dlkit.training.fit` counts epochs and asks
before every step. A schedule is any function of t; those here print what they are.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass


def step_decay(lr0, factor, every, t):
    """lr0 · factor^⌊t / every⌋: constant, then a jump every `every`."""
    return lr0 * factor ** math.floor(t / every)


def inverse_decay(lr0, k, t):
    """lr0 / (1 + k t)"""
    return lr0 / (1 + k * t)


def exponential_decay(lr0, k, t):
    """lr0 · e^(−k t)"""
    return lr0 * math.exp(-k * t)


def cosine_decay(lr0, lr_min, t, total):
    """lr_min + ½ (lr0 − lr_min) (1 + cos(π t / total)) up to total, and lr_min after it [1].

    [1] Loshchilov & Hutter 2017, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR,
        arXiv:1608.03983, eq. 5.
    """
    if t >= total:
        return lr_min
    return lr_min + (lr0 - lr_min) * (1 + math.cos(math.pi * t / total)) / 2


@dataclass(frozen=True)
class Constant:
    """lr0 at all times."""

    lr0: float

    def __call__(self, t):
        return self.lr0


@dataclass(frozen=True)
class Steps:
    """`step_decay`: times `factor` after every `every`.

    >>> Steps(0.1, factor=0.5, every=10)(25)
    0.025
    """

    lr0: float
    factor: float
    every: float

    def __post_init__(self):
        _above_0("Steps", every=self.every)

    def __call__(self, t):
        return step_decay(self.lr0, self.factor, self.every, t)


@dataclass(frozen=True)
class Inverse:
    """`inverse_decay`: lr0 / (1 + k t)"""

    lr0: float
    k: float

    def __call__(self, t):
        return inverse_decay(self.lr0, self.k, t)


@dataclass(frozen=True)
class Exponential:
    """`exponential_decay`: lr0 · e^(−k t)"""

    lr0: float
    k: float

    def __call__(self, t):
        return exponential_decay(self.lr0, self.k, t)


@dataclass(frozen=True)
class Cosine:
    """`cosine_decay`: half a cosine from lr0 at 0 to lr_min at `total`."""

    lr0: float
    total: float
    lr_min: float = 0.0

    def __post_init__(self):
        _above_0("Cosine", total=self.total)

    def __call__(self, t):
        return cosine_decay(self.lr0, self.lr_min, t, self.total)


@dataclass(frozen=True)
class WarmUp:
    """In a straight line from 0 up to the start of another schedule, then that schedule.

    lr = then(0) · t / time up to `time`, and then(t − time) after it. [1], who made it known, start
    above 0, at the rate of a smaller batch.

    References
    ----------
    [1] Goyal et al. 2017, Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour,
        arXiv:1706.02677.

    >>> schedule = WarmUp(2, then=Cosine(0.1, total=10))
    >>> [round(schedule(t), 3) for t in (0, 1, 2, 7, 12)]
    [0.0, 0.05, 0.1, 0.05, 0.0]
    """

    time: float
    then: Callable

    def __post_init__(self):
        _above_0("WarmUp", time=self.time)

    def __call__(self, t):
        return self.then(0) * t / self.time if t < self.time else self.then(t - self.time)


@dataclass(frozen=True)
class Joined:
    """`first` up to `time`, then `then`, whose time starts at 0 there.

    >>> Joined(Constant(0.1), 5, then=Constant(0.01))(5)
    0.01
    """

    first: Callable
    time: float
    then: Callable

    def __post_init__(self):
        _above_0("Joined", time=self.time)

    def __call__(self, t):
        return self.first(t) if t < self.time else self.then(t - self.time)


def _above_0(name, **times):
    for what, value in times.items():
        if not value > 0:
            raise ValueError(f"{name} expected {what} above 0, got {value}.")
