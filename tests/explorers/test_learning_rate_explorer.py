"""The learning-rate explorer, its module run under Node: its steps are those of dlkit's SGD."""

from itertools import product

import numpy as np
import pytest

from dlkit.autograd import Value
from dlkit.explorers.learning_rate_explorer import RATES, SURFACES, LearningRateExplorer
from dlkit.explorers.stills import drive, walk
from dlkit.optim import SGD, sgd_step
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node

STARTS = np.arange(-12, 13) / 5
CURVATURES = (4, 8, 12, 16, 20)
STEPS = 30


def last(*steps):
    """What is seen after these steps."""
    return walk(LearningRateExplorer, *steps)[-1]


def call_all(function, argument_lists):
    """What a function of descent.js gives for each list of arguments."""
    return drive([{"module": "descent", "call": [function, *one]} for one in argument_lists])


def follow_all(settings):
    names = ("surface", "curvature", "start", "rate")
    return call_all("follow", [[dict(zip(names, one, strict=True))] for one in settings])


def loss(surface, c, w):
    """The loss of a point as dlkit's Values."""
    if surface == "bowl":
        return w[0] ** 2 * (c / 2)
    if surface == "valley":
        return (w[0] ** 2 + w[1] ** 2 * c) / 2
    x = w[0]
    return x**4 / 2 - x**3 / 3 - 2.25 * x**2 + 2.25 * x + 4.78125


class Point:
    """A model whose parameters are a point."""

    def __init__(self, w):
        self.params, self.grads = {"w": np.array(w, float)}, {}


def descend(surface, c, start, rate, steps):
    """The points and losses of dlkit's SGD with the gradients of its Values."""
    model = Point([start, 1] if surface == "valley" else [start])
    optimizer, points, losses = SGD(model, rate), [], []
    for _ in range(steps + 1):
        w = [Value(x) for x in model.params["w"]]
        L = loss(surface, c, w)
        L.backward()
        model.grads["w"] = np.array([one.grad for one in w])
        points.append(model.params["w"].copy())
        losses.append(L.data)
        optimizer.step()
    return points, losses


def test_every_step_is_one_of_dlkits_sgd():
    rates = (RATES[0], 0.06, 0.125, 0.24, 0.35, RATES[-1])
    settings = list(product(SURFACES, (4, 20), (-2.4, -0.2, 2.0), rates))
    for setting, found in zip(settings, follow_all(settings), strict=True):
        expected = descend(*setting, len(found["visited"]) - 1)
        for name, values in zip(("visited", "losses"), expected, strict=True):
            seen = np.array(found[name], float)
            np.testing.assert_allclose(seen, values, rtol=1e-7, atol=1e-9, err_msg=f"{setting}")


def test_a_path_is_cut_only_far_out():
    paths = follow_all(product(SURFACES, CURVATURES, (-2.4, 0.0, 1.4, 2.4), (0.1, 0.3, 0.6)))
    short = [found for found in paths if len(found["visited"]) <= STEPS]
    assert 0 < len(short) < len(paths)
    for found in short:
        assert np.abs(found["visited"][-1]).max() > 1e6
        assert np.abs(found["visited"][:-1]).max() <= 1e6
        assert found["regime"] == "diverges"


@pytest.mark.parametrize("surface", ["bowl", "valley"])
def test_regimes_change_where_rate_times_curvature_says(surface):
    settings = list(product([surface], CURVATURES, (-1.6, 2.0), RATES))
    seen = set()
    for (_, c, _start, rate), found in zip(settings, follow_all(settings), strict=True):
        for floor in found["floors"]:
            assert floor["curvature"] == (1 if floor["name"] == "along" else c)
            product_ = rate * floor["curvature"]
            if product_ > 2 + 1e-12:
                expected = "diverges"
            elif product_ > 1 + 1e-12:
                expected = "oscillates"
            else:
                expected = "creeps" if (1 - product_) ** (2 * STEPS) > 0.01 else "converges"
            if len(found["visited"]) > STEPS or expected == "diverges":
                assert floor["regime"] == expected, (c, rate, floor)
                seen.add(expected)
    assert seen == {"creeps", "converges", "oscillates", "diverges"}


def test_the_whole_has_the_name_of_its_wildest_direction():
    order = ("diverges", "oscillates", "creeps", "converges")
    for found in follow_all(product(["valley"], CURVATURES, [2.0], RATES)):
        names = [floor["regime"] for floor in found["floors"]]
        assert found["regime"] == min(names, key=order.index)


def test_the_wavy_curves_floors_are_floors_of_the_curvature_that_is_told():
    (floors,) = call_all("floorsOf", [["wavy curve", 8]])
    for floor in floors:
        spots = [[x] for x in floor["at"] + np.array([-1e-4, 0, 1e-4])]
        low, here, high = (
            one[0] for one in call_all("gradient", [["wavy curve", 8, s] for s in spots])
        )
        assert here == 0
        assert (high - low) / 2e-4 == pytest.approx(floor["curvature"], rel=1e-6)


def test_only_luck_rests_on_a_floor_of_the_wavy_curve_above_its_limit():
    settings = list(product(["wavy curve"], [8], STARTS.tolist(), RATES))
    rested, lucky = set(), []
    for (_, _, start, rate), found in zip(settings, follow_all(settings), strict=True):
        (floor,) = (one for one in found["floors"] if one["regime"])
        if abs(found["visited"][-1][0] - floor["at"]) > 1e-3:
            continue
        if rate * floor["curvature"] <= 2:
            rested.add(floor["name"])
        else:
            lucky.append((start, rate))
            assert [floor["at"]] in found["visited"]  # a step led exactly there
    assert rested == {"left floor", "right floor"}
    assert lucky == [(-2.0, 0.4), (1.0, 0.4)]


def test_the_notes_table_is_found():
    """y = 4x² from 2: the losses for rates that are good, and too large."""
    for rate, losses in ((0.1, [16, 0.64, 0.0256]), (0.4, [16, 77.44, 374.8096])):
        seen = last(SHOW, ("move", {"rate": rate}))
        assert seen["state"]["losses"][:3] == pytest.approx(losses)
    w = np.array([2.0])
    assert seen["state"]["path"][1] == pytest.approx(sgd_step(w, 8 * w, 0.4))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"rate": 0.003},
            "Creeps. η × 8 = 0.024: each step leaves 0.976 of the way. "
            "Loss 16 → 3.72 after 30 steps.",
        ),
        (
            {"rate": 0.1},
            "Converges. η × 8 = 0.8: each step leaves 0.2 of the way. "
            "Loss 16 → 1.84·10⁻⁴¹ after 30 steps.",
        ),
        (
            {"rate": 0.125},
            "Converges. η × 8 = 1: one step lands on the floor. Loss 16 → 0 after 30 steps.",
        ),
        (
            {"rate": 0.22},
            "Oscillates. η × 8 = 1.76: each step lands on the other side, 0.76 times as far out. "
            "Loss 16 → 1.13·10⁻⁶ after 30 steps.",
        ),
        (
            {"rate": 0.25},
            "Oscillates. η × 8 = 2: it bounces between two places for ever. "
            "Loss 16 → 16 after 30 steps.",
        ),
        (
            {"rate": 0.26},
            "Diverges. η × 8 = 2.08: each step lands on the other side, 1.08 times as far out, "
            "as the product is over 2. Loss 16 → 1620 after 30 steps.",
        ),
        (
            {"surface": "valley", "curvature": 20, "rate": 0.06},
            "Oscillates. Across, η × 20 = 1.2: each step lands on the other side, 0.2 times as far "
            "out. Along, η × 1 = 0.06: each step leaves 0.94 of the way. "
            "Loss 12 → 0.0488 after 30 steps.",
        ),
        (
            {"surface": "wavy curve", "rate": 0.02},
            "Converges. The steps come to rest on the right floor, x = 1.5, which is not the "
            "lowest place. Loss 5.61 → 4.5 after 30 steps.",
        ),
        (
            {"surface": "wavy curve", "rate": 0.02, "start": 0.4},
            "Creeps. The steps go towards the left floor, x = −1.5, and have not arrived. "
            "Loss 5.31 → 2.35 after 30 steps.",
        ),
        (
            {"surface": "wavy curve", "rate": 0.05, "start": 0.4},
            "Converges. The steps come to rest on the left floor, x = −1.5, the lowest place of "
            "all. Loss 5.31 → 3.22·10⁻¹² after 30 steps.",
        ),
        (
            {"surface": "wavy curve", "rate": 0.2},
            "Oscillates. The last step is near the right floor, x = 1.5, where η × 6 = 1.2: it "
            "jumps from side to side, ever closer. Loss 5.61 → 4.5 after 30 steps.",
        ),
        (
            {"surface": "wavy curve", "rate": 0.17, "start": 2.4},
            "Oscillates. The last step is near the left floor, x = −1.5, where η × 12 = 2.04: over "
            "2, so it finds no rest there. Loss 9.2 → 0.11 after 30 steps.",
        ),
        (
            {"surface": "wavy curve", "rate": 0.6},
            "Diverges. A step overshot so far that the slope was steeper there, and the next step "
            "longer still.",
        ),
    ],
)
def test_the_sentence_names_the_regime_and_says_why(values, sentence):
    said = last(SHOW, ("move", values))["sentence"]
    assert said.startswith(sentence)


def test_a_cut_path_is_told():
    said = last(SHOW, ("move", {"rate": 0.6}))["sentence"]
    assert said.endswith("after only 10 steps.")


def test_nothing_is_given_away_before_the_guess():
    seen = last(("move", {"rate": 0.3, "surface": "valley"}))
    drawn = str(seen["pictures"]) + seen["table"]
    words = ("dlk-track", "dlk-fires", "oscillates", "diverges", "creeps", "converges", "0.125")
    assert all(word not in drawn for word in words)
    assert [seen["state"][name] for name in ("regime", "path", "losses", "limits")] == [None] * 4
    assert seen["pictures"][0]["marks"].count("<circle") == 1


def test_the_guess_stands_beside_the_truth_until_the_rate_moves():
    told, fewer, moved = walk(
        LearningRateExplorer,
        ("move", {"guess": "diverges"}),
        SHOW,
        ("move", {"steps": 3}),
        ("move", {"rate": 0.02}),
    )[2:]
    for seen in (told, fewer):
        assert seen["sentence"].startswith("You predicted diverges; it is oscillates. η × 8 = 1.6:")
        assert "your guess: diverges" in seen["pictures"][2]["marks"]
    assert moved["sentence"].startswith("Converges.")
    assert "your guess" not in str(moved["pictures"])


def test_fewer_steps_show_less_of_the_same_path():
    ten, all_ = walk(LearningRateExplorer, SHOW, ("move", {"steps": 10}), ("move", {"steps": 30}))[
        2:
    ]
    assert ten["pictures"][1]["marks"].count("<circle") == 11
    assert all_["pictures"][1]["marks"].count("<circle") == 31
    assert ten["state"] == all_["state"]


def test_the_shaded_zone_of_the_ruler_is_the_one_that_the_rate_lies_in():
    for rate, zone in ((0.003, "creeps"), (0.25, "oscillates"), (0.26, "diverges")):
        marks = last(SHOW, ("move", {"rate": rate}))["pictures"][2]["marks"]
        assert marks.count("dlk-fires") == 1
        assert zone in marks.split("dlk-fires")[1].split("</text>")[0]


def test_pointing_at_the_picture_moves_the_start():
    marks = last(("point", 0, 36, 100), SHOW)
    assert marks["values"]["start"] == -2.4
    assert last(("point", 0, 36 + 285 / 2 + 57, 100))["values"]["start"] == 1.0
    assert last(("point", 1, 36, 100))["values"]["start"] == 2


def test_the_curvature_rests_on_the_wavy_curve():
    assert "curvature" in last(("move", {"surface": "wavy curve"}))["disabled"]
    assert "curvature" not in last(("move", {"surface": "valley"}))["disabled"]


def test_reset_is_the_start():
    changed = {"surface": "valley", "curvature": 20, "start": -1.0, "steps": 4, "rate": 0.5}
    start, *_, end = walk(
        LearningRateExplorer, SHOW, ("move", changed), ("point", 0, 50, 50), ("press", "reset")
    )
    assert end == start


def test_the_ends_of_every_slider_are_drawn():
    ends = product(SURFACES, (4, 20), (-2.4, 0.0, 2.4), (1, 30), (RATES[0], RATES[-1]))
    names = ("surface", "curvature", "start", "steps", "rate")
    moves = [("move", dict(zip(names, one, strict=True))) for one in ends]
    for seen in walk(LearningRateExplorer, *moves, SHOW, *moves):
        assert not any(word in str(seen) for word in ("NaN", "nan", "undefined", "Infinity", "∞"))
