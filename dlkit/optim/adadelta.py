"""Adadelta: steps in the units of the parameter, without a learning rate to choose."""

import numpy as np

from dlkit.nn.layer import as_float
from dlkit.optim.optimizer import Optimizer


def adadelta_step(w, g, s, d, rho=0.95, eps=1e-6, lr=1.0):
    """One step of Adadelta, ε inside the roots; returns (w', s', d').

    s' = ρ s + (1 − ρ) g²
    Δ  = −√(d + ε) / √(s' + ε) · g
    d' = ρ d + (1 − ρ) Δ²
    w' = w + η Δ
    """
    g, d = as_float(g), as_float(d)
    s = rho * as_float(s) + (1 - rho) * g**2
    delta = -np.sqrt(d + eps) / np.sqrt(s + eps) * g
    d = rho * d + (1 - rho) * delta**2
    return as_float(w) + lr * delta, s, d


class Adadelta(Optimizer):
    """The root of past squared steps over the root of past squared gradients [1, Algorithm 1].

    s' = ρ s + (1 − ρ) g²
    Δ  = −√(d + ε) / √(s' + ε) · g
    d' = ρ d + (1 − ρ) Δ²
    w' = w + η Δ

    Parameters
    ----------
    model : Layer
    lr : float
        η; 1 in [1], which has none. A schedule may lower it.
    rho : float
        ρ, from 0 and below 1
    eps : float
        ε; it also sets the first step's size, because d starts at 0.
    weight_decay : float
        λ of (λ/2) Σ w²

    References
    ----------
    [1] Zeiler 2012, ADADELTA: An Adaptive Learning Rate Method, arXiv:1212.5701.
    """

    slots = ("s", "d")
    settings = ("lr", "rho", "eps", "weight_decay")

    def __init__(self, model, lr=1.0, rho=0.95, eps=1e-6, *, weight_decay=0.0):
        super().__init__(model, lr, weight_decay)
        self.rho = self._number("rho", rho, below=1)
        self.eps = self._number("eps", eps)

    def _update(self, w, g, kept):
        w[...], kept["s"], kept["d"] = adadelta_step(
            w, g, kept["s"], kept["d"], self.rho, self.eps, self.lr
        )
