"""The wire between judge and worker: a JSON header with its length before it, then raw array bytes.

    4 bytes   length of the header, big-endian, at most MAX_HEADER
    header    a JSON object; its key "arrays" lists {"dtype": "<f8", "shape": [2, 3]}
    buffers   the arrays' bytes in C order, one after the other, at most MAX_BUFFERS together

Nothing is ever unpickled. Everything is checked before memory is allocated for it, because the
side that reads must assume that a student's code wrote the bytes.
"""

import json
import math
import struct

import numpy as np

MAX_HEADER = 2_000_000
MAX_BUFFERS = 64_000_000
MAX_ARRAYS = 1000
MAX_DEPTH = 60
PREFIX = struct.Struct("!I")
# bool, integers, floats and complex numbers; never objects, strings or records
DTYPES = {"|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"}
DTYPES |= {"<f2", "<f4", "<f8", "<c8", "<c16"}


class Malformed(ValueError):
    """The other side wrote something that is no message; the text says what was wrong with it."""


class Closed(Exception):
    """The other side hung up."""


def encode(message: dict, arrays=()) -> list[bytes]:
    """The chunks of one message; ValueError when it is larger than the other side accepts."""
    arrays = [_plain(array) for array in arrays]
    described = [{"dtype": a.dtype.str, "shape": list(a.shape)} for a in arrays]
    header = json.dumps({**message, "arrays": described}).encode("ascii")
    size = sum(a.nbytes for a in arrays)
    if len(header) > MAX_HEADER:
        raise ValueError(f"the reply has {len(header)} bytes of JSON, more than {MAX_HEADER}")
    if size > MAX_BUFFERS:
        raise ValueError(f"the arrays have {size} bytes together, more than {MAX_BUFFERS}")
    if len(arrays) > MAX_ARRAYS:
        raise ValueError(f"{len(arrays)} arrays in one message, more than {MAX_ARRAYS}")
    return [PREFIX.pack(len(header)), header, *(a.tobytes() for a in arrays)]


def _plain(array) -> np.ndarray:
    array = np.asarray(array)
    plain = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if plain.dtype.str not in DTYPES:
        raise ValueError(
            f"an array of dtype {array.dtype} cannot be sent, only bool, int, uint, float, complex"
        )
    return plain


def header_length(prefix: bytes) -> int:
    (length,) = PREFIX.unpack(prefix)
    if length > MAX_HEADER:
        raise Malformed(f"its header claims {length} bytes, more than {MAX_HEADER}")
    return length


def decode_header(raw: bytes) -> tuple[dict, list[tuple[np.dtype, tuple[int, ...], int]]]:
    """The message and, for each array that follows, its (dtype, shape, number of bytes)."""
    message = _loads(raw)
    if not isinstance(message, dict):
        raise Malformed(f"its header is a {type(message).__name__}, not an object")
    described = message.pop("arrays", None)
    if not isinstance(described, list) or len(described) > MAX_ARRAYS:
        raise Malformed(f"its header lists no arrays, or more than {MAX_ARRAYS}")
    layout = [_layout(item) for item in described]
    size = sum(nbytes for _, _, nbytes in layout)
    if size > MAX_BUFFERS:
        raise Malformed(f"its arrays claim {size} bytes, more than {MAX_BUFFERS}")
    return message, layout


def decode_array(raw, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    """The array in these bytes; writable when they are (a bytearray)."""
    if dtype == np.bool_:  # a byte that is neither 0 nor 1 would make a bool that is neither
        return (np.frombuffer(raw, np.uint8) != 0).reshape(shape)
    return np.frombuffer(raw, dtype).reshape(shape)


def read_message(stream) -> tuple[dict, list[np.ndarray]]:
    """One whole message from a blocking binary stream (the worker's way to read)."""
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        raise Closed
    message, layout = decode_header(stream.read(header_length(prefix)))
    return message, [decode_array(bytearray(stream.read(n)), d, s) for d, s, n in layout]


def _loads(raw: bytes):
    try:
        value = json.loads(raw.decode("utf-8", "replace"))
        if b"\\ud" in raw.lower():  # an escaped half of a pair would break every later UTF-8 write
            text = json.dumps(value, ensure_ascii=False)
            value = json.loads(text.encode("utf-8", "replace").decode())
    except (ValueError, RecursionError) as error:
        raise Malformed(f"its header is no JSON ({type(error).__name__})") from None
    if _deeper_than(value, MAX_DEPTH):
        raise Malformed(f"its header is nested deeper than {MAX_DEPTH} levels")
    return value


def _deeper_than(value, limit: int) -> bool:
    """Whether lists and objects are nested deeper than `limit`, found without recursion."""
    level = [value]
    for _ in range(limit):
        containers = (item for item in level if isinstance(item, dict | list))
        level = [
            child
            for item in containers
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def _layout(item) -> tuple[np.dtype, tuple[int, ...], int]:
    dtype = item.get("dtype") if isinstance(item, dict) else None
    shape = item.get("shape") if isinstance(item, dict) else None
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise Malformed(f"an array of dtype {dtype!r:.40}, which is not among those allowed")
    if not isinstance(shape, list) or len(shape) > 32:
        raise Malformed("an array whose shape is no list of at most 32 lengths")
    if not all(type(n) is int and 0 <= n <= MAX_BUFFERS for n in shape):
        raise Malformed(f"an array of shape {shape!r:.80}")
    nonzero = math.prod(n for n in shape if n)
    if nonzero > MAX_BUFFERS:
        raise Malformed(f"an array of shape {shape!r:.80}, too large")
    dtype = np.dtype(dtype)
    return dtype, tuple(shape), math.prod(shape) * dtype.itemsize
