"""Acceptors: how an answer's values are judged, by `check` and by the grader alike.

An acceptor is data, `{"accept": name, ...}`; `judge` looks its function up here. Each function
takes the expected value (None for those that judge a property), the found one, the call's arguments
and the acceptor's settings, and returns None or a `Difference`. Many exercises have no single right
value: then the property is judged, such as a truth table or the span of some vectors.
"""

import numpy as np

from dlkit.check import claims, draws, dropout, networks, properties, sampling, shuffles, tuning
from dlkit.check import kernels as picture_kernels
from dlkit.check import predictions as predicted
from dlkit.check.differences import (
    FLOAT32,
    NUMBERS,
    Difference,
    Tolerance,
    as_numbers,
    compare,
    shown,
    type_name,
)

# -- making acceptors (what an author writes) ------------------------------------------------------


def close(relative=1e-6, absolute=1e-9) -> dict:
    """Numbers, arrays, and tuples, lists, dicts of them; looser where an input is float32."""
    return {"accept": "close", "relative": relative, "absolute": absolute}


def exact() -> dict:
    """The same numbers or the same text; which kind of number is free."""
    return close(0.0, 0.0)


def integer() -> dict:
    """One Python int: not a bool, a float or a NumPy number."""
    return {"accept": "integer"}


def integers() -> dict:
    """An array (or list) of whole numbers of an integer type: not bools, not floats."""
    return {"accept": "integers"}


def floats() -> dict:
    """As `close`, but of a floating type: whole numbers or bools are refused."""
    return {"accept": "floats"}


def truth() -> dict:
    """True or False, Python's or NumPy's (0 and 1 pass)."""
    return {"accept": "truth"}


def truth_table(rows: dict[str, list[int]]) -> dict:
    """A dict name -> (w, b); each gate fires as its row says, for inputs 00, 01, 10, 11."""
    return {"accept": "truth_table", "rows": rows}


def letter() -> dict:
    """One letter of a quiz, in either case."""
    return {"accept": "letter"}


def not_separable(rings=None, max_points=50) -> dict:
    """(X, t), points of two classes that no straight line separates, judged exactly.

    rings = (inner, outer): class 0 within the inner radius, class 1 beyond the outer one.
    """
    return {"accept": "not_separable", "rings": rings, "max_points": max_points}


def statistics(limit=False) -> dict:
    """Random draws: shape, mean, deviation and (limit) the largest entry as the reference's.

    The found value is what the probe same_seed gives: the first two draws must agree, the third
    must not.
    """
    return {"accept": "statistics", "limit": limit}


def dropout_masks() -> dict:
    """Draws (out, mask) of dropout by the probe masks; see dropout.dropout for the codes."""
    return {"accept": "dropout"}


def masked() -> dict:
    """As `close`; code "other mask" where other entries are 0 than those of the mask."""
    return {"accept": "masked"}


def frequencies() -> dict:
    """A list of draws of whole numbers whose frequencies agree with the reference's draws."""
    return {"accept": "frequencies"}


def sampled() -> dict:
    """Draws at a temperature, by the probe sampled; args: how many, logits, temperature."""
    return {"accept": "sampled"}


def partition(items: str, parts: str) -> dict:
    """k pairs (train, validation) of indices, by the probe dealt_out.

    `items` and `parts` name the arguments n and k.
    """
    return {"accept": "partition", "items": items, "parts": parts}


def batches(rows: str, targets: str, size: str) -> dict:
    """Shuffled pairs (x, t), every row once, by the probe dealt_out; the names are arguments'."""
    return {"accept": "batches", "rows": rows, "targets": targets, "size": size}


def log_uniform() -> dict:
    """Draws between low and high whose logarithm is uniform, by the probe same_seed."""
    return {"accept": "log_uniform"}


def standardized() -> dict:
    """As `close`, for a pair; where a column of args[0] is constant, the second is only finite."""
    return {"accept": "standardized"}


def tuned(limit: float) -> dict:
    """A pair (lr, beta) with which the task's network learns well; see dlkit.check.tuning."""
    return {"accept": "tuned", "limit": limit}


def same_span() -> dict:
    """A pair (encode, decode) whose product projects onto the reference's subspace."""
    return {"accept": "same_span"}


def network(inputs, targets, shapes, absolute=1e-9) -> dict:
    """A list of (W, b) of these shapes: a ReLU network whose one output is `targets` there."""
    settings = {"inputs": inputs, "targets": targets, "shapes": shapes, "absolute": absolute}
    return {"accept": "network", **settings}


def curve(absolute=1e-6) -> dict:
    """A ReLU network with one hidden layer that joins the points (args[0], args[1]) by lines."""
    return {"accept": "curve", "absolute": absolute}


def spiral_classifier(budget, least, *, turns, noise, slack=0.01) -> dict:
    """(activation, list of (W, b)) with at most `budget` numbers, right on the share `least`.

    Tried on two spirals drawn by the seed that is among the call's arguments; see
    networks.spiral_classifier for `slack`.
    """
    settings = {"budget": budget, "least": least, "turns": turns, "noise": noise, "slack": slack}
    return {"accept": "spiral_classifier", **settings}


def kernels() -> dict:
    """A dict of 3×3 kernels edge, sharpen and blur, each with what makes it one."""
    return {"accept": "kernels"}


def refutes(names) -> dict:
    """A dict claim → numbers for which that claim, a function of dlkit.check.claims, is false."""
    return {"accept": "refutes", "names": names}


def predictions(kind: str, limit: float) -> dict:
    """Predictions for unseen rows that cost at most `limit` more than those of a good model.

    kind: "numbers" (limit a share of the variance), or probabilities: "yes or no", "one of many",
    "several" (limit in nats a row).
    """
    return {"accept": "predictions", "kind": kind, "limit": limit}


def recognised(at_least: float) -> dict:
    """Labels of the rows trained on and of unseen ones, a pair; enough of the unseen are right."""
    return {"accept": "recognised", "at_least": at_least}


# -- judging ---------------------------------------------------------------------------------------


def judge(acceptor: dict, expected, found, args=(), kwargs=None) -> Difference | None:
    """None if the found value is accepted; never raises, whatever a student's value is."""
    settings = dict(acceptor)
    name = settings.pop("accept")
    try:
        return _ACCEPTORS[name](expected, found, (args, kwargs or {}), **settings)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, ArithmeticError) as error:
        return Difference(
            f"it cannot be read as an answer ({type(error).__name__}): got {shown(found)}.",
            "unreadable",
        )


def needs_expected(acceptor: dict) -> bool:
    """False for an acceptor that judges a property, so that no expected value is stored."""
    return acceptor["accept"] not in _OF_PROPERTIES


def condensed(acceptor: dict, value):
    """What of an expected value a release has to store: of thousands of draws their statistics."""
    return draws.summary(value) if acceptor["accept"] == "statistics" else value


def _close(expected, found, call, relative, absolute):
    tolerance = Tolerance(relative, absolute)
    if relative and _has_float32(call):
        tolerance = FLOAT32
    return compare(expected, found, tolerance)


def _standardized(expected, found, call):
    """In other's constant columns any finite number is put in the place of the expected one."""
    if isinstance(found, tuple | list) and len(found) == 2:
        other, wanted = as_numbers(found[1]), np.asarray(expected[1])
        constant = np.ptp(np.asarray(call[0][0]), axis=0) == 0
        if other is not None and other.shape == wanted.shape and constant.any():
            if not np.isfinite(other[:, constant]).all():
                text = "other holds nan or infinity in a column that is constant in train."
                return Difference(text, "not finite")
            expected = expected[0], np.where(constant, other, wanted)
    return _close(expected, found, call, 1e-6, 1e-9)


def _masked(expected, found, call):
    return dropout.other_mask(expected, found, _close(expected, found, call, 1e-6, 1e-9))


def _has_float32(value):
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype == np.float32
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return getattr(value, "dtype", None) == "float32"
    return any(_has_float32(entry) for entry in value)


def _integer(expected, found, call):
    if type(found) is int:
        if found == expected:
            return None
        return Difference(f"it is {found}, expected {expected}.")
    if found is None:
        return Difference("it is None. Is a `return` missing?", "type:None")
    if isinstance(found, NUMBERS):
        return Difference(
            f"it is {shown(found)} of type {type_name(found)}, expected a Python int, 0 or 1.",
            f"type:{type_name(found)}",
        )
    return Difference(f"it is of type {type_name(found)}, expected an int.", "type")


def _integers(expected, found, call):
    difference = compare(expected, found, Tolerance(0.0, 0.0))
    array = as_numbers(found)
    if difference is None or (array is not None and array.shape == np.shape(expected)):
        if array.dtype.kind == "b":
            return Difference(
                "its entries are True and False, expected whole numbers of an integer type.",
                "type:bool",
            )
        if array.dtype.kind not in "iu":
            return Difference(
                f"its entries are of type {array.dtype}, expected an integer type.",
                f"type:{array.dtype.name}",
            )
    return difference


def _floats(expected, found, call):
    array = as_numbers(found)
    if array is not None and array.shape == np.shape(expected) and array.dtype.kind != "f":
        return Difference(
            f"its entries are of type {array.dtype}, expected a floating type such as float64.",
            "type:whole",
        )
    return _close(expected, found, call, 1e-6, 1e-9)


def _truth(expected, found, call):
    if isinstance(found, bool | np.bool_) or (type(found) is int and found in (0, 1)):
        if bool(found) == bool(expected):
            return None
        return Difference(f"it is {bool(found)}, expected {bool(expected)}.")
    return Difference(
        f"it is {shown(found)} of type {type_name(found)}, expected True or False.", "type"
    )


def _letter(expected, found, call):
    if isinstance(found, str) and found.strip().lower() == expected:
        return None
    return Difference(f"it is {shown(found)}.")


_OF_PROPERTIES = (
    "truth_table",
    "not_separable",
    "network",
    "curve",
    "spiral_classifier",
    "refutes",
    "kernels",
    "dropout",
    "partition",
    "batches",
    "log_uniform",
    "sampled",
    "tuned",
)

_ACCEPTORS = {
    "close": _close,
    "integer": _integer,
    "integers": _integers,
    "floats": _floats,
    "predictions": predicted.predictions,
    "recognised": predicted.recognised,
    "dropout": dropout.dropout,
    "masked": _masked,
    "truth": _truth,
    "letter": _letter,
    "truth_table": properties.truth_table,
    "not_separable": properties.not_separable,
    "statistics": draws.statistics,
    "frequencies": draws.frequencies,
    "sampled": sampling.sampled,
    "partition": shuffles.partition,
    "batches": shuffles.batches,
    "log_uniform": draws.log_uniform,
    "standardized": _standardized,
    "tuned": tuning.tuned,
    "same_span": properties.same_span,
    "network": networks.network,
    "curve": networks.curve,
    "spiral_classifier": networks.spiral_classifier,
    "refutes": claims.refutes,
    "kernels": picture_kernels.kernels,
}
