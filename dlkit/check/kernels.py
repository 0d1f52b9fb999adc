"""The kernels of every picture program, judged by what makes them work: many are right."""

import numpy as np

from dlkit.check.differences import Difference, as_numbers, shown, type_name

BLUR = np.outer([1, 2, 1], [1, 2, 1]) / 16
SAME = 1e-6  # what sums of tenths and sixteenths may be off by, in kernels as large as 1


def kernels(expected, found, call):
    """A dict of 3×3 kernels: edge sums to 0, sharpen to 1 with a strong centre, blur is fixed."""
    if not isinstance(found, dict):
        return Difference(f"it is of type {type_name(found)}, expected a dict.", "type")
    for name, slip in (("edge", _edge), ("sharpen", _sharpen), ("blur", _blur)):
        if name not in found:
            return Difference(f"the key {name!r} is missing.", f"missing:{name}")
        kernel = as_numbers(found[name])
        if kernel is None or kernel.shape != (3, 3) or kernel.dtype.kind == "c":
            got = shown(found[name])
            return Difference(f"{name} is {got}, expected three rows of three numbers.", "form")
        kernel = kernel.astype(float)
        if not np.isfinite(kernel).all():
            return Difference(f"{name} holds nan or infinity, expected plain numbers.", "form")
        if why := slip(kernel):
            return Difference(f"{name} {why[1]}", f"{name}:{why[0]}")
    return None


def _sums_to(kernel, total):
    return abs(kernel.sum() - total) <= SAME * max(1.0, np.abs(kernel).max())


def _edge(kernel):
    if not kernel.any():
        return "empty", "is 0 everywhere: it sees nothing at all."
    if not _sums_to(kernel, 0):
        return "sum", f"sums to {kernel.sum():g}, expected 0."
    return None


def _sharpen(kernel):
    if not _sums_to(kernel, 1):
        return "sum", f"sums to {kernel.sum():g}, expected 1."
    if not kernel.min() < 0:
        return "negative", "has no negative entry, so it compares nothing."
    if not kernel[1, 1] > 1:
        return "centre", f"has {kernel[1, 1]:g} in its centre, expected more than 1."
    return None


def _blur(kernel):
    if np.abs(kernel - BLUR).max() <= SAME:
        return None
    if np.abs(kernel / 16 - BLUR).max() <= SAME:
        return "undivided", f"sums to {kernel.sum():g}: even areas become 16 times as bright."
    if np.ptp(kernel) <= SAME and _sums_to(kernel, 1):
        return "box", "is an even mean of nine, expected more weight near the centre."
    row, column = (int(i) for i in np.unravel_index(np.abs(kernel - BLUR).argmax(), (3, 3)))
    return "value", f"has {kernel[row, column]:g} in row {row}, column {column}."
