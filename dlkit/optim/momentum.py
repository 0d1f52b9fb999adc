"""Momentum: a ball that rolls, its velocity an average of past steps."""

from dlkit.nn.layer import as_float
from dlkit.optim.optimizer import Optimizer


def momentum_step(w, g, v, lr, beta=0.9):
    """v' = β v − η g,   w' = w + v';   returns (w', v')"""
    v = beta * as_float(v) - lr * as_float(g)
    return as_float(w) + v, v


class Momentum(Optimizer):
    """Steps add up where gradients agree, and cancel where they alternate [1].

    v' = β v − η g
    w' = w + v'

    torch.optim.SGD(momentum=β) keeps u' = β u + g and steps w' = w − η u'. With a constant η both
    are the same (v = −η u). Where η changes, torch scales the whole velocity by the new η at once,
    while here each gradient keeps the η of its own step.

    Parameters
    ----------
    model : Layer
    lr : float
        η
    beta : float
        β, from 0 and below 1. On a long slope the velocity grows to η g / (1 − β).
    weight_decay : float
        λ of (λ/2) Σ w²

    References
    ----------
    [1] Polyak 1964, Some Methods of Speeding up the Convergence of Iteration Methods, USSR
        Computational Mathematics and Mathematical Physics.
    """

    slots = ("v",)
    settings = ("lr", "beta", "weight_decay")

    def __init__(self, model, lr, beta=0.9, *, weight_decay=0.0):
        super().__init__(model, lr, weight_decay)
        self.beta = self._number("beta", beta, below=1)

    def _update(self, w, g, kept):
        w[...], kept["v"] = momentum_step(w, g, kept["v"], self.lr, self.beta)
