"""The boundary playground, its module run under Node: forward, gradients and steps are dlkit's."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from dlkit import nn, optim
from dlkit.explorers.boundary_playground import BANDS, BoundaryPlayground
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node

DATA = BoundaryPlayground.data()
ACTIVATIONS = {"tanh": nn.Tanh, "ReLU": nn.ReLU, "sigmoid": nn.Sigmoid}
SHOW, STEP, PLAY, TO_THE_END = (
    SHOW,
    ("press", "step"),
    ("press", "play"),
    ("tick", 100),
)
RUN = (SHOW, PLAY, TO_THE_END)


def twin(layers, units, activation, seed):
    """The net of dlkit that the docstring promises."""
    rng, parts, ins = np.random.default_rng(seed), [], 2
    for _ in range(layers):
        parts += [nn.Linear(ins, units, rng=rng), ACTIVATIONS[activation]()]
        ins = units
    return nn.Sequential(*parts, nn.Linear(ins, 1, rng=rng))


def linears(model):
    return [layer for layer in model if isinstance(layer, nn.Linear)]


def as_net(model):
    """The model's parameters as the module has them."""
    arrays = [(layer.params["W"], layer.params["b"]) for layer in linears(model)]
    return [
        {"W": W.ravel().tolist(), "b": b.tolist(), "ins": W.shape[0], "outs": W.shape[1]}
        for W, b in arrays
    ]


def points_of(kind):
    return np.array(DATA["points"][kind]["points"]), np.array(DATA["points"][kind]["targets"])


def check_params(params, model):
    for (W, b), layer in zip(params, linears(model), strict=True):
        np.testing.assert_allclose(W, layer.params["W"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(b, layer.params["b"], rtol=0, atol=1e-9)


def last(*steps):
    return walk(BoundaryPlayground, *steps)[-1]


def run(**values):
    return last(("move", values), *RUN)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("layers", [1, 2])
def test_forward_and_gradients_are_those_of_dlkits_layers(activation, layers):
    model, loss = twin(layers, 5, activation, seed=1), nn.BinaryCrossEntropyWithLogits()
    rng = np.random.default_rng(2)
    for layer in linears(model):  # biases that matter
        layer.params["b"][...] = rng.normal(size=layer.params["b"].shape)
    X, t = points_of("spirals")
    arguments = (as_net(model), activation, X.ravel().tolist())
    passed, found = drive(
        [
            {"module": "boundary_net", "call": ["forward", *arguments]},
            {"module": "boundary_net", "call": ["gradients", *arguments, t.tolist()]},
        ]
    )
    z = model(X)
    assert passed[-1]["y"] == pytest.approx(z[:, 0], rel=1e-10, abs=1e-12)
    hidden = ACTIVATIONS[activation]()(linears(model)[0](X))
    assert passed[0]["y"] == pytest.approx(hidden.ravel(), rel=1e-10, abs=1e-12)
    assert found["loss"] == pytest.approx(loss(z, t[:, None]), rel=1e-10)
    model.backward(loss.backward())
    for layer, grads in zip(linears(model), found["grads"], strict=True):
        assert grads["W"] == pytest.approx(layer.grads["W"].ravel(), rel=1e-9, abs=1e-12)
        assert grads["b"] == pytest.approx(layer.grads["b"], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("points", "layers", "units", "activation", "lr", "seed"),
    [
        ("moons", 1, 3, "tanh", 1, 3),
        ("XOR gate", 2, 2, "ReLU", 0.1, 0),
        ("rings", 2, 8, "sigmoid", 3, 9),
        ("spirals", 2, 5, "tanh", 0.3, 4),
    ],
)
def test_a_run_is_dlkits_gradient_descent(points, layers, units, activation, lr, seed):
    model, loss = twin(layers, units, activation, seed), nn.BinaryCrossEntropyWithLogits()
    optimizer = optim.SGD(model, lr=lr)
    X, t = points_of(points)
    values = {"points": points, "layers": layers, "units": units, "seed": seed}
    values |= {"activation": activation, "lr": lr}
    start, _show, first, *_, later = walk(
        BoundaryPlayground, ("move", values), SHOW, STEP, PLAY, ("tick", 3)
    )[1:]
    check_params(start["state"]["params"], model)

    def step():
        loss(model(X), t[:, None])
        model.backward(loss.backward())
        optimizer.step()

    step()
    check_params(first["state"]["params"], model)
    for _ in range(30):
        step()
    assert later["state"]["steps"] == 31
    check_params(later["state"]["params"], model)
    z = model(X)
    assert later["state"]["loss"] == pytest.approx(loss(z, t[:, None]), rel=1e-8)
    assert later["state"]["right"] == np.sum((z[:, 0] > 0) == t)
    assert later["state"]["parameters"] == sum(value.size for value in model.params.values())


def test_the_points_are_those_of_dlkit_moved_and_stretched():
    from dlkit.datasets import moons

    X, t = moons(120, rng=np.random.default_rng(0))
    shown, targets = points_of("moons")
    assert targets.tolist() == t.tolist()
    assert np.corrcoef(X.T.ravel(), shown.T.ravel())[0, 1] > 0.9
    scale = np.ptp(shown, axis=0) / np.ptp(X, axis=0)
    assert scale[0] == pytest.approx(scale[1], rel=1e-2)
    for kind in DATA["points"]:
        assert np.abs(points_of(kind)[0]).max() == pytest.approx(1.2, abs=1e-3)


def outputs(params, activation, X):
    """Every layer's sums and outputs of a net with these parameters, the logits last."""
    sums, x = [], X
    for W, b in params:
        s = x @ np.array(W) + np.array(b)
        x = ACTIVATIONS[activation]()(s)
        sums.append((s, x))
    return sums


def test_the_maps_are_those_of_the_net_and_the_line_is_where_it_is_0():
    seen = run(layers=2, units=3, seed=4)
    big, small, _loss = seen["pictures"]
    passed = outputs(seen["state"]["params"], "tanh", middles(48))
    z = passed[-1][0][:, 0]
    shades = 2 * nn.sigmoid(z) - 1
    (map_,) = images(big)
    assert map_[:, 3] == pytest.approx(140 * np.abs(shades), abs=1)
    assert ((map_[:, 2] > map_[:, 0]) == (z > 0))[map_[:, 3] > 0].all()

    tiles = images(small)
    assert len(tiles) == 6
    every_second = np.arange(48 * 48).reshape(48, 48)[::2, ::2].ravel()
    hidden = np.hstack([passed[0][1], passed[1][1]])[every_second]
    for j, tile in enumerate(tiles):
        assert tile[:, 3] == pytest.approx(140 * np.abs(hidden[:, j]), abs=1)

    d = re.search(r'class="dlk-line" fill="none" d="([^"]+)"', big["marks"])[1]
    places = np.array(re.findall(r"[ML]([\d.]+) ([\d.]+)", d), dtype=float)
    plane = (places - 34) / 232 * 3 - 1.5
    on_line = outputs(seen["state"]["params"], "tanh", plane * [1, -1])[-1][0]
    assert len(places) > 40
    assert np.abs(on_line).max() < 0.1 * np.abs(z).max()


def middles(across):
    """The middles of the map's pixels, row by row from the top left."""
    x = (np.arange(across) + 0.5) / across * 3 - 1.5
    return np.stack(np.meshgrid(x, -x), axis=-1).reshape(-1, 2)


def images(picture):
    """The pixels of the picture's grids, each (pixels, 4)."""
    found = re.findall(r"base64,([^\"]+)", picture["marks"])
    opened = (Image.open(io.BytesIO(base64.b64decode(png))) for png in found)
    return [np.array(image, dtype=float).reshape(-1, 4) for image in opened]


@pytest.mark.parametrize(
    ("values", "regime", "says"),
    [
        ({}, "separated", "120 of 120 points are right"),
        ({"units": 1}, "stuck", "hardly moved for 200 steps"),
        ({"lr": 0.03}, "learning", "it is still learning"),
        ({"lr": 10, "units": 2}, "jumps", "the rate is too large"),
        ({"activation": "ReLU", "units": 1, "seed": 2}, "dead", "a hidden layer is dead"),
    ],
)
def test_each_regime_is_named(values, regime, says):
    seen = run(**values)
    assert seen["state"]["regime"] == regime
    assert "After 1000 of 1000 steps" in seen["sentence"]
    assert says in seen["sentence"]


def test_xor_needs_two_hidden_units():
    one = [run(points="XOR gate", units=1, seed=seed)["state"]["right"] for seed in range(4)]
    assert max(one) == 3
    two = run(points="XOR gate", units=2, seed=2)["state"]
    assert (two["right"], two["fewest"]) == (4, {"XOR gate": 2})


def test_the_fewest_units_are_remembered_until_reset():
    seen = walk(
        BoundaryPlayground,
        *RUN, ("move", {"units": 8}), PLAY, TO_THE_END, ("move", {"points": "two blobs"}), PLAY,
        TO_THE_END, ("press", "predict"), ("press", "reset"),
    )  # fmt: skip
    assert seen[6]["state"]["fewest"] == {"moons": 3}
    assert seen[9]["state"]["fewest"] == {"moons": 3, "two blobs": 8}
    assert seen[10]["state"]["fewest"] == {"moons": 3, "two blobs": 8}
    assert seen[11]["state"]["fewest"] == {}
    assert seen[11] == seen[0]


def test_nothing_is_shown_and_nothing_runs_before_the_guess():
    start, *rest = walk(BoundaryPlayground, STEP, PLAY, ("tick", 5), ("move", {"units": 4}))
    for seen in (start, *rest):
        assert seen["sentence"].startswith("Predict first")
        assert {"step", "play"} <= set(seen["disabled"])
        assert seen["state"]["steps"] == 0
        assert all(seen["state"][name] is None for name in ("loss", "right", "regime"))
        drawn = str(seen["pictures"])
        assert all(mark not in drawn for mark in ("image/png", "× −", "dlk-line"))
        assert not seen["playing"]


def test_the_guess_is_judged_at_the_end_of_the_run():
    guess = ("move", {"guess": "all points"})
    _, _, shown, playing, ended = walk(BoundaryPlayground, guess, SHOW, PLAY, TO_THE_END)
    assert "predicted" not in shown["sentence"] + playing["sentence"]
    assert "You predicted: all points." in shown["table"]
    assert ended["sentence"].startswith("You predicted all points: right.")
    assert {"step", "play"} <= set(ended["disabled"])
    assert not ended["playing"]
    wrong = last(*RUN)
    assert wrong["sentence"].startswith("You predicted under 70 %; it is all points.")


def test_a_move_begins_anew_and_makes_the_guess_outdated():
    moved = last(*RUN, ("move", {"lr": 0.3}))
    assert moved["state"]["steps"] == 0
    assert moved["state"]["committed"] is None
    assert moved["state"]["regime"] == "untrained"
    assert "play" not in moved["disabled"]


def test_every_share_of_right_points_has_its_band():
    shares = {120: "all points", 119: "90 % or more, not all", 108: "90 % or more, not all"}
    shares |= {107: "70 to 90 %", 84: "70 to 90 %", 83: "under 70 %", 0: "under 70 %"}
    bands = list(BANDS.items())
    module = "boundary_playground"
    jobs = [{"module": module, "call": ["band", right / 120, bands]} for right in shares]
    assert drive(jobs) == list(shares.values())


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("units", [1, 8])
def test_nothing_breaks_at_the_sliders_ends(activation, units):
    values = {"activation": activation, "units": units, "layers": 2, "points": "rings"}
    check_finite(walk(BoundaryPlayground, ("move", values | {"lr": 10, "seed": 9}), *RUN))


def test_a_loss_of_millions_is_drawn_along_the_top():
    values = {"points": "XOR gate", "activation": "ReLU", "layers": 2, "units": 7}
    seen = walk(BoundaryPlayground, ("move", values | {"lr": 10, "seed": 1}), *RUN)
    check_finite(seen)
    picture = seen[-1]["pictures"][2]
    assert "largest 1.9·10⁸" in picture["alt"]
    d = re.search(r'class="dlk-line" fill="none" d="([^"]+)"', picture["marks"])[1]
    heights = [float(y) for y in re.findall(r" ([\d.]+)[ML]?", d)]
    assert min(heights) == 26
    assert max(heights) <= 136


def check_finite(seen):
    for one in seen:
        pictures = [picture["alt"] + picture["marks"] for picture in one["pictures"]]
        told = one["sentence"] + "".join(pictures) + one["table"]
        assert all(word not in told for word in (">nan", "NaN", "Infinity", "undefined", "∞"))
        for W, b in one["state"]["params"]:
            assert np.isfinite(W).all()
            assert np.isfinite(b).all()
