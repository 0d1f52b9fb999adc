"""Attention: each query's average of the values, weighted by how well their keys fit it."""

import math

import numpy as np

from dlkit.errors import DtypeError, ShapeError
from dlkit.nn.layer import Layer, as_array, as_float


class Attention(Layer):
    """Scaled dot-product attention [1]: out = w V,  w = softmax(Q Kᵀ / √D) along the keys.

    Each of the Tq queries looks at all Tk keys, or at those that the mask allows; a query with
    nothing to see gets zeros, and passes no gradient on. After a forward, `weights` holds w.

    Calls
    -----
    out = layer(Q, K, V), out = layer(Q, K, V, mask), dQ, dK, dV = layer.backward(dout)

    Shapes
    ------
    Q, dQ : (…, Tq, D)    K, dK : (…, Tk, D)    V, dV : (…, Tk, M)    out, dout : (…, Tq, M)
    w : (…, Tq, Tk)    mask : bool, any shape that broadcasts to w's; True = may look
    with the same leading axes everywhere

    Gradients
    ---------
    dV = wᵀ dout,   dw = dout Vᵀ,   ds = w ⊙ (dw − Σₖ w ⊙ dw),   dQ = ds K / √D,   dK = dsᵀ Q / √D

    Raises
    ------
    ShapeError
        if the shapes do not fit together, or dout has another shape than the last out.
    DtypeError
        if the mask holds something else than True and False.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Vaswani et al. 2017, Attention Is All You Need, NeurIPS, arXiv:1706.03762, eq. 1.

    >>> layer = Attention()
    >>> layer([[1.0, 0.0]], [[9.0, 0.0], [0.0, 9.0]], [[1.0], [2.0]], [[False, True]])
    array([[2.]])
    >>> layer.weights
    array([[0., 1.]])
    """

    def __init__(self):
        super().__init__()
        self.weights = None

    def forward(self, Q, K, V, mask=None):
        Q, K, V = map(as_float, (Q, K, V))
        out, self.weights = attention(Q, K, V, mask)
        self._kept = Q, K, V, self.weights, out.shape
        return out

    def backward(self, dout):
        Q, K, V, weights, shape = self._cached()
        dout = self._checked_dy(dout, shape)
        return attention_backward(dout, Q, K, V, weights)


def attention(Q, K, V, mask=None):
    """Scaled dot-product attention as in `Attention`, without state: (out, weights)."""
    Q, K, V = map(as_float, (Q, K, V))
    check_attention(Q.shape, K.shape, V.shape)
    scores = Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1])
    if mask is not None:
        mask = as_array(mask)
        check_mask(mask.shape, mask.dtype, scores.shape)
        scores = np.where(mask, scores, scores.dtype.type(-np.inf))
    top = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    e = np.exp(scores - np.where(top == -np.inf, 0, top))  # a row of −∞ becomes one of zeros
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total == 0, 1, total)
    return weights @ V, weights


def attention_backward(dout, Q, K, V, weights):
    """(dQ, dK, dV), the gradients by what `attention` took, from the one by its out."""
    dweights = dout @ V.swapaxes(-1, -2)
    dscores = weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))
    dscores /= math.sqrt(Q.shape[-1])
    return dscores @ K, dscores.swapaxes(-1, -2) @ Q, weights.swapaxes(-1, -2) @ dout


def check_attention(Q, K, V):
    """A ShapeError with the likely slip, unless queries, keys and values fit together."""
    shapes = f"Q {tuple(Q)}, K {tuple(K)}, V {tuple(V)}"
    if min(map(len, (Q, K, V))) < 2:
        raise ShapeError(
            f"attention expected arrays of shape (…, T, D), got {shapes}. One query is Q[None]."
        )
    if Q[-1] != K[-1]:
        raise ShapeError(
            f"attention expected queries and keys of one length, got {shapes}: each query is "
            "multiplied with each key, so their last axes must match."
        )
    if K[-2] != V[-2]:
        raise ShapeError(
            f"attention expected a value for each key, got {shapes}: the last axis but one of K "
            "and V must match."
        )
    if not Q[:-2] == K[:-2] == V[:-2]:
        raise ShapeError(
            f"attention expected the same leading axes, got {shapes}. What serves all of a batch "
            "is repeated with np.broadcast_to."
        )


def check_mask(mask, dtype, weights):
    """An error with the likely slip, unless the mask is of booleans and broadcasts to weights."""
    if "bool" not in str(dtype):
        raise DtypeError(
            f"attention expected a mask of True (may look) and False, got dtype {dtype}. "
            "Pass mask.astype(bool), or mask == 0 where large negative numbers mean 'do not look'."
        )
    sides = zip(reversed(mask), reversed(weights), strict=False)
    if len(mask) > len(weights) or any(m not in (1, w) for m, w in sides):
        raise ShapeError(
            f"attention expected a mask that broadcasts to the weights' shape {tuple(weights)}, "
            f"got {tuple(mask)}: queries are its rows, keys its columns."
        )
