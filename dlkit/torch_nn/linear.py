"""Linear: the affine map of each row of a batch, and of each step of sequences, on tensors."""

import torch

from dlkit.nn.initialisers import he_normal
from dlkit.nn.linear import check_rows


class Linear(torch.nn.Module):
    """Affine map of each row: y = x W + b, with W of shape (D, M) as in dlkit.nn.Linear.

    `torch.nn.Linear` keeps the transpose, `weight` of shape (M, D).

    Parameters
    ----------
    in_features, out_features : int
        D and M.
    rng : numpy.random.Generator
        Source of the initial weights: the same seed gives those of dlkit.nn.Linear.
    init : function (shape, rng=…) → ndarray
        One of dlkit.nn.initialisers.
    dtype, device
        Of the parameters; torch's defaults where not given.

    Shapes
    ------
    x : (N, D)      y : (N, M)      W : (D, M)      b : (M,)
    or with more axes in front: x : (T, N, D)      y : (T, N, M)

    Raises
    ------
    ShapeError
        if x is not (N, D) or (…, N, D).
    """

    def __init__(self, in_features, out_features, *, rng, init=he_normal, dtype=None, device=None):
        super().__init__()
        W = init((in_features, out_features), rng=rng)
        place = {"dtype": dtype or torch.get_default_dtype(), "device": device}
        self.W = torch.nn.Parameter(torch.tensor(W, **place))
        self.b = torch.nn.Parameter(torch.zeros(out_features, **place))

    def forward(self, x):
        check_rows(tuple(x.shape), tuple(self.W.shape), "Linear.forward")
        return x @ self.W + self.b
