"""Residual: a function and a way around it, added up."""

from dlkit.errors import ShapeError
from dlkit.nn.container import Container
from dlkit.nn.layer import as_float


class Residual(Container):
    """y = f(x) + x, or f(x) + g(x) with a shortcut g where f changes the shape [1].

    f has to learn only what differs from x, and the gradient has a way past f. Parameters are
    called "f.…" and "shortcut.…".

    Parameters
    ----------
    f : Layer
    shortcut : Layer, optional
        g above; x itself where it is left out.

    Shapes
    ------
    x, dx : of f      y, dy : what f puts out; x has it too, where there is no shortcut

    Gradients
    ---------
    dx = f.backward(dy) + dy, or + g.backward(dy)

    Raises
    ------
    ValueError
        if a layer is in both ways.
    ShapeError
        if the two ways end in different shapes, also where they could be broadcast.

    References
    ----------
    [1] He et al. 2016, Deep Residual Learning for Image Recognition, CVPR, arXiv:1512.03385, eq. 1
        and 2.

    >>> import numpy as np
    >>> from dlkit import nn
    >>> Residual(nn.Step())(np.array([-1.0, 2.0]))
    array([-1.,  3.])
    """

    def __init__(self, f, shortcut=None):
        super().__init__({"f": f} if shortcut is None else {"f": f, "shortcut": shortcut})
        self.f = f
        self.shortcut = shortcut

    def forward(self, x):
        y = self.f(x)
        around = as_float(x) if self.shortcut is None else self.shortcut(x)
        check_ways(y.shape, around.shape, self.shortcut is not None)
        return y + around

    def backward(self, dy):
        dx = self.f.backward(dy)
        around = as_float(dy) if self.shortcut is None else self.shortcut.backward(dy)
        return None if dx is None or around is None else dx + around

    def _first_parts(self):
        return self.parts.values()


def check_ways(y_shape, around_shape, has_shortcut):
    """A ShapeError with the likely slip, unless both ways end in the same shape."""
    if tuple(y_shape) == tuple(around_shape):
        return
    way = "the shortcut's output" if has_shortcut else "x"
    slip = "" if has_shortcut else " Where f changes the shape, give Residual a shortcut, too."
    raise ShapeError(
        f"Residual.forward expected f(x) and {way} of one shape, got {tuple(y_shape)} and "
        f"{tuple(around_shape)}.{slip}"
    )
