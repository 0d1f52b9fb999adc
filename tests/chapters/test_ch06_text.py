"""Chapter 6: the numbers that its text states beside its cells are recomputed here."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import source
from autograder.chapters import source_path
from dlkit import datasets, nn, optim, training
from dlkit.check.tuning import Trials
from dlkit.explorers.schedule_explorer import ScheduleExplorer
from dlkit.explorers.stills import call

ID = "ch06_optimizers"
CURVATURE = np.array([1.0, 20.0])


@pytest.fixture(scope="module")
def digits_loss():
    """The cell of section 6.7 that defines the race on digits, without its search."""
    cells = source.read_chapter(source_path(ID)).cells
    texts = [cell.source for cell in cells if cell.cell_type == "code"]
    (imports,) = (text for text in texts if text.startswith("import time\n\nimport numpy"))
    (race,) = (text for text in texts if text.startswith("RULES = {"))
    (X, t), (X_test, t_test) = datasets.digits(flat=True, dtype=np.float64)
    named = {"X": X, "t": t, "X_test": X_test, "t_test": t_test}
    exec(imports, named)
    exec(race.split("\n\n\nfound = {}")[0], named)
    return lambda name, lr, seed, epochs=3: named["digits_loss"](
        named["RULES"][name], lr, seed, epochs
    )


def walked(step, start, slots, steps):
    """The points that a rule visits: step(w, *state) gives the next w and state."""
    w, state, points = np.array(start), [np.zeros(2)] * slots, [np.array(start)]
    for _ in range(steps):
        w, *state = step(w, *state)
        points.append(w)
    return np.array(points)


# -- batches and the valley ------------------------------------------------------------------------


def test_the_digits_and_the_network_have_the_size_that_the_text_says():
    (X, _), (X_test, _) = datasets.digits(flat=True)
    assert (len(X), len(X_test), len(X) - 1000) == (1437, 360, 437)
    rng = np.random.default_rng(0)
    layers = nn.Linear(64, 32, rng=rng), nn.Linear(32, 10, rng=rng)
    assert sum(w.size for layer in layers for w in layer.params.values()) == 2410


def test_each_batch_size_has_its_best_rate():
    """The rates of section 6.1, the best of 0.03, 0.1, 0.3 and 1."""
    cells = source.read_chapter(source_path(ID)).cells
    (cell,) = (cell.source for cell in cells if cell.source.startswith("def train(size, lr"))
    (X, t), (X_test, t_test) = datasets.digits(flat=True, dtype=np.float64)
    named = {"np": np, "nn": nn, "X": X, "t": t, "X_test": X_test, "t_test": t_test}
    named |= {"minibatches": training.minibatches, "sgd_step": optim.sgd_step}
    exec(cell.split("\n\n\nfor size, lr")[0], named)
    for size, best in ((4, 0.1), (32, 1.0), (256, 1.0), (1437, 1.0)):
        losses = {
            lr: np.mean([named["train"](size, lr, seed)[0] for seed in range(3)])
            for lr in (0.03, 0.1, 0.3, 1.0)
        }
        assert min(losses, key=losses.get) == best, size


def test_five_batches_of_23_rows(right):
    X, rng = np.arange(23.0)[:, None], np.random.default_rng(0)
    sizes = [len(x) for x, _ in right["minibatches"](X, X[:, 0], 5, rng)]
    assert sizes == [5, 5, 5, 5, 3]


def test_the_factors_of_the_valley():
    rates = np.array([0.05, 0.09, 0.11])
    assert np.allclose(1 - 20 * rates, [0, -0.8, -1.2])
    assert np.allclose(1 - rates, [0.95, 0.91, 0.89])


def test_velocities_on_an_even_slope(right):
    w = v = 0.0
    seen = []
    for _ in range(300):
        w, v = right["momentum_step"](w, 1.0, v, 0.1)
        seen.append(float(v))
    assert seen[:2] == pytest.approx([-0.1, -0.19])
    assert seen[-1] == pytest.approx(-1)


def test_the_three_limits_of_the_rate():
    """2/20 for SGD, 2(1 + β)/20 for momentum, 2(1 + β)/(20 (1 + 2β)) for Nesterov."""
    beta, steep = 0.9, 20.0
    rules = {
        2 / steep: lambda lr: lambda w, v: (optim.sgd_step(w, steep * w, lr), v),
        2 * (1 + beta) / steep: lambda lr: lambda w, v: optim.momentum_step(w, steep * w, v, lr),
        2 * (1 + beta) / (steep * (1 + 2 * beta)): lambda lr: (
            lambda w, v: optim.nesterov_step(w, lambda u: steep * u, v, lr)
        ),
    }
    assert [round(limit, 3) for limit in rules] == [0.1, 0.19, 0.068]
    for limit, rule in rules.items():
        below, above = (
            np.abs(walked(rule(limit * share), (0.0, 1.0), 1, 2000)[-1, 1])
            for share in (0.99, 1.01)
        )
        assert below < 1e-3 < 1e3 < above


# -- a rate for each weight ------------------------------------------------------------------------


def test_first_steps_of_adagrad_and_rmsprop(right):
    w, _ = right["adagrad_step"](np.zeros(2), np.array([3.0, -0.001]), np.zeros(2), 0.1)
    assert w == pytest.approx([-0.1, 0.1], rel=1e-4)
    w, s = right["rmsprop_step"](0.0, 1.0, 0.0, 0.1)
    assert (-w, s) == (pytest.approx(0.316, abs=5e-4), pytest.approx(0.1))
    assert math.sqrt(1e-8) == pytest.approx(10 * 1e-5)


def test_adagrad_stalls_and_rmsprop_forgets(right):
    lengths = {}
    for name in ("adagrad_step", "rmsprop_step"):
        w = s = 0.0
        for i in range(1, 1001):
            new, s = right[name](w, 1.0 if i <= 500 else 0.01, s, 0.1)
            lengths[name, i], w = abs(new - w), new
    assert lengths["adagrad_step", 100] == pytest.approx(0.01)
    assert lengths["adagrad_step", 1000] < 5e-5
    assert lengths["rmsprop_step", 1000] == pytest.approx(0.1, rel=0.01)
    assert lengths["rmsprop_step", 560] < 0.03
    assert lengths["rmsprop_step", 600] == pytest.approx(0.09, abs=0.005)


def test_adadelta_starts_at_the_root_of_epsilon(right):
    w, _, _ = right["adadelta_step"](0.0, 1.0, 0.0, 0.0)
    assert -w * math.sqrt(0.05 + 1e-6) == pytest.approx(math.sqrt(1e-6))


def test_the_uncorrected_steps_of_adam(script):
    corrected, plain = script.steps_of_adam()
    assert np.allclose(corrected, 1)
    assert plain[0] == pytest.approx(3.16, abs=0.005)
    assert max(plain) == pytest.approx(6.6, abs=0.05)
    assert plain.index(max(plain)) + 1 == 12
    assert plain[99] > 3


def test_where_epsilon_stands(right):
    assert float("10E-8") == 1e-7
    assert -right["adam_step"](0.0, 1e-7, 0.0, 0.0, 1)[0] == pytest.approx(9.1e-4, rel=0.01)
    rate = 0.001 * math.sqrt(0.001) / 0.1
    notes = rate * 0.1 * 1e-7 / (math.sqrt(0.001) * 1e-7 + 1e-7)
    assert notes == pytest.approx(3.1e-5, rel=0.02)


# -- the race --------------------------------------------------------------------------------------


def test_what_is_said_of_the_race_on_digits(digits_loss):
    found = {"SGD": 0.316, "momentum": 0.1, "Nesterov": 0.1, "Adam": 0.0316}
    found = {name: 10 ** (round(2 * math.log10(lr)) / 2) for name, lr in found.items()}
    losses = {
        n: np.array([digits_loss(n, lr, s) for s in range(10, 16)]) for n, lr in found.items()
    }
    for name in ("momentum", "Nesterov", "Adam"):
        change = losses[name] - losses["SGD"]
        assert change.mean() < -2.5 * change.std(ddof=1) / 6**0.5, name
    for a, b in (("momentum", "Nesterov"), ("momentum", "Adam"), ("Nesterov", "Adam")):
        assert abs(losses[a].mean() - losses[b].mean()) < 0.03
    assert losses["SGD"].max() > 2 * np.median(losses["SGD"])


def test_sgd_closes_the_gap_in_thirty_epochs(digits_loss):
    assert digits_loss("SGD", 10**-0.5, 10, epochs=30) < 0.15


def raced(lr=0.02, own=0.1, start=(-2.2, 1.0)):
    """Step of arrival by rule, in the explorer's narrow valley."""
    rates = {"lr": lr, "own": own, "beta": 0.9}
    runs = call("race", "race", "narrow valley", list(start), rates)["runs"]
    return {run["method"]: run["arrived"] for run in runs}


def test_the_optimizer_race_does_what_its_picture_and_tasks_say():
    at_start = raced()
    assert (at_start["Nesterov"], at_start["SGD"], at_start["AdaGrad"]) == (12, 74, None)
    first = {name: [raced(lr)[name] for lr in (0.06, 0.09, 0.15)] for name in ("SGD", "momentum")}
    assert first["SGD"][1] is not None
    assert first["SGD"][2] is None
    assert None not in first["momentum"]
    assert raced(0.09)["Nesterov"] is None
    fast = raced(own=0.5)
    assert fast["AdaGrad"] == min(step for step in fast.values() if step is not None)
    assert fast["RMSprop"] is None


def test_the_schedule_explorer_does_what_its_picture_and_tasks_say():
    noises = ScheduleExplorer.data()["noises"]

    def run(schedule, **changed):
        settings = {"schedule": schedule, "lr0": 0.3, "time": 20, "start": 2, "sigma": 0.4}
        return call("schedules", "experiment", settings | changed, noises)

    shown = run("warm-up, then cosine")
    assert 0.0005 < shown["end"] < 0.002
    assert 0.005 < shown["kept"] < 0.02
    assert run("exponential", lr0=0.1, time=5)["fate"] == "falls short"
    assert run("exponential", lr0=0.1, time=160)["fate"] == "rattles"
    assert run("constant", start=3.5)["fate"] == "blows up"
    assert run("constant")["fate"] != "blows up"


# -- schedules, Newton, scaling, search, torch -----------------------------------------------------


def test_rates_by_hand(right):
    inverse = [right["inverse_decay"](1, 1, t) for t in (0, 1, 10)]
    exponential = [right["exponential_decay"](1, 1, t) for t in (0, 1, 10)]
    assert inverse == pytest.approx([1, 0.5, 0.091], abs=5e-4)
    assert exponential == pytest.approx([1, 0.37, 0.000045], abs=3e-3)
    assert exponential[2] == pytest.approx(0.000045, rel=0.01)
    assert right["cosine_decay"](1, 0.2, 5, 10) == pytest.approx(0.6)


def test_the_two_hollows():
    w = np.linspace(-2, 2, 40_001)
    loss = (w**2 - 1) ** 2 + 0.3 * w
    low = np.flatnonzero((loss[1:-1] < loss[:-2]) & (loss[1:-1] < loss[2:])) + 1
    assert np.round(w[low], 2).tolist() == [-1.04, 0.96]
    assert loss[low[0]] < loss[low[1]]


def test_newtons_bill(right):
    assert np.allclose(right["newton_step"]([-2.2, 1], [-2.2, 20], np.diag(CURVATURE)), 0)
    weights = 784 * 256 + 256 + 256 * 10 + 10
    assert weights == 203_530
    assert round(8 * weights**2 / 1e9) == 331


def test_on_raw_features_twelve_steps_go_half_of_the_way(script):
    figure = script.scaled()
    ways = []
    for ax in figure.axes:
        path, star = (np.column_stack(line.get_data()) for line in ax.lines[:: len(ax.lines) - 1])
        assert len(path) == 13
        left = np.linalg.norm(path - star[0], axis=1)
        ways.append(1 - left[-1] / left[0])
    script.plt.close(figure)
    assert ways == pytest.approx([0.54, 1], abs=0.005)


def test_a_test_sets_standard_error():
    assert math.sqrt(0.05 * 0.95 / 360) == pytest.approx(0.011, abs=5e-4)


def test_nine_in_ten_rates_are_above_a_tenth():
    assert pytest.approx(0.9, abs=1e-3) == (1 - 0.1) / (1 - 1e-4)
    assert pytest.approx(0.08) == 80 * 0.01 / 10  # of 80 rates that many lie below 0.01


@pytest.mark.parametrize("unit", [2.0, 50.0])
def test_the_projects_task_is_as_the_text_says(unit):
    def loss(lr):
        return Trials((1, unit), 1)(lr, 0.9)

    assert loss(1e-8) == pytest.approx(2.3, abs=0.01)
    assert loss(0.4 / unit**2) < 0.3
    assert math.isnan(loss(1e4))


def test_torchs_nesterov_keeps_the_place_ahead(right):
    """Section 6.16: so do the weights under optim.Nesterov; the numbers are not nesterov_step's."""
    torch = pytest.importorskip("torch")
    w, v = np.array([-2.2, 1.0]), np.zeros(2)
    model = SimpleNamespace(params={"w": w.copy()}, grads={})
    kept = torch.tensor(w, requires_grad=True)
    ours = optim.Nesterov(model, 0.02)
    torchs = torch.optim.SGD([kept], lr=0.02, momentum=0.9, nesterov=True)
    for _ in range(10):
        w, v = right["nesterov_step"](w, lambda u: CURVATURE * u, v, 0.02)
        model.grads["w"] = CURVATURE * model.params["w"]
        ours.step()
        kept.grad = torch.tensor(CURVATURE) * kept.detach()
        torchs.step()
    assert np.allclose(kept.detach(), w + 0.9 * v)
    assert np.allclose(model.params["w"], w + 0.9 * v)
    assert not np.allclose(kept.detach(), w, rtol=0.1)


def test_the_quizs_numbers():
    assert pytest.approx(1) == 0.01 / (1 - 0.99)
    assert pytest.approx(0.07) == 0.1 * 70 / 100
    assert -optim.adam_step(0.0, 50.0, 0.0, 0.0, 1)[0] == pytest.approx(0.001)
    m, v = (1 - 0.9) * 50.0, (1 - 0.999) * 50.0**2
    assert 0.001 * m / math.sqrt(v / (1 - 0.999)) == pytest.approx(0.0001)  # m is not corrected
