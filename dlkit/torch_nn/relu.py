"""ReLU and LeakyReLU: what is above 0 passes, what is below is cut or made small, on tensors."""

import torch

from dlkit.nn.relu import checked_slope


class ReLU(torch.nn.Module):
    """y = max(x, 0), as dlkit.nn.ReLU; torch.relu, like ours, has the gradient 0 at 0.

    Shapes
    ------
    x, y : any, both the same
    """

    def forward(self, x):
        return torch.relu(x)


class LeakyReLU(torch.nn.Module):
    """y = x where x > 0, else slope · x, as dlkit.nn.LeakyReLU.

    Parameters
    ----------
    slope : float
        From 0 to 1.

    Shapes
    ------
    x, y : any, both the same

    Raises
    ------
    ValueError
        if slope is outside [0, 1].
    """

    def __init__(self, slope=0.01):
        super().__init__()
        self.slope = checked_slope(slope)

    def forward(self, x):
        return torch.nn.functional.leaky_relu(x, self.slope)
