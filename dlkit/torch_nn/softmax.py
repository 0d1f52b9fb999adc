"""Softmax: scores become probabilities, along one axis, on tensors."""

import torch


class Softmax(torch.nn.Module):
    """yᵢ = exp(xᵢ) / Σⱼ exp(xⱼ), as dlkit.nn.Softmax.

    Parameters
    ----------
    axis : int
        Along which y sums to 1.

    Shapes
    ------
    x, y : any, both the same
    """

    def __init__(self, axis=-1):
        super().__init__()
        self.axis = axis

    def forward(self, x):
        return torch.softmax(x, dim=self.axis)
