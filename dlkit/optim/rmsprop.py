"""RMSprop: AdaGrad that forgets."""

import numpy as np

from dlkit.nn.layer import as_float
from dlkit.optim.optimizer import Optimizer


def rmsprop_step(w, g, s, lr, rho=0.9, eps=1e-8):
    """s' = ρ s + (1 − ρ) g²,   w' = w − η g / (√s' + ε);   returns (w', s')"""
    g = as_float(g)
    s = rho * as_float(s) + (1 - rho) * g**2
    return as_float(w) - lr * g / (np.sqrt(s) + eps), s


class RMSprop(Optimizer):
    """Divides by the root of a running mean of squared gradients [1].

    s' = ρ s + (1 − ρ) g²
    w' = w − η g / (√s' + ε)

    Parameters
    ----------
    model : Layer
    lr : float
        η
    rho : float
        ρ, from 0 and below 1; the mean reaches about 1 / (1 − ρ) steps back. torch.optim.RMSprop
        calls it alpha, 0.99 at first.
    eps : float
        ε, against a division by 0
    weight_decay : float
        λ of (λ/2) Σ w²

    References
    ----------
    [1] Tieleman & Hinton 2012, Lecture 6.5: RMSprop, COURSERA: Neural Networks for Machine
        Learning.
    """

    slots = ("s",)
    settings = ("lr", "rho", "eps", "weight_decay")

    def __init__(self, model, lr=1e-2, rho=0.9, eps=1e-8, *, weight_decay=0.0):
        super().__init__(model, lr, weight_decay)
        self.rho = self._number("rho", rho, below=1)
        self.eps = self._number("eps", eps)

    def _update(self, w, g, kept):
        w[...], kept["s"] = rmsprop_step(w, g, kept["s"], self.lr, self.rho, self.eps)
