"""IDX files, the form in which MNIST is published: a short head, then the numbers of one array.

The head is two zero bytes, one byte for the kind of number, one for the number of axes, and the
length of each axis as four bytes, the highest first.
"""

import gzip
import math
import zlib

import numpy as np

from dlkit.errors import DataError

KINDS = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_MIB = 256  # what an array may take; the head of a damaged file may promise anything


def read_idx(path):
    """The array in a gzipped IDX file.

    No more is unpacked than the head says, and no more than 256 MiB.

    Raises
    ------
    DataError
        if it is no gzip file, no IDX file, cut off, too large, or longer than its head says.
    """
    try:
        with gzip.open(path) as stream:
            zero, kind, axes = _numbers(stream, "head", ">u2", "u1", "u1")
            if zero != 0 or kind not in KINDS:
                raise DataError(f"{path} is no IDX file: its first bytes are not 0, 0 and a kind.")
            shape = _numbers(stream, "head", *[">u4"] * axes)
            dtype = np.dtype(KINDS[kind])
            size = math.prod(shape) * dtype.itemsize
            if size > MOST_MIB * 2**20:
                raise DataError(
                    f"{path} says that it holds an array of shape {tuple(shape)}, which is more "
                    f"than {MOST_MIB} MiB: it is damaged, or made to harm."
                )
            content = _exactly(stream, size, "array")
            if stream.read(1):
                raise DataError(f"{path} goes on after its array of shape {tuple(shape)}.")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is cut off, or no gzip file: {error}") from error
    return np.frombuffer(content, dtype).astype(dtype.newbyteorder("=")).reshape(shape)


def _numbers(stream, what, *dtypes):
    return [int(np.frombuffer(_exactly(stream, np.dtype(d).itemsize, what), d)[0]) for d in dtypes]


def _exactly(stream, size, what):
    content = stream.read(size)
    if len(content) < size:
        raise EOFError(f"its {what} ends after {len(content)} of {size} bytes")
    return content
