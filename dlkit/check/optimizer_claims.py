"""Claims of the old notes about optimisers: each function takes a value that may refute one.

As in dlkit.check.claims: None where it does, else a Difference whose code is the slip.
"""

import math

import numpy as np

from dlkit.check.differences import Difference, as_numbers, shown

MOST = 20  # gradients in a row
RHO, EPS = 0.95, 1e-6  # of Adadelta and RMSprop
LR, BETA1, BETA2 = 1e-3, 0.9, 0.999  # of Adam


def annealing_only_goes_down(value):
    """(rise, T): annealing at temperature T takes a step up by `rise` ≥ 1 more often than not."""
    pair = _finite(value)
    if pair is None or pair.shape != (2,) or not pair[1] > 0:
        return _form("two numbers (rise, temperature), the second above 0", value)
    rise, temperature = pair
    if rise < 1:
        return Difference(f"the step makes the loss worse by {rise:g}, expected 1 or more.", "rise")
    chance = math.exp(-rise / temperature)
    if chance > 0.5:
        return None
    return Difference(
        f"at temperature {temperature:g} a step up by {rise:g} is taken with probability "
        f"{chance:.3g}, expected above 0.5.",
        "cold",
    )


def adams_divisor_never_falls(value):
    """Gradients after which Adam's √v̂ is under half of its largest value so far."""
    gradients = _gradients(value)
    if gradients is None:
        return _form(f"a list of 1 to {MOST} numbers", value)
    v, divisors = 0.0, []
    for t, g in enumerate(gradients, start=1):
        v = BETA2 * v + (1 - BETA2) * g**2
        divisors.append(math.sqrt(v / (1 - BETA2**t)))
    last, largest = divisors[-1], max(divisors)
    if last < 0.5 * largest:
        return None
    text = f"Adam's divisor ends at {last:.4g}; its largest value was {largest:.4g}."
    return Difference(text, "agrees" if math.isclose(last, largest) else "close")


def adagrad_needs_no_epsilon(value):
    """Gradients at one of which AdaGrad's step without ε, g / √s', is no finite number."""
    gradients = _gradients(value)
    if gradients is None:
        return _form(f"a list of 1 to {MOST} numbers", value)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = gradients / np.sqrt(np.cumsum(gradients**2))
    if not np.isfinite(steps).all():
        return None
    smallest = float(np.sqrt(gradients[0] ** 2))
    return Difference(
        f"every step is finite; the smallest number divided by is {smallest:.4g}.", "agrees"
    )


def rmsprop_is_adadelta(value):
    """Gradients over which Adadelta's step, as a multiple of RMSprop's, changes by 1.5 or more."""
    gradients = _gradients(value)
    if gradients is None or len(gradients) < 2 or not gradients.all():
        return _form(f"a list of 2 to {MOST} numbers other than 0", value)
    s, d, multiples = 0.0, 0.0, []
    for g in gradients:
        s = RHO * s + (1 - RHO) * g**2
        multiples.append(math.sqrt(d + EPS))
        d = RHO * d + (1 - RHO) * (d + EPS) / (s + EPS) * g**2
    change = max(multiples) / min(multiples)
    if change >= 1.5:
        return None
    return Difference(
        f"the multiple runs from {min(multiples):.4g} to {max(multiples):.4g}, a factor of "
        f"{change:.3g}, expected 1.5 or more.",
        "tiny" if np.abs(gradients).max() < 0.01 else "short",
    )


def epsilon_may_stand_anywhere(value):
    """A gradient whose first Adam step is over five times larger by the paper than by the notes.

    Paper: ε = 1e-8 added after the correction. Notes: 1e-7 added before it.
    """
    g = _finite(value)
    if g is None or g.shape != () or g == 0:
        return _form("one number other than 0", value)
    g = abs(float(g))
    paper = LR * g / (g + 1e-8)
    corrected = LR * math.sqrt(1 - BETA2) / (1 - BETA1)
    notes = corrected * (1 - BETA1) * g / (math.sqrt((1 - BETA2) * g**2) + 1e-7)
    if paper > 5 * notes:
        return None
    text = f"the first steps are {paper:.3g} and {notes:.3g}, expected a factor of more than 5."
    return Difference(text, "close")


def _finite(value):
    array = as_numbers(value)
    if array is None or array.dtype.kind == "c" or not np.isfinite(array).all():
        return None
    array = array.astype(float)
    return array if array.size == 0 or np.abs(array).max() < 1e100 else None


def _gradients(value):
    array = _finite(value)
    return array if array is not None and array.ndim == 1 and 0 < len(array) <= MOST else None


def _form(wanted, value):
    return Difference(f"expected {wanted}, got {shown(value)}.", "form")
