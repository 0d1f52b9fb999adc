"""Dropout has no single right value: its masks are judged by their entries and by their shares.

The codes of the differences tell the usual slips apart. The bounds on shares are so wide that a
right answer is refused with a probability far below 1e-9.
"""

import math

import numpy as np

from dlkit.check.codec import Draw
from dlkit.check.differences import Difference, as_numbers, shown
from dlkit.check.draws import argument, seeds

MANY = 2000  # entries, from which on it is counted how many were left out


def dropout(expected, found, call):
    """Three pairs (out, mask) and counts, as the probe masks gives them for dropout_forward."""
    x, drop, training = (
        argument(call, name, i) for i, name in enumerate(("x", "drop", "training"))
    )
    x = (x.array() if isinstance(x, Draw) else np.asarray(x)).astype(float)
    *drawn, counts = found
    pairs = [_pair(entry, x.shape) for entry in drawn]
    if isinstance(pairs[0], Difference):
        return pairs[0]
    out, mask = pairs[0]
    if not training:
        return _evaluation(x, drop, out, mask)
    if difference := _scale(x, drop, out, mask) or _left_out(mask, drop):
        return difference
    if not _close(x * mask, out):
        return Difference("out is not x times the mask that you return.", "out")
    again, other = (pair[1] if isinstance(pair, tuple) else None for pair in pairs[1:])
    if x.size >= MANY and drop > 0:
        return seeds(mask, again, other)
    moves = x.size * drop * (1 - drop) > 0.7 and not np.array_equal(mask, other)
    if moves and len(counts) == 40 and len(set(counts)) == 1:
        return Difference(f"each of 40 masks has {counts[0]} zeros.", "not independent")
    return None


def _pair(value, shape):
    if not isinstance(value, list | tuple) or len(value) != 2:
        return Difference(f"expected the pair (out, mask), got {shown(value)}.", "form")
    arrays = [as_numbers(entry) for entry in value]
    for name, array in zip(("out", "mask"), arrays, strict=True):
        if array is None or array.shape != shape:
            got = "no array of numbers" if array is None else f"of shape {array.shape}"
            return Difference(f"{name} is {got}, expected the shape of x, {shape}.", "shape")
    return tuple(array.astype(float) for array in arrays)


def _close(expected, found):
    """Equal up to the rounding of float32."""
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(found - expected) <= 1e-5 * np.abs(expected) + 1e-9))


def _evaluation(x, drop, out, mask):
    if _close(x, out) and np.all(mask == 1):
        return None
    if np.any((out == 0) & (x != 0)):
        return Difference("in evaluation some entries are left out.", "evaluation:drops")
    if not _close(x, out):
        return Difference("in evaluation out is not x.", "evaluation:scales")
    return Difference("in evaluation the mask is not all ones.", "evaluation:mask")


def _scale(x, drop, out, mask):
    """What the mask multiplies by where it keeps an entry must be 1 / (1 - drop)."""
    kept, right = mask[mask != 0], 1 / (1 - drop)
    if not np.isfinite(mask).all():
        return Difference("the mask holds nan or infinity.", "not finite")
    if _close(np.full(kept.shape, right), kept):
        return None
    if drop and _close(np.full(kept.shape, 1 / drop), kept):
        swapped = mask.size >= MANY and abs((mask == 0).mean() - drop) > 0.1
        text = f"the mask multiplies by 1/drop, {1 / drop:.4g}, where it keeps an entry."
        return Difference(text, "swapped" if swapped else "scale:drop")
    if drop and _close(np.full(kept.shape, drop), kept):
        return Difference(f"the mask multiplies by drop, {drop:.4g}.", "scale:drop")
    if _close(np.full(kept.shape, 1 - drop), kept):
        return Difference(f"the mask multiplies by {1 - drop:.4g}, 1 - drop.", "scale:keep")
    if mask.size >= MANY and kept.size == mask.size:
        return Difference("the mask lets everything through, in training too.", "all kept")
    if not _close(np.ones(kept.shape), kept):
        if np.ptp(kept) == 0:
            text = (
                f"the mask multiplies by {kept[0]:.4g} where it keeps an entry, with drop {drop:g}."
            )
        else:
            text = "the mask holds other numbers than 0 and one scale."
        return Difference(text, "scale:other")
    if _close(x * mask * right, out):
        return Difference("out is scaled, but the mask holds only 0 and 1.", "scale:mask")
    return Difference("the mask holds only 0 and 1.", "scale:none")


def _left_out(mask, drop):
    """Is the share `drop` left out, each entry by a draw of its own?"""
    n, gone = mask.size, mask == 0
    if n < MANY and not (drop == 0 and gone.any()):
        return None
    reach = 6.5 * math.sqrt(drop * (1 - drop) / n)
    if abs(gone.mean() - drop) > reach:
        text = f"{gone.mean():.1%} of {n} entries are left out, expected about {drop:.1%}."
        turned = abs(gone.mean() - (1 - drop)) < reach
        return Difference(text, "swapped" if turned else "share")
    for axis in range(mask.ndim):
        rows = np.moveaxis(gone, axis, 0).reshape(mask.shape[axis], -1)
        spread = drop * (1 - drop) * rows.shape[1]
        if len(rows) < 200 or spread < 20:
            continue
        ratio = float(np.mean((rows.sum(axis=1) - drop * rows.shape[1]) ** 2) / spread)
        if not 0.4 < ratio < 2:
            words = "whole rows or columns are left out together, or each has the same number"
            return Difference(f"{words}: expected a draw for each entry.", "not independent")
    return None


def other_mask(expected, found, difference):
    """The difference of dout * mask; with the code "other mask" if other entries were let through.

    difference is that of the values, or None.
    """
    wanted, got = np.asarray(expected), as_numbers(found)
    if difference is None or got is None or got.shape != wanted.shape:
        return difference
    if np.array_equal(got != 0, wanted != 0):
        return difference
    return Difference(difference.text, "other mask")
