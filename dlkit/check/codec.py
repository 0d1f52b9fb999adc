"""Plain data to JSON and arrays and back: how inputs and answers travel, without pickle.

A packed value is a JSON tree plus a list of NumPy arrays that the tree points into. Types survive:
an int stays an int, a bool a bool, numpy.int64 stays numpy.int64, a tuple a tuple. Whatever is not
plain data arrives as an `Opaque` that names its type.
"""

import base64
import zlib
from dataclasses import dataclass

import numpy as np

MAX_DEPTH = 32
MAX_NODES = 200_000
LONG_LIST = 100  # numbers; a longer list of them travels as an array
MANY_ARRAYS = 200
MAX_LISTED = 2_000_000  # numbers of such lists together
_KINDS = "biufc"


class CodecError(ValueError):
    """A packed value that does not follow the form, or a value that is too large to pack."""


@dataclass(frozen=True)
class Opaque:
    """Something that is not plain data: its type's name and a short text of it."""

    type_name: str
    text: str


@dataclass(frozen=True)
class Fn:
    """A named function of `dlkit.check.functions`, made by `name(*args)` where it is used."""

    name: str
    args: tuple = ()


@dataclass(frozen=True)
class Rng:
    """A generator `numpy.random.default_rng(seed)`, made afresh for every call."""

    seed: int


@dataclass(frozen=True)
class Draw:
    """A large random array, sent as its recipe: `rng(seed).normal(size=shape)` or integers."""

    seed: int
    shape: tuple
    low: int | None = None
    high: int | None = None
    dtype: str = "float64"

    def array(self) -> np.ndarray:
        rng = np.random.default_rng(self.seed)
        if self.low is None:
            return rng.normal(size=self.shape).astype(self.dtype)
        return rng.integers(self.low, self.high, size=self.shape).astype(self.dtype)


def pack(value) -> tuple[object, list[np.ndarray]]:
    """(JSON tree, arrays) of any value; nothing in it is copied that need not be."""
    packer = _Packer()
    return packer.tree(value, 0), packer.arrays


class _Packer:
    def __init__(self):
        self.arrays = []
        self.nodes = 0

    def tree(self, value, depth):
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            return _opaque(value)
        kind = type(value)
        if value is None or kind in (bool, str, float):
            return value
        if issubclass(kind, str):
            return str.__str__(value)
        if kind is np.ndarray and value.dtype.kind == "U" and not value.ndim:
            return str(value)
        if kind is int:
            return value if value.bit_length() < 8192 else _opaque(value)
        if isinstance(value, np.generic) and value.dtype.kind in _KINDS:
            return {"n": self._array(np.asarray(value))}
        if isinstance(value, np.ndarray) and value.dtype.kind in _KINDS:
            return {"a": self._array(np.asarray(value))}
        return self._container(value, kind, depth + 1)

    def _array(self, array):
        if array.dtype.kind in "fc" and array.dtype.char in "gG":  # long double: not everywhere
            array = array.astype(float if array.dtype.kind == "f" else complex)
        array = array.astype(array.dtype.newbyteorder("="), copy=False)
        self.arrays.append(np.ascontiguousarray(array).reshape(array.shape))
        return len(self.arrays) - 1

    def _numbers(self, value):
        """A long list or tuple of numbers of one type as an array; None for any other.

        NumPy's numbers are an array each, and pictures in nested lists have thousands: once there
        are many arrays, a short list of them counts as long.
        """
        longer_than = LONG_LIST if len(self.arrays) < MANY_ARRAYS else 1
        kinds = set(map(type, value)) if longer_than < len(value) <= MAX_LISTED else ()
        if len(kinds) != 1:
            return None
        (kind,) = kinds
        whole = kind is int and all(-(2**63) <= item < 2**63 for item in value)
        if not (whole or kind in (bool, float) or _is_number(kind)):
            return None
        index = self._array(np.array(value, np.int64 if kind is int else kind))
        return {"l": [index, kind in (bool, int, float), isinstance(value, tuple)]}

    def _container(self, value, kind, depth):
        if isinstance(value, list | tuple) and (packed := self._numbers(value)):
            return packed
        if isinstance(value, list):
            return [self.tree(item, depth) for item in value]
        if isinstance(value, tuple):
            return {"t": [self.tree(item, depth) for item in value]}
        if isinstance(value, dict):
            pairs = [[self.tree(k, depth), self.tree(v, depth)] for k, v in value.items()]
            return {"d": pairs}
        if isinstance(value, set | frozenset):
            return {"s": [self.tree(item, depth) for item in value]}
        if kind is complex:
            return {"c": [value.real, value.imag]}
        if kind is Fn:
            return {"fn": value.name, "args": [self.tree(item, depth) for item in value.args]}
        if kind is Rng:
            return {"rng": value.seed}
        if kind is Draw:
            return {"draw": [value.seed, list(value.shape), value.low, value.high, value.dtype]}
        if kind is Opaque:
            return {"o": [value.type_name, value.text]}
        return _opaque(value)


def _is_number(kind):
    return issubclass(kind, np.generic) and np.dtype(kind).kind in _KINDS


def _opaque(value):
    kind = type(value)
    module = "" if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}."
    try:
        text = repr(value)[:80]
    except Exception:
        text = "?"
    return {"o": [f"{module}{kind.__name__}"[-80:], text]}


def unpack(tree, arrays):
    """The value of a packed tree; CodecError where the tree does not follow the form."""
    budget = [MAX_NODES, MAX_LISTED]
    try:
        return _value(tree, arrays, 0, budget)
    except CodecError:
        raise
    except Exception as error:
        raise CodecError(f"malformed value: {type(error).__name__}") from None


def _value(tree, arrays, depth, budget):
    budget[0] -= 1
    if depth > MAX_DEPTH + 1 or budget[0] < 0:
        raise CodecError("a value that is nested too deeply or has too many parts")
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    below = (arrays, depth + 1, budget)
    if isinstance(tree, list):
        return [_value(item, *below) for item in tree]
    if not isinstance(tree, dict):
        raise CodecError(f"unexpected {type(tree).__name__} in a packed value")
    match tree:
        case {"a": index}:
            return arrays[_index(index, arrays)]
        case {"n": index}:
            return arrays[_index(index, arrays)][()]
        case {"l": [index, bool(plain), bool(as_tuple)]}:
            return _listed(arrays[_index(index, arrays)], plain, as_tuple, budget)
        case {"t": items}:
            return tuple(_value(item, *below) for item in items)
        case {"d": pairs}:
            return {_hashable(_value(k, *below)): _value(v, *below) for k, v in pairs}
        case {"s": items}:
            return {_hashable(_value(item, *below)) for item in items}
        case {"c": [real, imag]}:
            return complex(real, imag)
        case {"fn": str(name), "args": items}:
            return Fn(name, tuple(_value(item, *below) for item in items))
        case {"rng": int(seed)}:
            return Rng(seed)
        case {"draw": [int(seed), list(shape), low, high, str(dtype)]}:
            return Draw(seed, tuple(shape), low, high, dtype)
        case {"o": [str(type_name), str(text)]}:
            return Opaque(type_name[:80], text[:80])
    raise CodecError(f"unknown form {sorted(tree)[:3]} in a packed value")


def _listed(array, plain, as_tuple, budget):
    budget[1] -= array.size
    if array.ndim != 1 or budget[1] < 0:
        raise CodecError("a list of numbers that is too long")
    items = array.tolist() if plain else list(array)
    return tuple(items) if as_tuple else items


def _index(index, arrays):
    if type(index) is not int or not 0 <= index < len(arrays):
        raise CodecError(f"array number {index!r} of {len(arrays)}")
    return index


def _hashable(value):
    try:
        hash(value)
    except TypeError:
        return Opaque(type(value).__name__, repr(value)[:80])
    return value


def to_text(value) -> dict:
    """A JSON object that holds a value with its arrays inside (compressed, base64)."""
    tree, arrays = pack(value)
    if not arrays:
        return {"value": tree}
    return {"value": tree, "arrays": [_array_to_text(array) for array in arrays]}


def from_text(entry: dict):
    """The value of a `to_text` object."""
    return unpack(entry["value"], [_array_from_text(item) for item in entry.get("arrays", [])])


def _array_to_text(array):
    data = base64.b64encode(zlib.compress(array.tobytes(), 9)).decode()
    return [array.dtype.str, list(array.shape), data]


def _array_from_text(entry):
    dtype, shape, data = entry
    flat = np.frombuffer(zlib.decompress(base64.b64decode(data)), dtype=np.dtype(dtype))
    return flat.reshape(shape).copy()
