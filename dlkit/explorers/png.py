"""Grey pixels as a PNG file of the same bytes on every machine, since it is not compressed."""

import struct
import zlib

import numpy as np


def grey_png(image):
    """The file for an image (rows, columns) from 0, black, to 1, white; what is outside is clipped.

    >>> grey_png(np.zeros((2, 3)))[1:4]
    b'PNG'
    """
    # halves are rounded up; a millionth more, since sums of decimals may fall a hair short of them
    levels = np.floor(np.clip(image, 0, 1) * 255 + 0.5 + 1e-6).astype(np.uint8)
    rows, columns = levels.shape
    raw = np.hstack([np.zeros((rows, 1), np.uint8), levels]).tobytes()
    head = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", _stored(raw)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _stored(raw):
    """The bytes in zlib's format, in blocks that are not compressed."""
    parts = [b"\x78\x01"]
    for at in range(0, len(raw), 65535):
        part = raw[at : at + 65535]
        last = at + len(part) == len(raw)
        parts.append(struct.pack("<BHH", last, len(part), len(part) ^ 0xFFFF) + part)
    return b"".join([*parts, struct.pack(">I", zlib.adler32(raw))])


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
