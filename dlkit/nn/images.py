"""Images (N, C, H, W): the sizes a window leaves, padding, and windows unrolled into rows."""

from numbers import Integral

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float


def conv_output_size(n, k, padding=0, stride=1):
    """How many places a window of k has along n pixels: ⌊(n + 2 · padding − k) / stride⌋ + 1.

    What is left over at the end, less than a stride, is dropped.

    Raises
    ------
    ShapeError
        if the window is larger than what it slides over.
    ValueError
        if k or stride is below 1, or padding below 0.

    >>> conv_output_size(28, 5), conv_output_size(28, 5, padding=2), conv_output_size(7, 2, 0, 2)
    (24, 28, 3)
    """
    if k < 1 or stride < 1 or padding < 0:
        raise ValueError(
            f"expected k and stride of 1 or more and padding of 0 or more, got k={k}, "
            f"stride={stride}, padding={padding}."
        )
    if k > n + 2 * padding:
        raise ShapeError(
            f"expected a window that fits into the image, got a window of {k} and {n} pixels with "
            f"{padding} of padding on both sides, {n + 2 * padding} in all."
        )
    return (n + 2 * padding - k) // stride + 1


def pad2d(x, p, value=0.0):
    """x (N, C, H, W) with p more pixels on each side of H and W; p is a number or a pair.

    >>> pad2d(np.ones((1, 1, 1, 2)), 1)[0, 0]
    array([[0., 0., 0., 0.],
           [0., 1., 1., 0.],
           [0., 0., 0., 0.]])
    """
    x = as_float(x)
    check_images(x.shape, None, "pad2d")
    pH, pW = pair(p, "padding", least=0)
    N, C, H, W = x.shape
    padded = np.full((N, C, H + 2 * pH, W + 2 * pW), value, x.dtype)
    padded[:, :, pH : pH + H, pW : pW + W] = x
    return padded


def im2col(x, k, stride=1, padding=0):
    """Each window of x (N, C, H, W) as a row: (N·OH·OW, C·kH·kW).

    Rows in the order n, oh, ow; columns in the order c, kh, kw, as in W.reshape(C_out, -1). So a
    convolution is one matrix product, and x is copied kH·kW times.

    >>> im2col(np.arange(9.0).reshape(1, 1, 3, 3), 2)
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.],
           [3., 4., 6., 7.],
           [4., 5., 7., 8.]])
    """
    (kH, kW), (sH, sW) = pair(k, "k"), pair(stride, "stride")
    x = pad2d(x, padding)
    N, C, H, W = x.shape
    OH, OW = conv_output_size(H, kH, 0, sH), conv_output_size(W, kW, 0, sW)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kH, kW), axis=(2, 3))[:, :, ::sH, ::sW]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(N * OH * OW, C * kH * kW)


def pair(value, what, least=1):
    """(height, width) from one whole number or two; `what` names it in the ValueError."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(values) != 2 or not all(isinstance(v, Integral) and v >= least for v in values):
        raise ValueError(
            f"expected {what} to be a whole number from {least} on, or a pair of them (height, "
            f"width), got {value!r}."
        )
    return values


def check_images(x_shape, channels, where):
    """A ShapeError with the likely slip, unless x is (N, C, H, W); C is any where None."""
    x_shape = tuple(x_shape)
    C = "C" if channels is None else channels
    if len(x_shape) == 4 and channels in (None, x_shape[1]):
        return
    slip = "Is this the layer that you meant, or has it another number of channels?"
    if len(x_shape) == 4 and x_shape[3] == channels:
        slip = "The channels seem to be last: try x.transpose(0, 3, 1, 2)."
    elif len(x_shape) == 3 and x_shape[0] == channels:
        slip = "x looks like one image: pass x[None]."
    elif len(x_shape) == 3:
        slip = "Images of one channel need an axis for it: pass x[:, None]."
    elif len(x_shape) == 2:
        slip = "x looks flat: pass x.reshape(N, C, H, W)."
    raise ShapeError(f"{where} expected x of shape (N, {C}, H, W), got {x_shape}. {slip}")
