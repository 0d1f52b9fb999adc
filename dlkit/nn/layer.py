"""Layer: what every layer shares, its parameters, their gradients, the values kept for later."""

import numpy as np

from dlkit.errors import DtypeError, OrderError, ShapeError


class Layer:
    """A function with parameters: y = forward(x), then dx = backward(dy).

    `backward` belongs to the last forward, whose values the layer keeps. It keeps the arrays
    themselves, no copies, as x and y may be large: leave both as they are until then, so
    `y = y * 2` and not `y *= 2`.

    Attributes
    ----------
    params : dict of str to ndarray
        What the layer learns, by the letters of its formula. Update them in place:
        `layer.params["W"] -= lr * layer.grads["W"]`.
    grads : dict of str to ndarray
        After `backward`: the gradient of the loss by each parameter, of the same shapes. Each
        `backward` sets them anew; nothing is added up.
    buffers : dict of str to ndarray
        What the layer keeps from batch to batch but does not learn, such as running means.
    training : bool
        True at first. Some layers (dropout, batch normalisation) do another thing in evaluation.
    needs_dx : bool
        True at first. Where it is False, a layer may save the work and return None for dx: the
        first layer of a network passes its dx to nobody.
    """

    def __init__(self):
        self.params = {}
        self.grads = {}
        self.buffers = {}
        self.training = True
        self.needs_dx = True
        self._kept = None

    def __call__(self, *inputs, **named):
        return self.forward(*inputs, **named)

    def __repr__(self):
        shapes = ", ".join(f"{name} {value.shape}" for name, value in self.params.items())
        return f"{type(self).__name__}({shapes})"

    def forward(self, x):
        """The output for x; keeps what `backward` needs."""
        raise NotImplementedError

    def backward(self, dy):
        """The gradient of the loss by x, from the one by y; sets `grads`."""
        raise NotImplementedError

    def train(self):
        """Training mode, in which every layer starts; returns the layer."""
        self.training = True
        return self

    def eval(self):
        """Evaluation mode, for validation and use; returns the layer."""
        self.training = False
        return self

    def astype(self, dtype):
        """Turn parameters and buffers into float32 or float64; returns the layer.

        With float32 parameters and float32 input, all that the layer computes is float32.
        """
        dtype = np.dtype(dtype)
        if dtype not in (np.float32, np.float64):
            raise DtypeError(f"astype expected float32 or float64, got {dtype}.")
        for values in (self.params, self.buffers):
            for name, value in values.items():
                values[name] = value.astype(dtype)
        return self

    def _cached(self):
        return kept(self._kept, type(self).__name__, "y = layer.forward(x)")

    def _checked_dy(self, dy, shape):
        dy = as_float(dy)
        if dy.shape != shape:
            raise ShapeError(
                f"{type(self).__name__}.backward expected dy of shape {shape}, got {dy.shape}: it "
                "has the shape of the y that the last forward returned."
            )
        return dy


def as_float(x):
    """x as a float array: float32 and float64 stay what they are, other numbers become float64.

    Raises
    ------
    DtypeError
        if x holds something else than real numbers.
    ShapeError
        if x is a list whose rows differ in length.
    """
    x = as_array(x)
    if x.dtype in (np.float32, np.float64):
        return x
    if x.dtype.kind not in "biuf":
        slip = {
            "O": "Is something in it None, or does a function forget its return?",
            "U": "Text becomes numbers with x.astype(float).",
            "S": "Text becomes numbers with x.astype(float).",
            "c": "The real part is x.real.",
        }.get(x.dtype.kind, "")
        raise DtypeError(f"expected an array of real numbers, got dtype {x.dtype}. {slip}".strip())
    return x.astype(np.float64)


def as_integers(x, what):
    """x as an array of whole numbers; `what` names it in the DtypeError, for instance "labels".

    An empty list counts as whole numbers, though NumPy makes it float64.
    """
    x = as_array(x)
    if x.dtype.kind in "iu":
        return x
    if x.size == 0:
        return x.astype(np.int64)
    slip = f" Pass {what}.astype(int)." if x.dtype.kind in "bf" else ""
    raise DtypeError(f"expected {what} to be whole numbers, got dtype {x.dtype}.{slip}")


def as_array(x):
    """x as an array; a ShapeError if it is a list whose rows differ in length."""
    try:
        return np.asarray(x)
    except ValueError:
        raise ShapeError(
            "expected an array, or a list whose rows all have the same length, got a list with "
            "rows of different lengths."
        ) from None


def kept(values, name, call):
    """What a forward stored for backward, or an OrderError that says which call comes first."""
    if values is None:
        raise OrderError(
            f"{name}.backward needs the values that {name}.forward stores, and forward has not "
            f"run yet. Call {call} first."
        )
    return values
