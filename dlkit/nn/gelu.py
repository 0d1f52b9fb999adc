"""GELU: a smooth rectifier, x times the chance that a normal number is below x."""

import math

import numpy as np

from dlkit.nn.layer import Layer, as_float

C = math.sqrt(2 / math.pi)
CUBE = 0.044715
FAR = 10.0  # beyond it tanh is exactly −1 or 1, and x³ need not be computed


class GELU(Layer):
    """The Gaussian error linear unit in its tanh form, elementwise [1, §2].

    y = ½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³)

    This is `torch.nn.GELU(approximate="tanh")`. The exact form x Φ(x) needs the error function,
    which NumPy lacks; the two differ by less than 0.0005 everywhere.

    Shapes
    ------
    x, dx, y, dy : any, all the same

    Gradients
    ---------
    dx = dy · (½ (1 + tanh u) + ½ x (1 − tanh² u) u'),   u' = √(2/π) (1 + 3 · 0.044715 x²)

    Raises
    ------
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Hendrycks & Gimpel 2016, Gaussian Error Linear Units (GELUs), arXiv:1606.08415.

    >>> GELU().forward(np.array([-100.0, 0.0, 100.0]))
    array([ -0.,   0., 100.])
    """

    def forward(self, x):
        x = as_float(x)
        tanh = _tanh_u(x)
        self._kept = x, tanh
        return 0.5 * x * (1 + tanh)

    def backward(self, dy):
        x, tanh = self._cached()
        dy = self._checked_dy(dy, x.shape)
        near = np.clip(x, -FAR, FAR)
        du = C * (1 + 3 * CUBE * near * near)
        return dy * 0.5 * (1 + tanh + near * (1 - tanh * tanh) * du)


def gelu(x):
    """½ x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³), elementwise."""
    x = as_float(x)
    return 0.5 * x * (1 + _tanh_u(x))


def _tanh_u(x):
    near = np.clip(x, -FAR, FAR)
    return np.tanh(C * (near + CUBE * near * near * near))
