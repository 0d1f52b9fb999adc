"""VGG-16: nothing but 3×3 convolutions, in blocks, each half as large and twice as deep."""

from torch import nn


class VGG16(nn.Sequential):
    """Thirteen convolutions and three layers on top: 138 357 544 parameters for 1000 classes.

    Configuration D of the paper [1]. Two 3×3 kernels one after the other see 5×5 pixels, three see
    7×7, with fewer weights than one such kernel. Of all parameters 123 642 856 are in the three
    layers on top. Many common implementations put an average over 7×7 places in front of them, so
    that other image sizes fit; this one takes 224×224, as the paper does.

    Parameters
    ----------
    num_classes : int

    Shapes
    ------
    x : (N, 3, 224, 224)      y : (N, num_classes), scores

    References
    ----------
    [1] Simonyan & Zisserman 2015, Very Deep Convolutional Networks for Large-Scale Image
        Recognition, ICLR, arXiv:1409.1556.
    """

    def __init__(self, num_classes=1000):
        super().__init__(
            *vgg_block(3, 64, 2),
            *vgg_block(64, 128, 2),
            *vgg_block(128, 256, 3),
            *vgg_block(256, 512, 3),
            *vgg_block(512, 512, 3),
            *(nn.Flatten(), nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5), nn.Linear(4096, num_classes)),
        )


def vgg_block(C, M, count):
    """`count` 3×3 convolutions from C to M channels, then a maximum that halves the image."""
    for i in range(count):
        yield nn.Conv2d(M if i else C, M, 3, padding=1)
        yield nn.ReLU()
    yield nn.MaxPool2d(2)
