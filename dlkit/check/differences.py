"""The first difference between an expected and a found value, in plain words.

Every function returns None (no difference) or a `Difference` whose text continues a sentence that
begins with what was checked, and whose code is what a trap can be tied to.
"""

from dataclasses import dataclass

import numpy as np

from dlkit.check.codec import Fn, Opaque

NUMBERS = (bool, int, float, complex, np.number, np.bool_)


@dataclass(frozen=True)
class Difference:
    text: str
    code: str = "value"


@dataclass(frozen=True)
class Tolerance:
    """|found - expected| <= relative * |expected| + absolute + of_largest * max |expected|."""

    relative: float = 1e-6
    absolute: float = 1e-9
    of_largest: float = 0.0

    def close(self, expected: np.ndarray, found: np.ndarray) -> np.ndarray:
        """Entry by entry; nan equals nan, an infinity equals itself."""
        expected, found = _as_floats(expected), _as_floats(found)
        finite = np.abs(expected[np.isfinite(expected)])
        largest = float(finite.max()) if finite.size else 0.0
        with np.errstate(all="ignore"):
            near = np.abs(found - expected) <= (
                self.relative * np.abs(expected) + self.absolute + self.of_largest * largest
            )
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        return np.where(np.isfinite(expected) & np.isfinite(found), near, same)


FLOAT32 = Tolerance(relative=1e-4, absolute=0.0, of_largest=1e-5)


def _as_floats(array):
    array = np.asarray(array)
    return array.astype(complex if array.dtype.kind == "c" else float)


def type_name(value) -> str:
    """A value's type as a student would write it."""
    if isinstance(value, Opaque):
        return value.type_name
    if value is None:
        return "None"
    module = type(value).__module__
    return type(value).__name__ if module == "builtins" else f"{module}.{type(value).__name__}"


def shown(value, digits=6) -> str:
    """A value in a few characters."""
    if isinstance(value, Opaque):
        return value.text
    if isinstance(value, Fn):
        return f"the function {value.name}"
    if isinstance(value, np.ndarray):
        if value.size > 6:
            return f"an array of shape {value.shape}"
        return np.array2string(value, precision=digits, separator=", ").replace("\n", "")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def compare(expected, found, tolerance: Tolerance, where: str = "it") -> Difference | None:
    """Any plain data: numbers, arrays, text, and tuples, lists and dicts of them."""
    if isinstance(expected, dict):
        return _dicts(expected, found, tolerance, where)
    if isinstance(expected, list | tuple) and not _numeric_list(expected):
        return _sequences(expected, found, tolerance, where)
    if isinstance(expected, str) or expected is None:
        if type(found) is type(expected) and found == expected:
            return None
        return _unequal(expected, found, where)
    return _arrays(expected, found, tolerance, where)


def _numeric_list(value):
    return isinstance(value, list) and bool(value) and all(isinstance(v, NUMBERS) for v in value)


def _unequal(expected, found, where):
    if found is None:
        return Difference(f"{where} is None. Is a `return` missing?", "type:None")
    return Difference(f"{where} is {shown(found)}, expected {shown(expected)}.")


def _dicts(expected, found, tolerance, where):
    if not isinstance(found, dict):
        return _wrong_type("a dict", found, where)
    missing = [key for key in expected if key not in found]
    if missing:
        keys = ", ".join(map(repr, missing[:4]))
        return Difference(f"{where} lacks the key {keys}.", f"missing:{missing[0]}")
    for key, value in expected.items():
        difference = compare(value, found[key], tolerance, _entry_name(where, key))
        if difference:
            return difference
    return None


def _entry_name(where, key):
    return f"entry {key!r}" if where == "it" else f"{where}[{key!r}]"


def _wrong_type(expected, found, where):
    if found is None:
        return Difference(
            f"{where} is None, expected {expected}. Is a `return` missing?", "type:None"
        )
    return Difference(
        f"{where} is of type {type_name(found)}, expected {expected}.", f"type:{type_name(found)}"
    )


def _sequences(expected, found, tolerance, where):
    if isinstance(found, np.ndarray) and found.ndim and len(found) == len(expected):
        found = list(found)
    if not isinstance(found, list | tuple):
        return _wrong_type(f"{len(expected)} values", found, where)
    if len(found) != len(expected):
        entries = "1 entry" if len(found) == 1 else f"{len(found)} entries"
        got = (
            f", got {shown(found)}"
            if 0 < len(found) <= 4 and not isinstance(found[0], Opaque)
            else ""
        )
        return Difference(f"{where} has {entries}, expected {len(expected)}{got}.", "length")
    for position, (value, got) in enumerate(zip(expected, found, strict=True)):
        name = _place(where, position, len(expected))
        difference = compare(value, got, tolerance, name)
        if difference:
            return difference
    return None


def _place(where, position, count):
    """The name of one of several values."""
    if where == "it":
        return f"value {position + 1} of {count}"
    if where.startswith("value "):
        return f"{where}, value {position + 1} of {count}"
    return f"{where}[{position}]"


def _arrays(expected, found, tolerance, where):
    wanted = np.asarray(expected)
    got = as_numbers(found)
    if got is None:
        kind = "a number" if wanted.ndim == 0 else f"an array of shape {wanted.shape}"
        return _wrong_type(kind, found, where)
    if got.shape != wanted.shape:
        return _shapes(wanted, got, tolerance, where)
    same = tolerance.close(wanted, got)
    if same.all():
        return None
    return _values(wanted, got, same, tolerance, where)


def as_numbers(value) -> np.ndarray | None:
    """The value as an array of numbers; None where it is something else or ragged."""
    if isinstance(value, Opaque | str | dict | set) or value is None:
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "biufc" else None


def _shapes(wanted, got, tolerance, where):
    if wanted.ndim == 0:
        text = f"{where} is an array of shape {got.shape}, expected one number."
    elif got.ndim == 0:
        text = f"{where} is one number, expected shape {wanted.shape}."
    else:
        text = f"{where} has shape {got.shape}, expected {wanted.shape}."
    if got.ndim > 1 and got.T.shape == wanted.shape and tolerance.close(wanted, got.T).all():
        text += " It is the transpose of the right answer."
    elif wanted.ndim == 1 and got.ndim == 1 and abs(len(got) - len(wanted)) == 1:
        text += " One entry too many." if len(got) > len(wanted) else " One entry is missing."
    return Difference(text, "shape")


def _values(wanted, got, same, tolerance, where):
    pattern, code = _pattern(wanted, got, tolerance), "value"
    if _cut_off_logarithm(wanted[~same], got[~same]):
        pattern, code = "It is the logarithm of something tiny that was put in the place of 0.", "ε"
    if wanted.ndim == 0:
        found, right = _told_apart(got[()], wanted[()])
        text = f"{where} is {found}, expected {right}."
    else:
        index = tuple(int(i) for i in np.argwhere(~same)[0])
        place = ", ".join(map(str, index))
        found, right = _told_apart(got[index], wanted[index])
        text = (
            f"{where}[{place}] is {found}, expected {right}"
            f" ({int((~same).sum())} of {same.size} entries differ)."
        )
        if where == "it":
            text = "entry " + text[2:]
        elif where.startswith("value "):
            text = f"{where}, entry {text.removeprefix(where)}"
    return Difference(f"{text} {pattern}".strip(), code)


def _told_apart(got, wanted):
    """Both numbers in so many digits that they look different, where they are."""
    digits = next((n for n in (6, 9, 12) if shown(got, n) != shown(wanted, n)), 17)
    return shown(got, digits), shown(wanted, digits)


def _cut_off_logarithm(wanted, got):
    """Are these all ln ε or log₂ ε, of one ε = 10⁻⁴ … 10⁻³⁰⁰ or the smallest float, not larger?"""
    if wanted.dtype.kind == "c" or got.dtype.kind == "c" or not np.isfinite(got).all():
        return False
    found, most = np.abs(got.astype(float)), np.abs(wanted.astype(float))
    if not (found < most).all() or np.ptp(found) > 1e-6 * found.max():
        return False
    for unit in (1.0, np.log(2.0)):
        power = found[0] * unit / np.log(10.0)
        if power > 3.5 and abs(power - round(power)) < 1e-6:
            return True
        if np.isclose(found[0] * unit, -np.log(_EPSILONS), rtol=1e-6).any():
            return True
    return False


_EPSILONS = [np.finfo(kind).eps for kind in (np.float32, np.float64)]
_EPSILONS += [np.finfo(kind).tiny for kind in (np.float32, np.float64)]


def _pattern(wanted, got, tolerance):
    """What the whole answer has in common: sign, factor, transposed, shifted, cut off, nan."""
    with np.errstate(all="ignore"):
        if np.isnan(_as_floats(got)).any() and not np.isnan(_as_floats(wanted)).any():
            return "nan means that a calculation had no defined result."
        if got.dtype.kind in "iu" and tolerance.close(np.trunc(wanted.real), got).all():
            return "It looks cut off to whole numbers: an integer array keeps no fractions."
        wanted, got = _as_floats(wanted), _as_floats(got)
        if np.any(wanted) and tolerance.close(-wanted, got).all():
            return "The sign is opposite."
        square = wanted.ndim > 1 and wanted.shape == wanted.T.shape
        if square and np.any(wanted != wanted.T) and tolerance.close(wanted.T, got).all():
            return "It is the transpose of the right answer."
        if wanted.ndim == 1 and len(wanted) > 2:
            if tolerance.close(wanted[1:], got[:-1]).all():
                return "Each entry stands one position too early."
            if tolerance.close(wanted[:-1], got[1:]).all():
                return "Each entry stands one position too late."
        return _factor(wanted, got, tolerance)


def _factor(wanted, got, tolerance):
    large = np.abs(wanted) > 1e-12
    if wanted.size < 2 or large.sum() < 2 or wanted.dtype.kind == "c" or got.dtype.kind == "c":
        return ""
    ratio = float(np.median(got[large] / wanted[large]))
    if (
        np.isfinite(ratio)
        and ratio not in (0.0, 1.0)
        and tolerance.close(wanted * ratio, got).all()
    ):
        return f"Every entry is {ratio:.4g} times the expected one: look for a stray factor."
    return ""
