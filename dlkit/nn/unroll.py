"""Convolution as a few large matrix products; `conv2d_naive` shows what they compute.

    y[m, i, j] = Σ_kh  Σ_(c, kw) W[m, c, kh, kw] · x[c, s i + kh, s j + kw]

The inner sum is a matrix product for each kh, and y is the sum of the products. `im2col` would copy
each pixel kH·kW times. Here only the kernel's width is unrolled, which copies it kW times: what
kernel row kh needs is what kernel row 0 needs, kh lines further down, a view of the same array.
A group of images, as many as a core's cache holds, is treated at once and lies in the last axis, so
that all that is copied or added lies in long runs.
"""

import numpy as np

from dlkit.nn.images import conv_output_size

CACHE = 2**18  # bytes: a group's rows take about so many, so that they stay in a core's cache
FEW = 8  # images in the last axis make short runs: a group has so many, or one large image


class Unroll:
    """How the windows of kernels W (M, C, kH, kW) lie on images x (N, C, H, W).

    Below, G is the number of images in a group and OH, OW the number of places of the window.
    """

    def __init__(self, x_shape, W_shape, stride, padding):
        self.image, self.kernel = x_shape[1:], W_shape[1:]
        self.stride, self.padding = stride, padding
        (_, H, W), (_, kH, kW) = self.image, self.kernel
        self.out = (
            conv_output_size(H, kH, padding[0], stride[0]),
            conv_output_size(W, kW, padding[1], stride[1]),
        )
        self.lines = -(-(H + 2 * padding[0]) // stride[0])  # of each of the stride's phases
        self.keeps_size = stride == (1, 1) and self.out == (H, W)

    def groups(self, x):
        """Slices of the batch."""
        C, _, kW = self.kernel
        image = C * kW * self.stride[0] * self.lines * self.out[1] * x.itemsize
        size = max(FEW, CACHE // image) if 2 * image < CACHE else 1
        return [slice(n, n + size) for n in range(0, len(x), size)]

    def rows(self, x):
        """For x (G, C, H, W) a matrix (C·kW, OH·OW·G) for each kernel row."""
        U, padded = self._empty(len(x), x.dtype)
        padded[...] = 0
        self._inside(padded)[...] = x.transpose(1, 2, 3, 0)
        for kw in range(self.kernel[2]):
            U[:, kw] = self._columns(padded, kw)
        return [self._kernel_row(U, kh) for kh in range(self.kernel[1])]

    def fold(self, drows, G, dtype):
        """dx (G, C, H, W) from the gradients of `rows`: those of copies of a pixel add up."""
        dU, padded = self._empty(G, dtype)
        dU[:, :, :, self.out[0] :] = 0
        dU[:, :, self.kernel[1] :] = 0
        for kh, drow in enumerate(drows):
            view = self._kernel_row(dU, kh)
            if kh < self.stride[0]:  # the first in these lines
                view[...] = drow
            else:
                view += drow
        padded[...] = 0
        for kw in range(self.kernel[2]):
            view = self._columns(padded, kw)
            view += dU[:, kw]
        return self._inside(padded).transpose(3, 0, 1, 2)

    def kernels(self, W):
        """The matrices (M, C·kW) that `rows` are multiplied by."""
        return [W[:, :, kh].reshape(len(W), -1) for kh in range(self.kernel[1])]

    def from_kernels(self, matrices):
        """W (M, C, kH, kW) from the transposes of `kernels`."""
        C, kH, kW = self.kernel
        W = np.reshape(matrices, (kH, C, kW, -1))
        return np.ascontiguousarray(W.transpose(3, 1, 0, 2))

    def to_columns(self, y):
        """(M, OH·OW·G) from y (G, M, OH, OW)."""
        return y.transpose(1, 2, 3, 0).reshape(y.shape[1], -1)

    def from_columns(self, columns):
        """y (G, M, OH, OW) from (M, OH·OW·G)."""
        return columns.reshape(len(columns), *self.out, -1).transpose(3, 0, 1, 2)

    def _empty(self, G, dtype):
        """Arrays for the unrolled lines (C, kW, phases, lines, OW, G) and for padded images."""
        (C, _, kW), (sH, _), OW = self.kernel, self.stride, self.out[1]
        width = self.image[2] + 2 * self.padding[1]
        U = np.empty((C, kW, sH, self.lines, OW, G), dtype)
        return U, np.empty((C, self.lines * sH, width, G), dtype)

    def _inside(self, padded):
        """The images without their padding, (C, H, W, G)."""
        (_, H, W), (pH, pW) = self.image, self.padding
        return padded[:, pH : pH + H, pW : pW + W]

    def _columns(self, padded, kw):
        """What kernel column kw sees of each line, (C, phases, lines, OW, G)."""
        C, _, width, G = padded.shape
        (sH, sW), OW = self.stride, self.out[1]
        phases = padded.reshape(C, self.lines, sH, width, G).swapaxes(1, 2)
        return phases[..., kw : kw + sW * (OW - 1) + 1 : sW, :]

    def _kernel_row(self, U, kh):
        """What kernel row kh sees, (C·kW, OH·OW·G): lines sH·i + kh, neighbours in their phase."""
        first, phase = divmod(kh, self.stride[0])
        lines = U[:, :, phase, first : first + self.out[0]]
        return lines.reshape(U.shape[0] * U.shape[1], -1)
