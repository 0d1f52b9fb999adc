"""Network in network: 1×1 convolutions, and an average instead of layers on top."""

from torch import nn


class NetworkInNetwork(nn.Sequential):
    """Three blocks of a convolution and two 1×1 convolutions: 966 986 parameters for 10 classes.

    A 1×1 convolution is a small network at every pixel, from its channels to others [1]. The last
    block has one map for each class, whose average is the score: no weights there. The numbers of
    kernels are those of the authors' configuration for CIFAR-10; the paper itself does not name
    them. Their networks for ImageNet, with a fourth block, have more.

    Parameters
    ----------
    num_classes : int

    Shapes
    ------
    x : (N, 3, 32, 32)      y : (N, num_classes), scores

    References
    ----------
    [1] Lin, Chen & Yan 2014, Network In Network, ICLR, arXiv:1312.4400.
    """

    def __init__(self, num_classes=10):
        super().__init__(
            *nin_block(3, (192, 160, 96), 5),
            *(nn.MaxPool2d(3, 2, padding=1), nn.Dropout(0.5)),
            *nin_block(96, (192, 192, 192), 5),
            *(nn.AvgPool2d(3, 2, padding=1), nn.Dropout(0.5)),
            *nin_block(192, (192, 192, num_classes), 3),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        )


def nin_block(C, M, kernel_size):
    """A convolution that keeps the image's size, then two of 1×1, with M[0], M[1], M[2] kernels."""
    for i, size in enumerate((kernel_size, 1, 1)):
        yield nn.Conv2d(M[i - 1] if i else C, M[i], size, padding=size // 2)
        yield nn.ReLU()
