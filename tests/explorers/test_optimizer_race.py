"""The optimizer race, its module run under Node: its steps are those of dlkit.optim."""

from itertools import product

import numpy as np
import pytest

from dlkit import optim
from dlkit.autograd import Value
from dlkit.explorers.optimizer_race import METHODS, OWN_RATES, RATES, SURFACES, OptimizerRace
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node

STEPS = 100
LOSSES = {
    "narrow valley": lambda x, y: (x**2 + y**2 * 20) / 2,
    "bent valley": lambda x, y: (x - 1.5) ** 2 / 4 + (y - x**2 / 2 + 1) ** 2 * 3,
    "saddle": lambda x, y: (x**2 - y**2 + 1) / 2 + y**4 / 8,
    "plain with a hole": lambda x, y: 1 - (-(x**2 + y**2 * 2) / 2).exp(),
}
RACES = list(product(SURFACES, [(-2.2, 1.0), (2.0, -0.2)], (0.02, 0.2), (0.1, 0.5), (0.9, 0.5)))


def last(*steps):
    """What is seen after these steps."""
    return walk(OptimizerRace, *steps)[-1]


def races(settings):
    jobs = []
    for surface, start, lr, own, beta in settings:
        rates = {"lr": lr, "own": own, "beta": beta}
        jobs.append({"module": "race", "call": ["race", surface, list(start), rates]})
    return drive(jobs)


def loss_and_gradient(surface, w):
    x, y = Value(w[0]), Value(w[1])
    L = LOSSES[surface](x, y)
    L.backward()
    return L.data, np.array([x.grad, y.grad])


def dlkits(method, surface, start, lr, own, beta, steps):
    """The points that dlkit's update rule visits."""

    def grad(w):
        return loss_and_gradient(surface, w)[1]

    w, v, s, points = np.array(start), np.zeros(2), np.zeros(2), [np.array(start)]
    for t in range(1, steps + 1):
        if method == "SGD":
            w = optim.sgd_step(w, grad(w), lr)
        elif method == "momentum":
            w, v = optim.momentum_step(w, grad(w), v, lr, beta)
        elif method == "Nesterov":
            w, v = optim.nesterov_step(w, grad, v, lr, beta)
        elif method == "AdaGrad":
            w, s = optim.adagrad_step(w, grad(w), s, own)
        elif method == "RMSprop":
            w, s = optim.rmsprop_step(w, grad(w), s, own)
        else:
            w, v, s = optim.adam_step(w, grad(w), v, s, t, own)
        points.append(w)
    return points


def test_every_step_is_one_of_dlkit_optim():
    # a rule that bounces for ever multiplies rounding errors: 40 steps are compared
    for setting, found in zip(RACES, races(RACES), strict=True):
        assert [run["method"] for run in found["runs"]] == list(METHODS)
        for run in found["runs"]:
            seen = np.array(run["visited"][:40], float)
            points = dlkits(run["method"], *setting, len(seen) - 1)
            np.testing.assert_allclose(
                seen, points, rtol=1e-6, atol=1e-9, err_msg=f"{run['method']} {setting}"
            )


def test_losses_are_those_of_the_points_to_the_end():
    for (surface, *_), found in zip(RACES, races(RACES), strict=True):
        for run in found["runs"]:
            assert len(run["losses"]) == len(run["visited"])
            ends = [loss_and_gradient(surface, w)[0] for w in run["visited"][-3:]]
            np.testing.assert_allclose(np.array(run["losses"][-3:], float), ends, rtol=1e-9)


def test_who_arrives_and_who_is_first():
    winners = set()
    settings = list(
        product(SURFACES, [(-2.2, 1.0), (2.0, -1.2)], (0.02, 0.1), (0.05, 0.3, 0.5), [0.9])
    )
    for found in races(settings):
        best = ("none", np.inf, np.inf)
        for run in found["runs"]:
            losses = np.array(run["losses"], float)
            arrived = next(
                (i for i in range(len(losses)) if (losses[i:] <= 0.01 * losses[0]).all()), None
            )
            assert run["arrived"] == arrived
            if arrived is not None:
                best = min(best, (run["method"], arrived, losses[arrived]), key=lambda b: b[1:])
        assert found["winner"] == best[0]
        winners.add(found["winner"])
    assert {"SGD", "momentum", "Nesterov", "AdaGrad"} <= winners


def test_fates_have_their_names():
    fates = set()
    for found in races([*RACES, ("saddle", (1.0, 0.0), 0.1, 0.1, 0.9)]):
        for run in found["runs"]:
            losses = np.array(run["losses"], float)
            under = losses <= 0.01 * losses[0]
            if run["fate"] == "diverges":
                assert len(losses) <= STEPS or losses[-1] > losses[0]
            elif run["fate"] == "passes and does not stay":
                assert under.any()
                assert run["arrived"] is None
            elif run["fate"] == "not there yet":
                assert not under.any()
                assert losses[-1] <= losses[0]
            else:
                assert run["fate"] == f"arrives at step {run['arrived']}"
            fates.add(run["fate"].split(" at ")[0])
    assert fates == {"diverges", "passes and does not stay", "not there yet", "arrives"}


def test_sgd_is_lost_above_two_over_the_steepest_curvature():
    for lr, fate in ((0.09, "arrives"), (0.12, "diverges")):
        (found,) = races([("narrow valley", (-2.2, 1.0), lr, 0.1, 0.9)])
        assert found["runs"][0]["fate"].startswith(fate)


def test_nobody_leaves_the_ridge_of_the_saddle():
    seen = last(("move", {"surface": "saddle", "y": 0, "guess": "none"}), SHOW)
    assert seen["sentence"].startswith("You predicted none: right. Nobody comes under 1 % of the")
    assert all(place[1] == 0 for place in seen["state"]["place"].values())


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {},
            "You predicted SGD; it is Nesterov. Nesterov arrives first, at step 12. SGD at 74, "
            "momentum at 43, AdaGrad not there yet, RMSprop at 77, Adam at 41.",
        ),
        (
            {"lr": 0.12, "own": 0.5},
            "AdaGrad arrives first, at step 9. SGD diverges, momentum at 50, Nesterov diverges, "
            "RMSprop passes and does not stay, Adam at 38.",
        ),
        (
            {"x": 0, "y": 0},
            "The start is the lowest place: nobody has to move.",
        ),
        (
            {"surface": "plain with a hole", "x": 2.4, "y": 1.8, "lr": 0.002, "own": 0.01},
            "Nobody comes under 1 % of the first loss, 0.998, and stays there. SGD not there yet, ",
        ),
        ({"steps": 5}, "You predicted SGD; it is Nesterov. After 5 of 100 steps nobody has"),
        (
            {"steps": 43},
            "You predicted SGD; it is Nesterov. After 43 of 100 steps have arrived: momentum "
            "(step 43), Nesterov (step 12), Adam (step 41).",
        ),
    ],
)
def test_the_sentence_says_who_is_where(values, sentence):
    assert last(SHOW, ("move", values))["sentence"].startswith(sentence)


def test_nothing_is_given_away_before_the_guess():
    seen = last(("move", {"lr": 0.05}), ("press", "play"), ("tick", 10))
    assert seen["sentence"].startswith("Predict first")
    assert not seen["playing"]
    assert "play" in seen["disabled"]
    kept = {name: value for name, value in seen["state"].items() if name not in ("shown", "hidden")}
    assert set(kept.values()) == {None}
    words = str(seen["pictures"])
    assert all(word not in words for word in ("arrives", "diverges", "not there", "passes"))
    assert seen["pictures"][0]["marks"].count("dlk-way") == 0
    assert seen["pictures"][1]["marks"].count("dlk-way") == 0


def test_the_guess_is_marked_beside_its_rule_until_the_race_changes():
    told, hidden_one, moved = walk(
        OptimizerRace,
        ("move", {"guess": "Adam"}),
        SHOW,
        ("move", {"shown": [True, False] + [True] * 4}),
        ("move", {"beta": 0.8}),
    )[2:]
    for seen in (told, hidden_one):
        assert seen["pictures"][2]["marks"].count("your guess") == 1
        assert seen["sentence"].startswith("You predicted Adam; it is Nesterov.")
    assert "your guess" not in str(moved["pictures"])
    none = last(("move", {"guess": "none"}), SHOW)["pictures"][2]["marks"]
    assert "your guess: none" in none


def test_only_what_is_ticked_is_drawn():
    every, some = walk(
        OptimizerRace, SHOW, ("move", {"shown": [True, False, False, True, False, False]})
    )[1:]
    for i in (0, 1):
        assert every["pictures"][i]["marks"].count("dlk-way") == 6
        assert some["pictures"][i]["marks"].count("dlk-way") == 2
    assert some["pictures"][2]["marks"].count("(not drawn)") == 4
    assert some["state"]["shown"] == ["SGD", "AdaGrad"]
    assert some["state"]["winner"] == "Nesterov"


def test_playing_runs_the_race_from_its_start_to_its_end():
    play = ("press", "play")
    steps = [SHOW, play, ("tick", 30), play, play, ("tick", 10_000)]
    started, later, paused, _, end = walk(OptimizerRace, *steps)[2:]
    assert (started["values"]["steps"], started["playing"]) == (0, True)
    assert later["values"]["steps"] == 10
    assert (paused["values"]["steps"], paused["playing"]) == (10, False)
    assert (end["values"]["steps"], end["playing"]) == (100, False)


def test_pointing_at_the_map_moves_the_start_within_its_range():
    assert last(("point", 0, 36, 28))["values"]["x"] == -2.4
    assert last(("point", 0, 36, 28))["values"]["y"] == 1.8
    middle = last(("point", 0, 36 + 285 * 0.7, 28 + 228 * 0.4))["values"]
    assert (middle["x"], middle["y"]) == (1.0, 0.4)
    assert last(("point", 1, 100, 100))["values"] == OptimizerRace.start


def test_reset_is_the_start():
    changed = {"surface": "saddle", "x": 1.0, "y": 0.4, "lr": 0.1, "own": 1, "steps": 20}
    start, *_, end = walk(
        OptimizerRace, SHOW, ("move", changed), ("press", "play"), ("tick", 9), ("press", "reset")
    )
    assert end == start


def test_the_ends_of_every_slider_are_drawn():
    ends = product(
        SURFACES, [(-2.4, -1.8), (0, 0), (2.4, 1.8)], (0, 100),
        (RATES[0], RATES[-1]), (OWN_RATES[0], OWN_RATES[-1]), (0, 0.98),
    )  # fmt: skip
    moves = []
    for surface, (x, y), steps, lr, own, beta in ends:
        values = {"surface": surface, "x": x, "y": y, "steps": steps}
        moves.append(("move", {**values, "lr": lr, "own": own, "beta": beta}))
    for seen in walk(OptimizerRace, *moves[::7], SHOW, *moves):
        assert not any(word in str(seen) for word in ("NaN", "nan", "undefined", "Infinity", "∞"))
