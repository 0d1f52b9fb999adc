"""GroupNorm and InstanceNorm: groups of an image's channels get mean 0 and variance 1."""

import math

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.batch_norm import per_channel
from dlkit.nn.layer import Layer, as_float
from dlkit.nn.normalise import normalise, normalise_backward


class GroupNorm(Layer):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), for each example and group of channels [1].

    Neighbouring channels form a group. One group normalises over all of (C, H, W); as many groups
    as channels is instance normalisation. Training and evaluation are the same.

    Parameters
    ----------
    num_groups, num_channels : int
        The second, C, is a multiple of the first.
    eps : float
        ε above.

    Shapes
    ------
    x, dx, y, dy : (N, C, …), images (N, C, H, W)      γ, β : (C,), called gamma and beta

    Gradients
    ---------
    dγ = Σ dy · x̂,   dβ = Σ dy,   dx̂ = γ dy; dx as in `normalise_backward`

    Raises
    ------
    ValueError
        if num_channels is not a multiple of num_groups.
    ShapeError
        if x is not (N, C, …), or a group has a single value; if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Wu & He 2018, Group Normalization, ECCV, arXiv:1803.08494.

    >>> GroupNorm(1, 2, eps=0).forward(np.array([[1.0, 3.0]]))
    array([[-1.,  1.]])
    """

    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.num_groups = checked_groups(num_groups, num_channels)
        self.eps = eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def forward(self, x):
        x = as_float(x)
        gamma, beta = self.params["gamma"], self.params["beta"]
        groups = grouped(x.shape, self.num_groups, len(gamma), type(self).__name__)
        x_hat, _, _, std = normalise(x.reshape(groups), 2, self.eps)
        self._kept = x_hat, std, x.shape
        return per_channel(gamma, x.ndim) * x_hat.reshape(x.shape) + per_channel(beta, x.ndim)

    def backward(self, dy):
        x_hat, std, shape = self._cached()
        dy = self._checked_dy(dy, shape)
        axes = (0, *range(2, dy.ndim))
        self.grads = {
            "gamma": (dy * x_hat.reshape(shape)).sum(axis=axes),
            "beta": dy.sum(axis=axes),
        }
        dx_hat = (dy * per_channel(self.params["gamma"], dy.ndim)).reshape(x_hat.shape)
        return normalise_backward(dx_hat, x_hat, std, 2).reshape(shape)


class InstanceNorm(GroupNorm):
    """GroupNorm with one channel a group: each channel of each image by itself [1].

    `torch.nn.InstanceNorm2d(C, affine=True)` is the same.

    Parameters
    ----------
    num_channels : int
    eps : float

    Shapes
    ------
    x, dx, y, dy : (N, C, …), images (N, C, H, W)      γ, β : (C,), called gamma and beta

    Gradients
    ---------
    as of GroupNorm(C, C)

    Raises
    ------
    ShapeError
        if x is not (N, C, …), or an image has a single pixel; if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Ulyanov, Vedaldi & Lempitsky 2016, Instance Normalization: The Missing Ingredient for Fast
        Stylization, arXiv:1607.08022.

    >>> InstanceNorm(2, eps=0).forward(np.array([[[1.0, 3.0], [10.0, 30.0]]]))
    array([[[-1.,  1.],
            [-1.,  1.]]])
    """

    def __init__(self, num_channels, eps=1e-5):
        super().__init__(num_channels, num_channels, eps)


def checked_groups(num_groups, num_channels):
    """num_groups, or a ValueError if it does not divide the channels."""
    if num_groups < 1 or num_channels % num_groups:
        raise ValueError(
            f"GroupNorm expected a number of groups that divides the channels, got {num_groups} "
            f"groups for {num_channels} channels."
        )
    return num_groups


def grouped(x_shape, num_groups, C, name):
    """(N, groups, values a group), or a ShapeError with the likely slip."""
    if len(x_shape) < 2 or x_shape[1] != C:
        slip = "Axis 1 holds the channels."
        if len(x_shape) == 4 and x_shape[3] == C:
            slip = "The channels seem to be last: try x.transpose(0, 3, 1, 2)."
        raise ShapeError(
            f"{name}.forward expected x of shape (N, {C}, …), got {tuple(x_shape)}. {slip}"
        )
    values = math.prod(x_shape[1:]) // num_groups
    if values < 2:
        raise ShapeError(
            f"{name}.forward expected more than one value a group, got x of shape "
            f"{tuple(x_shape)} in {num_groups} groups: a single value would always become 0."
        )
    return x_shape[0], num_groups, values
