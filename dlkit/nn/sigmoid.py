"""Sigmoid: the smooth step from 0 to 1."""

import numpy as np

from dlkit.nn.layer import Layer, as_float


class Sigmoid(Layer):
    """The logistic function, elementwise: y = 1 / (1 + e⁻ˣ).

    Computed as e^min(x, 0) / (1 + e^−|x|), which cannot overflow.

    Shapes
    ------
    x, dx, y, dy : any, all the same

    Gradients
    ---------
    dx = dy · y · (1 − y), at most dy / 4   [1, §3.10]

    Raises
    ------
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Goodfellow, Bengio & Courville 2016, Deep Learning, MIT Press.

    >>> Sigmoid().forward(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """

    def forward(self, x):
        y = sigmoid(x)
        self._kept = y
        return y

    def backward(self, dy):
        y = self._cached()
        dy = self._checked_dy(dy, y.shape)
        return dy * y * (1 - y)


def sigmoid(x):
    """1 / (1 + e⁻ˣ) = e^min(x, 0) / (1 + e^−|x|): above 0 the first is 1, and no e overflows."""
    x = as_float(x)
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
