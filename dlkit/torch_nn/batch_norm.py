"""BatchNorm: each feature gets mean 0 and variance 1 over the batch, on tensors."""

import torch

from dlkit.nn.batch_norm import check_batch


class BatchNorm(torch.nn.Module):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), as dlkit.nn.BatchNorm.

    Written out with means and squares it is right, too, but autograd keeps and reads each of those
    steps; torch's own function is one step with a backward like ours.

    Parameters
    ----------
    num_features : int
        D or C.
    momentum, eps : float
    dtype, device
        Of parameters and running values; torch's defaults where not given.

    Shapes
    ------
    x, y : (N, D) or (N, C, H, W)      gamma, beta, running_mean, running_var : (D,) or (C,)

    Raises
    ------
    ShapeError
        if x has another shape, or in training a single value for each feature.
    """

    def __init__(self, num_features, momentum=0.1, eps=1e-5, *, dtype=None, device=None):
        super().__init__()
        place = {"dtype": dtype, "device": device}
        self.momentum = momentum
        self.eps = eps
        self.gamma = torch.nn.Parameter(torch.ones(num_features, **place))
        self.beta = torch.nn.Parameter(torch.zeros(num_features, **place))
        self.register_buffer("running_mean", torch.zeros(num_features, **place))
        self.register_buffer("running_var", torch.ones(num_features, **place))

    def forward(self, x):
        n = check_batch(tuple(x.shape), len(self.gamma), self.training)
        return torch.nn.functional.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.gamma,
            self.beta,
            training=self.training and n > 0,
            momentum=self.momentum,
            eps=self.eps,
        )
