"""Tanh: the smooth step from −1 to 1, with 0 in the middle."""

import numpy as np

from dlkit.nn.layer import Layer, as_float


class Tanh(Layer):
    """The hyperbolic tangent, elementwise: y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) = 2 σ(2x) − 1.

    It is odd: where x lies evenly around 0, so does y, and the next layer learns faster for that
    [1, §4.4].

    Shapes
    ------
    x, dx, y, dy : any, all the same

    Gradients
    ---------
    dx = dy · (1 − y²), at most dy

    Raises
    ------
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, in Neural Networks: Tricks of the
        Trade, Springer.

    >>> Tanh().forward(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """

    def forward(self, x):
        y = np.tanh(as_float(x))
        self._kept = y
        return y

    def backward(self, dy):
        y = self._cached()
        dy = self._checked_dy(dy, y.shape)
        return dy * (1 - y * y)
