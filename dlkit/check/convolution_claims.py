"""Answers that refute what the old notes say about convolution and pooling; see claims.py."""

import numpy as np

from dlkit.check.differences import Difference, as_numbers, shown

PLAIN = 1e-6  # numbers differ plainly, where they are apart by more


def the_size_needs_no_floor(value):
    """(n, k, padding, stride) for which (n + 2 padding − k) / stride + 1 is no whole number."""
    numbers = _whole(value, 4)
    if numbers is None:
        return _form("four whole numbers (n, k, padding, stride)", value)
    n, k, padding, stride = numbers
    if n < 1 or k < 1 or padding < 0 or stride < 1:
        return _form("n, k and stride from 1 on, and padding from 0 on", value)
    over = n + 2 * padding - k
    if over < 0:
        text = f"a kernel of {k} does not fit into {n + 2 * padding} pixels, padding included."
        return Difference(text, "does not fit")
    if over % stride:
        return None
    return Difference(f"the formula gives {over // stride + 1}, a whole number.", "agrees")


def same_padding_keeps_the_size(value):
    """(n, k, stride), k odd, for which the padding (k − 1)/2 does not give n places."""
    numbers = _whole(value, 3)
    if numbers is None:
        return _form("three whole numbers (n, k, stride)", value)
    n, k, stride = numbers
    if n < 1 or k < 1 or stride < 1 or k % 2 == 0:
        return _form("n and stride from 1 on, and an odd k", value)
    size = (n - 1) // stride + 1
    if size != n:
        return None
    return Difference(f"{n} pixels become {size}.", "stride 1" if stride == 1 else "agrees")


def max_pooling_is_a_convolution(value):
    """Two windows a and b of 2 × 2 for which max(a + b) is not max(a) + max(b)."""
    pair = _numbers(value, (2, 2, 2))
    if pair is None:
        return _form("two windows (a, b), each of shape (2, 2)", value)
    together, apart = pair.sum(axis=0).max(), pair[0].max() + pair[1].max()
    if abs(together - apart) > PLAIN:
        return None
    text = f"max(a + b) is {together:g}, and max(a) + max(b) is {apart:g}."
    return Difference(text, "agrees")


def pooling_makes_rotation_harmless(value):
    """A picture of 4 × 4 whose pooled values stay when it moves, and change when it is turned.

    Maxima of 2 × 2 windows side by side. Moved is one pixel to the right, zeros come in from the
    left; turned is a quarter; each of the four pooled values has to change then.
    """
    picture = _numbers(value, (4, 4))
    if picture is None:
        return _form("a picture of 4 rows of 4 numbers", value)
    pooled, turned = _pooled(picture), _pooled(np.rot90(picture))
    moved = _pooled(np.pad(picture, ((0, 0), (1, 0)))[:, :4])
    if np.abs(moved - pooled).max() > PLAIN:
        text = f"moved to the right, {_rows(pooled)} becomes {_rows(moved)}, expected no change."
        return Difference(text, "moves")
    if np.abs(turned - pooled).min() > PLAIN:
        return None
    text = f"turned, {_rows(pooled)} becomes {_rows(turned)}, expected four other values."
    return Difference(text, "turns")


CLAIMS = (
    the_size_needs_no_floor,
    same_padding_keeps_the_size,
    max_pooling_is_a_convolution,
    pooling_makes_rotation_harmless,
)


def _pooled(picture):
    return picture.reshape(2, 2, 2, 2).max(axis=(1, 3))


def _rows(pooled):
    return " / ".join(" ".join(f"{v:g}" for v in row) for row in pooled)


def _numbers(value, shape):
    array = as_numbers(value)
    if array is None or array.shape != shape or array.dtype.kind == "c":
        return None
    array = array.astype(float)
    return array if (np.abs(array) < 1e100).all() else None


def _whole(value, count):
    array = _numbers(value, (count,))
    if array is None or (array != np.round(array)).any() or np.abs(array).max() > 10**6:
        return None
    return [int(number) for number in array]


def _form(wanted, value):
    return Difference(f"expected {wanted}, got {shown(value)}.", "form")
