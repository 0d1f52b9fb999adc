"""Embedding: a row of learnt numbers for each token, on tensors."""

import torch

from dlkit.nn.one_hot import check_range
from dlkit.torch_nn.tools import as_integers


class Embedding(torch.nn.Module):
    """y = W[x]: row x of W, as dlkit.nn.Embedding.

    Parameters
    ----------
    num_embeddings, embedding_dim : int
        V and D.
    rng : numpy.random.Generator
        Source of the initial weights: the same seed gives those of dlkit.nn.Embedding.
    dtype, device
        Of the parameters; torch's defaults where not given.

    Shapes
    ------
    x : any, whole numbers from 0 to V − 1      y : (*x.shape, D)      W : (V, D)

    Raises
    ------
    DtypeError
        if x does not hold whole numbers.
    ValueError
        if one of them is outside 0 … V − 1.
    """

    def __init__(self, num_embeddings, embedding_dim, *, rng, dtype=None, device=None):
        super().__init__()
        W = rng.normal(0.0, 1.0, size=(num_embeddings, embedding_dim))
        dtype = dtype or torch.get_default_dtype()
        self.W = torch.nn.Parameter(torch.tensor(W, dtype=dtype, device=device))

    def forward(self, x):
        x = as_integers(x, "ids")
        check_range(x, len(self.W), "ids", "rows of W")
        return torch.nn.functional.embedding(x, self.W)
