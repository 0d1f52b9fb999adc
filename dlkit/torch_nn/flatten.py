"""Flatten: each example becomes one row, on tensors."""

import torch

from dlkit.nn.flatten import flat_shape


class Flatten(torch.nn.Module):
    """All axes but the first become one, as dlkit.nn.Flatten.

    Shapes
    ------
    x : (N, …)      y : (N, D), D the product of the other axes

    Raises
    ------
    ShapeError
        if x has no axis.
    """

    def forward(self, x):
        return x.reshape(flat_shape(tuple(x.shape)))
