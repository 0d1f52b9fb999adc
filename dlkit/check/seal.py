"""Sealed values: an answer that can be recognised but not read, for exercises without inputs.

Each leaf of the value (a number, a text, an entry of an array) becomes a salted hash. A float is
first put on a grid of width `2 * tolerance` that is shifted so that the right value stands in the
middle of its cell: whatever lies within the tolerance has the same hash.
"""

import functools
import hashlib
import math

import numpy as np

from dlkit.check.differences import Difference, as_numbers, type_name

ROUNDS = 20_000
TOLERANCE = 1e-9


def seal(value, salt: str):
    """The sealed form of plain data: dicts and sequences keep their shape, leaves are hashed."""
    if isinstance(value, dict):
        return {"keys": {str(key): seal(item, f"{salt}.{key}") for key, item in value.items()}}
    if isinstance(value, list | tuple | np.ndarray):
        return {"items": [seal(item, f"{salt}.{i}") for i, item in enumerate(value)]}
    if isinstance(value, str | bool | int | np.integer | np.bool_) or value is None:
        return {"salt": salt, "hash": _hash(salt, _text(value))}
    shift = math.fmod(float(value), 2 * TOLERANCE)
    return {"salt": salt, "shift": shift, "hash": _hash(salt, _cell(float(value), shift))}


def difference(sealed, found, where="it") -> Difference | None:
    """The first place where the found value is not the sealed one."""
    if "keys" in sealed:
        return _keys(sealed["keys"], found, where)
    if "items" in sealed:
        return _items(sealed["items"], found, where)
    if "shift" in sealed:
        number = as_numbers(found)
        if number is None or number.shape != () or not np.isfinite(number):
            return Difference(f"{where} is of type {type_name(found)}, expected a number.", "type")
        text = _cell(float(number.real), sealed["shift"])
    else:
        text = _text(found)
    if _hash(sealed["salt"], text) == sealed["hash"]:
        return None
    return Difference(f"{where} is not right.")


def _keys(entries, found, where):
    if not isinstance(found, dict):
        return Difference(f"{where} is of type {type_name(found)}, expected a dict.", "type")
    by_text = {str(key): item for key, item in found.items()}
    for key, entry in entries.items():
        if key not in by_text:
            return Difference(f"the key {key!r} is missing.", f"missing:{key}")
        inner = difference(entry, by_text[key], key if where == "it" else f"{where}[{key}]")
        if inner:
            return inner
    return None


def _items(entries, found, where):
    if not isinstance(found, list | tuple | np.ndarray) or np.shape(found)[:1] == ():
        return Difference(f"{where} is of type {type_name(found)}, expected a sequence.", "type")
    if len(found) != len(entries):
        return Difference(f"{where} has {len(found)} entries, expected {len(entries)}.", "length")
    for i, entry in enumerate(entries):
        inner = difference(entry, found[i], f"{where}[{i}]")
        if inner:
            return inner
    return None


def _text(value):
    """What stands for a leaf: 1, True and numpy.int64(1) are one answer, "b" and "B " too."""
    if isinstance(value, str):
        return "text " + value.strip().lower()
    if isinstance(value, bool | int | np.integer | np.bool_):
        return f"whole {int(value)}"
    return f"other {type_name(value)}"


def _cell(value, shift):
    return f"cell {round((value - shift) / (2 * TOLERANCE))}"


@functools.lru_cache(maxsize=1000)  # one answer is compared with many traps under the same salts
def _hash(salt, text):
    return hashlib.pbkdf2_hmac("sha256", text.encode(), salt.encode(), ROUNDS).hex()[:32]
