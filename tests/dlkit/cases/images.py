"""Cases of convolution and pooling: sizes, strides, paddings, kernels that are not square."""

import numpy as np
from hypothesis import strategies as st

from tests.dlkit.cases import Case


def conv(C=2, M=3, kernel=(3, 2), stride=(2, 1), padding=(1, 0), bias=True, shape=(2, 5, 4)):
    """shape : N, H, W"""
    N, H, W = shape
    size = {"kernel_size": kernel, "stride": stride, "padding": padding, "bias": bias}
    return Case(
        lambda package, rng, **place: package.Conv2d(C, M, **size, rng=rng, **place),
        (N, C, H, W),
        known=lambda torch: torch.nn.Conv2d(C, M, **size),
        state=lambda p: {{"W": "weight", "b": "bias"}[name]: value for name, value in p.items()},
    )


def max_pool(kernel=2, stride=None, shape=(2, 2, 5, 4)):
    """Pixels stand apart, so that a small step does not change which is the largest."""
    return Case(
        lambda package, rng, **place: package.MaxPool2d(kernel, stride),
        inputs=lambda rng, N: (apart(rng, (N, *shape[1:])),),
        known=lambda torch: torch.nn.MaxPool2d(kernel, stride),
    )


def avg_pool(kernel=2, stride=None, shape=(2, 2, 5, 4)):
    return Case(
        lambda package, rng, **place: package.AvgPool2d(kernel, stride),
        shape,
        known=lambda torch: torch.nn.AvgPool2d(kernel, stride),
    )


def apart(rng, shape):
    return rng.permutation(np.prod(shape)).reshape(shape) - 10.0


CASES = {
    "Conv2d": conv(),
    "Conv2d, no padding": conv(kernel=3, stride=1, padding=0, shape=(3, 5, 6)),
    "Conv2d, no bias": conv(bias=False),
    "Conv2d, 1x1": conv(kernel=1, stride=1, padding=0),
    "Conv2d, one channel": conv(C=1, M=2, kernel=5, stride=1, padding=2, shape=(9, 6, 6)),
    "Conv2d, many channels": conv(C=9, M=2, kernel=2, stride=1, padding=0, shape=(1, 3, 3)),
    "Conv2d, stride beyond the kernel": conv(kernel=2, stride=3, padding=1, shape=(2, 7, 8)),
    "MaxPool2d": max_pool(),
    "MaxPool2d, windows share pixels": max_pool((3, 2), (1, 2)),
    "MaxPool2d, gaps": max_pool(1, (2, 3)),
    "AvgPool2d": avg_pool(),
    "AvgPool2d, windows share pixels": avg_pool((3, 2), (1, 2)),
    "AvgPool2d, the whole image": avg_pool((5, 4)),
}

sides, steps = st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(1, 3)
images = st.tuples(st.integers(0, 3), st.integers(3, 5), st.integers(3, 5))
pooled = images.map(lambda shape: (shape[0], 2, *shape[1:]))
RANDOM = {
    "Conv2d": st.builds(
        conv,
        st.sampled_from([1, 2, 9, 17]),
        st.integers(1, 3),
        sides,
        st.tuples(steps, steps),
        st.tuples(st.integers(0, 2), st.integers(0, 2)),
        st.booleans(),
        images,
    ),
    "MaxPool2d": st.builds(max_pool, sides, st.none() | st.tuples(steps, steps), pooled),
    "AvgPool2d": st.builds(avg_pool, sides, st.none() | st.tuples(steps, steps), pooled),
}
