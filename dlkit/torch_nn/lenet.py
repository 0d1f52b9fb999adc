"""LeNet-5: the network that read cheques, as it is built today and as it was in 1998."""

import torch
from torch import nn


class LeNet5(nn.Sequential):
    """Two convolutions, two poolings, three layers on top: 61 706 parameters with 32×32 pixels.

    This is the form of today's textbooks: ReLU, maxima, each kernel of C3 sees all maps of S2, and
    ten scores for a cross-entropy. What the paper [1] has is `LeNet5Of1998`. Images of 28×28 need
    `padding=2`, which makes them 32×32.

    Parameters
    ----------
    num_classes : int
    padding : int
        Of the first convolution.

    Shapes
    ------
    x : (N, 1, 32, 32), or (N, 1, 28, 28) with padding=2      y : (N, num_classes), scores

    References
    ----------
    [1] LeCun, Bottou, Bengio & Haffner 1998, Gradient-Based Learning Applied to Document
        Recognition, Proceedings of the IEEE.
    """

    def __init__(self, num_classes=10, padding=0):
        super().__init__(
            *(nn.Conv2d(1, 6, 5, padding=padding), nn.ReLU(), nn.MaxPool2d(2)),  # C1, S2
            *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),  # C3, S4
            *(nn.Linear(400, 120), nn.ReLU()),  # C5
            *(nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, num_classes)),  # F6, output
        )


class LeNet5Of1998(nn.Module):
    """LeNet-5 as published [1]: 60 000 parameters.

    Other than in `LeNet5`, every layer up to F6, the poolings too, ends in a stretched tanh,
    1.7159 tanh(2x/3); poolings add up four pixels and learn one weight and one bias a map; a kernel
    of C3 sees three, four or six maps of S2 (the paper's table I); and the output is no score but
    the squared distance of F6 to a code of ±1 for each class, so the smallest wins. The paper's
    codes are small pictures of the characters; here they are random, the alternative that it names.
    They are not learnt.

    Shapes
    ------
    x : (N, 1, 32, 32)      y : (N, 10), squared distances

    References
    ----------
    [1] LeCun, Bottou, Bengio & Haffner 1998, Gradient-Based Learning Applied to Document
        Recognition, Proceedings of the IEEE, section II.B.
    """

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            *(nn.Conv2d(1, 6, 5), StretchedTanh(), LearntPool(6), StretchedTanh()),  # C1, S2
            *(SparseConv(), StretchedTanh(), LearntPool(16), StretchedTanh()),  # C3, S4
            *(nn.Conv2d(16, 120, 5), StretchedTanh(), nn.Flatten()),  # C5
            *(nn.Linear(120, 84), StretchedTanh()),  # F6
        )
        self.register_buffer("codes", torch.randint(0, 2, (10, 84)) * 2.0 - 1)

    def forward(self, x):
        return ((self.features(x)[:, None] - self.codes) ** 2).sum(dim=2)


class StretchedTanh(nn.Module):
    """y = 1.7159 tanh(2x/3), which is ±1 at ±1."""

    def forward(self, x):
        return 1.7159 * torch.tanh(2 / 3 * x)


class LearntPool(nn.Module):
    """The sum of each 2×2 window, times one weight a map, plus one bias a map."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return self.weight * 4 * nn.functional.avg_pool2d(x, 2) + self.bias


class SparseConv(nn.Module):
    """C3: 16 kernels of 5×5, each on the maps of S2 that table I gives it."""

    MAPS = (
        *((i, (i + 1) % 6, (i + 2) % 6) for i in range(6)),
        *((i, (i + 1) % 6, (i + 2) % 6, (i + 3) % 6) for i in range(6)),
        *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5)),
    )

    def __init__(self):
        super().__init__()
        self.kernels = nn.ModuleList(nn.Conv2d(len(maps), 1, 5) for maps in self.MAPS)

    def forward(self, x):
        pairs = zip(self.kernels, self.MAPS, strict=True)
        return torch.cat([kernel(x[:, list(maps)]) for kernel, maps in pairs], dim=1)
