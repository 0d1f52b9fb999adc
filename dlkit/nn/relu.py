"""ReLU and LeakyReLU: what is above 0 passes, what is below is cut or made small."""

import numpy as np

from dlkit.nn.layer import Layer, as_float


class ReLU(Layer):
    """The rectifier, elementwise: y = max(x, 0) [1].

    A unit whose x is below 0 for every row of the data is dead: no gradient reaches its weights.

    Shapes
    ------
    x, dx, y, dy : any, all the same

    Gradients
    ---------
    dx = dy where x > 0, else 0 (at exactly 0, too)

    Raises
    ------
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Nair & Hinton 2010, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML.

    >>> ReLU().forward(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """

    def forward(self, x):
        y = relu(x)
        self._kept = y
        return y

    def backward(self, dy):
        y = self._cached()
        dy = self._checked_dy(dy, y.shape)
        return dy * (y > 0)


class LeakyReLU(Layer):
    """The rectifier with a way out: y = x where x > 0, else slope · x [1].

    Parameters
    ----------
    slope : float
        From 0 (ReLU) to 1 (the identity).

    Shapes
    ------
    x, dx, y, dy : any, all the same

    Gradients
    ---------
    dx = dy where x > 0, else slope · dy (at exactly 0, too)

    Raises
    ------
    ValueError
        if slope is outside [0, 1].
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Maas, Hannun & Ng 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models,
        ICML Workshop on Deep Learning for Audio, Speech and Language Processing.

    >>> LeakyReLU(0.1).forward(np.array([-2.0, 0.0, 3.0]))
    array([-0.2,  0. ,  3. ])
    """

    def __init__(self, slope=0.01):
        super().__init__()
        self.slope = checked_slope(slope)

    def forward(self, x):
        x = as_float(x)
        self._kept = x
        return leaky_relu(x, self.slope)

    def backward(self, dy):
        x = self._cached()
        dy = self._checked_dy(dy, x.shape)
        return dy * np.maximum(np.sign(x), self.slope)  # 1 where x > 0, else slope


def relu(x):
    """max(x, 0), elementwise."""
    return np.maximum(as_float(x), 0)


def leaky_relu(x, slope=0.01):
    """max(x, 0) + slope · min(x, 0), elementwise."""
    x = as_float(x)
    return np.maximum(x, 0) + slope * np.minimum(x, 0)


def checked_slope(slope):
    """The slope as a float, or a ValueError unless it is from 0 to 1."""
    if not 0 <= slope <= 1:
        raise ValueError(f"LeakyReLU expected a slope from 0 to 1, got {slope}.")
    return float(slope)
