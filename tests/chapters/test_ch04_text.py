"""Chapter 4: the numbers that its text states beside its cells are recomputed here."""

import math

import numpy as np
import pytest

from autograder import source
from autograder.chapters import source_path
from dlkit.explorers import entropy_explorer, loss_surfaces
from dlkit.explorers.stills import call

ID = "ch04_losses"


@pytest.fixture(scope="module")
def project():
    """What the project's two cells define: the data, the trainer, and the score."""
    cells = source.read_chapter(source_path(ID)).cells
    texts = [cell.source for cell in cells if cell.cell_type == "code"]
    named = {"np": np}
    for start in ("TRUTH = {", "def unseen("):
        (text,) = (text for text in texts if text.startswith(start))
        exec(text.split("\n\n\nCHOICES")[0], named)
    return named


# -- the coin --------------------------------------------------------------------------------------


def test_the_four_days_cost_7_25(right):
    assert right["mse"]([21, 18, 25, 20], [19, 18, 22, 24]) == 7.25
    assert sum([2, 0, 3, -4]) == 1


def test_three_heads_are_explained_best_by_0_3(right):
    thetas = np.arange(1, 100) / 100
    nll = [right["bernoulli_nll"](theta, 3, 10) for theta in thetas]
    assert thetas[np.argmin(nll)] == right["bernoulli_mle"](3, 10) == 0.3
    assert round(0.3**3 * 0.7**7, 4) == 0.0022
    assert "T H T T T H T T H T".count("H") == 3


def test_what_underflows_and_what_does_not():
    assert 0.5**1000 > 0 == 0.5**1100
    assert np.nextafter(0, 1) == pytest.approx(10**-323.3, rel=0.02)


def test_a_single_head_convinces_maximum_likelihood(right):
    assert right["bernoulli_mle"](1, 1) == 1
    assert right["bernoulli_mle"](0, 7) == 0


def test_the_binomial_gap_is_the_same_for_every_theta(right):
    for theta in (0.1, 0.5, 0.9):
        chance = math.comb(10, 3) * theta**3 * (1 - theta) ** 7
        gap = right["bernoulli_nll"](theta, 3, 10) + math.log(chance)
        assert gap == pytest.approx(right["binomial_gap"](3, 10))


def test_the_bells_heights_give_half_the_squares(script):
    off = np.array([0.4, -1.1, 2.2])
    heights = np.exp(-(off**2) / 2) / np.sqrt(2 * np.pi)
    assert np.round(heights, 2).tolist() == [0.37, 0.22, 0.04]
    assert np.allclose(-np.log(heights) - np.log(np.sqrt(2 * np.pi)), off**2 / 2)


# -- information -----------------------------------------------------------------------------------


def test_cards_and_the_lottery(right):
    assert right["self_information"]([1 / 8, 1 / 16]).tolist() == [3, 4]
    assert math.comb(49, 6) == 13_983_816
    assert 23 < right["self_information"](1 / 13_983_816) < 24


def test_the_weather_stations_codes(right):
    words, here, there = [1, 2, 3, 3], [1 / 2, 1 / 4, 1 / 8, 1 / 8], [1 / 4] * 4
    assert right["self_information"](here).tolist() == words
    assert np.dot(here, words) == right["entropy"](here) == 1.75
    assert np.dot(there, words) == 2.25
    assert right["cross_entropy"](there, here) == pytest.approx(2.25)
    assert right["kl_divergence"](there, here) == pytest.approx(0.25)


def test_the_notes_example_and_the_stacked_bars(right):
    p, e = [0.5, 0.3, 0.2], np.e
    assert right["entropy"](p, e) == pytest.approx(1.02965, abs=5e-6)
    assert right["cross_entropy"](p, [0.4, 0.4, 0.2], e) == pytest.approx(1.05492, abs=5e-6)
    beliefs = [p, [0.4, 0.4, 0.2], [1 / 3] * 3, [0.1, 0.2, 0.7]]
    more = [float(np.round(right["kl_divergence"](p, q, e), 4)) for q in beliefs]
    assert more == [0, 0.0253, 0.0690, 0.6758]


def test_the_gap_touches_at_0_3(right):
    assert right["entropy"]([0.3, 0.7], np.e) == pytest.approx(0.6109, abs=5e-5)
    thetas = np.arange(1, 100) / 100
    gaps = [right["kl_divergence"]([0.3, 0.7], [theta, 1 - theta]) for theta in thetas]
    assert thetas[np.argmin(gaps)] == 0.3
    assert min(gaps) == pytest.approx(0, abs=1e-15)


def test_always_heads_and_a_fair_coin(right):
    assert right["kl_divergence"]([0.5, 0.5], [1, 0]) == np.inf
    assert right["kl_divergence"]([1, 0], [0.5, 0.5]) == 1


def test_the_line_is_above_the_logarithm():
    x = np.linspace(0.01, 3, 300)
    assert (x - 1 - np.log(x) >= 0).all()


def test_the_entropy_explorers_numbers(right):
    state = entropy_explorer().state
    p, q = state["p"], state["q"]
    assert np.round([p, q], 2).tolist() == [[0.9, 0.05, 0.05], [0.4, 0.3, 0.3]]
    found = [right["entropy"](p), right["kl_divergence"](p, q), right["cross_entropy"](p, q)]
    found.append(right["kl_divergence"](q, p))
    assert np.round(found, 3).tolist() == [0.569, 0.794, 1.363, 1.083]


def test_the_other_divergence_is_larger_for_the_second_try(right):
    p, q = np.array([5, 5, 5]) / 15, np.array([8, 1, 1]) / 10
    found = right["kl_divergence"](p, q), right["kl_divergence"](q, p)
    assert np.round(found, 3).tolist() == [0.737, 0.663]


# -- many classes, two classes ---------------------------------------------------------------------


def test_the_notes_meant_e_to_the_10(right):
    assert math.exp(9) < 20_000 < math.exp(10) == pytest.approx(22026.47, abs=5e-3)
    digits = right["digits_of_exp"]
    assert [digits(n) for n in (10, 100, 1000)] == [5, 44, 435]
    assert [len(str(int(math.exp(n)))) for n in (10, 100)] == [5, 44]


def test_the_shifted_softmax_and_the_lost_probability(right):
    assert np.exp(right["log_softmax"]([1010, 1000, 990]))[0] == pytest.approx(0.99995, abs=5e-6)
    assert math.floor(-1000 / math.log(10)) == -435  # 5e-435, about 10^-434
    assert right["log_softmax"]([0.0, 1000.0])[0] == -1000


def test_the_gradient_is_belief_minus_truth_and_sums_to_0(right):
    _, gradient = right["softmax_cross_entropy"]([[2.0, 1.0, 0.1]], [0])
    belief = np.exp(right["log_softmax"]([2.0, 1.0, 0.1]))
    assert gradient[0] == pytest.approx(belief - [1, 0, 0])
    assert gradient.sum() == pytest.approx(0, abs=1e-15)


def test_softmax_twice_cannot_get_below_0_55(right):
    twice, _ = right["softmax_cross_entropy"]([[1.0, 0.0, 0.0]], [0])
    assert twice == pytest.approx(math.log(1 + 2 / math.e))
    assert round(twice, 2) == 0.55


def test_a_lost_logit_costs_its_size(right):
    assert right["binary_cross_entropy_with_logits"]([-1000.0], [1]) == 1000
    assert right["binary_cross_entropy_with_logits"]([-8.0], [1]) == pytest.approx(8, abs=1e-3)


# -- the squared error -----------------------------------------------------------------------------


def test_the_pushes_at_the_pictures_left_edge(right):
    squared, crossed = right["saturation_gap"](-8, 1)
    assert squared < 0.001
    assert crossed > 0.999


@pytest.mark.parametrize(("squared", "step"), [(False, 7), (True, 214)])
def test_the_race_is_won_in_step_7_and_lost_in_step_214(script, squared, step):
    path = script.race_path(-6, squared)
    assert path[step - 1] < 0.5 <= path[step]
    assert (path[:200] < 0.1).all() == squared


def test_the_loss_surfaces_numbers():
    walks = loss_surfaces().still()
    assert "w = −6.23, b = −2.18" in walks
    assert "w = 1.35, b = −0.01" in walks


@pytest.mark.node
def test_the_first_steps_on_the_loss_surfaces():
    from dlkit.explorers.loss_surfaces import POINTS

    for (w, b), factor in {(-6, -3): 34, (-6, 0): 1100, (0, 0): 2}.items():
        mse, ce = (
            np.linalg.norm(call("loss_surfaces", "costAt", kind, w, b, POINTS)["gradient"])
            for kind in ("mse", "ce")
        )
        assert float(f"{ce / mse:.2g}") == factor


def test_accuracy_is_a_staircase_in_the_figure(script):
    fig = script.accuracy()
    line = fig.axes[0].lines[0]
    steps = np.abs(np.diff(line.get_ydata())) > 0
    assert 0 < steps.sum() <= 12
    script.plt.close(fig)


# -- the project -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(project):
    """Task, unit, loss → (outputs on unseen rows, their targets), as the cell draws them."""
    draws, found = np.random.default_rng(14), {}
    for task in project["TRUTH"]:
        X, T = project["make"](task, 240, draws)
        X_new, T_new = project["make"](task, 1000, draws)
        for unit in ("identity", "sigmoid", "softmax"):
            for loss in ("squared error", "cross-entropy"):
                found[task, unit, loss] = project["train"](X, T, unit, loss)(X_new), T_new
    return found


def nats(y, t, one=False):
    chance = np.sum(y * t, axis=1) if one else np.prod(np.where(t == 1, y, 1 - y), axis=1)
    return -np.mean(np.log(chance))


def test_the_nephews_line_is_right_as_often_and_gives_no_probabilities(table):
    line, t = table["fault", "identity", "squared error"]
    curve, _ = table["fault", "sigmoid", "cross-entropy"]
    right_line, right_curve = np.mean((line > 0.5) == t), np.mean((curve > 0.5) == t)
    assert 0.78 < right_line < 0.85
    assert abs(right_line - right_curve) < 0.02
    assert line.min() < 0
    assert line.max() > 1


def test_the_squared_error_is_stuck_where_it_starts_sure_and_wrong(table):
    assert nats(*table["fault", "sigmoid", "squared error"]) > 3
    assert nats(*table["fault", "sigmoid", "cross-entropy"]) < 0.5
    assert nats(*table["tags", "sigmoid", "squared error"]) > 10
    assert nats(*table["tags", "sigmoid", "cross-entropy"]) < 1.6
    assert nats(*table["tags", "softmax", "cross-entropy"]) > 1.8


def cost(unit, loss, y, T):
    """The mean over the rows of what `train` makes small."""
    if loss == "squared error":
        return np.mean(np.sum((y - T) ** 2, axis=1))
    of_zeros = (1 - T) * np.log(1 - y) if unit == "sigmoid" else 0
    return -np.mean(np.sum(T * np.log(y) + of_zeros, axis=1))


@pytest.mark.parametrize("task", ["level", "fault", "bird", "tags"])
def test_training_lowers_the_loss_that_it_is_given(project, task):
    X, T = project["make"](task, 240, np.random.default_rng(14))
    units = {"level": ["identity"], "fault": ["identity", "sigmoid"]}
    pairs = [(u, "squared error") for u in units.get(task, ["identity", "sigmoid", "softmax"])]
    pairs += [(u, "cross-entropy") for u, _ in pairs if u != "identity"]
    for unit, loss in pairs:
        costs = [
            cost(unit, loss, project["train"](X, T, unit, loss, s)(X), T) for s in (1, 50, 500)
        ]
        assert costs[0] > costs[1] > costs[2] - 1e-9, (unit, loss, costs)


def test_one_softmax_for_several_tags_finds_the_least_loss_that_it_can_have(project):
    X, T = project["make"]("tags", 240, np.random.default_rng(14))
    train, ones = project["train"], np.column_stack([X, np.ones(len(X))])
    y = train(X, T, "softmax", "cross-entropy")(X)
    slopes = ones.T @ (T.sum(axis=1, keepdims=True) * y - T) / len(T)  # of −Σ t ln y, by W and b
    assert np.abs(slopes).max() < 1e-6


def test_softmax_with_squared_error_is_just_as_good_here(table):
    squared = nats(*table["bird", "softmax", "squared error"], one=True)
    crossed = nats(*table["bird", "softmax", "cross-entropy"], one=True)
    assert abs(squared - crossed) < 0.03


def test_levels_need_the_sum_itself(table):
    errors = {unit: table["level", unit, "squared error"] for unit in ("identity", "sigmoid")}
    squared = {unit: np.mean((y - t) ** 2) for unit, (y, t) in errors.items()}
    assert squared["identity"] < 5 < 40 < squared["sigmoid"]


# -- the quiz --------------------------------------------------------------------------------------


def test_the_quizzes_numbers(right):
    assert 0.5**4 == 1 / 16
    assert round(0.8**4, 2) == 0.41
    wrong = right["kl_divergence"]([0.5, 0.5], [0.99, 0.01])
    assert round(float(wrong), 1) == 2.3
    _, gradient = right["softmax_cross_entropy"]([np.log([0.7, 0.2, 0.1])], [1])
    assert gradient[0] == pytest.approx([0.7, -0.8, 0.1])
