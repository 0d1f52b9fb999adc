"""MultiHeadAttention: several attentions side by side, each in its own part of the features."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.attention import attention, attention_backward, check_mask
from dlkit.nn.initialisers import xavier_uniform
from dlkit.nn.layer import Layer, as_array, as_float


class MultiHeadAttention(Layer):
    """h attentions on D / h features each, then a linear map of them all [1].

    y = [head₁ … headₕ] Wo + bo, where head j attends with the j-th D / h columns of
    Q = query Wq + bq,   K = key Wk + bk,   V = value Wv + bv

    After a forward, `weights` holds each head's weights.

    Parameters
    ----------
    features, num_heads : int
        D and h; h divides D.
    bias : bool
    rng : numpy.random.Generator
        Source of the initial weights, `xavier_uniform` [2]; biases start at 0.

    Calls
    -----
    y = layer(x), dx = layer.backward(dy)
        self-attention: x is query, key and value.
    y = layer(query, key, value), dquery, dkey, dvalue = layer.backward(dy)
    layer(x, mask=mask), layer(query, key, value, mask)
        True = may look; a query with nothing to see gets zeros instead of heads, so its y is bo.

    Shapes
    ------
    query, y : (Tq, N, D)    key, value : (Tk, N, D)    mask : (Tq, Tk) or (N, Tq, Tk)
    Wq, Wk, Wv, Wo : (D, D)    bq, bk, bv, bo : (D,)    weights : (N, h, Tq, Tk)

    Gradients
    ---------
    those of Linear and of Attention, one after another

    Raises
    ------
    ValueError
        if num_heads does not divide features.
    ShapeError, DtypeError
        if the inputs do not fit together, or the mask is not one of True and False.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Vaswani et al. 2017, Attention Is All You Need, NeurIPS, arXiv:1706.03762, §3.2.2.
    [2] Glorot & Bengio 2010, Understanding the Difficulty of Training Deep Feedforward Neural
        Networks, AISTATS, eq. 16.

    >>> layer = MultiHeadAttention(4, 2, rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 3, 4))).shape, layer.weights.shape
    ((5, 3, 4), (3, 2, 5, 5))
    """

    def __init__(self, features, num_heads, *, bias=True, rng):
        super().__init__()
        check_heads(features, num_heads)
        self.num_heads = num_heads
        self.weights = None
        for letter in "qkvo":
            self.params[f"W{letter}"] = xavier_uniform((features, features), rng=rng)
            if bias:
                self.params[f"b{letter}"] = np.zeros(features)

    def forward(self, query, key=None, value=None, mask=None):
        inputs = [as_float(x) for x in of_three(query, key, value)]
        check_inputs([x.shape for x in inputs], self.params["Wq"].shape[0])
        Tq, N, _ = inputs[0].shape
        if mask is not None:
            mask = as_array(mask)
            check_mask(mask.shape, mask.dtype, (N, Tq, len(inputs[1])))
            mask = mask if mask.ndim < 3 else mask[:, None]  # the same for all heads
        Q, K, V = (
            self._split(self._affine(x, letter)) for x, letter in zip(inputs, "qkv", strict=True)
        )
        heads, self.weights = attention(Q, K, V, mask)
        joined = self._join(heads)
        self._kept = inputs, key is None, (Q, K, V), self.weights, joined
        return self._affine(joined, "o")

    def backward(self, dy):
        inputs, of_itself, QKV, weights, joined = self._cached()
        dy = self._checked_dy(dy, joined.shape)
        self.grads = dict.fromkeys(self.params)
        dheads = self._split(self._affine_backward(dy, joined, "o"))
        parts = attention_backward(dheads, *QKV, weights)
        dquery, dkey, dvalue = (
            self._affine_backward(self._join(d), x, letter)
            for d, x, letter in zip(parts, inputs, "qkv", strict=True)
        )
        return dquery + dkey + dvalue if of_itself else (dquery, dkey, dvalue)

    def _affine(self, x, letter):
        y = x @ self.params[f"W{letter}"]
        return y + self.params[f"b{letter}"] if "bo" in self.params else y

    def _affine_backward(self, dy, x, letter):
        """The gradient by x; sets those of the weights and the bias."""
        self.grads[f"W{letter}"] = np.tensordot(x, dy, axes=((0, 1), (0, 1)))
        if "bo" in self.params:
            self.grads[f"b{letter}"] = dy.sum(axis=(0, 1))
        return dy @ self.params[f"W{letter}"].T

    def _split(self, x):
        """(T, N, D) as (N, h, T, D / h): the axes that attention leaves alone come first."""
        T, N, D = x.shape
        return x.reshape(T, N, self.num_heads, D // self.num_heads).transpose(1, 2, 0, 3)

    def _join(self, heads):
        """(N, h, T, D / h) as (T, N, D)."""
        N, h, T, width = heads.shape
        return heads.transpose(2, 0, 1, 3).reshape(T, N, h * width)


def check_heads(features, num_heads):
    """A ValueError unless the heads share the features evenly."""
    if num_heads < 1 or features % num_heads:
        raise ValueError(
            f"MultiHeadAttention expected num_heads to divide the {features} features, got "
            f"{num_heads}: each head has its own columns, all of one number."
        )


def of_three(query, key, value):
    """Query, key and value; without key and value, the query is all three."""
    if (key is None) != (value is None):
        raise ShapeError(
            "MultiHeadAttention.forward expected a query alone, or a query with key and value, got "
            "one of key and value. Where they are the same, pass it twice."
        )
    return (query, query, query) if key is None else (query, key, value)


def check_inputs(shapes, D):
    """A ShapeError with the likely slip, unless query, key and value fit together."""
    query, key, value = map(tuple, shapes)
    fits = all(len(shape) == 3 and shape[2] == D for shape in shapes)
    if fits and key == value and query[1] == key[1]:
        return
    if any(len(shape) == 2 for shape in shapes):
        slip = "One sequence of shape (T, D) is x[:, None]."
    elif not fits:
        slip = "Their axes are time, batch and features, in this order."
    elif key != value:
        slip = "Keys and values come in pairs."
    else:
        slip = "Is the batch first? Time is the first axis here."
    raise ShapeError(
        f"MultiHeadAttention.forward expected query (Tq, N, {D}), key and value (Tk, N, {D}), got "
        f"{query}, {key} and {value}. {slip}"
    )
