"""MaxPool2d and AvgPool2d: each window of an image becomes one number, on tensors."""

import torch
from torch.nn import functional

from dlkit.nn.images import check_images
from dlkit.nn.pooling import window
from dlkit.torch_nn.conv import places


class MaxPool2d(torch.nn.Module):
    """The largest x of each window, as dlkit.nn.MaxPool2d.

    Computed by torch's own `max_pool2d`: where several are largest, it sends the gradient to the
    first, as dlkit.nn does, while `torch.maximum` would split it.

    Parameters
    ----------
    kernel_size : int or pair of int
    stride : int or pair of int, optional
        The window's own size where it is left out.

    Shapes
    ------
    x : (N, C, H, W)      y : (N, C, OH, OW)

    Raises
    ------
    ShapeError
        if x is not (N, C, H, W), or the window does not fit in.
    """

    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size, self.stride = window(kernel_size, stride)

    def forward(self, x):
        check_images(x.shape, None, "MaxPool2d.forward")
        places(x.shape, self.kernel_size, self.stride, (0, 0))
        return functional.max_pool2d(x, self.kernel_size, self.stride)


class AvgPool2d(torch.nn.Module):
    """The mean of x over each window, as dlkit.nn.AvgPool2d.

    Parameters
    ----------
    kernel_size : int or pair of int
    stride : int or pair of int, optional
        The window's own size where it is left out.

    Shapes
    ------
    x : (N, C, H, W)      y : (N, C, OH, OW)

    Raises
    ------
    ShapeError
        if x is not (N, C, H, W), or the window does not fit in.
    """

    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size, self.stride = window(kernel_size, stride)

    def forward(self, x):
        check_images(x.shape, None, "AvgPool2d.forward")
        places(x.shape, self.kernel_size, self.stride, (0, 0))
        return functional.avg_pool2d(x, self.kernel_size, self.stride)
