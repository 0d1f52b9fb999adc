"""Acceptors: how an answer's values are judged, by `check` and by the grader alike.

An acceptor is data, `{"accept": name, ...}`; `judge` looks its function up here. Each function
takes the expected value (None for those that judge a property), the found one, the call's arguments
and the acceptor's settings, and returns None or a `Difference`. Many exercises have no single right
value: then the property is judged, such as a truth table or the span of some vectors.
"""

import math
from fractions import Fraction

import numpy as np

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

    The found value is a pair of two calls with the same seed, which must agree.
    """
    return {"accept": "statistics", "limit": limit}


def frequencies() -> dict:
    """A list of draws of whole numbers whose frequencies agree with the reference's draws."""
    return {"accept": "frequencies"}


def partition(items: str, parts: str) -> dict:
    """k pairs (train, validation) of indices; `items` and `parts` name the arguments n and k."""
    return {"accept": "partition", "items": items, "parts": parts}


def same_span() -> dict:
    """A pair (encode, decode) whose product projects onto the reference's subspace."""
    return {"accept": "same_span"}


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
    return acceptor["accept"] not in ("truth_table", "not_separable")


def _close(expected, found, call, relative, absolute):
    tolerance = Tolerance(relative, absolute)
    if relative and _has_float32(call):
        tolerance = FLOAT32
    return compare(expected, found, tolerance)


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


def _weights_and_bias(value):
    """(w as two exact fractions, b likewise), or None where value is not (w, b)."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        return None
    w, b = as_numbers(value[0]), as_numbers(value[1])
    if w is None or b is None or w.shape != (2,) or b.shape != () or "c" in w.dtype.kind:
        return None
    numbers = [float(w[0]), float(w[1]), float(b)]
    return numbers if all(map(math.isfinite, numbers)) else None


def _truth_table(expected, found, call, rows):
    if not isinstance(found, dict):
        return Difference(f"it is of type {type_name(found)}, expected a dict.", "type")
    for name, wanted in rows.items():
        if name not in found:
            return Difference(f"the key {name!r} is missing.", f"missing:{name}")
        unit = _weights_and_bias(found[name])
        if unit is None:
            return Difference(
                f"entry {name!r} is {shown(found[name])}, expected (w, b) with two finite "
                "weights and one number b.",
                "form",
            )
        w1, w2, b = unit
        corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
        fires = [int(w1 * x1 + w2 * x2 + b > 0) for x1, x2 in corners]
        if fires != wanted:
            row = next(i for i in range(4) if fires[i] != wanted[i])
            return Difference(
                f"{name} gives {fires[row]} for the inputs {corners[row]}, expected {wanted[row]}.",
                f"{name}:{''.join(map(str, fires))}",
            )
    return None


def _not_separable(expected, found, call, rings, max_points):
    if not isinstance(found, tuple | list) or len(found) != 2:
        return Difference("expected a pair (X, t).", "form")
    X, t = as_numbers(found[0]), as_numbers(found[1])
    if X is None or X.ndim != 2 or X.shape[1] != 2 or not np.isfinite(X).all():
        return Difference("X must be an array of shape (N, 2) of finite numbers.", "form")
    if t is None or t.shape != (len(X),) or not np.isin(t, (0, 1)).all():
        return Difference(f"t must hold {len(X)} labels, each 0 or 1.", "form")
    if len(X) > max_points:
        return Difference(f"{len(X)} points; at most {max_points}, please.", "form")
    if rings and (problem := _off_the_rings(X, t, *rings)):
        return problem
    if separable(X, t):
        return Difference(
            "a straight line separates these points, so they do not contradict the claim.",
            "separable",
        )
    return None


def _off_the_rings(X, t, inner, outer):
    radius = np.hypot(X[:, 0], X[:, 1])
    for label, wrong, words in (
        (0, radius > inner, f"class 0 must lie within radius {inner}"),
        (1, radius < outer, f"class 1 must lie beyond radius {outer}"),
    ):
        bad = np.flatnonzero((t == label) & wrong)
        if bad.size:
            return Difference(f"{words}, but point {int(bad[0])} does not.", "rings")
    return None


def separable(X, t) -> bool:
    """Can one line w·x + b = 0 put all points with t = 1 strictly on its positive side?

    Exact for finite points in the plane: two finite sets are strictly separable by a line exactly
    when their convex hulls do not meet; candidate directions are tested in rational arithmetic.
    """
    ones = [tuple(map(Fraction, map(float, p))) for p in np.asarray(X)[np.asarray(t) == 1]]
    zeros = [tuple(map(Fraction, map(float, p))) for p in np.asarray(X)[np.asarray(t) == 0]]
    if not ones or not zeros:
        return True
    # A separating line of largest margin is perpendicular to the shortest connection of the hulls:
    # to a point-point connection, or to an edge of one of the hulls.
    points = ones + zeros
    normals = [(p[0] - q[0], p[1] - q[1]) for p in ones for q in zeros]
    for i, p in enumerate(points):
        for q in points[i + 1 :]:
            dx, dy = p[0] - q[0], p[1] - q[1]
            normals += [(-dy, dx), (dy, -dx)]
    for nx, ny in normals:
        low = min(nx * x + ny * y for x, y in ones)
        high = max(nx * x + ny * y for x, y in zeros)
        if low > high:
            return True
    return False


def _statistics(expected, found, call, limit):
    if not isinstance(found, list | tuple) or len(found) != 2:
        return Difference("expected two draws.", "form")
    wanted = np.asarray(expected[0], dtype=float)
    first, second = as_numbers(found[0]), as_numbers(found[1])
    if first is None or first.shape != wanted.shape:
        shape = None if first is None else first.shape
        return Difference(f"its shape is {shape}, expected {wanted.shape}.", "shape")
    if not np.array_equal(first, second):
        return Difference("the same seed gave two different results.", "seed")
    n = wanted.size
    deviation = float(wanted.std())
    if abs(float(first.mean()) - float(wanted.mean())) > 9.2 * deviation / math.sqrt(n):
        return Difference(
            f"its mean is {first.mean():.4g}, expected about {wanted.mean():.4g}.", "mean"
        )
    ratio = float(first.std()) / deviation
    if abs(math.log(ratio)) > 9.2 / math.sqrt(n):
        return Difference(
            f"its standard deviation is {first.std():.4g}, expected about {deviation:.4g}.", "std"
        )
    kurtosis = [float(np.mean((a - a.mean()) ** 4) / a.var() ** 2) for a in (first, wanted)]
    if abs(kurtosis[0] - kurtosis[1]) > 60 / math.sqrt(n):
        return Difference("its distribution has another form.", "form of distribution")
    if limit and float(np.abs(first).max()) > float(np.abs(wanted).max()) * (1 + 60 / n):
        return Difference("some entries are beyond the limit.", "limit")
    return None


def _frequencies(expected, found, call):
    if not isinstance(found, list) or len(found) != len(expected):
        return Difference(f"expected {len(expected)} draws.", "form")
    if not all(isinstance(entry, int | np.integer) for entry in found):
        return Difference(f"a draw is of type {type_name(found[0])}, expected an int.", "type")
    n = len(expected)
    for symbol in sorted({*map(int, expected), *map(int, found)}):
        wanted, got = expected.count(symbol) / n, [int(f) for f in found].count(symbol) / n
        spread = math.sqrt(max(wanted * (1 - wanted), got * (1 - got), 20 / n) * 2 / n)
        if abs(wanted - got) > 6.5 * spread:
            return Difference(
                f"{symbol} was drawn in {got:.1%} of {n} draws, expected about {wanted:.1%}."
            )
    return None


def _argument(call, name, position):
    args, kwargs = call
    return kwargs[name] if name in kwargs else args[position]


def _partition(expected, found, call, items, parts):
    n, k = int(_argument(call, items, 0)), int(_argument(call, parts, 1))
    if not isinstance(found, list | tuple) or len(found) != k:
        return Difference(f"expected {k} pairs.", "length")
    seen = []
    for fold, pair in enumerate(found):
        train, validation = (np.asarray(part).tolist() for part in pair)
        if set(train) & set(validation):
            return Difference(f"fold {fold} trains on rows that it validates on.", "overlap")
        if sorted(train + validation) != list(range(n)):
            return Difference(f"fold {fold} does not use every row exactly once.", "incomplete")
        seen += validation
    if sorted(seen) != list(range(n)):
        return Difference("some row is a validation row twice or never.", "coverage")
    sizes = [len(pair[1]) for pair in found]
    if max(sizes) - min(sizes) > 1:
        return Difference("the folds' sizes differ by more than 1.", "sizes")
    if n > 9 and seen == sorted(seen):
        return Difference("the rows are not shuffled.", "order")
    return None


def _same_span(expected, found, call):
    if not isinstance(found, list | tuple) or len(found) != 2:
        return Difference("expected a pair (encode, decode).", "form")
    projections = [
        np.asarray(a, dtype=float) @ np.asarray(b, dtype=float) for a, b in (expected, found)
    ]
    return compare(projections[0], projections[1], Tolerance(1e-6, 1e-7), "encode @ decode")


_ACCEPTORS = {
    "close": _close,
    "integer": _integer,
    "integers": _integers,
    "truth": _truth,
    "letter": _letter,
    "truth_table": _truth_table,
    "not_separable": _not_separable,
    "statistics": _statistics,
    "frequencies": _frequencies,
    "partition": _partition,
    "same_span": _same_span,
}
