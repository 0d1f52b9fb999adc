"""The gate playground, its module run under Node: its outputs are those of dlkit's units."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers.gate_playground import GatePlayground
from dlkit.explorers.stills import call, drive, walk
from dlkit.gates import GATES, INPUTS
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node


def last(*steps):
    """What is seen after these steps."""
    return walk(GatePlayground, *steps)[-1]


def test_outputs_are_those_of_dlkits_units():
    layer, step = nn.Linear(2, 1, rng=np.random.default_rng(0)), nn.Step()
    draws = np.random.default_rng(1).integers(-4, 5, size=(30, 3)) / 2
    settings = [dict(zip(("w1", "w2", "b"), draw, strict=True)) for draw in draws.tolist()]
    jobs = [{"module": "gate_playground", "call": ["outputs", s, INPUTS]} for s in settings]
    for s, outputs in zip(settings, drive(jobs), strict=True):
        layer.params["W"][...], layer.params["b"][...] = [[s["w1"]], [s["w2"]]], s["b"]
        assert outputs == step(layer(INPUTS))[:, 0].tolist()


def test_a_sum_that_is_zero_on_paper_does_not_fire():
    assert 0.1 + 0.2 - 0.3 > 0
    values = {"w1": 0.1, "w2": 0.2, "b": -0.3}
    assert call("gate_playground", "outputs", values, INPUTS) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"w1": 0.5, "w2": 0.5, "b": -0.7}, "4 of 4 rows right: this unit is AND."),
        (
            {"w1": 1.0, "w2": 1.0, "b": -0.5, "gate": "XOR"},
            "3 of 4 rows right for XOR; the line has (1, 1) on the wrong side.",
        ),
        (
            {"w1": 0.5, "w2": 0.5, "b": -0.2},
            "2 of 4 rows right for AND; the line has (0, 1) and (1, 0) on the wrong side.",
        ),
        (
            {"w1": 0.0, "w2": 0.0, "b": 1.0},
            "1 of 4 rows right for AND; no line crosses the picture: "
            "the unit fires everywhere in it.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_seen(values, sentence):
    assert last(SHOW, ("move", values))["sentence"] == sentence


def test_wrong_rows_are_marked_by_words_and_shape():
    seen = last(SHOW, ("move", {"w1": 1.0, "w2": 1.0, "b": -0.5, "gate": "XOR"}))
    assert seen["table"].count("✗ wrong") == seen["pictures"][0]["marks"].count("dlk-ring") == 1
    assert seen["table"].count("✓ right") == 3


def test_nothing_is_shown_before_the_guess():
    seen = last(("move", {"w1": 2.0}))
    drawn = str(seen["pictures"]) + seen["table"]
    assert seen["sentence"].startswith("Predict first")
    assert all(mark not in drawn for mark in ("dlk-fires", "dlk-line", "✓", "✗", "gives"))
    assert seen["state"]["best"] == {}


def test_the_guess_stands_beside_the_truth():
    guess = {"w1": 0.5, "w2": 0.5, "b": -0.2, "guess": [False, True, True, False]}
    _start, _moved, told, other_gate, moved = walk(
        GatePlayground, ("move", guess), SHOW, ("move", {"gate": "OR"}), ("move", {"b": -0.3})
    )
    assert told["state"]["committed"] == guess["guess"]
    assert told["sentence"].startswith("You predicted 3 of 4 right.")
    assert "your guess" in told["table"]
    assert "your guess" in other_gate["table"]
    assert "your guess" not in moved["table"]
    assert "dlk-fires" in moved["pictures"][0]["marks"]


def test_predict_again_hides_and_keeps_the_unit():
    seen = last(SHOW, ("move", {"w1": -1.0}), ("press", "predict"))
    assert seen["state"]["hidden"]
    assert seen["values"]["w1"] == -1.0
    assert seen["values"]["guess"] == [False] * 4


def test_reset_is_the_start():
    changed = {"w1": -1.0, "gate": "XOR", "b": 2.0}
    start, *_, end = walk(GatePlayground, SHOW, ("move", changed), ("press", "reset"))
    assert end == start


def test_fourteen_gates_can_be_built_with_the_sliders():
    steps = [SHOW]
    for w1 in (-1.0, 0.0, 1.0):
        for w2 in (-1.0, 0.0, 1.0):
            for b in (-1.5, -0.5, 0.5, 1.5):
                steps.append(("move", {"w1": w1, "w2": w2, "b": b}))
                steps += [("move", {"gate": gate}) for gate in GATES]
    best = last(*steps)["state"]["best"]
    assert len(GATES) == len(best) == 16
    assert {gate: most for gate, most in best.items() if most < 4} == {"XOR": 3, "XNOR": 3}
