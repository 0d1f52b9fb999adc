"""The entropy explorer, its module run under Node: its lengths are dlkit's, and they add up."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers.entropy_explorer import EntropyExplorer
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node


def last(*steps):
    """What is seen after these steps."""
    return walk(EntropyExplorer, *steps)[-1]


def weights(p, q):
    return {f"{name}{i}": w for name, ws in (("p", p), ("q", q)) for i, w in enumerate(ws, 1)}


@pytest.mark.parametrize(("unit", "base"), [("bits", 2), ("nats", np.e)])
def test_the_lengths_are_dlkits(unit, base):
    rng = np.random.default_rng(0)
    pairs = [rng.dirichlet([1, 1, 1], size=2) for _ in range(20)]
    pairs.append(np.array([[0.5, 0.5, 0], [0.2, 0.3, 0.5]]))
    measures = {
        "crossEntropy": nn.cross_entropy,
        "divergence": nn.kl_divergence,
    }
    for name, ours in measures.items():
        jobs = [
            {"module": "entropy_explorer", "call": [name, p.tolist(), q.tolist(), unit]}
            for p, q in pairs
        ]
        expected = [ours(p, q, base) for p, q in pairs]
        assert drive(jobs) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_notes_example_in_nats():
    state = last(SHOW, ("move", {**weights([5, 3, 2], [4, 4, 2]), "unit": "nats"}))["state"]
    assert state["entropy"] == pytest.approx(1.02965, abs=5e-6)
    assert state["divergence"] == pytest.approx(0.02527, abs=5e-6)
    assert state["cross_entropy"] == pytest.approx(1.05492, abs=5e-6)


def test_entropy_and_divergence_are_the_cross_entropy():
    state = last(SHOW, ("move", weights([7, 0.5, 2], [1, 8, 3])))["state"]
    total = state["entropy"] + state["divergence"]
    assert state["cross_entropy"] == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize(
    ("p", "q", "says"),
    [
        ([5, 3, 2], [5, 3, 2], "q is p: nothing is wasted"),
        ([5, 3, 2], [0, 3, 2], "q has no code"),
        ([0, 5, 5], [0, 5, 5], "nothing is wasted"),
        ([0, 0, 0], [1, 1, 1], "q is p"),
        ([10, 0, 0], [5, 5, 0], "costs 100 % of each message"),
    ],
)
def test_the_sentence_names_the_case(p, q, says):
    assert says in last(SHOW, ("move", weights(p, q)))["sentence"]


@pytest.mark.parametrize(
    ("p", "q", "guess"),
    [
        ([9, 0.5, 0.5], [1, 1, 1], "D(q‖p) is larger"),
        ([1, 1, 1], [9, 0.5, 0.5], "D(p‖q) is larger"),
        ([1, 2, 3], [3, 2, 1], "both are equal"),
        ([1, 0, 0], [0, 1, 0], "both are equal"),
    ],
)
def test_the_guess_is_told_right(p, q, guess):
    seen = last(("move", {**weights(p, q), "guess": guess}), SHOW)
    assert seen["sentence"].startswith(f"You predicted {guess}: right. ")


def test_the_other_lengths_wait_for_the_guess():
    seen, shown = walk(EntropyExplorer, SHOW)
    cross = f"{shown['state']['cross_entropy']:.3f}"
    assert "cross_entropy" not in seen["state"]
    assert cross in str(shown["pictures"])
    assert cross not in str(seen)
    assert "hidden until" in seen["pictures"][1]["alt"]


def test_a_bar_is_dragged_to_its_place():
    seen = last(SHOW, ("point", 0, 34 + 20, 30 + 190 * 0.75))
    assert seen["state"]["p"][0] == pytest.approx(0.25, abs=0.03)
    assert seen["values"]["q1"] == 4
    seen = last(SHOW, ("point", 0, 34 + 65, 30 + 190))
    assert seen["values"]["q1"] == 0
