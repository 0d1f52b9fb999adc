"""Chapter 1: the numbers that its text states beside its cells are recomputed here."""

import itertools

import numpy as np
import pytest

from autograder.paths import SOLUTIONS
from dlkit.explorers import learning_run
from dlkit.gates import GATES, INPUTS
from tests.chapters.test_figures import load_script

FOUR = [(0, 0), (0, 1), (1, 0), (1, 1)]
TABLES = {"AND": [0, 0, 0, 1], "NAND": [1, 1, 1, 0], "OR": [0, 1, 1, 1], "XOR": [0, 1, 1, 0]}


def test_the_alarm_rings_for_the_button_and_for_smoke_with_heat_only(right):
    patterns = itertools.product((0, 1), repeat=3)
    rings = [p for p in patterns if right["perceptron"](p, [0.3, 0.5, 1.0], -0.7)]
    assert rings == [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 1)]


def test_a_tenth_is_not_held_exactly():
    assert 0.1 + 0.2 - 0.3 != 0
    assert 0.5 + 0.25 - 0.75 == 0


@pytest.mark.parametrize(("b", "fires"), [(0.1, 4), (-0.1, 3), (-20, 0)])
def test_the_bias_is_the_ease_of_firing(right, b, fires):
    assert sum(right["perceptron"](x, [1, 1], b) for x in FOUR) == fires


@pytest.mark.parametrize(
    ("name", "w", "b"),
    [("AND", [0.5, 0.5], -0.7), ("NAND", [-0.5, -0.5], 0.7), ("OR", [0.5, 0.5], -0.2)],
)
def test_the_textbooks_numbers_make_the_gates(right, name, w, b):
    assert right["perceptron_batch"](FOUR, w, b).tolist() == TABLES[name]
    assert right["margin"](FOUR, TABLES[name], w, b) == pytest.approx(0.2 / np.sqrt(0.5))


def test_a_growing_bias_passes_never_and_or_always(right):
    seen = [right["perceptron_batch"](FOUR, [0.5, 0.5], b / 10).tolist() for b in range(-15, 6)]
    assert [table for table, _ in itertools.groupby(seen)] == [
        [0, 0, 0, 0],
        TABLES["AND"],
        TABLES["OR"],
        [1, 1, 1, 1],
    ]


def test_the_worked_line_distance_and_step(right):
    assert right["decision_line"]([1, 2], -2) == (-0.5, 1)
    assert right["margin"]([[2, 1]], [1], [3, 4], -2) == pytest.approx(1.6)
    w, b = right["perceptron_update"]([1, 1], 1, [0, 0], 0, 0.5)
    assert (w.tolist(), b, float(np.sum(w)) + b) == ([0.5, 0.5], 0.5, 1.5)


def test_the_notes_claims_are_refuted(right):
    refute = right["first_counterexample"]
    assert refute([1, 1], -1.5, TABLES["OR"]) == (0, 1)
    nand = right["gates"]()["NAND"]
    assert refute(*nand, [1, 1, 0, 0]) == (1, 0)
    assert refute(*nand, [1, 0, 1, 0]) == (0, 1)
    assert refute(*nand, TABLES["NAND"]) is None


def test_fourteen_of_sixteen_tables_are_separable(right):
    tables = list(itertools.product((0, 1), repeat=4))
    refused = [table for table in tables if not right["is_linearly_separable"](table)]
    assert refused == [(0, 1, 1, 0), (1, 0, 0, 1)]


def test_training_ends_for_the_gates_within_the_bound_and_never_for_xor(right):
    train, longer = right["train_perceptron"], np.column_stack([FOUR, np.ones(4)])
    largest = np.linalg.norm(longer, axis=1).max()
    cuts = {"AND": [1, 1, -1.5], "OR": [1, 1, -0.5], "NAND": [-1, -1, 1.5]}
    for name, cut in cuts.items():
        errors = train(FOUR, TABLES[name], 0.5, 100)[2]
        assert errors[-1] == 0
        assert sum(errors) <= (largest / right["margin"](longer, TABLES[name], cut, 0)) ** 2
        assert errors == train(FOUR, TABLES[name], 5, 100)[2]
    assert min(train(FOUR, TABLES["XOR"], 0.5, 200)[2]) > 0


def test_the_learned_line_of_or_goes_through_the_origin(right):
    w, b, _ = right["train_perceptron"](FOUR, TABLES["OR"], 0.5, 20)
    assert right["margin"](FOUR, TABLES["OR"], w, b) == 0
    assert b == 0


def test_fourteen_of_sixteen_gates_have_a_unit_in_the_figure():
    script = load_script(SOLUTIONS / "ch01_perceptron")
    none = [name for name, outputs in GATES.items() if script._unit_for(outputs) is None]
    assert none == ["XOR", "XNOR"]


def test_what_the_figures_descriptions_claim_is_so():
    run = learning_run.LearningRun(*learning_run.separable(2))
    while not run.ended:
        run.epoch()
    assert run.errors == [2, 2, 3, 2, 2, 0]
    assert abs(3.25 + 0.75 * 1.5 - 3.5) / np.hypot(1, 0.75) == pytest.approx(0.70)
    assert [int(x1 + x2 - 1.5 > 0) for x1, x2 in INPUTS] != list(GATES["OR"])
