"""Claims of the old notes about recurrent layers: each function takes what may refute one.

As in dlkit.check.claims: None where it does, else a Difference whose code is the slip.
"""

import numpy as np

from dlkit.check.differences import Difference, as_numbers, shown

STEPS = 20  # of the unit that is tried
LARGEST = 10  # a weight or a bias, in absolute value
MUCH = 1000  # a gradient that has exploded
LITTLE = 0.01  # a share of the memory that is as good as nothing


def an_lstm_never_explodes(value):
    """(Wh, b), (4,) each, of one LSTM unit whose gradient grows a thousandfold in 20 steps.

    It starts from h = c = 0 and has no input; meant is the last h's gradient by the first h or c.
    """
    unit = _unit(value)
    if unit is None:
        text = f"expected (Wh, b), four numbers each, from −{LARGEST} to {LARGEST}"
        return Difference(f"{text}, got {shown(value)}.", "form")
    gradient = unit_gradient(*unit, STEPS)
    if gradient > MUCH:
        return None
    text = f"after {STEPS} steps the gradient is {gradient:.3g}, expected above {MUCH}."
    if np.abs(unit[1][2]) > 1e-3:
        return Difference(text, "driven")
    return Difference(text, "vanishes" if gradient < 1 else "short")


def an_lstm_never_forgets(value):
    """A bias of the forget gate, at least 0.5, that keeps under 1 % of c over 20 steps."""
    bias = as_numbers(value)
    if bias is None or bias.size != 1 or bias.dtype.kind == "c" or not np.isfinite(bias).all():
        return Difference(f"expected one number, got {shown(value)}.", "form")
    bias = float(bias.ravel()[0])
    if bias < 0.5:
        return Difference(f"it is {bias:.4g}, expected 0.5 or more.", "shut")
    kept = float((1 / (1 + np.exp(-bias))) ** STEPS)
    if kept < LITTLE:
        return None
    text = f"{STEPS} steps keep {kept:.1%} of the memory, expected under {LITTLE:.0%}."
    return Difference(text, "keeps")


def clipping_each_alone_keeps_the_direction(value):
    """(g1, g2), not 0: each clipped to norm 1 alone, both together point elsewhere by over 30°."""
    if not isinstance(value, tuple | list | np.ndarray) or len(value) != 2:
        return Difference(f"expected a pair of gradients, got {shown(value)}.", "form")
    pair = [as_numbers(gradient) for gradient in value]
    if any(g is None or not 0 < g.size <= 100 or g.dtype.kind == "c" for g in pair):
        return Difference("expected two gradients of 1 to 100 numbers.", "form")
    pair = [g.astype(float).ravel() for g in pair]
    norms = np.array([np.linalg.norm(g) for g in pair])
    if not np.isfinite(norms).all() or not norms.all() or norms.max() > 1e6:
        return Difference("expected gradients that are not 0, with norms up to 1e6.", "form")
    clipped = np.minimum(norms, 1)
    cosine = min(1.0, float(norms @ clipped / np.linalg.norm(norms) / np.linalg.norm(clipped)))
    if cosine < np.cos(np.pi / 6):
        return None
    angle = float(np.degrees(np.arccos(cosine)))
    text = f"the norms {norms[0]:.4g} and {norms[1]:.4g} become {clipped[0]:.4g} and "
    text += f"{clipped[1]:.4g}: the direction turns by {angle:.3g}°, expected over 30°."
    return Difference(text, "both short" if norms.max() <= 1 else "alike")


CLAIMS = (
    an_lstm_never_explodes,
    an_lstm_never_forgets,
    clipping_each_alone_keeps_the_direction,
)


def unit_gradient(Wh, b, steps):
    """Of one LSTM unit without input, from h = c = 0: the larger of |∂h_T/∂h₀| and |∂h_T/∂c₀|.

    The state's derivatives by both are carried along, step by step.
    """
    h = c = 0.0
    dh, dc = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    for _ in range(steps):
        s, ds = h * Wh + b, np.outer(Wh, dh)
        (i, f, o), g = 1 / (1 + np.exp(-s[[0, 1, 3]])), np.tanh(s[2])
        di, df, do = (gate * (1 - gate) * ds[k] for gate, k in ((i, 0), (f, 1), (o, 3)))
        dc = df * c + f * dc + di * g + i * (1 - g**2) * ds[2]
        c = f * c + i * g
        dh = do * np.tanh(c) + o * (1 - np.tanh(c) ** 2) * dc
        h = o * np.tanh(c)
    return float(np.abs(dh).max())


def _unit(value):
    """(Wh, b) as two float arrays (4,), or None."""
    if not isinstance(value, tuple | list | np.ndarray) or len(value) != 2:
        return None
    pair = [as_numbers(entry) for entry in value]
    if any(entry is None or entry.size != 4 or entry.dtype.kind == "c" for entry in pair):
        return None
    pair = [entry.astype(float).ravel() for entry in pair]
    if not np.isfinite(pair).all() or np.abs(pair).max() > LARGEST:
        return None
    return pair
