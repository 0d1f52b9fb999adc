"""The activation explorer, its module run under Node: functions, slopes and shares are dlkit's."""

import itertools

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers.activation_explorer import BANDS, FUNCTIONS, ActivationExplorer
from dlkit.explorers.stills import call, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node

LAYERS = {
    "step": nn.Step(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "ReLU": nn.ReLU(),
    "leaky ReLU": nn.LeakyReLU(0.1),
    "GELU": nn.GELU(),
}


def last(*steps):
    return walk(ActivationExplorer, *steps)[-1]


def shown(**values):
    return last(SHOW, ("move", values))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_slopes_are_those_of_dlkits_layers(name):
    far = [-1000, -40, -1e-9, 0, 1e-9, 40, 1000]
    x = np.concatenate([np.random.default_rng(1).normal(0, 4, size=200), far])
    layer = LAYERS[name]
    values, slopes = (call("activations", f, name, x.tolist()) for f in ("valuesAt", "slopesAt"))
    assert values == pytest.approx(layer(x), rel=1e-12, abs=1e-12)
    assert slopes == pytest.approx(layer.backward(np.ones_like(x)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("spread", "centre"), [(0.1, -6), (2, 0), (4, 6)])
def test_what_is_shown_of_the_outputs_is_dlkits(name, spread, centre):
    state = shown(activation=name, spread=spread, centre=centre)["state"]
    x = centre + spread * np.array(ActivationExplorer.data()["normals"])
    y = LAYERS[name](x)
    slopes = LAYERS[name].backward(np.ones_like(x))
    assert state["mean"] == pytest.approx(y.mean(), abs=1e-9)
    assert state["output_spread"] == pytest.approx(y.std(), abs=1e-9)
    assert state["mean_slope"] == pytest.approx(slopes.mean(), abs=1e-9)
    assert state["flat"] == np.mean(np.abs(slopes) < 0.05)


def test_the_inputs_have_mean_0_and_spread_1():
    z = np.array(ActivationExplorer.data()["normals"])
    assert len(z) == 1000
    assert z.mean() == pytest.approx(0, abs=1e-9)
    assert z.std() == pytest.approx(1, abs=1e-4)
    assert np.mean(np.abs(z) < 1) == pytest.approx(0.683, abs=0.05)


@pytest.mark.parametrize(
    ("values", "regime", "says"),
    [
        ({"activation": "step"}, "no slope", "nothing before it can learn"),
        ({"spread": 0.5}, "alive", "0 % of the inputs lie where sigmoid is flat: alive."),
        ({"spread": 2}, "partly saturated", "mean 0.50"),
        ({"activation": "tanh", "spread": 1}, "hardly saturated", "mean 0.00"),
        ({"spread": 4}, "half saturated", "of its size on average"),
        ({"spread": 4, "centre": 5}, "mostly saturated", "of its size on average"),
        ({"centre": 6, "spread": 0.25}, "saturated", "Hardly any gradient comes back"),
        ({"activation": "ReLU", "centre": 6, "spread": 0.5}, "alive", "with 1.00 of its size"),
        ({"activation": "ReLU", "centre": 3}, "hardly cut off", "hardly cut off"),
        ({"activation": "ReLU"}, "half cut off", "with 0.50 of its size"),
        ({"activation": "ReLU", "centre": -2}, "mostly cut off", "with 0.16 of its size"),
        ({"activation": "ReLU", "centre": -6, "spread": 1}, "dead", "No gradient comes back"),
        ({"activation": "leaky ReLU", "centre": -6, "spread": 1}, "alive", "with 0.10 of its"),
        ({"activation": "GELU", "centre": -1, "spread": 1}, "partly cut off", "mean −0.02"),
    ],
)  # fmt: skip
def test_each_regime_is_named(values, regime, says):
    seen = shown(**values)
    assert seen["state"]["regime"] == regime
    assert f": {regime}." in seen["sentence"]
    assert says in seen["sentence"]


def test_every_share_has_its_band():
    shares, places = (0, 0.0099, 0.01, 0.1, 0.4, 0.9, 1), (0, 0, 1, 2, 3, 4, 4)
    bands = list(BANDS.items())
    named = [call("activation_explorer", "band", share, bands) for share in shares]
    assert named == [bands[place][0] for place in places]


def test_a_histogram_counts_every_value_once_and_keeps_what_lies_beyond():
    values = [-9, -8, -7.9, 0, 0.1, 7.9, 8, 30]
    counts = call("activation_explorer", "histogram", values, [-8, 8], 4)
    assert counts == [3, 0, 2, 3]


def test_nothing_is_given_away_before_the_guess():
    seen = last(("move", {"spread": 4, "x": 3}))
    drawn = str(seen["pictures"]) + seen["table"]
    assert seen["sentence"].startswith("Predict first")
    assert all(mark not in drawn for mark in ("dlk-fires", "dlk-slope", "shaded", "46 %"))
    hidden = ("flat", "regime", "mean", "output_spread", "mean_slope")
    assert all(seen["state"][name] is None for name in hidden)
    assert seen["state"]["slope"] == pytest.approx(0.0452, abs=1e-4)


def test_the_guess_stands_beside_the_truth_until_it_is_about_something_else():
    right, looked, moved = walk(
        ActivationExplorer,
        ("move", {"guess": "10 to 40 %"}), SHOW, ("move", {"x": 4}), ("move", {"spread": 4}),
    )[2:]  # fmt: skip
    for seen in (right, looked):
        assert seen["sentence"].startswith("You predicted 10 to 40 %: right.")
        assert "dlk-guess" in seen["pictures"][1]["marks"]
        assert "your guess was 10 to 40 %" in seen["pictures"][1]["alt"]
    assert "predicted" not in moved["sentence"]
    assert "dlk-guess" not in moved["pictures"][1]["marks"]


def test_a_wrong_guess_is_told_the_truth():
    seen = last(("move", {"guess": "over 90 %"}), SHOW)
    assert seen["sentence"].startswith("You predicted over 90 %; it is 10 to 40 %.")


def test_a_point_in_the_first_picture_is_looked_at():
    assert last(SHOW, ("point", 0, 38 + 125, 100))["values"]["x"] == 0
    assert last(SHOW, ("point", 0, 5000, 100))["values"]["x"] == 8
    assert last(SHOW, ("point", 1, 100, 30))["values"]["x"] == 1


def test_reset_is_the_start():
    start, *_, end = walk(
        ActivationExplorer, SHOW, ("move", {"activation": "GELU", "x": -3}), ("press", "reset")
    )
    assert end == start


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_breaks_at_the_sliders_ends(name):
    ends = itertools.product((0.1, 4), (-6, 6), (-8, 8))
    moves = [
        ("move", {"activation": name, "spread": spread, "centre": centre, "x": x})
        for spread, centre, x in ends
    ]
    for seen in walk(ActivationExplorer, SHOW, *moves):
        told = seen["sentence"] + str(seen["pictures"]) + seen["table"] + str(seen["state"])
        assert all(word not in told for word in ("nan", "NaN", "Infinity", "undefined", "∞"))
