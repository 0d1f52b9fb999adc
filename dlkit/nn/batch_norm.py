"""BatchNorm: each feature gets mean 0 and variance 1 over the batch, then a scale and a shift."""

import math

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import Layer, as_float
from dlkit.nn.normalise import normalise, normalise_backward


class BatchNorm(Layer):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), for each feature (or channel) [1].

    In training μ and σ² are those of the batch, and the running ones move towards them:
    running = (1 − momentum) · running + momentum · batch, with the unbiased variance (n − 1) as
    torch has it. In evaluation μ and σ² are the running ones, and a row's y depends on it alone.

    Parameters
    ----------
    num_features : int
        D or C below.
    momentum : float
        Share of the new batch in the running values.
    eps : float
        ε above.

    Shapes
    ------
    x, dx, y, dy : (N, D), or (N, C, H, W) where mean and variance go over N, H and W
    γ, β, running_mean, running_var : (D,) or (C,), called gamma and beta in `params`

    Gradients
    ---------
    dγ = Σ dy · x̂,   dβ = Σ dy,   dx̂ = γ dy; dx as in `normalise_backward`, or dx̂ / σ in evaluation

    Raises
    ------
    ShapeError
        if x has another shape, or in training a single value for each feature (its variance says
        nothing); if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Ioffe & Szegedy 2015, Batch Normalization: Accelerating Deep Network Training by Reducing
        Internal Covariate Shift, ICML, arXiv:1502.03167.

    >>> y = BatchNorm(1, eps=0).forward(np.array([[1.0], [3.0]]))
    >>> y.ravel()
    array([-1.,  1.])
    """

    def __init__(self, num_features, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum = momentum
        self.eps = eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.buffers = {
            "running_mean": np.zeros(num_features),
            "running_var": np.ones(num_features),
        }

    def forward(self, x):
        x = as_float(x)
        gamma, beta = self.params["gamma"], self.params["beta"]
        n = check_batch(x.shape, len(gamma), self.training)
        axes = (0, *range(2, x.ndim))
        by_batch = self.training and n > 0
        if by_batch:
            x_hat, mean, var, std = normalise(x, axes, self.eps)
            self._follow(mean.ravel(), var.ravel() * (n / (n - 1)))
        else:
            mean = per_channel(self.buffers["running_mean"], x.ndim)
            var = per_channel(self.buffers["running_var"], x.ndim)
            std = np.sqrt(var + self.eps)
            x_hat = (x - mean) / std
        self._kept = x_hat, std, axes, by_batch
        return per_channel(gamma, x.ndim) * x_hat + per_channel(beta, x.ndim)

    def _follow(self, mean, var):
        for name, new in (("running_mean", mean), ("running_var", var)):
            self.buffers[name] *= 1 - self.momentum
            self.buffers[name] += self.momentum * new

    def backward(self, dy):
        x_hat, std, axes, by_batch = self._cached()
        dy = self._checked_dy(dy, x_hat.shape)
        self.grads = {"gamma": (dy * x_hat).sum(axis=axes), "beta": dy.sum(axis=axes)}
        dx_hat = dy * per_channel(self.params["gamma"], dy.ndim)
        return normalise_backward(dx_hat, x_hat, std, axes) if by_batch else dx_hat / std


def per_channel(values, ndim):
    """(C,) as (1, C, 1, …), to be spread over an array of ndim axes."""
    return values.reshape(1, -1, *[1] * (ndim - 2))


def check_batch(x_shape, C, training):
    """How many values each feature has, or a ShapeError with the likely slip."""
    if len(x_shape) not in (2, 4) or x_shape[1] != C:
        slip = "Axis 1 holds the features. Is this the layer that you meant?"
        if len(x_shape) == 4 and x_shape[3] == C:
            slip = "The channels seem to be last: try x.transpose(0, 3, 1, 2)."
        elif x_shape == (C,):
            slip = "x looks like one row: pass x[None, :]."
        raise ShapeError(
            f"BatchNorm.forward expected x of shape (N, {C}) or (N, {C}, H, W), got "
            f"{tuple(x_shape)}. {slip}"
        )
    n = x_shape[0] * math.prod(x_shape[2:])
    if training and n == 1:
        raise ShapeError(
            f"BatchNorm.forward expected more than one value for each feature in training, got "
            f"{tuple(x_shape)}: a single one has no variance. To use the running values, call "
            "layer.eval() first."
        )
    return n
