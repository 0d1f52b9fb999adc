"""Sigmoid: the smooth step from 0 to 1, on tensors."""

import torch


class Sigmoid(torch.nn.Module):
    """y = 1 / (1 + e⁻ˣ), as dlkit.nn.Sigmoid.

    Written out, `1 / (1 + torch.exp(-x))` is right going forward, but autograd multiplies 0 by
    infinity where e⁻ˣ overflows; torch.sigmoid knows its own derivative y (1 − y).

    Shapes
    ------
    x, y : any, both the same
    """

    def forward(self, x):
        return torch.sigmoid(x)
