"""LayerNorm: each row gets mean 0 and variance 1, on tensors."""

import torch

from dlkit.nn.layer_norm import check_last


class LayerNorm(torch.nn.Module):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε) over the last axis, as dlkit.nn.LayerNorm.

    Parameters
    ----------
    num_features : int
        D.
    eps : float
    dtype, device
        Of the parameters; torch's defaults where not given.

    Shapes
    ------
    x, y : (…, D)      gamma, beta : (D,)

    Raises
    ------
    ShapeError
        if the last axis of x is not D.
    """

    def __init__(self, num_features, eps=1e-5, *, dtype=None, device=None):
        super().__init__()
        self.eps = eps
        self.gamma = torch.nn.Parameter(torch.ones(num_features, dtype=dtype, device=device))
        self.beta = torch.nn.Parameter(torch.zeros(num_features, dtype=dtype, device=device))

    def forward(self, x):
        check_last(tuple(x.shape), len(self.gamma))
        return torch.nn.functional.layer_norm(x, self.gamma.shape, self.gamma, self.beta, self.eps)
