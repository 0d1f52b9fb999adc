"""The landscapes of the gradient exercises: their values, and a word where the shape is wrong."""

import numpy as np
import pytest

from dlkit.check.functions import make


def test_their_values():
    assert make("weighted_squares", ([2.0, 3.0],))([1.0, -2.0]) == 14
    assert make("cubic", ([2.0, 3.0],))([1.0, -2.0]) == 2 - 24 + 1
    loss = make("network_loss", ([0.35, 0.9], 0.5, [0.3, 0.9]))
    assert loss([[0.1, 0.8], [0.4, 0.6]]) == pytest.approx(0.0181039038)


@pytest.mark.parametrize("x", [3.0, [3.0], np.float32(3), np.array(3)], ids=repr)
def test_a_single_number_may_come_in_any_form(x):
    assert make("cubic", (2.0,))(x) == 63


@pytest.mark.parametrize("x", [np.ones(4), np.ones((2, 1)), 1.0], ids=str)
def test_another_shape_is_named(x):
    with pytest.raises(ValueError, match=r"takes an x of shape \(2, 2\), and was given"):
        make("cubic", (np.ones((2, 2)),))(x)
