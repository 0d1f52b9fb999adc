"""MaxPool2d and AvgPool2d: each window of an image becomes one number, channel by channel."""

import numpy as np

from dlkit.nn.images import check_images, conv_output_size, pair
from dlkit.nn.layer import Layer, as_float

CACHE = 2**18  # bytes of images that `backward` treats at once, so that they stay in a core's cache


class MaxPool2d(Layer):
    """y[n,c,i,j] = the largest x of the window that starts at (s·i, s·j), s the stride [1].

    Nothing is learnt; small shifts of the image change little. Windows that would hang over the
    edge are dropped.

    Parameters
    ----------
    kernel_size : int or pair of int
        Height and width of the window.
    stride : int or pair of int, optional
        The window's own size where it is left out, so that windows stand side by side.

    Shapes
    ------
    x, dx : (N, C, H, W)      y, dy : (N, C, OH, OW), see `conv_output_size`

    Gradients
    ---------
    dx gets dy[n,c,i,j] at the window's largest x, the first in row-major order where several are
    (as in torch); what windows share adds up. A window with a NaN in it passes nothing on.

    Raises
    ------
    ShapeError
        if x is not (N, C, H, W), the window does not fit in, or dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Goodfellow, Bengio & Courville 2016, Deep Learning, MIT Press, §9.3.

    >>> MaxPool2d(2).forward(np.arange(8.0).reshape(1, 1, 2, 4))
    array([[[[5., 7.]]]])
    """

    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size, self.stride = window(kernel_size, stride)

    def __repr__(self):
        return f"{type(self).__name__}({self.kernel_size}, stride={self.stride})"

    def forward(self, x):
        x = as_float(x)
        y = max_pool2d(x, self.kernel_size, self.stride)
        self._kept = x, y
        return y

    def backward(self, dy):
        x, y = self._cached()
        dy = self._checked_dy(dy, y.shape)
        dx = np.zeros(x.shape, dy.dtype)
        size = max(1, CACHE // max(1, x[:1].nbytes))
        for n in range(0, len(x), size):
            self._send_back(*(array[n : n + size] for array in (dy, x, y, dx)))
        return dx

    def _send_back(self, dy, x, y, dx):
        """Put dy into dx at the first maximum of each window."""
        alone = self.stride[0] >= self.kernel_size[0] and self.stride[1] >= self.kernel_size[1]
        left = np.ones(y.shape, bool)  # windows whose maximum was not found yet
        first = np.empty(y.shape, bool)
        for pixel, dpixel in zip(self._pixels(x), self._pixels(dx), strict=True):
            np.equal(pixel, y, out=first)
            first &= left
            left ^= first
            if alone:
                np.multiply(dy, first, out=dpixel)
            else:
                dpixel += dy * first

    def _pixels(self, x):
        return pixels(x, self.kernel_size, self.stride)


class AvgPool2d(Layer):
    """y[n,c,i,j] = the mean of x over the window that starts at (s·i, s·j), s the stride [1].

    With a window as large as the image this is the global average of each channel [2]. Windows that
    would hang over the edge are dropped.

    Parameters
    ----------
    kernel_size : int or pair of int
        Height and width of the window, kH and kW below.
    stride : int or pair of int, optional
        The window's own size where it is left out.

    Shapes
    ------
    x, dx : (N, C, H, W)      y, dy : (N, C, OH, OW), see `conv_output_size`

    Gradients
    ---------
    dx gets dy[n,c,i,j] / (kH·kW) at every pixel of the window; what windows share adds up

    Raises
    ------
    ShapeError
        if x is not (N, C, H, W), the window does not fit in, or dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] LeCun, Bottou, Bengio & Haffner 1998, Gradient-Based Learning Applied to Document
        Recognition, Proceedings of the IEEE.
    [2] Lin, Chen & Yan 2014, Network In Network, ICLR, arXiv:1312.4400.

    >>> AvgPool2d(2).forward(np.arange(8.0).reshape(1, 1, 2, 4))
    array([[[[2.5, 4.5]]]])
    """

    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size, self.stride = window(kernel_size, stride)

    def __repr__(self):
        return f"{type(self).__name__}({self.kernel_size}, stride={self.stride})"

    def forward(self, x):
        x = as_float(x)
        y = avg_pool2d(x, self.kernel_size, self.stride)
        self._kept = x.shape, y.shape
        return y

    def backward(self, dy):
        x_shape, y_shape = self._cached()
        dy = self._checked_dy(dy, y_shape)
        dx = np.zeros(x_shape, dy.dtype)
        kH, kW = self.kernel_size
        share = dy / (kH * kW)
        for dpixel in pixels(dx, self.kernel_size, self.stride):
            dpixel += share
        return dx


def max_pool2d(x, k, stride=None):
    """The largest number of each window of k, (N, C, OH, OW) from x (N, C, H, W)."""
    x = as_float(x)
    check_images(x.shape, None, "max_pool2d")
    first, *others = pixels(x, *window(k, stride))
    y = first.copy()
    for pixel in others:
        np.maximum(y, pixel, out=y)
    return y


def avg_pool2d(x, k, stride=None):
    """The mean of each window of k, (N, C, OH, OW) from x (N, C, H, W)."""
    x = as_float(x)
    check_images(x.shape, None, "avg_pool2d")
    (kH, kW), stride = window(k, stride)
    first, *others = pixels(x, (kH, kW), stride)
    y = first.copy()
    for pixel in others:
        y += pixel
    y /= kH * kW
    return y


def window(k, stride):
    """(kernel_size, stride), two pairs; windows stand side by side where stride is None."""
    k = pair(k, "kernel_size")
    return k, k if stride is None else pair(stride, "stride")


def pixels(x, k, stride):
    """For each pixel of the window, row-major, a view of what it sees, (N, C, OH, OW)."""
    (kH, kW), (sH, sW) = k, stride
    OH, OW = conv_output_size(x.shape[2], kH, 0, sH), conv_output_size(x.shape[3], kW, 0, sW)
    for kh, kw in np.ndindex(kH, kW):
        yield x[:, :, kh : kh + sH * (OH - 1) + 1 : sH, kw : kw + sW * (OW - 1) + 1 : sW]
