"""GRU: one gate mixes the old state with a candidate, one decides what it sees, on tensors."""

import torch

from dlkit import nn
from dlkit.torch_nn.recurrent import Recurrent


def gru_step(x, h, Wx, Wh, b, bh=None):
    """One step, as dlkit.nn.gru_step: reset before the product, or after it where bh is given."""
    return _gated(x @ Wx + b, h, Wh, bh)


class GRU(Recurrent):
    """The gated recurrent unit; y = the hₜ of all steps, as dlkit.nn.GRU.

    See dlkit.nn.Recurrent for parameters, shapes and calls, and dlkit.nn.GRU for
    `reset_after`; `dtype` and `device` are those of the parameters.
    """

    numpy = nn.GRU

    @property
    def fused(self):
        return torch.gru if "bh" in self.names else None

    def step(self, s, h, p):
        return (_gated(s, h, p["Wh"], p.get("bh")),)


def _gated(s, h, Wh, bh):
    H = h.shape[-1]
    if bh is None:
        r, z = torch.sigmoid(s[..., : 2 * H] + h @ Wh[:, : 2 * H]).chunk(2, dim=-1)
        n = torch.tanh(s[..., 2 * H :] + (r * h) @ Wh[:, 2 * H :])
    else:
        from_h = h @ Wh + bh
        r, z = torch.sigmoid(s[..., : 2 * H] + from_h[..., : 2 * H]).chunk(2, dim=-1)
        n = torch.tanh(s[..., 2 * H :] + r * from_h[..., 2 * H :])
    return n + z * (h - n)
