"""GELU: a smooth rectifier, on tensors."""

import torch


class GELU(torch.nn.Module):
    """y = ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), as dlkit.nn.GELU.

    Shapes
    ------
    x, y : any, both the same
    """

    def forward(self, x):
        return torch.nn.functional.gelu(x, approximate="tanh")
