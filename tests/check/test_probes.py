"""What a probe sends back of a student's object."""

import numpy as np
import pytest

from dlkit.check.probes import dealt_out, flat, updates


@pytest.mark.parametrize("shape", [(2,), (1, 2), (2, 1)], ids=str)
def test_a_row_may_lie_or_stand(shape):
    found = flat(lambda: {"W": np.arange(2.0).reshape(shape), "y": np.full((1, 1), 3.0)})
    np.testing.assert_array_equal(found["W"], [0, 1])
    assert found["W"].shape == (2,)
    assert found["y"] == 3


@pytest.mark.parametrize("value", [None, "0.5", [[1], [1, 2]], object()])
def test_what_is_no_number_stays_what_it_is(value):
    assert flat(lambda: {"y": value})["y"] is value


def test_what_is_no_dict_is_passed_on():
    assert flat(lambda: (1, 2)) == (1, 2)


def test_rows_are_dealt_out_thrice_from_arguments_of_their_own():
    def shuffled_in_place(rows, rng):
        rng.shuffle(rows)
        yield from rows

    given = np.arange(50)
    first, again, later = dealt_out(shuffled_in_place, given, seed=3)
    assert first == again != later
    assert given.tolist() == first  # so that a changed argument is seen


def test_an_optimizers_parameters_are_seen_after_each_update():
    class Descent:
        def __init__(self, lr):
            self.lr = lr

        def update(self, params, grads):
            params["w"] -= self.lr * grads["w"]

    params = {"w": np.array([1.0, 2.0])}
    seen = updates(Descent, {"lr": 0.5}, params, [{"w": np.ones(2)}] * 2)
    assert [step["w"].tolist() for step in seen] == [[0.5, 1.5], [0, 1]]
    assert params["w"].tolist() == [1, 2]
