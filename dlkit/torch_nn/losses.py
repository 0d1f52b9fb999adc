"""Losses on tensors: one number for a batch."""

import torch

from dlkit.nn.losses import check_shapes


class MeanSquaredError(torch.nn.Module):
    """loss = mean((y − t)²) over all entries, as dlkit.nn.MeanSquaredError.

    Shapes
    ------
    y, t : any, both the same      loss : a scalar tensor

    Raises
    ------
    ShapeError
        if y and t have different shapes, or are empty.
    """

    def forward(self, y, t):
        check_shapes(y.shape, t.shape, "MeanSquaredError")
        return torch.mean(torch.square(y - t.to(y.dtype)))
