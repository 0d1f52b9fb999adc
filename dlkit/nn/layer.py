"""Layer: what every layer shares, its parameters, their gradients, the values kept for later."""

import numpy as np

from dlkit.errors import OrderError, ShapeError


class Layer:
    """A function with parameters: y = forward(x), then dx = backward(dy).

    Attributes
    ----------
    params : dict of str to ndarray
        What the layer learns, by the letters of its formula.
    grads : dict of str to ndarray
        After `backward`: the gradient of the loss by each parameter, of the same shapes.
    """

    def __init__(self):
        self.params = {}
        self.grads = {}
        self._kept = None

    def __call__(self, x):
        return self.forward(x)

    def __repr__(self):
        shapes = ", ".join(f"{name} {value.shape}" for name, value in self.params.items())
        return f"{type(self).__name__}({shapes})"

    def forward(self, x):
        """The output for x; keeps what `backward` needs."""
        raise NotImplementedError

    def backward(self, dy):
        """The gradient of the loss by x, from the one by y; fills `grads`."""
        raise NotImplementedError

    def _cached(self):
        if self._kept is None:
            name = type(self).__name__
            raise OrderError(
                f"{name}.backward needs the values that {name}.forward stores, and forward has not "
                "run yet. Call y = layer.forward(x) first."
            )
        return self._kept

    def _checked_dy(self, dy, shape):
        dy = np.asarray(dy)
        if dy.shape != shape:
            raise ShapeError(
                f"{type(self).__name__}.backward expected dy of shape {shape}, got {dy.shape}: it "
                "has the shape of the y that the last forward returned."
            )
        return dy


def as_float(x):
    """x as a float array: float32 and float64 stay what they are, all else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
