"""Conv2d: kernels slide over images, on tensors."""

import torch
from torch.nn import functional

from dlkit.nn.images import check_images, conv_output_size, pair
from dlkit.nn.initialisers import he_normal


class Conv2d(torch.nn.Module):
    """y[n,m,i,j] = Σ W[m,c,kh,kw] · x[n, c, s·i+kh, s·j+kw] + b[m], as dlkit.nn.Conv2d.

    `torch.nn.Conv2d` calls W `weight` and b `bias`, of the same shapes. The sum is computed by
    torch's own `conv2d`, which picks the fastest way that the device has; `conv2d_unfold` below
    says the same in tensor operations, at several times the memory.

    Parameters
    ----------
    in_channels, out_channels : int
        C and M.
    kernel_size, stride, padding : int or pair of int
        Height and width.
    bias : bool
        Whether there is a b.
    rng : numpy.random.Generator
        Source of the initial weights: the same seed gives those of dlkit.nn.Conv2d.
    init : function (shape, rng=…) → ndarray
        One of dlkit.nn.initialisers.
    dtype, device
        Of the parameters; torch's defaults where not given.

    Shapes
    ------
    x : (N, C, H, W)      y : (N, M, OH, OW)      W : (M, C, kH, kW)      b : (M,)

    Raises
    ------
    ShapeError
        if x is not (N, C, H, W), or the kernel does not fit in.
    """

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        bias=True,
        *,
        rng,
        init=he_normal,
        dtype=None,
        device=None,
    ):
        super().__init__()
        self.stride, self.padding = pair(stride, "stride"), pair(padding, "padding", least=0)
        shape = (out_channels, in_channels, *pair(kernel_size, "kernel_size"))
        place = {"dtype": dtype or torch.get_default_dtype(), "device": device}
        self.W = torch.nn.Parameter(torch.tensor(init(shape, rng=rng), **place))
        if bias:
            self.b = torch.nn.Parameter(torch.zeros(out_channels, **place))
        else:
            self.register_parameter("b", None)

    def forward(self, x):
        check_images(x.shape, self.W.shape[1], "Conv2d.forward")
        places(x.shape, self.W.shape[2:], self.stride, self.padding)
        return functional.conv2d(x, self.W, self.b, self.stride, self.padding)


def conv2d_unfold(x, W, b=None, stride=1, padding=0):
    """The convolution of x (N, C, H, W) with kernels W (M, C, kH, kW), plus b (M,).

    Each window becomes a column (C·kH·kW,), each kernel a row, and y is their product.
    """
    stride, padding = pair(stride, "stride"), pair(padding, "padding", least=0)
    check_images(x.shape, W.shape[1], "conv2d_unfold")
    OH, OW = places(x.shape, W.shape[2:], stride, padding)
    columns = functional.unfold(x, W.shape[2:], padding=padding, stride=stride)
    y = (W.reshape(len(W), -1) @ columns).reshape(len(x), len(W), OH, OW)
    return y if b is None else y + b[:, None, None]


def places(x_shape, kernel, stride, padding):
    """(OH, OW), or a ShapeError if the kernel does not fit in."""
    return tuple(
        conv_output_size(n, k, p, s)
        for n, k, p, s in zip(x_shape[2:], kernel, padding, stride, strict=True)
    )
