"""The task of a search: trials, their budget, and what is said of the numbers chosen."""

import math

import numpy as np
import pytest

from dlkit.check import accept, probes
from dlkit.check.tuning import BudgetUsedUp, Trials

TASK = (5, 10.0)


def code(chosen, limit=0.6):
    difference = accept.judge(accept.tuned(limit), None, chosen, (TASK, 80, 1))
    return difference and difference.code


@pytest.mark.parametrize("chosen", [(0.005, 0.9), [0.05, 0], np.array([0.01, 0.5])], ids=str)
def test_numbers_that_learn_well_are_accepted(chosen):
    assert code(chosen) is None


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ((1e-5, 0.9), "too small"),
        ((0.05, 0.9), "too large"),
        ((10.0, 0.9), "blows up"),
        ((0.0, 0.9), "form"),
        ((0.1, 1.0), "form"),
        ((math.nan, 0.9), "form"),
        (0.1, "form"),
        (None, "form"),
        ((0.1, 0.9, 1), "form"),
        (("a", "b"), "form"),
    ],
    ids=str,
)
def test_others_are_refused_with_a_reason(chosen, why):
    assert code(chosen) == why


def test_a_limit_below_what_can_be_reached_refuses_all():
    assert code((0.005, 0.9), limit=0.1)


def test_trials_repeat_and_are_counted():
    trial = Trials(TASK, budget=3)
    assert trial(0.005, 0.9) == trial(0.005, 0.9) < trial(1e-5, 0.9)
    assert trial.used == 3
    with pytest.raises(BudgetUsedUp, match="budget of 3"):
        trial(0.005, 0.9)


def test_nobody_winds_the_counter_back_or_raises_the_budget():
    trial = Trials(TASK, budget=1)
    trial(0.005, 0.9)
    for name, value in (("used", 0), ("budget", 100)):
        with pytest.raises(AttributeError):
            setattr(trial, name, value)
    assert (trial.used, trial.budget) == (1, 1)


def test_a_run_that_blows_up_gives_nan():
    assert math.isnan(Trials(TASK, budget=1)(10.0, 0.9))


@pytest.mark.parametrize("numbers", [(0, 0.5), (-1, 0.5), (math.inf, 0.5), (0.1, 1), (0.1, -0.1)])
def test_numbers_out_of_range_are_told_and_cost_nothing(numbers):
    trial = Trials(TASK, budget=1)
    with pytest.raises(ValueError, match="lr above 0"):
        trial(*numbers)
    assert trial.used == 0


def test_the_rates_that_work_follow_the_unit():
    """Pixels a times as large, a rate a² times as small: the same run."""
    losses = [Trials((5, unit), 1)(0.5 / unit**2, 0.9) for unit in (1.0, 8.0, 64.0)]
    assert np.allclose(losses, losses[0])


def test_the_probe_gives_the_search_its_trials_and_a_generator():
    def search(trial, budget, rng):
        return trial.budget, budget, rng.random()

    assert probes.searched(search, TASK, 7, 3) == (7, 7, np.random.default_rng(3).random())
