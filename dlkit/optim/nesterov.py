"""Nesterov: momentum that takes its gradient where the velocity is about to lead."""

from dlkit.nn.layer import as_float
from dlkit.optim.optimizer import Optimizer


def nesterov_step(w, grad, v, lr, beta=0.9):
    """v' = β v − η ∇f(w + β v),   w' = w + v';   `grad` is the function ∇f; returns (w', v')"""
    w, v = as_float(w), as_float(v)
    v = beta * v - lr * as_float(grad(w + beta * v))
    return w + v, v


class Nesterov(Optimizer):
    """Momentum with the gradient of the point ahead, u = w + β v [1]; this form is in [2].

    A model knows the gradient only where its parameters are. So they hold u instead of w, and both
    lines of `nesterov_step` become, from u to u' = w' + β v',

    v' = β v − η g(u)
    u' = u + β v' − η g(u)

    The sequence is the same; u and w meet as the velocity fades. torch.optim.SGD(nesterov=True)
    does this, too, with η outside the velocity (see `Momentum`).

    Parameters
    ----------
    model : Layer
    lr : float
        η
    beta : float
        β, from 0 and below 1
    weight_decay : float
        λ of (λ/2) Σ w²

    References
    ----------
    [1] Nesterov 1983, A Method of Solving a Convex Programming Problem with Convergence Rate
        O(1/k²), Soviet Mathematics Doklady.
    [2] Bengio, Boulanger-Lewandowski & Pascanu 2013, Advances in Optimizing Recurrent Networks,
        ICASSP, arXiv:1212.0901.
    """

    slots = ("v",)
    settings = ("lr", "beta", "weight_decay")

    def __init__(self, model, lr, beta=0.9, *, weight_decay=0.0):
        super().__init__(model, lr, weight_decay)
        self.beta = self._number("beta", beta, below=1)

    def _update(self, w, g, kept):
        v = self.beta * kept["v"] - self.lr * g
        w[...] = w + self.beta * v - self.lr * g
        kept["v"] = v
