"""AlexNet: the network that won ImageNet in 2012."""

from torch import nn


class AlexNet(nn.Sequential):
    """Five convolutions and three layers on top: 61 100 840 parameters for 1000 classes.

    This is the form of 2014 [2], which torchvision has as well: 64, 192, 384, 256 and 256 kernels.
    With `paper=True` it is that of 2012 [1], of 60 965 224 parameters: 96, 256, 384, 384 and 256
    kernels, of which the second, fourth and fifth layer's see half of the channels each (they were
    on two GPUs), and a normalisation across channels after the first two. There the paper says
    224×224 pixels; its sizes come out with 227, or as here with a padding of 2.

    Parameters
    ----------
    num_classes : int
    paper : bool

    Shapes
    ------
    x : (N, 3, 224, 224)      y : (N, num_classes), scores

    References
    ----------
    [1] Krizhevsky, Sutskever & Hinton 2012, ImageNet Classification with Deep Convolutional Neural
        Networks, NeurIPS.
    [2] Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks,
        arXiv:1404.5997.
    """

    def __init__(self, num_classes=1000, paper=False):
        M = (96, 256, 384, 384, 256) if paper else (64, 192, 384, 256, 256)
        g = 2 if paper else 1
        norm = nn.LocalResponseNorm(5, k=2, alpha=5e-4) if paper else nn.Identity()
        super().__init__(
            *(nn.Conv2d(3, M[0], 11, stride=4, padding=2), nn.ReLU(), norm, nn.MaxPool2d(3, 2)),
            *(nn.Conv2d(M[0], M[1], 5, padding=2, groups=g), nn.ReLU(), norm, nn.MaxPool2d(3, 2)),
            *(nn.Conv2d(M[1], M[2], 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(M[2], M[3], 3, padding=1, groups=g), nn.ReLU()),
            *(nn.Conv2d(M[3], M[4], 3, padding=1, groups=g), nn.ReLU(), nn.MaxPool2d(3, 2)),
            *(nn.Flatten(), nn.Dropout(0.5), nn.Linear(256 * 6 * 6, 4096), nn.ReLU()),
            *(nn.Dropout(0.5), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, num_classes)),
        )
