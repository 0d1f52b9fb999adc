"""Losses on tensors: one number for a batch."""

import torch

from dlkit.nn.losses import check_shapes, check_targets


class BinaryCrossEntropyWithLogits(torch.nn.Module):
    """loss = mean(ln(e⁰ + eᶻ) − z t), as dlkit.nn.BinaryCrossEntropyWithLogits.

    Shapes
    ------
    z, t : any, both the same      loss : a scalar tensor      t between 0 and 1

    Raises
    ------
    ShapeError
        if z and t have different shapes.
    ValueError
        if a target is outside [0, 1].
    """

    def forward(self, z, t):
        check_shapes(z.shape, t.shape)
        check_targets(t)
        return torch.mean(torch.logaddexp(torch.zeros_like(z), z) - z * t)
