"""AdaGrad: each parameter has its own rate, smaller the more it has moved."""

import numpy as np

from dlkit.nn.layer import as_float
from dlkit.optim.optimizer import Optimizer


def adagrad_step(w, g, s, lr, eps=1e-8):
    """s' = s + g²,   w' = w − η g / (√s' + ε);   returns (w', s')"""
    g = as_float(g)
    s = as_float(s) + g**2
    return as_float(w) - lr * g / (np.sqrt(s) + eps), s


class AdaGrad(Optimizer):
    """Divides by the root of all squared gradients so far, so rates only shrink [1].

    s' = s + g²
    w' = w − η g / (√s' + ε)

    Parameters
    ----------
    model : Layer
    lr : float
        η
    eps : float
        ε, against a division by 0
    weight_decay : float
        λ of (λ/2) Σ w²

    References
    ----------
    [1] Duchi, Hazan & Singer 2011, Adaptive Subgradient Methods for Online Learning and Stochastic
        Optimization, Journal of Machine Learning Research 12.
    """

    slots = ("s",)
    settings = ("lr", "eps", "weight_decay")

    def __init__(self, model, lr=1e-2, eps=1e-8, *, weight_decay=0.0):
        super().__init__(model, lr, weight_decay)
        self.eps = self._number("eps", eps)

    def _update(self, w, g, kept):
        w[...], kept["s"] = adagrad_step(w, g, kept["s"], self.lr, self.eps)
