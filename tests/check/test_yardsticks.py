"""A time is the best of several runs, and of many where a run is short."""

import numpy as np
import pytest

from dlkit.check import yardsticks


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still unless a test moves it."""
    now = [0.0]
    monkeypatch.setattr(yardsticks.time, "perf_counter", lambda: now[0])
    return now


def test_the_best_run_counts_and_short_ones_are_repeated(clock):
    durations = iter([5.0, 0.25, 3.0, 0.5, 0.125, 99.0])

    def run(scale):
        clock[0] += scale * next(durations)

    assert yardsticks.best_seconds(run, (1,)) == 0.25
    assert yardsticks.best_seconds(run, (1,), repeat=1, at_least=0.6) == 0.125
    assert next(durations) == 99.0


def test_the_matvec_is_a_unit_on_all_rows():
    X = np.array([[1.0, 0.0], [0.0, -1.0]])
    assert yardsticks.by_name("matvec")(X, [1, 1], 0.0).tolist() == [1, 0]
    with pytest.raises(ValueError, match="no yardstick 'matmul'"):
        yardsticks.by_name("matmul")
