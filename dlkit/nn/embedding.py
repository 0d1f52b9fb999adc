"""Embedding: a row of learnt numbers for each token."""

import numpy as np

from dlkit.nn.layer import Layer, as_integers
from dlkit.nn.one_hot import check_range


class Embedding(Layer):
    """y = W[x]: row x of W. The same as one_hot(x) W, without multiplying by all the zeros.

    Parameters
    ----------
    num_embeddings, embedding_dim : int
        V, the size of the vocabulary, and D below.
    rng : numpy.random.Generator
        Source of the initial weights, W ~ N(0, 1).

    Shapes
    ------
    x : any, whole numbers from 0 to V − 1      y, dy : (*x.shape, D)      W : (V, D)

    Gradients
    ---------
    dW[v] = Σ dy over all places where x is v; a token that is not there gets 0. There is no dx:
    `backward` returns None.

    Raises
    ------
    DtypeError
        if x does not hold whole numbers.
    ValueError
        if one of them is outside 0 … V − 1; negative ones do not count from the end.
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    Bengio, Ducharme, Vincent & Jauvin 2003, A Neural Probabilistic Language Model, JMLR.

    >>> layer = Embedding(10, 4, rng=np.random.default_rng(0))
    >>> layer.forward([[1, 2, 3], [3, 2, 1]]).shape
    (2, 3, 4)
    """

    def __init__(self, num_embeddings, embedding_dim, *, rng):
        super().__init__()
        self.params = {"W": rng.normal(0.0, 1.0, size=(num_embeddings, embedding_dim))}

    def forward(self, x):
        W = self.params["W"]
        x = as_integers(x, "ids")
        check_range(x, len(W), "ids", "rows of W")
        self._kept = x
        return W[x]

    def backward(self, dy):
        x = self._cached()
        W = self.params["W"]
        dy = self._checked_dy(dy, (*x.shape, W.shape[1]))
        self.grads = {"W": sum_by_token(x.ravel(), dy.reshape(-1, W.shape[1]), len(W))}


def sum_by_token(ids, rows, V):
    """(V, D): at each id the sum of its rows. ids (n,), rows (n, D).

    `np.add.at(total, ids, rows)` says the same in one line and takes two to seven times as long;
    `total[ids] += rows` would be wrong: it counts one row an id, however often the id is there.
    """
    total = np.zeros((V, rows.shape[1]), rows.dtype)
    order = np.argsort(ids, kind="stable")
    present, first = np.unique(ids[order], return_index=True)
    total[present] = np.add.reduceat(rows[order], first, axis=0)
    return total
