"""Cross-entropies from logits, on tensors."""

import torch

from dlkit.nn.cross_entropy import check_labels, check_targets
from dlkit.nn.losses import check_shapes
from dlkit.torch_nn.tools import as_integers


class BinaryCrossEntropyWithLogits(torch.nn.Module):
    """loss = mean(ln(e⁰ + eᶻ) − z t), as dlkit.nn.BinaryCrossEntropyWithLogits.

    Shapes
    ------
    z, t : any, both the same      loss : a scalar tensor      t between 0 and 1

    Raises
    ------
    ShapeError
        if z and t have different shapes, or are empty.
    ValueError
        if a target is outside [0, 1].
    """

    def forward(self, z, t):
        check_shapes(z.shape, t.shape, "BinaryCrossEntropyWithLogits")
        check_targets(t)
        return torch.mean(torch.logaddexp(torch.zeros_like(z), z) - z * t.to(z.dtype))


class SoftmaxCrossEntropy(torch.nn.Module):
    """loss = mean(−ln softmax(z)[t]) over the rows of z, as dlkit.nn.SoftmaxCrossEntropy.

    Shapes
    ------
    z : (N, K), or with more axes in front      t : (N,), whole numbers 0 … K − 1
    loss : a scalar tensor

    Raises
    ------
    ShapeError
        if t has not one label for each row of z, or there is no row.
    DtypeError
        if the labels are not whole numbers.
    ValueError
        if a label is outside 0 … K − 1.
    """

    def forward(self, z, t):
        t = as_integers(t, "labels")
        check_labels(z.shape, t)
        log_p = torch.log_softmax(z, dim=-1)
        return -torch.mean(torch.gather(log_p, -1, t[..., None]))
