"""The schedule explorer, its module run under Node: its rates and runs are those of dlkit.optim."""

from itertools import product
from math import log

import numpy as np
import pytest

from dlkit import optim
from dlkit.explorers.schedule_explorer import FATES, RATES, SCHEDULES, TIMES, ScheduleExplorer
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node

NOISES = np.array(ScheduleExplorer.data()["noises"])
STEPS = 200
NAMES = ("schedule", "lr0", "time", "start", "sigma")


def last(*steps):
    """What is seen after these steps."""
    return walk(ScheduleExplorer, *steps)[-1]


def dlkits(schedule, lr0, time):
    """dlkit's own schedule."""
    return {
        "constant": lambda: optim.Constant(lr0),
        "step": lambda: optim.Steps(lr0, factor=0.5, every=time),
        "inverse": lambda: optim.Inverse(lr0, k=1 / time),
        "exponential": lambda: optim.Exponential(lr0, k=log(2) / time),
        "cosine": lambda: optim.Cosine(lr0, total=time),
        "warm-up, then cosine": lambda: optim.WarmUp(time, optim.Cosine(lr0, total=STEPS - time)),
    }[schedule]()


def train(schedule, start, noises):
    """The weights that dlkit's SGD visits, one row a step, one column a run."""
    w, visited = np.full(len(noises), float(start)), []
    for t, noise in enumerate(noises.T):
        visited.append(w)
        w = optim.sgd_step(w, w + w**3 + noise, schedule(t))
    return np.array([*visited, w])


def losses(w):
    return w**2 / 2 + w**4 / 4


def experiments(settings):
    jobs = []
    for one in settings:
        call = ["experiment", dict(zip(NAMES, one, strict=True)), NOISES.tolist()]
        jobs.append({"module": "schedules", "call": call})
    return drive(jobs)


def test_rates_are_those_of_dlkits_schedules():
    settings = list(product(SCHEDULES, RATES, TIMES))
    times = (0, 1, 4.75, 5, 39, 40, 99.5, 159, 160, 199, 200, 250)
    calls = [["rateAt", *one, t] for one in settings for t in times]
    found = drive([{"module": "schedules", "call": call} for call in calls])
    expected = [dlkits(*one)(t) for one in settings for t in times]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-16)


def test_runs_are_those_of_dlkits_sgd_and_what_becomes_of_them_follows():
    settings = list(product(SCHEDULES, (0.02, 0.1, 0.2), (5, 40), (1.5, 3.5), (0, 0.1, 0.4)))
    fates = set()
    for setting, found in zip(settings, experiments(settings), strict=True):
        schedule, lr0, time, start, sigma = setting
        if found["fate"] == "blows up":
            assert min(map(len, found["runs"])) <= STEPS
            assert max(abs(run[-1]) for run in found["runs"]) > 1e3
            fates.add("blows up")
            continue
        rate = dlkits(schedule, lr0, time)
        w = train(rate, start, sigma * NOISES)
        np.testing.assert_allclose(np.transpose(found["runs"]), w, rtol=1e-6, atol=1e-9)
        mean = losses(w).mean(axis=1)
        np.testing.assert_allclose(found["losses"], mean, rtol=1e-6, atol=1e-12)
        full = losses(train(optim.Constant(lr0), 0, sigma * NOISES))[-20:].mean()
        calm = losses(train(rate, start, 0 * NOISES[:1]))[-1, 0]
        end = mean[-20:].mean()
        goal = full / 3 if sigma else 1e-4 * losses(start)
        reason = "falls short" if calm > end / 2 else "rattles"
        expected = "settles" if end <= goal else reason
        assert found["fate"] == expected, setting
        fates.add(expected)
    assert fates == set(FATES)


def test_constant_is_what_the_dashed_line_shows():
    (found,) = experiments([("cosine", 0.1, 40, 2, 0.4)])
    (constant,) = experiments([("constant", 0.1, 40, 2, 0.4)])
    assert found["constant"] == constant["losses"] == constant["constant"]
    assert found["kept"] == constant["kept"]


def test_a_start_blows_up_where_the_steps_overshoot_further_each_time():
    """Without noise |1 − η (1 + w²)| > 1, that is w² > 2/η − 1."""
    for lr0, start in product((0.1, 0.2, 0.3, 0.5), (0.5, 1.0, 1.5, 2.0, 2.5, 3.5, 4.0)):
        (found,) = experiments([("constant", lr0, 40, start, 0)])
        assert (found["fate"] == "blows up") == (start**2 > 2 / lr0 - 1)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {},
            "You predicted blows up; it is rattles. Noise leaves a loss of 0.00385; the full rate "
            "0.1, kept up, leaves 0.00385.",
        ),
        (
            {"schedule": "exponential", "time": 20},
            "Settles. Noise leaves a loss of 0.00096; the full rate 0.1, kept up, leaves 0.00385.",
        ),
        (
            {"schedule": "exponential", "time": 5},
            "Falls short. The runs have not arrived: even without noise a loss of 0.0718 would be "
            "left of the first 6.",
        ),
        (
            {"lr0": 0.3, "start": 3.5},
            "Blows up. The start w = 3.5 has curvature 37.75: the steps overshoot, further each "
            "time, and after 3 steps a run is lost.",
        ),
        (
            {"sigma": 0, "lr0": 0.05},
            "Settles. Of the first loss 6, 1.34·10⁻⁹ is left, and there is no noise.",
        ),
        (
            {"schedule": "warm-up, then cosine", "time": 5, "lr0": 0.3, "start": 3.5},
            "Settles. Noise leaves a loss of 0.00122; the full rate 0.3, kept up, leaves 0.0125.",
        ),
    ],
)
def test_the_sentence_says_what_becomes_of_the_runs(values, sentence):
    assert last(SHOW, ("move", values))["sentence"] == sentence


def test_nothing_is_given_away_before_the_guess():
    seen = last(("move", {"schedule": "cosine", "t": 120}))
    assert seen["sentence"].startswith("Predict first")
    kept = ("w", "mean_loss", "end_loss", "full_rate_loss", "fate")
    assert [seen["state"][name] for name in kept] == [None] * 5
    assert seen["state"]["rate"] == 0
    first, second = (picture["marks"] for picture in seen["pictures"])
    assert "dlk-series-1" not in first  # the rate is there to be seen, the weight is not
    assert second.count("dlk-series-1") == second.count("dlk-before") == 1  # in the key alone
    assert seen["table"].count("<td>?</td>") == 9


def test_the_guess_stands_beside_the_truth_until_the_schedule_moves():
    told, other_run, moved = walk(
        ScheduleExplorer,
        ("move", {"guess": "rattles"}),
        SHOW,
        ("move", {"seed": 7, "t": 10}),
        ("move", {"sigma": 0.1}),
    )[2:]
    for seen in (told, other_run):
        assert seen["sentence"].startswith("You predicted rattles: right. Noise leaves")
        assert "your guess: rattles" in seen["pictures"][0]["marks"]
    assert moved["sentence"].startswith("Rattles. Noise leaves")
    assert "your guess" not in str(moved["pictures"])


def test_the_step_looked_at_is_read_in_table_and_state():
    values = {"schedule": "exponential", "time": 20, "t": 60, "seed": 3}
    seen = last(SHOW, ("move", values))
    w = train(dlkits("exponential", 0.1, 20), 2, 0.4 * NOISES)
    assert seen["state"]["rate"] == pytest.approx(0.0125)
    assert seen["state"]["w"] == pytest.approx(w[60, 3])
    assert seen["state"]["mean_loss"] == pytest.approx(losses(w[60]).mean())
    assert "<td>60</td><td>0.0125</td>" in seen["table"]


def test_a_lost_run_has_no_weight_to_read():
    seen = last(SHOW, ("move", {"lr0": 0.5, "start": 4.0, "t": 100}))
    assert seen["state"]["w"] is None
    assert seen["state"]["mean_loss"] is None
    assert seen["state"]["end_loss"] is None
    assert "<td>lost</td>" in seen["table"]


def test_pointing_moves_the_step_and_stays_in_range():
    assert last(("point", 0, 46 + 232 / 2, 100))["values"]["t"] == 100
    assert last(("point", 1, 290, 100))["values"]["t"] == 200
    assert last(("point", 1, 0, 100))["values"]["t"] == 0


def test_the_time_rests_where_there_is_none():
    assert "time" in last()["disabled"]
    assert "time" not in last(("move", {"schedule": "step"}))["disabled"]


def test_reset_is_the_start():
    changed = {"schedule": "cosine", "lr0": 0.5, "time": 5, "start": 4.0, "sigma": 0, "seed": 9}
    start, *_, end = walk(
        ScheduleExplorer, SHOW, ("move", changed), ("point", 0, 99, 9), ("press", "reset")
    )
    assert end == start


def test_the_ends_of_every_slider_are_drawn():
    ends = product(SCHEDULES, (0.01, 0.5), (5, 160), (0.5, 4.0), (0, 0.4), ((0, 0), (19, 200)))
    moves = []
    for *values, (seed, t) in ends:
        moves.append(("move", {**dict(zip(NAMES, values, strict=True)), "seed": seed, "t": t}))
    for seen in walk(ScheduleExplorer, *moves[::5], SHOW, *moves):
        assert not any(word in str(seen) for word in ("NaN", "nan", "undefined", "Infinity", "∞"))
