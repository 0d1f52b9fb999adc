"""Linear: the affine map of each row of a batch, and of each step of a batch of sequences."""

import math

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.initialisers import he_normal
from dlkit.nn.layer import Layer, as_float


class Linear(Layer):
    """Affine map of each row: y = x W + b.

    Every axis but the last only counts rows. So a batch of sequences (T, N, D), such as what a
    recurrent layer puts out, gets the same W and b at every step, and y is (T, N, M).

    Parameters
    ----------
    in_features, out_features : int
        D and M below.
    rng : numpy.random.Generator
        Source of the initial weights.
    init : function (shape, rng=…) → ndarray
        One of dlkit.nn.initialisers; he_normal, W ~ N(0, 2/D) [1], where it is left out. b starts
        at 0.

    Shapes
    ------
    x, dx : (N, D)      y, dy : (N, M)      W : (D, M)      b : (M,)
    or with more axes in front: x, dx : (T, N, D)      y, dy : (T, N, M)

    Gradients
    ---------
    dW = xᵀ dy,   db = Σₙ dyₙ,   dx = dy Wᵀ   [2, §6.5], with all rows below one another

    Raises
    ------
    ShapeError
        if x is not (N, D) or (…, N, D), or dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] He et al. 2015, Delving Deep into Rectifiers, arXiv:1502.01852, eq. 10.
    [2] Goodfellow, Bengio & Courville 2016, Deep Learning, MIT Press.

    >>> layer = Linear(3, 2, rng=np.random.default_rng(0))
    >>> layer.forward(np.ones((4, 3))).shape
    (4, 2)
    >>> layer.forward(np.ones((5, 4, 3))).shape
    (5, 4, 2)
    """

    def __init__(self, in_features, out_features, *, rng, init=he_normal):
        super().__init__()
        self.params = {
            "W": init((in_features, out_features), rng=rng),
            "b": np.zeros(out_features),
        }

    def forward(self, x):
        W, b = self.params["W"], self.params["b"]
        x = as_float(x)
        check_rows(x.shape, W.shape, "Linear.forward")
        self._kept = x
        y = flat(x) @ W + b
        return y.reshape(*x.shape[:-1], len(b))

    def backward(self, dy):
        x = self._cached()
        W = self.params["W"]
        dy = flat(self._checked_dy(dy, (*x.shape[:-1], W.shape[1])))
        self.grads = {"W": flat(x).T @ dy, "b": dy.sum(axis=0)}
        return (dy @ W.T).reshape(x.shape) if self.needs_dx else None


def flat(x):
    """All rows below one another: (…, N, D) as (n, D)."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


def check_rows(x_shape, W_shape, where):
    """A ShapeError with the likely slip, unless x is (…, N, D) for W of shape (D, M)."""
    D = W_shape[0]
    if len(x_shape) >= 2 and x_shape[-1] == D:
        return
    if x_shape == (D,):
        slip = "x looks like one row: pass x[None, :]."
    elif len(x_shape) == 2 and x_shape[0] == D:
        slip = "x looks transposed: try x.T."
    elif x_shape and math.prod(x_shape[1:]) == D:
        slip = "To make a row of each example, pass x.reshape(len(x), -1)."
    else:
        slip = "Is this the layer that you meant, or has it another in_features?"
    raise ShapeError(
        f"{where} expected x of shape (N, {D}), got {tuple(x_shape)}: the last axis of x must "
        f"match the {D} rows of W, which is {tuple(W_shape)}. {slip}"
    )
