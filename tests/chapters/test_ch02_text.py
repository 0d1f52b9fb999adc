"""Chapter 2: the numbers that its text states beside its cells are recomputed here."""

import re

import numpy as np
import pytest

from autograder.chapters import source_path
from dlkit import datasets, nn
from dlkit.datasets import ready_weights
from dlkit.explorers import activation_explorer, approximation, approximator
from dlkit.explorers.activation_explorer import ActivationExplorer
from dlkit.explorers.approximation import COUNTS, EVEN, KINDS, NONE

FOUR = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])


@pytest.fixture(scope="module")
def reader():
    return datasets.digit_weights()


def cell(*words):
    """The text of the chapter's one code cell that holds all these words."""
    text = source_path("ch02_mlp").read_text("utf-8")
    cells = re.findall(r"```\{code-cell\} ipython3\n(?:---\n.*?\n---\n)?(.*?)```", text, re.DOTALL)
    (found,) = (c for c in cells if all(word in c for word in words))
    return found


def forward(right, X, params):
    return right["mlp_forward"](X, params, right["relu"])


def test_parameters_are_counted_as_in_the_text(right):
    count = right["count_parameters"]
    assert [count(s) for s in ([4, 5], [2, 50, 50, 1], [64, 32, 16, 10])] == [25, 2751, 2778]
    assert count([2, 6, 6, 2]) < 80  # the challenge: what the reference manages
    assert sum([20, 20, 3]) == 43  # the quiz


def test_the_worked_layers(right):
    W, b = [[3, 0, -1], [1, -1, 2]], [10, 20, 30]
    assert right["dense_forward"]([[1, 2]], W, b).tolist() == [[15, 18, 33]]
    W, b = right["collapse_linear"]([([[3]], [1]), ([[2]], [-5])])
    assert (W.tolist(), b.tolist()) == ([[6]], [-3])


def test_the_worked_softmax(right):
    p = right["softmax"]([2, 1, 0])
    assert p.round(2).tolist() == [0.67, 0.24, 0.09]
    assert np.exp([2, 1, 0]).round(2).tolist() == [7.39, 2.72, 1]
    assert np.exp([2, 1, 0]).sum() == pytest.approx(11.11, abs=0.005)
    assert right["softmax"]([102, 101, 100]) == pytest.approx(p)


def test_the_slopes_of_the_table(right):
    slopes = right["activation_grads"](np.linspace(-9, 9, 1801))
    assert (slopes["sigmoid"].max(), slopes["tanh"].max()) == (0.25, 1)
    assert 0.25**4 < 0.005  # the written answer
    assert 9.4e-7 < 0.25**10 < 9.6e-7


def test_the_sigmoid_is_flat_outside_of_about_3(right):
    slope = right["activation_grads"]([-3, -2.8, 2.8, 3])["sigmoid"]
    assert (slope < 0.05).tolist() == [True, False, False, True]


def test_the_reader_reads_351_of_360_and_nine_wrong(right, reader):
    _, (X, t) = datasets.digits(flat=True)
    logits = forward(right, X, reader)[-1]
    assert right["accuracy"](logits, t) == 351 / 360 == 0.975
    sure = right["softmax"](logits).max(axis=1)
    assert sure[logits.argmax(axis=1) != t].mean() < 0.75 < 0.95 < sure.mean()


def test_four_and_five_units_of_the_reader_are_dead_and_the_four_are_pale(right, reader):
    (X, _), _ = datasets.digits(flat=True)
    h0, h1, _ = forward(right, X, reader)
    assert right["dead_fraction"](h0) == 4 / 32
    assert right["dead_fraction"](h1) == 5 / 16
    size = np.abs(reader[0][0]).mean(axis=0)
    dead = ~h0.any(axis=0)
    assert size[dead].max() < np.median(size) / 2
    assert set(np.flatnonzero(dead)) < set(np.argsort(size)[:8])


def test_two_of_the_four_were_dead_from_the_start_and_the_others_died_in_training(right, reader):
    (X, _), _ = datasets.digits(flat=True)
    W, b = reader[0]
    first = nn.Linear(*ready_weights.SIZES[:2], rng=np.random.default_rng(0)).params
    alive = np.array([right["dense_forward"](X, *layer) > 0 for layer in ((first["W"], 0), (W, b))])
    at_the_start, at_the_end = alive.any(axis=1)
    assert np.flatnonzero(~at_the_end).tolist() == [1, 20, 29, 30]
    assert np.flatnonzero(~at_the_start).tolist() == [20, 30]
    assert b[[20, 30]].tolist() == [0, 0]
    assert np.all(b[[1, 29]] != 0)
    faded = W[:, ~at_the_start] / first["W"][:, ~at_the_start]  # so these are its first weights
    assert faded == pytest.approx(np.full_like(faded, faded[0, 0]), rel=1e-4)


def test_lowered_biases_kill_relu_units_and_no_leaky_one(right, reader):
    (X, _), _ = datasets.digits(flat=True)
    (W, b), shares = reader[0], []
    for push in (0, 1, 2, 4, 8):
        sums = right["dense_forward"](X, W, b - push)
        shares.append(right["dead_fraction"](right["relu"](sums)))
        assert right["dead_fraction"](right["leaky_relu"](sums)) == 0
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.125, 1)


def test_only_the_numbers_at_the_dead_unit_stand_still(right, capsys):
    exec(cell("moves nothing"), {"np": np, "FOUR": FOUR, **right})
    still = [line.split(" moves")[0] for line in capsys.readouterr().out.splitlines()
             if line.endswith("moves nothing")]  # fmt: skip
    assert still == ["W0[0, 1]", "W0[1, 1]", "b0[1]", "W1[1, 0]"]


def test_the_hat_and_the_worked_curve(right):
    x = np.array([-1, 0, 1, 2, 3])
    hat = sum(v * right["relu"](x - start) for v, start in ((1, 0), (-2, 1), (1, 2)))
    assert hat.tolist() == [0, 0, 1, 0, 0]
    _, (weights, bias) = right["interpolating_net"]([0, 1, 3], [1, 3, 0])
    assert (weights.ravel().tolist(), bias.tolist()) == ([2, -3.5], [1])


def test_twice_the_units_a_quarter_of_the_error(right, capsys):
    exec(cell("def wave", "largest error"), {"np": np, **right})
    errors = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()]
    assert np.all(np.divide(errors[1:-1], errors[2:]) > 3.5)


def test_six_layers_of_two_make_64_pieces(right, capsys):
    exec(cell("def tents"), {"np": np, **right})
    assert capsys.readouterr().out.splitlines()[-1] == (
        "6 layers of 2: 64 pieces, 37 parameters; one layer: at least 190"
    )


def test_the_rule_of_thumb():
    assert [round(60_000 / (a * 794), 1) for a in (2, 10)] == [37.8, 7.6]


def test_what_is_said_of_the_approximator():
    explorer = approximator()
    for target, kind, fewest in (("wave", EVEN, 8), ("tent", EVEN, 2)):
        explorer.move(target=target, kind=kind)
        explorer.press("show")
        assert int(explorer.state["fewest"]) == fewest
        explorer.press("predict")
    for target, kind in (("wave", NONE), ("jump", EVEN)):
        explorer.move(target=target, kind=kind)
        explorer.press("show")
        assert min(explorer.state["errors"].values()) > 0.9
        explorer.press("predict")


def test_seven_units_would_do_for_the_wave_and_cannot_be_chosen(right):
    assert [units for units in COUNTS if 5 < units < 9] == [6, 8]
    wave, x = approximation.TARGETS["wave"], approximation.X
    errors = []
    for units in (6, 7):
        knots = np.linspace(-1, 1, units + 1)
        drawn = forward(right, x[:, None], right["interpolating_net"](knots, wave(knots)))[-1]
        errors.append(np.abs(drawn[:, 0] - wave(x)).max())
    assert errors[0] > 0.1 > errors[1]


def test_no_network_of_the_approximator_comes_near_the_jump():
    for kind in KINDS:
        for seed in range(10):
            assert min(approximation.errors("jump", kind, seed).values()) > 0.7


def test_what_is_said_of_the_activation_explorer(right):
    normals = np.array(ActivationExplorer.data()["normals"])
    normals = np.concatenate([normals, -normals]) if len(normals) < 1000 else normals
    slope = right["activation_grads"](4 * normals)["sigmoid"]
    assert 0.4 < np.mean(slope < 0.05) < 0.9
    assert activation_explorer().state["activation"] == "sigmoid"


def test_the_first_try_at_the_spirals_fails_and_the_solution_does_not(right):
    space = {"np": np, "datasets": datasets}
    exec(cell("def train_net"), space)
    X, t = datasets.spirals(5000, rng=np.random.default_rng(1), turns=2.0, noise=0.02)
    params = space["train_net"]([2, 8, 2], "sigmoid", epochs=100)
    assert right["accuracy"](right["mlp_forward"](X, params, right["sigmoid"])[-1], t) < 0.75
    sizes = [2, 9, 9, 2]
    assert f'spiral_params = train_net({sizes}, "tanh")' in source_path("ch02_mlp").read_text()
    assert right["count_parameters"](sizes) <= 150
    params = space["train_net"](sizes, "tanh")
    assert right["accuracy"](right["mlp_forward"](X, params, np.tanh)[-1], t) > 0.97
