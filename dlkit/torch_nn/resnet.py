"""ResNet-18: blocks that learn what differs from their input, so that depth does not hurt."""

import torch
from torch import nn


class ResNet18(nn.Module):
    """A convolution, eight residual blocks and one layer on top: 11 689 512 parameters.

    As torchvision has it. Where a block halves the image, its shortcut is a 1×1 convolution with
    stride 2 (the paper's option B [1]; its option A, zeros for the new channels, has no weights).
    Convolutions have no bias, since the batch normalisation behind them would take it away. They
    start from N(0, 2/n) with n the connections out of a unit [2].

    Parameters
    ----------
    num_classes : int

    Shapes
    ------
    x : (N, 3, H, W), 224×224 in the paper      y : (N, num_classes), scores

    References
    ----------
    [1] He, Zhang, Ren & Sun 2016, Deep Residual Learning for Image Recognition, CVPR,
        arXiv:1512.03385.
    [2] He et al. 2015, Delving Deep into Rectifiers, arXiv:1502.01852.
    """

    def __init__(self, num_classes=1000):
        super().__init__()
        self.layers = nn.Sequential(
            *(conv(3, 64, 7, 2), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1)),
            *(ResidualBlock(64, 64), ResidualBlock(64, 64)),
            *(ResidualBlock(64, 128, 2), ResidualBlock(128, 128)),
            *(ResidualBlock(128, 256, 2), ResidualBlock(256, 256)),
            *(ResidualBlock(256, 512, 2), ResidualBlock(512, 512)),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, num_classes)),
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return self.layers(x)


class ResidualBlock(nn.Module):
    """y = relu(f(x) + x), f two 3×3 convolutions with batch normalisation.

    With a stride or other channels the way around f is a 1×1 convolution with batch normalisation.

    Parameters
    ----------
    in_channels, out_channels : int
        C and M.
    stride : int

    Shapes
    ------
    x : (N, C, H, W)      y : (N, M, ⌈H/stride⌉, ⌈W/stride⌉)
    """

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        C, M = in_channels, out_channels
        self.f = nn.Sequential(
            *(conv(C, M, 3, stride), nn.BatchNorm2d(M), nn.ReLU()),
            *(conv(M, M, 3), nn.BatchNorm2d(M)),
        )
        self.shortcut = nn.Identity()
        if stride != 1 or C != M:
            self.shortcut = nn.Sequential(conv(C, M, 1, stride), nn.BatchNorm2d(M))

    def forward(self, x):
        return torch.relu(self.f(x) + self.shortcut(x))


def conv(C, M, kernel_size, stride=1):
    """A convolution without bias whose padding keeps the image's size, but for the stride."""
    return nn.Conv2d(C, M, kernel_size, stride, padding=kernel_size // 2, bias=False)
