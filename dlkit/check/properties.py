"""Answers that have no single right value: a property of them is judged instead."""

import math

import numpy as np

from dlkit.check.differences import Difference, Tolerance, as_numbers, compare, shown, type_name


def _weights_and_bias(value):
    """(w as two exact fractions, b likewise), or None where value is not (w, b)."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        return None
    w, b = as_numbers(value[0]), as_numbers(value[1])
    if w is None or b is None or w.shape != (2,) or b.shape != () or "c" in w.dtype.kind:
        return None
    numbers = [float(w[0]), float(w[1]), float(b)]
    return numbers if all(map(math.isfinite, numbers)) else None


def truth_table(expected, found, call, rows):
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


def not_separable(expected, found, call, rings, max_points):
    if not isinstance(found, tuple | list) or len(found) != 2:
        return Difference("expected a pair (X, t).", "form")
    X, t = as_numbers(found[0]), as_numbers(found[1])
    if (
        X is None
        or np.iscomplexobj(X)
        or X.ndim != 2
        or X.shape[1] != 2
        or not np.isfinite(X).all()
    ):
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
    slack = 1e-9  # 2·(cos a, sin a) may end up a rounding error inside the ring of radius 2
    radius = np.hypot(X[:, 0], X[:, 1])
    for label, wrong, words in (
        (0, radius > inner + slack, f"class 0 must lie within radius {inner}"),
        (1, radius < outer - slack, f"class 1 must lie beyond radius {outer}"),
    ):
        bad = np.flatnonzero((t == label) & wrong)
        if bad.size:
            return Difference(f"{words}, but point {int(bad[0])} does not.", "rings")
    return None


def separable(X, t) -> bool:
    """Can one line w·x + b = 0 put all points with t = 1 strictly on its positive side?

    Exact for finite points in the plane: two finite sets are strictly separable by a line exactly
    when their convex hulls do not meet; candidate directions are tested in whole numbers.
    """
    points, labels = _whole(X), np.asarray(t)
    ones = [point for point, label in zip(points, labels, strict=True) if label == 1]
    zeros = [point for point, label in zip(points, labels, strict=True) if label == 0]
    if not ones or not zeros:
        return True
    # A separating line of largest margin is perpendicular to the shortest connection of the hulls:
    # to a point-point connection, or to an edge of one of the hulls.
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


def _whole(X) -> list[tuple[int, ...]]:
    """The points, multiplied by the power of two that makes every coordinate a whole number."""
    ratios = [[value.as_integer_ratio() for value in row] for row in np.asarray(X, float).tolist()]
    scale = max((denominator for row in ratios for _, denominator in row), default=1)
    return [tuple(top * (scale // bottom) for top, bottom in row) for row in ratios]


def same_span(expected, found, call):
    if not isinstance(found, list | tuple) or len(found) != 2:
        return Difference("expected a pair (encode, decode).", "form")
    projections = [
        np.asarray(a, dtype=float) @ np.asarray(b, dtype=float) for a, b in (expected, found)
    ]
    return compare(projections[0], projections[1], Tolerance(1e-6, 1e-7), "encode @ decode")
