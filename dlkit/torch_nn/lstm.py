"""LSTM: a cell that keeps what it holds, and gates that write, erase and read, on tensors."""

import torch

from dlkit import nn
from dlkit.torch_nn.recurrent import Recurrent


def lstm_step(x, h, c, Wx, Wh, b):
    """One step, as dlkit.nn.lstm_step: (h', c')."""
    return _gated(x @ Wx + h @ Wh + b, c)


class LSTM(Recurrent):
    """Long short-term memory; y = the hₜ of all steps, as dlkit.nn.LSTM.

    See dlkit.nn.Recurrent for parameters, shapes and calls; `dtype` and `device` are
    those of the parameters.
    """

    numpy = nn.LSTM
    fused = staticmethod(torch.lstm)

    def step(self, s, h, c, p):
        return _gated(s + h @ p["Wh"], c)


def _gated(s, c):
    i, f, g, o = s.chunk(4, dim=-1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c
