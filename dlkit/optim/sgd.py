"""SGD: a step against the gradient."""

from dlkit.nn.layer import as_float
from dlkit.optim.optimizer import Optimizer


def sgd_step(w, g, lr):
    """w' = w − η g

    >>> float(sgd_step(1.0, 0.5, lr=0.1))
    0.95
    """
    return as_float(w) - lr * as_float(g)


class SGD(Optimizer):
    """Gradient descent; stochastic where the gradient is that of a mini-batch [1].

    w' = w − η g

    Parameters
    ----------
    model : Layer
    lr : float
        η
    weight_decay : float
        λ of (λ/2) Σ w². For this rule that is the same as shrinking w by 1 − ηλ at each step.

    References
    ----------
    [1] Robbins & Monro 1951, A Stochastic Approximation Method, Annals of Mathematical Statistics.

    >>> import numpy as np
    >>> from dlkit import nn
    >>> layer = nn.Linear(2, 1, rng=np.random.default_rng(0))
    >>> optimizer = SGD(layer, lr=0.1)
    >>> y = layer(np.ones((4, 2)))
    >>> dx = layer.backward(np.ones((4, 1)))
    >>> optimizer.step()
    >>> layer.params["b"]
    array([-0.4])
    """

    def __init__(self, model, lr, *, weight_decay=0.0):
        super().__init__(model, lr, weight_decay)

    def _update(self, w, g, kept):
        w[...] = sgd_step(w, g, self.lr)
