"""Conv2d: kernels slide over images, each looking for its pattern everywhere."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.images import check_images, conv_output_size, pad2d, pair
from dlkit.nn.initialisers import he_normal
from dlkit.nn.layer import Layer, as_float
from dlkit.nn.unroll import Unroll

FEW = 8  # channels: with fewer, dx as a convolution is a product of thin matrices, which is slow


class Conv2d(Layer):
    """Convolution: y[n,m,i,j] = Σ_c Σ_kh Σ_kw W[m,c,kh,kw] · x[n, c, s·i+kh, s·j+kw] + b[m].

    x stands for the image with its padding of zeros, s for the stride. As in every framework this
    is cross-correlation: the kernel is not flipped. `conv2d_naive` is the formula in loops; here
    the sums are matrix products, see `dlkit.nn.unroll`.

    Parameters
    ----------
    in_channels, out_channels : int
        C and M below.
    kernel_size, stride, padding : int or pair of int
        Height and width. Places where the kernel would hang over the padded image are dropped.
    bias : bool
        Whether there is a b; in front of a BatchNorm it would do nothing.
    rng : numpy.random.Generator
        Source of the initial weights.
    init : function (shape, rng=…) → ndarray
        One of dlkit.nn.initialisers; he_normal, W ~ N(0, 2/(C·kH·kW)), where it is left out. b
        starts at 0.

    Shapes
    ------
    x, dx : (N, C, H, W)      y, dy : (N, M, OH, OW), see `conv_output_size`
    W : (M, C, kH, kW)      b : (M,)

    Gradients
    ---------
    dW[m,c,kh,kw] = Σ_n Σ_i Σ_j dy[n,m,i,j] · x[n, c, s·i+kh, s·j+kw],   db[m] = Σ dy[:,m]
    dx[n, c, s·i+kh, s·j+kw] gets W[m,c,kh,kw] · dy[n,m,i,j] of all m, i, j, kh, kw   [1, §9.5]

    Raises
    ------
    ShapeError
        if x is not (N, C, H, W), the kernel does not fit in, or dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Goodfellow, Bengio & Courville 2016, Deep Learning, MIT Press.
    [2] LeCun, Bottou, Bengio & Haffner 1998, Gradient-Based Learning Applied to Document
        Recognition, Proceedings of the IEEE.

    >>> layer = Conv2d(1, 6, 5, padding=2, rng=np.random.default_rng(0))
    >>> layer.forward(np.ones((4, 1, 28, 28))).shape
    (4, 6, 28, 28)
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
    ):
        super().__init__()
        self.stride, self.padding = pair(stride, "stride"), pair(padding, "padding", least=0)
        shape = (out_channels, in_channels, *pair(kernel_size, "kernel_size"))
        self.params = {"W": init(shape, rng=rng)}
        if bias:
            self.params["b"] = np.zeros(out_channels)

    def forward(self, x):
        W, b = self.params["W"], self.params.get("b")
        x = as_float(x)
        check_images(x.shape, W.shape[1], "Conv2d.forward")
        self._kept = x
        return _forward(x, W, b, self.stride, self.padding)

    def backward(self, dy):
        x = self._cached()
        W = self.params["W"]
        unroll = Unroll(x.shape, W.shape, self.stride, self.padding)
        dy = self._checked_dy(dy, (len(x), len(W), *unroll.out))
        dx, dW, db = _backward(unroll, dy, x, W, self.needs_dx)
        self.grads = {"W": dW, "b": db} if "b" in self.params else {"W": dW}
        return dx


def conv2d(x, W, b=None, stride=1, padding=0):
    """The convolution of images x (N, C, H, W) with kernels W (M, C, kH, kW), plus b (M,).

    >>> x = np.arange(9.0).reshape(1, 1, 3, 3)
    >>> conv2d(x, np.ones((1, 1, 2, 2)))
    array([[[[ 8., 12.],
             [20., 24.]]]])
    """
    x, W, b = _checked(x, W, b, "conv2d")
    return _forward(x, W, b, pair(stride, "stride"), pair(padding, "padding", least=0))


def conv2d_naive(x, W, b=None, stride=1, padding=0):
    """`conv2d` as it is defined: at every place, the window times the kernel, summed up."""
    x, W, b = _checked(x, W, b, "conv2d_naive")
    (sH, sW), (kH, kW) = pair(stride, "stride"), W.shape[2:]
    x = pad2d(x, padding)
    OH, OW = conv_output_size(x.shape[2], kH, 0, sH), conv_output_size(x.shape[3], kW, 0, sW)
    y = np.zeros((len(x), len(W), OH, OW), np.result_type(x, W))
    for n, m, i, j in np.ndindex(y.shape):
        window = x[n, :, sH * i : sH * i + kH, sW * j : sW * j + kW]
        y[n, m, i, j] = (window * W[m]).sum()
    return y if b is None else y + b[:, None, None]


def _forward(x, W, b, stride, padding):
    unroll = Unroll(x.shape, W.shape, stride, padding)
    kernels = unroll.kernels(W)
    y = np.empty((len(x), len(W), *unroll.out), np.result_type(x, W))
    for group in unroll.groups(x):
        columns = sum_of_products(kernels, unroll.rows(x[group]))
        if b is not None:
            columns += b[:, None]
        y[group] = unroll.from_columns(columns)
    return y


def _backward(unroll, dy, x, W, needs_dx):
    kernels = unroll.kernels(W)
    dkernels = [np.zeros(K.shape[::-1], np.result_type(dy, x)) for K in kernels]
    db = np.zeros(len(W), dy.dtype)
    fold = needs_dx and not (unroll.keeps_size and W.shape[1] >= FEW)
    dx = np.empty(x.shape, np.result_type(dy, W)) if fold else None
    for group in unroll.groups(x):
        dcolumns = unroll.to_columns(dy[group])
        for dK, row in zip(dkernels, unroll.rows(x[group]), strict=True):
            dK += row @ dcolumns.T
        db += dcolumns.sum(axis=1)
        if fold:
            drows = (K.T @ dcolumns for K in kernels)
            dx[group] = unroll.fold(drows, len(x[group]), dx.dtype)
    if needs_dx and not fold:  # dx is a convolution of dy, with kernels turned by half a turn
        turned = W[:, :, ::-1, ::-1].swapaxes(0, 1)
        dx = _forward(dy, turned, None, unroll.stride, unroll.padding)
    return dx, unroll.from_kernels(dkernels), db


def sum_of_products(kernels, rows):
    """Σ K @ row, a product at a time."""
    total = kernels[0] @ rows[0]
    product = np.empty_like(total)
    for K, row in zip(kernels[1:], rows[1:], strict=True):
        total += np.matmul(K, row, out=product)
    return total


def _checked(x, W, b, where):
    """Arrays of the three, or a ShapeError."""
    x, W = as_float(x), as_float(W)
    if W.ndim != 4:
        raise ShapeError(f"{where} expected W of shape (M, C, kH, kW), got {W.shape}.")
    check_images(x.shape, W.shape[1], where)
    if b is not None:
        b = as_float(b).astype(np.result_type(x, W))
        if b.shape != (len(W),):
            raise ShapeError(
                f"{where} expected b of shape ({len(W)},), one for each kernel, got {b.shape}."
            )
    return x, W, b
