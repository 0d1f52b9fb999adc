"""Residual: a function and a way around it, added up, on tensors."""

import torch

from dlkit.nn.residual import check_ways


class Residual(torch.nn.Module):
    """y = f(x) + x, or f(x) + g(x) with a shortcut g, as dlkit.nn.Residual.

    Parameters
    ----------
    f : torch.nn.Module
    shortcut : torch.nn.Module, optional
        g above; x itself where it is left out.

    Raises
    ------
    ShapeError
        if the two ways end in different shapes, also where they could be broadcast.
    """

    def __init__(self, f, shortcut=None):
        super().__init__()
        self.f = f
        self.shortcut = shortcut

    def forward(self, x):
        y = self.f(x)
        around = x if self.shortcut is None else self.shortcut(x)
        check_ways(y.shape, around.shape, self.shortcut is not None)
        return y + around
