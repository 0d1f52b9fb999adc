"""Adam: momentum and RMSprop together, both corrected for their start at zero."""

import numpy as np

from dlkit.nn.layer import as_float
from dlkit.optim.optimizer import Optimizer


def adam_step(w, g, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam, t counted from 1; returns (w', m', v').

    m' = β₁ m + (1 − β₁) g          m̂ = m' / (1 − β₁ᵗ)
    v' = β₂ v + (1 − β₂) g²         v̂ = v' / (1 − β₂ᵗ)
    w' = w − η m̂ / (√v̂ + ε)

    Raises
    ------
    ValueError
        if t is below 1.
    """
    if t < 1:
        raise ValueError(f"adam_step expected t from 1, got {t}: the first step is number 1.")
    g = as_float(g)
    m = beta1 * as_float(m) + (1 - beta1) * g
    v = beta2 * as_float(v) + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return as_float(w) - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


class Adam(Optimizer):
    """A running mean of gradients over the root of one of their squares [1, Algorithm 1].

    m' = β₁ m + (1 − β₁) g          m̂ = m' / (1 − β₁ᵗ)
    v' = β₂ v + (1 − β₂) g²         v̂ = v' / (1 − β₂ᵗ)
    w' = w − η m̂ / (√v̂ + ε)

    Without the correction (the right column) the first steps would be wrong, because m and v start
    at 0. The first step is η sign(g), whatever the size of g.

    Parameters
    ----------
    model : Layer
    lr : float
        η
    beta1, beta2 : float
        β₁ and β₂, from 0 and below 1
    eps : float
        ε, added after the correction
    weight_decay : float
        λ of (λ/2) Σ w². It passes through m and v, so weights of large gradients decay less; see
        `AdamW`.

    References
    ----------
    [1] Kingma & Ba 2015, Adam: A Method for Stochastic Optimization, ICLR, arXiv:1412.6980.
    """

    slots = ("m", "v")
    settings = ("lr", "beta1", "beta2", "eps", "weight_decay")

    def __init__(self, model, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, *, weight_decay=0.0):
        super().__init__(model, lr, weight_decay)
        self.beta1 = self._number("beta1", beta1, below=1)
        self.beta2 = self._number("beta2", beta2, below=1)
        self.eps = self._number("eps", eps)

    def _update(self, w, g, kept):
        w[...], kept["m"], kept["v"] = adam_step(
            w, g, kept["m"], kept["v"], self.t, self.lr, self.beta1, self.beta2, self.eps
        )
