"""Answers that refute a claim of the old notes: numbers for which it is false.

Each function here tests one claim: it takes a student's value and returns None where the value
refutes the claim, else a Difference whose code is `claim:slip`.
"""

import numpy as np

from dlkit.check import convolution_claims, optimizer_claims, recurrent_claims
from dlkit.check.differences import Difference, as_numbers, shown, type_name
from dlkit.check.functions import sigmoid
from dlkit.check.networks import NotANetwork, layers_of

SATURATED = 0.001  # a sigmoid's slope below which it counts as saturated
CORNERS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)], dtype=float)


def refutes(expected, found, call, names):
    """A dict claim → numbers that refute it; every claim must be refuted."""
    if not isinstance(found, dict):
        return Difference(f"it is of type {type_name(found)}, expected a dict.", "type")
    for claim in names:
        if claim not in found:
            return Difference(f"the key {claim!r} is missing.", f"missing:{claim}")
        if difference := _CLAIMS[claim](found[claim]):
            text = f"entry {claim!r}: {difference.text}"
            return Difference(text, f"{claim}:{difference.code}")
    return None


def sigmoids_add_up_to_1(value):
    """Two sums whose sigmoids add up to more than 1.5."""
    pair = _numbers(value, (2,))
    if pair is None:
        return _form("two numbers", value)
    total = float(sigmoid()(pair).sum())
    if total > 1.5:
        return None
    text = f"the two sigmoids add up to {total:.4g}, expected more than 1.5."
    if 0.99 < total < 1.01:
        return Difference(text, "agrees")
    inside = np.all((pair >= 0) & (pair <= 1)) and pair.sum() > 1.5
    return Difference(text, "outputs for sums" if inside else "value")


def saturation_stops_the_signal(value):
    """Two sums, both where a sigmoid is saturated, whose outputs differ by more than 0.9."""
    pair = _numbers(value, (2,))
    if pair is None:
        return _form("two numbers", value)
    y = sigmoid()(pair)
    slopes = y * (1 - y)
    if np.any(slopes >= SATURATED):
        i = int(np.argmax(slopes))
        return Difference(
            f"at the sum {pair[i]:g} the slope is {slopes[i]:.4g}, expected under {SATURATED}.",
            "not saturated",
        )
    if abs(y[0] - y[1]) > 0.9:
        return None
    return Difference(f"the outputs are {y[0]:.4g} and {y[1]:.4g}, expected far apart.", "same end")


def relu_never_saturates(value):
    """A sum at which ReLU's slope is 0."""
    s = _numbers(value, ())
    if s is None:
        return _form("one number", value)
    if s < 0:
        return None
    around = ", ".join(f"{y:g}" for y in np.maximum(s + np.array([-0.1, 0, 0.1]), 0))
    return Difference(
        f"at {s - 0.1:g}, {s:g} and {s + 0.1:g} ReLU gives {around}, expected no change.",
        "edge" if s == 0 else "value",
    )


def a_dead_unit_stops_all_later_ones(value):
    """[(W, b), (V, c)], two hidden ReLU units on two inputs: one dead, the other one not."""
    try:
        (W, b), _ = layers_of(value, [(2, 2), (2, 1)])
    except NotANetwork as slip:
        return Difference(str(slip), "form")
    dead = np.all(CORNERS @ W + b <= 0, axis=0)
    if dead.sum() == 1:
        return None
    words = "both hidden units are" if dead.all() else "neither hidden unit is"
    text = f"{words} 0 for all four inputs, expected exactly one that is."
    return Difference(text, "all dead" if dead.all() else "none dead")


def decay_multiplies_by_1_minus_lam(value):
    """(w, lr, lam), a step on (lam/2) w² that misses (1 − lam) w by more than a tenth of |w|."""
    numbers = _numbers(value, (3,))
    if numbers is None:
        return _form("three numbers (w, lr, lam)", value)
    w, lr, lam = numbers
    if not 0 < lr <= 1 or not 0 < lam <= 1 or w == 0:
        return _form("w other than 0, and lr and lam above 0 and at most 1", value)
    step, claimed = w - lr * lam * w, (1 - lam) * w
    if abs(step - claimed) > 0.1 * abs(w):
        return None
    text = f"the step leads from {w:g} to {step:.4g}, and the claim says {claimed:.4g}."
    return Difference(text, "agrees" if lr == 1 else "close")


def l1_makes_a_weight_0(value):
    """(a1, a2, lam): the minimum of ½ (w1 − a1)² + ½ (w2 − a2)² + lam (|w1| + |w2|) has no 0."""
    numbers = _numbers(value, (3,))
    if numbers is None:
        return _form("three numbers (a1, a2, lam)", value)
    *a, lam = numbers
    if not lam > 0:
        return Difference(f"lam is {lam:g}, expected above 0: without it there is no L1.", "lam")
    w = [np.sign(wish) * max(abs(wish) - lam, 0) for wish in a]
    if all(abs(weight) > 1e-9 for weight in w):
        return None
    return Difference(f"at the minimum the weights are {w[0]:.4g} and {w[1]:.4g}.", "agrees")


def batch_norm_gives_0_to_1(value):
    """Up to 50 numbers, of which batch normalisation (γ = 1, β = 0) turns one into more than 3."""
    batch = as_numbers(value)
    if batch is None or not 2 <= batch.size <= 50 or batch.ndim > 2 or batch.dtype.kind == "c":
        return _form("2 to 50 numbers", value)
    batch = batch.astype(float).ravel()
    if not np.isfinite(batch).all() or np.abs(batch).max() > 1e100:
        return _form("2 to 50 numbers", value)
    if np.ptp(batch) == 0:
        return Difference("all numbers are the same; what becomes of them?", "constant")
    largest = float(((batch - batch.mean()) / batch.std()).max())
    if largest > 3 + 1e-9:
        return None
    return Difference(f"the largest normalised value is {largest:.4g}, expected above 3.", "short")


def evaluation_multiplies_by_drop(value):
    """A drop probability for which that misses the mean of training by more than half of it."""
    drop = _numbers(value, ())
    if drop is None or not 0 <= drop < 1:
        return _form("one number from 0 to below 1", value)
    if abs(drop - (1 - drop)) > 0.5 * (1 - drop):
        return None
    text = f"of 1, training keeps {1 - drop:.4g} on average, and the claim says {drop:.4g}."
    return Difference(text, "agrees" if abs(drop - 0.5) < 1e-9 else "close")


_CLAIMS = {
    claim.__name__: claim
    for claim in (
        sigmoids_add_up_to_1,
        saturation_stops_the_signal,
        relu_never_saturates,
        a_dead_unit_stops_all_later_ones,
        decay_multiplies_by_1_minus_lam,
        l1_makes_a_weight_0,
        batch_norm_gives_0_to_1,
        evaluation_multiplies_by_drop,
        optimizer_claims.annealing_only_goes_down,
        optimizer_claims.adams_divisor_never_falls,
        optimizer_claims.adagrad_needs_no_epsilon,
        optimizer_claims.rmsprop_is_adadelta,
        optimizer_claims.epsilon_may_stand_anywhere,
        *convolution_claims.CLAIMS,
        *recurrent_claims.CLAIMS,
    )
}


def _numbers(value, shape):
    """The value as finite floats of this shape, or None."""
    array = as_numbers(value)
    if array is None or array.shape != shape or array.dtype.kind == "c":
        return None
    return array.astype(float) if np.isfinite(array).all() else None


def _form(wanted, value):
    return Difference(f"expected {wanted}, got {shown(value)}.", "form")
