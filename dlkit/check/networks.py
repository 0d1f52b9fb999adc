"""Answers that are networks, a list of (W, b): judged by what the network computes.

Which numbers stand in it is free. The hidden layers have an activation, the last one has none.
"""

import numpy as np

from dlkit.check.differences import Difference, as_numbers, shown, type_name
from dlkit.check.functions import leaky_relu, relu, sigmoid, tanh

ACTIVATIONS = {"relu": relu(), "leaky_relu": leaky_relu(), "tanh": tanh(), "sigmoid": sigmoid()}
PLACES = 16  # between two knots, at which a curve is looked at
POINTS = 50_000  # of a test set, so that its accuracy is within 0.007 of the true one for certain


class NotANetwork(ValueError):
    """The value is no list of (W, b) that fit together; the message says why."""


def layers_of(value, shapes=None):
    """The value as a list of float arrays (W, b); NotANetwork with the likely slip if it is none.

    `shapes` are those that the matrices must have.
    """
    if not isinstance(value, list | tuple):
        raise NotANetwork(f"it is of type {type_name(value)}, expected a list of pairs (W, b).")
    if not value or not all(map(_is_pair, value)):
        raise NotANetwork(f"expected a list of pairs (W, b), got {shown(value)}.")
    if shapes and len(value) != len(shapes):
        raise NotANetwork(f"it has {len(value)} layers (W, b), expected {len(shapes)}.")
    layers, rows = [], None
    for i, (W, b) in enumerate(value):
        W, b = _finite(W, f"W of layer {i}"), _finite(b, f"b of layer {i}")
        if shapes and W.shape != tuple(shapes[i]):
            raise NotANetwork(f"W of layer {i} has shape {W.shape}, expected {tuple(shapes[i])}.")
        if W.ndim != 2:
            raise NotANetwork(
                f"W of layer {i} has shape {W.shape}, expected one row for each input and one "
                "column for each unit."
            )
        if b.shape != W.shape[1:]:
            raise NotANetwork(
                f"b of layer {i} has shape {b.shape}, expected ({W.shape[1]},): one bias for each "
                "unit."
            )
        if rows not in (None, len(W)):
            raise NotANetwork(f"layer {i} expects {len(W)} inputs, the layer before gives {rows}.")
        layers.append((W, b))
        rows = W.shape[1]
    return layers


def outputs(layers, X, activation=ACTIVATIONS["relu"]):
    """What the network computes for the rows of X."""
    with np.errstate(all="ignore"):
        for i, (W, b) in enumerate(layers):
            X = X @ W + b
            if i < len(layers) - 1:
                X = activation(X)
    return X


# -- acceptors -------------------------------------------------------------------------------------


def network(expected, found, call, inputs, targets, shapes, absolute):
    """A ReLU network of the given shapes whose single output is near `targets` for `inputs`."""
    layers = _layers_or_difference(found, shapes)
    if isinstance(layers, Difference):
        return layers
    X, wanted = np.array(inputs, dtype=float), np.array(targets, dtype=float)
    got = outputs(layers, X)[:, 0]
    wrong = np.flatnonzero(~(np.abs(got - wanted) <= absolute))
    if not wrong.size:
        return None
    row = int(wrong[0])
    text = f"for the input {shown(X[row])} the network gives {got[row]:.10g}, expected "
    text += f"{wanted[row]:g}."
    return Difference(text, _slip(layers, X, got, wanted, absolute))


def _slip(layers, X, got, wanted, absolute):
    """What a network that gives wrong numbers would be right for: the code of the difference."""
    if np.all(np.abs(got - wanted) < 0.5):
        return "rounded"
    if np.array_equal(outputs(layers, X, _step)[:, 0] > 0, wanted > 0.5):
        return "steps"
    (W, b), *rest = layers
    if W.shape[0] == W.shape[1]:
        turned = outputs([(W.T, b), *rest], X)[:, 0]
        if np.all(np.abs(turned - wanted) <= absolute):
            return "transposed"
    return "value"


def curve(expected, found, call, absolute):
    """A ReLU network x → y that joins the points (args[0], args[1]) by straight lines.

    Looked at between the first and the last point only, within `absolute` of the largest value, or
    a hundred times that where an argument is float32. `expected` is another network, or None for
    the lines themselves, so that a trap is known by the curve that it draws.
    """
    layers = _layers_or_difference(found)
    if isinstance(layers, Difference):
        return layers
    if len(layers) != 2 or len(layers[0][0]) != 1 or layers[1][0].shape[1] != 1:
        shapes = ", ".join(str(W.shape) for W, _ in layers)
        return Difference(
            f"the matrices have the shapes {shapes}, expected (1, H) and (H, 1): one input, one "
            "hidden layer, one output.",
            "form",
        )
    if any(getattr(argument, "dtype", None) == np.float32 for argument in call[0]):
        absolute = 100 * absolute
    knots, values = (np.asarray(argument, dtype=float) for argument in call[0][:2])
    x = np.concatenate([np.linspace(a, z, PLACES) for a, z in zip(knots, knots[1:], strict=False)])
    wanted = np.interp(x, knots, values)
    if expected is not None:
        wanted = outputs(layers_of(expected), x[:, None])[:, 0]
    got = outputs(layers, x[:, None])[:, 0]
    wrong = np.flatnonzero(~(np.abs(got - wanted) <= absolute * (1 + np.abs(wanted).max())))
    if not wrong.size:
        return None
    first = int(wrong[0])
    return Difference(
        f"at x = {x[first]:.4g} the network gives {got[first]:.6g}, expected {wanted[first]:.6g}."
    )


def spiral_classifier(expected, found, call, turns, noise, budget, least, slack):
    """A pair (name of the hidden activation, layers) that tells the arms of two spirals apart.

    It is tried on points drawn by the seed among the call's arguments. The grader, which alone has
    an `expected` value, draws others than `check` and is milder by `slack`: what `check` has let
    pass is not refused for a few points.
    """
    if not isinstance(found, list | tuple) or len(found) != 2:
        return Difference(f"expected a pair (activation, params), got {shown(found)}.", "form")
    name, params = found
    if not isinstance(name, str) or name not in ACTIVATIONS:
        names = ", ".join(map(repr, ACTIVATIONS))
        what = shown(name) if isinstance(name, str) else f"of type {type_name(name)}"
        return Difference(f"the activation is {what}, expected one of {names}.", "form")
    layers = _layers_or_difference(params)
    if isinstance(layers, Difference):
        return layers
    ends = len(layers[0][0]), layers[-1][0].shape[1]
    if ends != (2, 2):
        return Difference(
            f"the network has {ends[0]} inputs and {ends[1]} outputs, expected 2 and 2.", "form"
        )
    size = sum(W.size + b.size for W, b in layers)
    if size > budget:
        return Difference(f"the network has {size} parameters, at most {budget} allowed.", "budget")
    right = _share_right(layers, ACTIVATIONS[name], call[1]["seed"], turns, noise)
    if right >= least - (0 if expected is None else slack):
        return None
    code = "swapped" if right <= 1 - least else "accuracy"
    return Difference(
        f"on {POINTS:,} new points the network is right {right:.1%} of the time, expected at least "
        f"{least:.0%}.",
        code,
    )


def _share_right(layers, activation, seed, turns, noise):
    from dlkit.datasets import spirals

    X, t = spirals(POINTS, rng=np.random.default_rng(seed), turns=turns, noise=noise)
    return float(np.mean(outputs(layers, X, activation).argmax(axis=1) == t))


# -- inside ----------------------------------------------------------------------------------------


def _layers_or_difference(value, shapes=None):
    try:
        return layers_of(value, shapes)
    except NotANetwork as slip:
        return Difference(str(slip), "type:None" if value is None else "form")


def _is_pair(value):
    return isinstance(value, list | tuple) and len(value) == 2


def _finite(value, name):
    array = as_numbers(value)
    if array is None or array.dtype.kind == "c":
        raise NotANetwork(f"{name} is of type {type_name(value)}, expected numbers.")
    array = array.astype(float)
    if not np.isfinite(array).all():
        raise NotANetwork(f"{name} holds nan or infinity.")
    return array


def _step(x):
    return (x > 0).astype(float)
