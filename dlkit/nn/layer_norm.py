"""LayerNorm: each row gets mean 0 and variance 1, whatever the rest of the batch is."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import Layer, as_float
from dlkit.nn.normalise import normalise, normalise_backward


class LayerNorm(Layer):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), over the last axis [1].

    Training and evaluation are the same, and a batch of one is as good as any.

    Parameters
    ----------
    num_features : int
        D below.
    eps : float
        ε above.

    Shapes
    ------
    x, dx, y, dy : (…, D)      γ, β : (D,), called gamma and beta in `params`

    Gradients
    ---------
    dγ = Σ dy · x̂,   dβ = Σ dy,   dx̂ = γ dy; dx as in `normalise_backward`

    Raises
    ------
    ShapeError
        if the last axis of x is not D, or dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Ba, Kiros & Hinton 2016, Layer Normalization, arXiv:1607.06450.

    >>> LayerNorm(2, eps=0).forward(np.array([[1.0, 3.0], [10.0, 30.0]]))
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    def __init__(self, num_features, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}

    def forward(self, x):
        x = as_float(x)
        gamma, beta = self.params["gamma"], self.params["beta"]
        check_last(x.shape, len(gamma))
        x_hat, _, _, std = normalise(x, -1, self.eps)
        self._kept = x_hat, std
        return gamma * x_hat + beta

    def backward(self, dy):
        x_hat, std = self._cached()
        dy = self._checked_dy(dy, x_hat.shape)
        rows = tuple(range(dy.ndim - 1))
        self.grads = {"gamma": (dy * x_hat).sum(axis=rows), "beta": dy.sum(axis=rows)}
        return normalise_backward(self.params["gamma"] * dy, x_hat, std, -1)


def check_last(x_shape, D):
    """A ShapeError unless the last axis has D entries."""
    if not x_shape or x_shape[-1] != D:
        raise ShapeError(
            f"LayerNorm.forward expected x of shape (…, {D}), got {tuple(x_shape)}: it normalises "
            "over the last axis. For images (N, C, H, W) that is GroupNorm(1, C)."
        )
