"""Softmax: scores become probabilities, along one axis."""

import numpy as np

from dlkit.nn.layer import Layer, as_float


class Softmax(Layer):
    """yᵢ = exp(xᵢ) / Σⱼ exp(xⱼ), for each row along an axis.

    The largest x of a row is taken from all of it first: the quotient stays the same, and no exp
    overflows. In front of a cross-entropy leave it out: SoftmaxCrossEntropy contains it.

    Parameters
    ----------
    axis : int
        Along which y sums to 1.

    Shapes
    ------
    x, dx, y, dy : any, all the same

    Gradients
    ---------
    dxᵢ = yᵢ (dyᵢ − Σⱼ dyⱼ yⱼ)   [1, §4.3.4]

    Raises
    ------
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Bishop 2006, Pattern Recognition and Machine Learning, Springer.

    >>> Softmax().forward(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """

    def __init__(self, axis=-1):
        super().__init__()
        self.axis = axis

    def forward(self, x):
        y = softmax(x, self.axis)
        self._kept = y
        return y

    def backward(self, dy):
        y = self._cached()
        dy = self._checked_dy(dy, y.shape)
        return y * (dy - (dy * y).sum(axis=self.axis, keepdims=True))


def softmax(x, axis=-1):
    """exp(x) / Σ exp(x) along an axis, without overflow."""
    e = np.exp(_shifted(x, axis))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    """ln softmax(x) = x − ln Σ exp(x) along an axis, finite where softmax itself becomes 0."""
    x = _shifted(x, axis)
    return x - np.log(np.exp(x).sum(axis=axis, keepdims=True))


def _shifted(x, axis):
    """x less its largest entry along the axis, so that no exp overflows."""
    x = as_float(x)
    return x - x.max(axis=axis, keepdims=True, initial=-np.inf)
