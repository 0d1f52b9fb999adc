"""The gate explorer, its modules run under Node: its steps are those of dlkit's LSTM and GRU."""

from itertools import product

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers.gate_explorer import GateExplorer, by_hand, sequence
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node

DATA = GateExplorer.data()
ORDER = {"LSTM": "ifgo", "GRU": "rzn"}
EVERY = list(product(ORDER, DATA["weights"], DATA["sequences"]))


def last(*steps):
    """What is seen after these steps."""
    return walk(GateExplorer, *steps)[-1]


def arrays(weights):
    return [np.array(weights[key], float) for key in ("Wx", "Wh", "b")]


def dlkits_steps(cell, xs, weights, held=()):
    """(memories, outputs) of dlkit's step, a held gate's sum being so large that it is 1 or 0."""
    Wx, Wh, b = (array.copy() for array in arrays(weights))
    for name, value in dict(held).items():
        k = ORDER[cell].index(name)
        Wx[:, k], Wh[:, k], b[k] = 0, 0, 1000 if value else -1000
    h, c, found = np.zeros((1, 1)), np.zeros((1, 1)), []
    for x in np.array(xs, float)[:, None]:
        if cell == "LSTM":
            h, c = nn.lstm_step(x, h, c, Wx, Wh, b)
        else:
            h = c = nn.gru_step(x, h, Wx, Wh, b)
        found.append((c.item(), h.item()))
    return np.array(found)


def random_weights(rng, cell):
    G = len(ORDER[cell])
    shapes = {"Wx": (3, G), "Wh": (1, G), "b": G}
    return {key: rng.normal(size=shape).tolist() for key, shape in shapes.items()}


@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_steps_are_dlkits_also_with_gates_held(cell):
    rng, jobs, expected = np.random.default_rng(0), [], []
    names = [name for name in ORDER[cell] if name not in "gn"]
    for _ in range(40):
        weights, xs = random_weights(rng, cell), rng.normal(size=(7, 3)).tolist()
        held = {name: int(rng.integers(2)) for name in names if rng.random() < 0.4}
        jobs.append({"module": "gates", "call": ["steps", cell, xs, weights, held]})
        expected.append(dlkits_steps(cell, xs, weights, held))
    for done, truth in zip(drive(jobs), expected, strict=True):
        got = [(one["memory"], one["output"]) for one in done]
        np.testing.assert_allclose(got, truth, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("cell", "weights", "name"), EVERY)
def test_what_is_shown_is_dlkits_layer(cell, weights, name):
    state = last(SHOW, ("move", {"cell": cell, "weights": weights, "sequence": name}))["state"]
    layer = getattr(nn, cell)(3, 1, rng=np.random.default_rng(0))
    for key, value in DATA["weights"][weights][cell].items():
        layer.params[key][...] = value
    y = layer(np.array(DATA["sequences"][name], float)[:, None])
    np.testing.assert_allclose(state["outputs"], y[:, 0, 0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("cell", "weights", "name"), EVERY)
def test_what_is_left_of_each_step_adds_up_to_the_last_memory(cell, weights, name):
    state = last(SHOW, ("move", {"cell": cell, "weights": weights, "sequence": name}))["state"]
    write, keep = ("i", "f") if cell == "LSTM" else (None, "z")
    parts = []
    for t, (gates, candidate) in enumerate(zip(state["gates"], state["candidates"], strict=True)):
        written = gates[write] if write else 1 - gates["z"]
        kept = np.prod([later[keep] for later in state["gates"][t + 1 :]])
        parts.append(kept * written * candidate)
    np.testing.assert_allclose(state["left"], parts, rtol=1e-9, atol=1e-15)
    assert sum(state["left"]) == pytest.approx(state["memory"][-1], abs=1e-12)


def test_weights_set_by_hand_do_what_the_gates_are_called_after():
    state = last(SHOW, ("move", {"sequence": "one, then another"}))["state"]
    for t, (gates, (_value, write, read)) in enumerate(
        zip(state["gates"], sequence("one, then another"), strict=True)
    ):
        assert [round(gates[name], 2) for name in "ifo"] == [write, 1 - write, read], t


def test_no_untrained_gate_is_wide_open_or_shut():
    for cell in ORDER:
        seen = last(("move", {"cell": cell, "weights": "untrained"}))
        gates = [value for one in seen["state"]["gates"] for value in one.values()]
        assert 0.1 < min(gates) < max(gates) < 0.95


@pytest.mark.parametrize(
    ("values", "regime", "words"),
    [
        (
            {},
            "keeps",
            "The last memory is 0.93: it keeps one step: 0.93 of 0.93 comes from step 1.",
        ),
        ({"sequence": "one, then another"}, "keeps", "−0.53 of −0.53 comes from step 6."),
        ({"cell": "GRU"}, "keeps", "it keeps one step: 0.93 of 0.93 comes from step 1."),
        ({"f": "shut (0)"}, "empty", "The last memory is 0.00: nothing is left of any step."),
        ({"cell": "GRU", "z": "open (1)"}, "empty", "nothing is left of any step."),
        ({"i": "open (1)", "f": "open (1)"}, "mixes", "memory is 1.96: it mixes several steps."),
        ({"cell": "GRU", "z": "shut (0)"}, "forgets", "last step only: 0.89 of 0.89 comes from"),
        ({"sequence": "each step to keep"}, "forgets", "it knows the last step only: 0.92 of"),
        ({"weights": "untrained"}, "mixes", "it mixes several steps."),
    ],
)
def test_the_sentence_names_what_the_memory_is_made_of(values, regime, words):
    seen = last(SHOW, ("move", values))
    assert seen["state"]["regime"] == regime
    assert words in seen["sentence"]


def test_the_sentence_and_the_table_have_the_step_with_its_numbers():
    seen = last(SHOW, ("move", {"step": 2, "i": "open (1)"}))
    assert seen["sentence"].endswith("Step 2: c = 1.00 · 0.95 + 1.00 · −0.83 = 0.11.")
    assert "<td>input i</td><td>1.000</td><td>held</td>" in seen["table"]
    assert "0.998 · 0.948 + 1.000 · −0.834" in seen["table"]
    seen = last(SHOW, ("move", {"step": 6, "cell": "GRU", "sequence": "one, then another"}))
    assert seen["sentence"].endswith("Step 6: h = 1.00 · −0.54 + 0.00 · 0.94 = −0.53.")


def test_nothing_is_given_away_before_the_guess():
    seen = last(("move", {"cell": "GRU", "z": "shut (0)"}))
    assert seen["sentence"].startswith("Predict first")
    assert all(seen["state"][key] is None for key in ("memory", "outputs", "left", "regime"))
    assert "dlk-bar" not in seen["pictures"][0]["marks"]
    assert "memory h" not in seen["pictures"][0]["marks"]
    assert seen["table"] == ""
    assert "hidden until" in seen["pictures"][0]["alt"]


def test_the_guess_stands_beside_the_truth_until_the_memory_changes():
    told = last(("move", {"guess": -0.5}), SHOW, ("move", {"step": 4}))
    assert told["sentence"].startswith("You predicted −0.5; it is 1. ")
    assert "dlk-guess" in told["pictures"][0]["marks"]
    assert "your guess for the last memory: −0.5" in told["table"]
    assert last(("move", {"guess": 1}), SHOW)["sentence"].startswith("You predicted 1: right. ")
    moved = last(("move", {"guess": 1}), SHOW, ("move", {"f": "shut (0)"}))
    assert "predicted" not in moved["sentence"]
    assert "dlk-guess" not in moved["pictures"][0]["marks"]


def test_gates_of_the_other_cell_are_at_rest_and_change_nothing():
    lstm = last(SHOW, ("move", {"z": "shut (0)"}))
    assert {"r", "z"} <= set(lstm["disabled"])
    assert not {"i", "f", "o"} & set(lstm["disabled"])
    assert lstm["state"]["memory"] == last(SHOW)["state"]["memory"]
    assert {"i", "f", "o"} <= set(last(SHOW, ("move", {"cell": "GRU"}))["disabled"])


def test_pointing_at_a_column_looks_at_its_step():
    seen = walk(GateExplorer, SHOW, ("point", 0, 92 + 25 * 7.5, 200), ("point", 0, 20, 200))
    assert seen[-2]["values"]["step"] == seen[-1]["values"]["step"] == 7
    assert last(("point", 0, 92 + 25 * 9.9, 10))["values"]["step"] == 9
    assert last(("point", 0, 345, 10))["values"]["step"] == 1


def test_reset_is_the_start():
    changed = {"cell": "GRU", "r": "open (1)", "step": 8, "sequence": "none to keep", "guess": 2}
    start, *_, end = walk(GateExplorer, ("move", changed), SHOW, ("press", "reset"))
    assert end == start


def test_every_setting_is_drawn_and_its_guess_can_be_made():
    held, steps = ("as computed", "open (1)", "shut (0)"), [SHOW]
    for cell, weights, name in EVERY:
        for values in product(held, repeat=3 if cell == "LSTM" else 2):
            moved = dict(zip("ifo" if cell == "LSTM" else "rz", values, strict=True))
            steps.append(
                ("move", {"cell": cell, "weights": weights, "sequence": name, **moved, "step": 9})
            )
    memories = []
    for seen in walk(GateExplorer, *steps)[1:]:
        assert not any(odd in str(seen) for odd in ("NaN", "nan", "undefined", "Infinity"))
        memories.append(seen["state"]["memory"][-1])
    assert max(map(abs, memories)) <= 4.25  # the slider's ends, and a quarter


def test_the_memory_of_a_gru_stays_inside_one_and_that_of_an_lstm_need_not():
    weights = by_hand()
    assert list(weights) == ["LSTM", "GRU"]
    held = {"i": "open (1)", "f": "open (1)"}
    assert max(last(SHOW, ("move", held))["state"]["memory"]) > 1.5
    for z in ("as computed", "open (1)", "shut (0)"):
        memory = last(SHOW, ("move", {"cell": "GRU", "z": z, "r": "open (1)"}))["state"]["memory"]
        assert max(map(abs, memory)) < 1
