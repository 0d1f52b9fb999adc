"""RNN: a hidden state that each step renews from its input and from what it was, on tensors."""

import torch

from dlkit import nn
from dlkit.torch_nn.recurrent import Recurrent


def rnn_step(x, h, Wx, Wh, b):
    """One step, as dlkit.nn.rnn_step: h' = tanh(x Wx + h Wh + b)."""
    return torch.tanh(x @ Wx + h @ Wh + b)


class RNN(Recurrent):
    """hₜ = tanh(xₜ Wx + hₜ₋₁ Wh + b), y = the hₜ of all steps, as dlkit.nn.RNN.

    See dlkit.nn.Recurrent for parameters, shapes and calls; `dtype` and `device` are
    those of the parameters.
    """

    numpy = nn.RNN
    fused = staticmethod(torch.rnn_tanh)

    def step(self, s, h, p):
        return (torch.tanh(s + h @ p["Wh"]),)
