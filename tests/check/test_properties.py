"""Answers judged by a property: separable point sets, which are decided exactly."""

import numpy as np
import pytest
from scipy.optimize import linprog

from dlkit.check import accept
from dlkit.check.properties import separable


def _separable_by_linprog(X, t):
    """Is there (w, b) with w·x + b >= 1 for t = 1 and <= -1 for t = 0?"""
    signs = np.where(t == 1, -1.0, 1.0)
    rows = signs[:, None] * np.column_stack([X, np.ones(len(X))])
    found = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(X)), bounds=[(None, None)] * 3)
    return found.status == 0


@pytest.mark.parametrize("exponent", [-40, 0, 40])
def test_separable_agrees_with_a_linear_program(exponent):
    rng = np.random.default_rng(exponent + 100)
    answers = set()
    for _ in range(60):
        n = int(rng.integers(2, 9))
        X, t = rng.integers(-3, 4, (n, 2)) / 8, rng.integers(0, 2, n)
        expected = _separable_by_linprog(X, t)
        assert separable(X * 2.0**exponent, t) == expected, (X, t)
        answers.add(expected)
    assert answers == {True, False}


def test_separable_sees_the_last_bit():
    middle = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]])
    above = middle + [[0, 0], [0, 0], [-1e-16, 1e-16]]
    assert not separable(middle, [0, 0, 1])
    assert separable(above, [0, 0, 1])


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (np.array([[0, 0], [1, 1j]]), "finite numbers"),
        (np.array([[0, 0], [1, np.nan]]), "finite numbers"),
        (np.array([[0.0, 0.0], [1.0, 1.0]]), "a straight line separates"),
    ],
    ids=["complex", "nan", "separable"],
)
def test_what_contradicts_nothing_is_refused(points, said):
    difference = accept.judge(accept.not_separable(), None, (points, np.array([0, 1])), (), {})
    assert said in difference.text


def _around(radius, count):
    angles = np.arange(count) * 2 * np.pi / count
    return radius * np.column_stack([np.cos(angles), np.sin(angles)])


def _on_the_rings(inner, outer, count):
    X = np.vstack([_around(inner, count), _around(outer, count)])
    t = np.repeat([0, 1], count)
    return accept.judge(accept.not_separable((1, 2)), None, (X, t), (), {})


@pytest.mark.parametrize("count", [3, 6, 9])  # of these, some lie at 1.9999999999999998
def test_points_computed_on_the_rings_are_accepted(count):
    assert _on_the_rings(1, 2, count) is None


def test_a_rounding_error_on_either_side_is_forgiven():
    assert _on_the_rings(1 + 5e-10, 2 - 5e-10, 3) is None


@pytest.mark.parametrize(
    ("inner", "outer", "said"),
    [(1 + 2e-9, 2, "within radius 1"), (1, 2 - 2e-9, "beyond radius 2")],
    ids=["inner", "outer"],
)
def test_a_point_off_its_ring_by_more_than_rounding_is_refused(inner, outer, said):
    difference = _on_the_rings(inner, outer, 3)
    assert difference.code == "rings"
    assert said in difference.text
