"""Pixels as PNG files: grey ones in the same bytes on every machine, coloured ones made quickly."""

import struct
import zlib

import numpy as np

_GREY, _RGBA = 0, 6  # as PNG names them


def grey_png(image):
    """The file for an image (rows, columns) from 0, black, to 1, white; what is outside is clipped.

    It is not compressed, since what zlib makes of pixels differs from one machine to the next.

    >>> grey_png(np.zeros((2, 3)))[1:4]
    b'PNG'
    """
    # halves are rounded up; a millionth more, since sums of decimals may fall a hair short of them
    levels = np.floor(np.clip(image, 0, 1) * 255 + 0.5 + 1e-6).astype(np.uint8)
    return _file(levels.shape, _GREY, _stored(_unfiltered(levels).tobytes()))


def rgba_png(pixels):
    """The file for bytes (rows, columns, 4), compressed a little: time counts for more than size.

    >>> rgba_png(np.zeros((2, 3, 4), np.uint8))[1:4]
    b'PNG'
    """
    rows, columns, _ = pixels.shape
    packed = zlib.compress(_unfiltered(pixels.reshape(rows, -1)), 1)
    return _file((rows, columns), _RGBA, packed)


def _unfiltered(rows):
    """The rows with a 0 before each: none is told by its difference to another."""
    found = np.zeros((rows.shape[0], rows.shape[1] + 1), np.uint8)
    found[:, 1:] = rows
    return found


def _file(shape, colours, packed):
    rows, columns = shape
    head = struct.pack(">IIBBBBB", columns, rows, 8, colours, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", packed), (b"IEND", b"")
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
