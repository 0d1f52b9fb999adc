"""Value: a number that remembers how it was computed, so that gradients can flow back.

Each operation keeps its inputs and its local derivatives ("slopes"), one an input. `backward` walks
from the result to the inputs and multiplies what comes from above by the local derivative; where a
value is used several times, the contributions add.
"""

import math
import numbers

from dlkit.autograd.graph import markup, sources_first


class Value:
    """One number in a computational graph, with its gradient.

    Parameters
    ----------
    data : number
        The value; becomes a float.
    name : str, optional
        What the drawing of the graph calls it.

    Attributes
    ----------
    data : float
    grad : float
        0 at first; after `L.backward()`, the derivative of L by this value.
    inputs : tuple of Value
        What it was computed from; empty for a number that someone gave.

    Operations
    ----------
    + − * / with a Value or a number on either side, ** with a number, unary −, and the methods
    exp, log, tanh, sigmoid, relu.

    Gradients
    ---------
    ∂L/∂x = Σ ∂L/∂y · ∂y/∂x over all y that x is an input of   [1]

    Raises
    ------
    TypeError
        if `data` is not a single real number, or an exponent is a Value.
    ValueError
        for the logarithm of a number ≤ 0, and a fractional power of a negative number.
    ZeroDivisionError, OverflowError
        as Python's floats do.

    References
    ----------
    [1] Baydin et al. 2018, Automatic Differentiation in Machine Learning: a Survey, JMLR 18(153).

    >>> x, w = Value(2.0, name="x"), Value(-3.0, name="w")
    >>> L = (x * w + 1) ** 2
    >>> L.backward()
    >>> L.data, x.grad, w.grad
    (25.0, 30.0, -20.0)
    """

    def __init__(self, data, name=""):
        self.data = _number(data)
        self.grad = 0.0
        self.name = name
        self.operation = ""
        self.inputs = ()
        self._slopes = ()

    def __add__(self, other):
        other = _value(other)
        return _result("+", self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = _value(other)
        return _result("×", self.data * other.data, (self, other), (other.data, self.data))

    def __sub__(self, other):
        other = _value(other)
        return _result("−", self.data - other.data, (self, other), (1.0, -1.0))

    def __truediv__(self, other):
        other = _value(other)
        y = self.data / other.data
        return _result("÷", y, (self, other), (1 / other.data, -y / other.data))

    def __pow__(self, exponent):
        if isinstance(exponent, Value):
            raise TypeError(
                "Value ** Value is not there: the exponent must be a plain number. For x ** n with "
                "a Value n, write (n * x.log()).exp()."
            )
        n, x = _number(exponent), self.data
        if x < 0 and not n.is_integer():
            raise ValueError(f"({x:g}) ** {n:g} is no real number: a fractional power needs x ≥ 0.")
        return _result(f"**{n:g}", x**n, (self,), (_power_slope(x, n),))

    def __neg__(self):
        return _result("−", -self.data, (self,), (-1.0,))

    def __radd__(self, other):
        return _value(other) + self

    def __rmul__(self, other):
        return _value(other) * self

    def __rsub__(self, other):
        return _value(other) - self

    def __rtruediv__(self, other):
        return _value(other) / self

    def exp(self):
        """e to the power of this value; its slope is the result."""
        y = math.exp(self.data)
        return _result("exp", y, (self,), (y,))

    def log(self):
        """The natural logarithm; its slope is 1/x."""
        if self.data <= 0:
            raise ValueError(f"log of {self.data:g}: the logarithm needs a number above 0.")
        return _result("log", math.log(self.data), (self,), (1 / self.data,))

    def tanh(self):
        """The hyperbolic tangent; its slope is 1 − y²."""
        y = math.tanh(self.data)
        return _result("tanh", y, (self,), (1 - y * y,))

    def sigmoid(self):
        """1 / (1 + e⁻ˣ), without overflow; its slope is y (1 − y)."""
        e = math.exp(-abs(self.data))
        y = 1 / (1 + e) if self.data >= 0 else e / (1 + e)
        return _result("sigmoid", y, (self,), (y * (1 - y),))

    def relu(self):
        """The value if it is above 0, else 0; its slope is 1 or 0, and 0 at 0."""
        return _result("relu", max(self.data, 0.0), (self,), (float(self.data > 0),))

    def backward(self):
        """Fill `grad` of this value and of all that it was computed from.

        What an earlier call left in them is overwritten, as in all of dlkit: for several losses,
        add them up first.
        """
        order = sources_first(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for source, slope in zip(node.inputs, node._slopes, strict=True):
                source.grad += node.grad * slope

    def __repr__(self):
        named = f"{self.name!r}, " if self.name else ""
        return f"Value({named}data={self.data:g}, grad={self.grad:g})"

    def _repr_html_(self):
        return markup(self, "html")

    def _repr_svg_(self):
        return markup(self, "svg")


def _result(operation, data, inputs, slopes):
    """The Value that an operation gives: its inputs and, for each, the local derivative."""
    y = Value(data)
    y.operation, y.inputs, y._slopes = operation, inputs, slopes
    return y


def _value(x):
    return x if isinstance(x, Value) else Value(x)


def _number(x):
    shape = getattr(x, "shape", ())
    if shape == () and hasattr(x, "item"):
        x = x.item()
    if isinstance(x, numbers.Real):
        return float(x)
    if isinstance(x, Value):
        raise TypeError("Value expected a number, got a Value: it is one already, use it as it is.")
    if shape != () or isinstance(x, (list, tuple)):
        raise TypeError(
            f"Value expected one number, got {type(x).__name__}"
            f"{f' of shape {tuple(shape)}' if shape else ''}: make one Value of each entry."
        )
    raise TypeError(f"Value expected one number, got {type(x).__name__}.")


def _power_slope(x, n):
    """n xⁿ⁻¹; at x = 0 it is 0 for n = 0 and grows beyond all bounds for 0 < n < 1."""
    if n == 0:
        return 0.0
    return math.inf if x == 0 and n < 1 else n * x ** (n - 1)
