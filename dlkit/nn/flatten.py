"""Flatten: each example becomes one row."""

import math

from dlkit.errors import ShapeError
from dlkit.nn.layer import Layer, as_float


class Flatten(Layer):
    """All axes but the first become one, in row-major order: from images to rows.

    Shapes
    ------
    x, dx : (N, …)      y, dy : (N, D), D the product of the other axes

    Gradients
    ---------
    dx = dy, reshaped

    Raises
    ------
    ShapeError
        if x has no axis, or dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    >>> import numpy as np
    >>> Flatten().forward(np.zeros((4, 3, 2, 2))).shape
    (4, 12)
    """

    def forward(self, x):
        x = as_float(x)
        rows = flat_shape(x.shape)
        self._kept = x.shape
        return x.reshape(rows)

    def backward(self, dy):
        shape = self._cached()
        return self._checked_dy(dy, flat_shape(shape)).reshape(shape)


def flat_shape(shape):
    """(N, D) for the shape (N, …); a ShapeError if there is no N."""
    if not shape:
        raise ShapeError("Flatten.forward expected x of shape (N, …), got one number.")
    return shape[0], math.prod(shape[1:])
