"""Grey values from bytes to the form that all image sets of the course share."""

import numpy as np


def float_type(dtype):
    """The dtype, or a TypeError if it is none for numbers between 0 and 1."""
    dtype = np.dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(
            f"dtype expected a kind of float, such as np.float32, got {dtype}: grey values lie "
            "between 0 and 1."
        )
    return dtype


def as_images(grey, full, *, flat, dtype):
    """Bytes (N, H, W) from 0 to `full` as (N, 1, H, W), or as rows (N, H·W), from 0 to 1."""
    dtype = float_type(dtype)
    shape = (len(grey), -1) if flat else (len(grey), 1, *grey.shape[1:])
    return (grey / dtype.type(full)).astype(dtype, copy=False).reshape(shape)
