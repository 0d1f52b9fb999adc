"""GroupNorm and InstanceNorm: groups of channels get mean 0 and variance 1, on tensors."""

import torch

from dlkit.nn.group_norm import checked_groups, grouped


class GroupNorm(torch.nn.Module):
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε) for each example and group, as dlkit.nn.GroupNorm.

    Parameters
    ----------
    num_groups, num_channels : int
        The second, C, is a multiple of the first.
    eps : float
    dtype, device
        Of the parameters; torch's defaults where not given.

    Shapes
    ------
    x, y : (N, C, …), images (N, C, H, W)      gamma, beta : (C,)

    Raises
    ------
    ValueError
        if num_channels is not a multiple of num_groups.
    ShapeError
        if x is not (N, C, …), or a group has a single value.
    """

    def __init__(self, num_groups, num_channels, eps=1e-5, *, dtype=None, device=None):
        super().__init__()
        self.num_groups = checked_groups(num_groups, num_channels)
        self.eps = eps
        self.gamma = torch.nn.Parameter(torch.ones(num_channels, dtype=dtype, device=device))
        self.beta = torch.nn.Parameter(torch.zeros(num_channels, dtype=dtype, device=device))

    def forward(self, x):
        grouped(tuple(x.shape), self.num_groups, len(self.gamma), type(self).__name__)
        return torch.nn.functional.group_norm(x, self.num_groups, self.gamma, self.beta, self.eps)


class InstanceNorm(GroupNorm):
    """GroupNorm with one channel a group, as dlkit.nn.InstanceNorm.

    Parameters
    ----------
    num_channels : int
    eps : float
    dtype, device
        Of the parameters; torch's defaults where not given.

    Shapes
    ------
    x, y : (N, C, …), images (N, C, H, W)      gamma, beta : (C,)
    """

    def __init__(self, num_channels, eps=1e-5, *, dtype=None, device=None):
        super().__init__(num_channels, num_channels, eps, dtype=dtype, device=device)
