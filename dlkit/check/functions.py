"""Named functions that exercises hand to a student's function: `Fn("sum_of_squares")`.

Inputs travel as data, so a function travels as its name here and the numbers that shape it. Each
entry takes those numbers and returns the function.
"""

import numpy as np

from dlkit.check.landscapes import cubic, network_loss, weighted_squares  # noqa: F401, by name
from dlkit.check.layers import layer_backward, layer_forward  # noqa: F401, by name


def sum_of_squares():
    """x of any shape -> the sum of its squares, a scalar."""
    return lambda x: float(np.sum(np.asarray(x, dtype=float) ** 2))


def quadratic_gradient(matrix, vector):
    """The gradient A x - b of the quadratic 0.5 xT A x - bT x; A (D, D), b (D,)."""
    return lambda x: np.asarray(matrix) @ np.asarray(x) - np.asarray(vector)


def scale(factor):
    """x -> factor * x."""
    return lambda x: factor * np.asarray(x)


def relu():
    """x -> max(x, 0), elementwise."""
    return lambda x: np.maximum(x, 0)


def leaky_relu(slope=0.01):
    """x -> x above 0, slope * x below, elementwise."""
    return lambda x: np.where(np.asarray(x) > 0, x, slope * np.asarray(x))


def tanh():
    """x -> tanh(x), elementwise."""
    return np.tanh


def sigmoid():
    """x -> 1 / (1 + exp(-x)), elementwise, without overflow."""
    return lambda x: 0.5 * (1 + np.tanh(0.5 * np.asarray(x)))


_NAMES = (
    "sum_of_squares",
    "quadratic_gradient",
    "scale",
    "relu",
    "leaky_relu",
    "tanh",
    "sigmoid",
    "weighted_squares",
    "cubic",
    "network_loss",
    "layer_forward",
    "layer_backward",
)


def make(name: str, args: tuple):
    """The function called `name`, shaped by args; ValueError for a name that is not listed."""
    if name not in _NAMES:
        raise ValueError(f"no function {name!r} here: expected one of {', '.join(_NAMES)}")
    return globals()[name](*args)
