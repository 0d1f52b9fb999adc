"""What a probe sends back of a student's object."""

import numpy as np
import pytest

from dlkit.check.probes import flat


@pytest.mark.parametrize("shape", [(2,), (1, 2), (2, 1)], ids=str)
def test_a_row_may_lie_or_stand(shape):
    found = flat(lambda: {"W": np.arange(2.0).reshape(shape), "y": np.full((1, 1), 3.0)})
    np.testing.assert_array_equal(found["W"], [0, 1])
    assert found["W"].shape == (2,)
    assert found["y"] == 3


@pytest.mark.parametrize("value", [None, "0.5", [[1], [1, 2]], object()], ids=repr)
def test_what_is_no_number_stays_what_it_is(value):
    assert flat(lambda: {"y": value})["y"] is value


def test_what_is_no_dict_is_passed_on():
    assert flat(lambda: (1, 2)) == (1, 2)
