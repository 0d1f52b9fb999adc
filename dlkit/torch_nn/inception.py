"""Inception: several kernel sizes side by side, and the network weighs them."""

import torch
from torch import nn


class Inception(nn.Module):
    """Four branches on the same input, their channels joined: the block of GoogLeNet [1].

    1×1 · 1×1 then 3×3 · 1×1 then 5×5 · maximum over 3×3 then 1×1. The 1×1 convolutions in front
    make few channels of many, so that the large kernels stay cheap. Block 3a of GoogLeNet,
    `Inception(192, 64, (96, 128), (16, 32), 32)`, has 163 696 parameters. Later versions add batch
    normalisation and leave the bias out; torchvision's GoogLeNet does so, too, and has 3×3 kernels
    where the paper has 5×5.

    Parameters
    ----------
    in_channels : int
        C.
    ones : int
        Kernels of the 1×1 branch.
    threes, fives : pair of int
        Kernels of the 1×1 convolution, and of the 3×3 or 5×5 one behind it.
    pooled : int
        Kernels behind the maximum.

    Shapes
    ------
    x : (N, C, H, W)      y : (N, ones + threes[1] + fives[1] + pooled, H, W)

    References
    ----------
    [1] Szegedy et al. 2015, Going Deeper with Convolutions, CVPR, arXiv:1409.4842.
    """

    def __init__(self, in_channels, ones, threes, fives, pooled):
        super().__init__()
        self.branches = nn.ModuleList(
            [
                nn.Sequential(*conv(in_channels, ones, 1)),
                nn.Sequential(*conv(in_channels, threes[0], 1), *conv(*threes, 3)),
                nn.Sequential(*conv(in_channels, fives[0], 1), *conv(*fives, 5)),
                nn.Sequential(nn.MaxPool2d(3, 1, padding=1), *conv(in_channels, pooled, 1)),
            ]
        )

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def conv(C, M, kernel_size):
    """A convolution that keeps the image's size, and ReLU."""
    return nn.Conv2d(C, M, kernel_size, padding=kernel_size // 2), nn.ReLU()
