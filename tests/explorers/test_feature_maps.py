"""Feature maps: they are dlkit's layers, and what is said of a map follows from its answers."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.datasets import digits
from dlkit.explorers import small_lenet
from dlkit.explorers.feature_maps import FeatureMaps
from dlkit.explorers.stills import call, drive, walk
from tests.explorers.steps import SHOW, after, shown

pytestmark = pytest.mark.node
STROKES = ("vertical", "horizontal", "rising", "falling")


def strokes():
    return np.reshape(call("lenet", "strokes"), (4, 8, 8)).astype(float)


def by_functions(X):
    """The maps of each layer in terms of dlkit's functions, and the scores."""
    p = small_lenet.small_lenet().params
    c1 = nn.relu(nn.conv2d(X, p["0.W"], p["0.b"], padding=1))
    s2 = nn.max_pool2d(c1, 2)
    c3 = nn.relu(nn.conv2d(s2, p["3.W"], p["3.b"], padding=1))
    s4 = nn.max_pool2d(c3, 2)
    top = nn.relu(s4.reshape(len(X), -1) @ p["7.W"] + p["7.b"])
    return {"C1": c1, "S2": s2, "C3": c3, "S4": s4}, top @ p["9.W"] + p["9.b"]


@pytest.mark.parametrize("layer", ["C1", "S2", "C3", "S4"])
def test_the_maps_are_dlkits_layers(layer):
    _, (X, t) = digits(dtype=np.float64)
    for digit, example in ((0, 0), (3, 28), (9, 7)):
        state = shown(FeatureMaps, digit=str(digit), example=example, layer=layer)["state"]
        image = X[t == digit][example]
        maps, scores = by_functions(image[None])
        np.testing.assert_array_equal(state["image"], image[0])
        np.testing.assert_allclose(state["maps"], maps[layer][0], rtol=1e-9, atol=1e-12)
        assert state["read_as"] == scores.argmax()
        assert state["probability"] == pytest.approx(nn.softmax(scores).max())


@pytest.mark.parametrize("layer", ["C1", "S2", "C3", "S4"])
def test_the_answers_are_the_strongest_of_the_map_to_each_stroke(layer):
    maps, _scores = by_functions(strokes()[:, None])
    count = maps[layer].shape[1]
    found = walk(FeatureMaps, SHOW, after(layer=layer), *(after(map=k) for k in range(count)))
    for k, seen in enumerate(found[3:]):
        answers, state = maps[layer][:, k].max(axis=(1, 2)), seen["state"]
        assert list(state["answers"]) == list(STROKES)
        np.testing.assert_allclose(list(state["answers"].values()), answers, rtol=1e-9, atol=1e-9)
        second, best = np.sort(answers)[-2:]
        choosy = STROKES[answers.argmax()] if best > 1.08 * second else "all alike"
        assert state["answers_most_to"] == choosy


def test_strokes_of_all_directions_have_their_maps():
    steps = [after(layer=layer, map=k) for layer in ("C1", "C3") for k in range(6)]
    found = {seen["state"]["answers_most_to"] for seen in walk(FeatureMaps, SHOW, *steps)[2:]}
    assert found == {*STROKES, "all alike"}


def test_strokes_look_as_they_are_called():
    vertical, horizontal, rising, falling = strokes()
    np.testing.assert_array_equal(vertical, horizontal.T)
    np.testing.assert_array_equal(rising, falling[::-1])
    assert vertical[1:7, 3:5].all()
    assert vertical.sum() == 12
    assert rising[6, 1] == rising[1, 6] == 1  # from below left to above right
    assert rising[1, 1] == 0


@pytest.mark.parametrize("layer", ["C1", "S2", "C3", "S4"])
def test_a_window_is_what_the_unit_sees(layer):
    rng, X = np.random.default_rng(0), np.zeros((1, 1, 8, 8))
    before, _ = by_functions(X)
    size = before[layer].shape[-1]
    seen = np.zeros((size, 8), bool)  # [unit's row, row of the image]
    for row in range(8):
        for _ in range(20):
            X[:] = 0
            X[0, 0, row] = rng.normal(scale=30, size=8)
            changed = (by_functions(X)[0][layer] != before[layer]).any(axis=(0, 1, 3))
            seen[:, row] |= changed
    layers = FeatureMaps.data()["layers"]
    for unit in range(size):
        rows = np.flatnonzero(seen[unit])
        assert call("lenet", "seenFrom", layers, layer, unit) == [rows[0], rows[-1]]


def test_the_best_digits_are_those_with_the_largest_answers():
    seen = shown(FeatureMaps, layer="C3", map=8)
    _, (X, t) = digits(dtype=np.float64)
    peaks = by_functions(X)[0]["C3"][:, 8].max(axis=(1, 2))
    best = np.sort(peaks)[::-1][:8]
    labels = seen["pictures"][-1]["alt"].rsplit(": ", 1)[1].rstrip(".").split(", ")
    assert labels == [str(t[peaks == peak][0]) for peak in best]


def test_the_network_reads_355_of_360_unseen_digits():
    _, (X, t) = digits(dtype=np.float64)
    right = by_functions(X)[1].argmax(axis=1) == t
    assert right.sum() == 355
    seen = shown(FeatureMaps, digit="9", example=2)  # one of the five
    assert seen["state"]["read_as"] != 9
    assert "reads it wrongly as" in seen["sentence"]


def test_the_script_makes_such_a_network_again():
    made = small_lenet.train()
    stored = small_lenet.small_lenet().params
    assert {name: p.shape for name, p in made.params.items()} == {
        name: p.shape for name, p in stored.items()
    }
    made.eval()
    _, (X, t) = digits(dtype=np.float64)
    assert (made(X).argmax(axis=1) == t).sum() > 345  # other machines round otherwise
    assert small_lenet.files("dlkit.explorers").joinpath(small_lenet.FILE).stat().st_size < 20_000


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Map 3 of C1 is choosy: 3.25 for horizontal, 2.54 for the next. For this 4 it"),
        ({"map": 4}, "Map 4 of C1 answers to several strokes alike, at most 1.99. For this 4"),
        ({"map": 0}, "Map 0 of C1 is choosy"),
    ],
)
def test_the_sentence_says_what_the_map_answers_to(values, words):
    assert words in shown(FeatureMaps, **values)["sentence"]


def test_a_silent_map_is_told():
    data = FeatureMaps.data()
    for name in ("0.W", "0.b"):
        data["params"][name] = "A" * len(data["params"][name])  # zeros
    job = {"module": "feature_maps", "start": FeatureMaps.start, "data": data, "steps": [SHOW]}
    _start, seen = drive([job])[0]
    assert "You predicted all alike: right. Map 3 of C1 is silent" in seen["sentence"]
    assert "nan" not in str(seen["pictures"])


def test_nothing_is_given_away_before_the_guess():
    seen = walk(FeatureMaps, after(layer="C3", map=9, digit="8"))[-1]
    assert seen["sentence"].startswith("Predict first")
    assert len(seen["pictures"]) == 2
    assert "answers" not in seen["state"]
    assert "dlk-bar" not in str(seen["pictures"])


def test_the_guess_stands_beside_the_truth_until_another_map_is_looked_at():
    steps = after(guess="vertical"), SHOW, after(digit="7", example=3), after(map=2)
    _start, _guessed, shown, looked, moved = walk(FeatureMaps, *steps)
    assert shown["sentence"].startswith("You predicted vertical; it is horizontal. ")
    assert "vertical, your guess" in str(shown["pictures"])
    assert looked["sentence"].startswith("You predicted vertical; it is horizontal. ")
    assert "predicted" not in moved["sentence"]
    assert "your guess" not in str(moved["pictures"])


def test_a_map_that_the_layer_lacks_becomes_its_last():
    seen = walk(FeatureMaps, SHOW, after(layer="C3", map=15), after(layer="S2"))[-1]
    assert seen["values"]["map"] == 5
    assert len(seen["state"]["maps"]) == 6


def test_reset_is_the_start():
    other = after(layer="S4", map=11, digit="0", example=12)
    start, *_rest, back = walk(FeatureMaps, SHOW, other, ("press", "reset"))
    assert back == start
    assert back["state"]["hidden"]


def test_every_digit_layer_and_map_is_drawn():
    steps = [after(digit=str(digit), example=28) for digit in range(10)]
    steps += [after(layer=layer, map=k) for layer in small_lenet.LAYERS for k in range(16)]
    for seen in walk(FeatureMaps, SHOW, *steps):
        assert "nan" not in str(seen["pictures"]).lower()
