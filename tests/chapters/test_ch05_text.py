"""Chapter 5: the numbers that its text states beside its cells are recomputed here."""

import math

import numpy as np
import pytest

from autograder.chapters import load, source_path
from autograder.paths import SOLUTIONS
from autograder.source import read_chapter
from dlkit import datasets, nn, optim, plots, training
from tests.chapters.test_figures import load_script

CHAPTER = "ch05_training"


@pytest.fixture(scope="module")
def cells():
    """What the chapter's cells on the 200 digits define: make_task, run, sideways, …"""
    from matplotlib import pyplot as plt

    modules = {"datasets": datasets, "nn": nn, "optim": optim, "plots": plots}
    space = {"np": np, "plt": plt, "training": training, **modules}
    for cell in read_chapter(source_path(CHAPTER)).cells:
        if cell.cell_type == "code" and (
            "def make_task" in cell.source or "def run(" in cell.source
        ):
            exec(cell.source, space)
    plt.close("all")
    return space


def test_three_deviations_hold_99_73_per_cent_of_normal_numbers():
    shares = [math.erf(k / math.sqrt(2)) for k in (1, 2, 3)]
    assert [f"{share:.2%}" for share in shares] == ["68.27%", "95.45%", "99.73%"]


def test_sizes_after_twenty_layers(right):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 100))
    small, large = ([rng.normal(0, std, (100, 100)) for _ in range(20)] for std in (0.01, 1))
    steps = np.array(right["forward_std"](X, small, np.tanh))
    assert np.allclose(steps[1:] / steps[:-1], 0.1, atol=0.02)
    assert np.allclose(right["forward_std"](X, large, np.tanh), 0.96, atol=0.01)
    relu = np.array(right["forward_std"](X, large, lambda s: np.maximum(s, 0)))
    assert np.median(relu[1:] / relu[:-1]) == pytest.approx(7, abs=0.5)
    assert pytest.approx(1 / 1000, rel=0.03) == 2**-10
    assert math.log10(7**45) == pytest.approx(38, abs=0.1)
    assert np.finfo(np.float32).max == pytest.approx(3.4e38, rel=0.01)


def test_the_six_pictures_are_what_the_table_calls_them(right):
    runs = load_script(SOLUTIONS / CHAPTER).six_runs().values()
    assert [right["diagnose"](*run) for run in runs] == [
        "healthy",
        "overfitting",
        "overfitting",
        "check the data",
        "underfitting",
        "diverging",
    ]
    assert len(datasets.digits()[0][0]) == 1437


def test_the_tasks_are_200_digits_with_40_wrong_labels(cells):
    (X, t), (X_val, t_val) = cells["make_task"](0)
    rows = np.random.default_rng(20).permutation(1437)
    assert (len(X), len(X_val)) == (200, 400)
    assert np.sum(t != cells["all_labels"][rows[:200]]) == 40
    assert np.array_equal(t_val, cells["all_labels"][rows[200:600]])
    assert len(cells["test_labels"]) == 360


def test_a_plain_network_learns_its_labels_by_heart_and_overfits(cells, right):
    history, model = cells["run"](0)
    (X, t), _ = cells["make_task"](0)
    assert training.accuracy(model(X), t) == 1
    assert history.last("val_loss") > 1.15 * min(history["val_loss"])
    assert right["diagnose"](history["loss"], history["val_loss"]) == "overfitting"


def test_what_the_text_says_of_each_remedy_was_measured(cells):
    def errors(**remedies):
        found = []
        for number in range(5):
            X_val, t_val = cells["make_task"](number)[1]
            found.append(1 - training.accuracy(cells["run"](number, **remedies)[1](X_val), t_val))
        return 100 * np.array(found)

    nothing = errors()
    assert np.ptp(nothing) > 4, "errors differ by several points, by luck alone"

    def change(**remedies):
        return np.mean(errors(**remedies) - nothing)

    augmented, both = change(augment=True), change(augment=True, drop=0.5)
    small_gains = [change(decay=0.01), change(drop=0.5), change(patience=10)]
    assert both < augmented < min(small_gains) - 2
    assert max(small_gains) < 0
    assert change(hidden=16) > 0
    assert change(norm=nn.BatchNorm) > -1
    assert abs(change(batch_size=100, epochs=300)) < 2.5


def test_early_stopping_keeps_its_gain_on_the_test_set(cells):
    def error(number, **remedies):
        pictures = cells["sideways"](cells["test_digits"], np.random.default_rng(number))
        scores = cells["run"](number, **remedies)[1](pictures)
        return 1 - training.accuracy(scores, cells["test_labels"])

    gains = [error(number) - error(number, patience=10) for number in range(5)]
    assert np.mean(gains) > 0


def test_the_worked_numbers_of_penalty_dropout_and_quiz(right):
    assert right["weight_decay_step"](2, 0, 0.1, 0.01) == pytest.approx(1.998)
    assert right["l1_shrink"]([0.5, 0.4], 0.1).tolist() == pytest.approx([0.4, 0.3])
    assert right["l1_shrink"](0.3, 0.5) == 0
    assert 1 / right["evaluation_factor"](0.2, 1) == pytest.approx(1.25)
    assert right["evaluation_factor"](0.2, 1.25) == pytest.approx(1)
    assert right["evaluation_factor"](0.2, 1) == pytest.approx(0.8)
    assert math.sqrt(2 / 200) == pytest.approx(0.1)
    assert [round(math.sqrt(v), 3) for v in (2 / 50, 2 / 250)] == [0.2, 0.089]
    assert pytest.approx(0.99) == 1 - 0.5 * 0.02
    assert pytest.approx(0.98) == 1 - 0.02 == 1 - 2 * 0.5 * 0.02
    assert pytest.approx(0.96) == 1 - 2 * 0.02
    assert math.log(10) == pytest.approx(2.30, abs=0.005)


def test_the_odd_one_out_of_n_numbers_becomes_the_root_of_n_minus_1():
    for n, largest in ((10, 3), (50, 7)):
        batch = np.append(np.zeros(n - 1), 1.0)
        assert (batch.max() - batch.mean()) / batch.std() == pytest.approx(largest)


def test_360_digits_have_an_error_bar_of_about_two_points():
    assert 100 * math.sqrt(0.15 * 0.85 / 360) == pytest.approx(2, abs=0.2)


def test_the_gradients_of_a_normalised_column_add_up_to_0(right):
    rng = np.random.default_rng(0)
    x, gamma = rng.normal(size=(7, 3)), rng.normal(size=3)
    state = (np.zeros(3), np.ones(3))
    _, cache, _ = right["batchnorm_forward"](x, gamma, np.zeros(3), state, True)
    dx, *_ = right["batchnorm_backward"](rng.normal(size=(7, 3)), cache)
    assert np.allclose(dx.sum(axis=0), 0, atol=1e-12)


def test_the_projects_answers_reach_what_the_text_says():
    part = load(CHAPTER).exercises["train_digits"].parts["train_digits"]
    answers = {"network": part.answer, "nearest": part.rights[0], "middle": part.rights[1]}
    answers["plain"] = next(t for t in part.traps if t.name == "learned by heart").examples[0]
    shares = {name: [] for name in answers}
    for seed in range(3):
        (drawn,) = part.make_inputs(np.random.default_rng(seed))
        X, t, unseen, _ = drawn.args
        for name, answer in answers.items():
            predict = answer.function(X.copy(), t, np.random.default_rng(seed))
            shares[name].append(np.mean(predict(unseen) == drawn.truth[1]))
    means = {name: np.mean(found) for name, found in shares.items()}
    assert 0.72 < means["network"] < 0.88
    assert means["nearest"] == pytest.approx(0.9, abs=0.05)
    assert means["middle"] == pytest.approx(0.9, abs=0.05)
    assert max(shares["plain"]) < 0.55
