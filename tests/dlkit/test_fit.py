"""fit: the numbers of a loop written by hand, in NumPy and torch; what it restores and refuses."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from dlkit import datasets, nn, optim, plots, training
from dlkit.errors import NotFiniteError, ShapeError
from dlkit.training import EarlyStopping, History, fit
from tests.dlkit.training_models import data, numpy_parts


def plain(rng, dtype="float64"):
    model = nn.Sequential(nn.Linear(3, 6, rng=rng), nn.Sigmoid(), nn.Linear(6, 1, rng=rng))
    return model.astype(dtype)


def train(model=None, optimizer=None, pairs=None, epochs=3, seed=0, **more):
    """fit with few defaults; the history."""
    rng = np.random.default_rng(seed)
    model = model or plain(rng)
    optimizer = optimizer or optim.SGD(model, 0.5)
    pairs = data() if pairs is None else pairs
    loss = more.pop("loss", None) or nn.BinaryCrossEntropyWithLogits()
    return fit(model, loss, optimizer, pairs, epochs=epochs, rng=rng, **{"progress": False} | more)


def test_it_is_the_loop_that_one_would_write():
    X, t = data()
    rng = np.random.default_rng(0)
    model, loss, means = plain(rng), nn.BinaryCrossEntropyWithLogits(), []
    for _ in range(3):
        order, total = rng.permutation(50), 0.0
        for rows in (order[:16], order[16:32], order[32:48], order[48:]):
            total += loss(model(X[rows]), t[rows]) * len(rows)
            model.backward(loss.backward())
            for name, g in model.grads.items():
                model.params[name] -= 0.5 * g
        means.append(total / 50)
    assert np.allclose(train(batch_size=16)["loss"], means, rtol=1e-13)


@pytest.mark.torch
def test_torch_goes_the_same_way_with_schedule_clipping_metrics_and_validation():
    torch = pytest.importorskip("torch")
    torch_nn = pytest.importorskip("dlkit.torch_nn")
    model = plain(np.random.default_rng(0))
    rng = np.random.default_rng(0)
    twin = torch_nn.Sequential(
        torch_nn.Linear(3, 6, rng=rng, dtype=torch.float64),
        torch_nn.Sigmoid(),
        torch_nn.Linear(6, 1, rng=rng, dtype=torch.float64),
    )
    more = {
        "epochs": 5,
        "batch_size": 13,
        "validation": data(20),
        "metrics": {"accuracy": training.binary_accuracy},
        "schedule": optim.WarmUp(1, then=optim.Cosine(0.1, total=5)),
        "clip_norm": 0.05,
        "clip_value": 0.03,
    }
    ours = train(model, optim.Adam(model), **more)
    theirs = train(
        twin, torch.optim.Adam(twin.parameters()), loss=torch.nn.BCEWithLogitsLoss(), **more
    )
    assert list(ours) == list(theirs)
    assert list(ours) == ["loss", "lr", "accuracy", "val_loss", "val_accuracy"]
    for name in ours:
        assert np.allclose(ours[name], theirs[name], rtol=1e-10, atol=1e-10)
    for name, p in twin.named_parameters():
        assert np.allclose(model.params[name], p.detach().numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("clip", [{"clip_norm": 1e-3}, {"clip_value": 1e-4}])
def test_clipping_limits_a_step(clip):
    model = plain(np.random.default_rng(1))
    before = {name: p.copy() for name, p in model.params.items()}
    train(model, optim.SGD(model, 1.0), epochs=1, batch_size=50, **clip)
    moved = np.concatenate([(p - before[n]).ravel() for n, p in model.params.items()])
    if "clip_norm" in clip:
        assert np.linalg.norm(moved) == pytest.approx(1e-3, rel=1e-9)
    else:
        assert np.abs(moved).max() == pytest.approx(1e-4, rel=1e-9)


def test_a_schedule_is_asked_before_each_step_in_epochs():
    asked = []

    def schedule(t):
        asked.append(t)
        return 0.1 / (1 + t)

    history = train(epochs=2, batch_size=25, schedule=schedule)
    assert asked == [0, 0.5, 1, 1.5]
    assert history["lr"] == [0.1 / 1.5, 0.1 / 2.5]


def test_validation_is_judged_in_evaluation_mode_and_the_model_ends_there():
    model, loss, optimizer, rng = numpy_parts()
    history = fit(
        model, loss, optimizer, data(), epochs=2, rng=rng, validation=data(20), progress=False
    )
    assert not model.layers[1].layers[1].training
    X, t = data(20)
    assert history.last("val_loss") == pytest.approx(loss(model(X), t), rel=1e-12)
    assert model.needs_dx
    assert model.backward(loss.backward()).shape == X.shape


def test_nobody_computes_the_dx_that_nobody_needs():
    needed, model = [], plain(np.random.default_rng(0))
    train(model, callbacks=[lambda model, history: needed.append(model[0].needs_dx)])
    assert needed == [False] * 3
    assert model[0].needs_dx


def test_batches_may_come_from_functions():
    X, t = data()
    drawn = []

    def batches(rng):
        drawn.append(rng.random())
        return [(X[:30], t[:30]), (X[30:], t[30:])]

    history = train(
        pairs=batches, epochs=2, validation=lambda: [(X[:5], t[:5]), (X[5:20], t[5:20])]
    )
    pairs = train(pairs=batches, epochs=2, validation=(X[:20], t[:20]))
    assert history["loss"] == pairs["loss"]
    assert np.allclose(history["val_loss"], pairs["val_loss"], rtol=1e-12)
    assert drawn[:2] == drawn[2:]
    with pytest.raises(ValueError, match="got none"):
        train(pairs=lambda rng: [])


def test_float32_models_compute_in_float32():
    seen = []

    def metric(scores, t):
        seen.append(scores.dtype)
        return 0.0

    model = plain(np.random.default_rng(0), "float32")
    history = train(model, validation=data(20), metrics={"m": metric})
    assert set(seen) == {np.dtype("float32")}
    assert {p.dtype for p in model.params.values()} == {np.dtype("float32")}
    assert type(history.last("val_loss")) is float


def test_early_stopping_leaves_the_best_weights():
    model, weights = plain(np.random.default_rng(0)), []
    stopping = EarlyStopping(patience=2)

    def callback(model, history):
        weights.append(model.params["0.W"].copy())

    # the targets of validation are the opposite: it gets worse from some epoch on
    X, t = data()
    history = train(
        model, epochs=30, validation=(X, 1 - t), stopping=stopping, callbacks=[callback]
    )
    best = history.best_epoch("val_loss")
    assert (best, history.epochs - 1) == training.early_stopping(history["val_loss"], 2)
    assert history.epochs < 30
    assert np.array_equal(model.params["0.W"], weights[best])
    assert not np.array_equal(model.params["0.W"], weights[-1])
    assert train(model, epochs=30, history=history, stopping=stopping).epochs == len(weights)


def test_without_a_stop_the_best_weights_stay_too():
    model, seen = plain(np.random.default_rng(0)), []
    X, t = data()
    history = train(
        model,
        epochs=9,
        validation=(X, 1 - t),
        stopping=EarlyStopping(patience=50),
        callbacks=[lambda model, history: seen.append(model.params["2.b"].copy())],
    )
    best = history.best_epoch()
    assert best < len(seen) - 1 == 8
    assert np.array_equal(model.params["2.b"], seen[best])


@pytest.mark.parametrize(
    ("losses", "patience", "expected"),
    [
        ([3, 2, 1], 1, (2, None)),
        ([3, 2, 2, 2, 0], 2, (1, 3)),
        ([1, 2, 0.5, 3, 4], 2, (2, 4)),
        ([np.nan, np.nan, 1], 3, (2, None)),
        ([np.nan, np.nan, 1], 2, (2, None)),
        ([np.nan, np.nan, np.nan], 2, (0, 2)),
        ([1, np.nan, 0.5], 1, (0, 1)),
    ],
)
def test_early_stopping_counts_from_the_best(losses, patience, expected):
    assert training.early_stopping(losses, patience) == expected


class Logarithm(nn.Layer):
    def forward(self, x):
        return np.log(x)

    def backward(self, dy):
        return dy


class Chance(nn.Layer):
    """Puts out nan for one batch in two."""

    def __init__(self, rng):
        super().__init__()
        self.rng = rng

    def forward(self, x):
        return x * (np.nan if self.rng.random() < 0.5 else 1.0)

    def backward(self, dy):
        return dy


class Endless(nn.Loss):
    def forward(self, scores, targets):
        return float("inf")


def diverging(case, rng):
    X, t = data()
    model, more = plain(rng), {}
    if case == "rate":
        X, model = 1000 * X, nn.Sequential(nn.Linear(3, 1, rng=rng))
        more["optimizer"] = optim.SGD(model, 1e308)
    elif case == "size":
        model = nn.Sequential(nn.Linear(3, 1, rng=rng), nn.Linear(1, 1, rng=rng))
        more["optimizer"] = optim.SGD(model, 1e200)
    elif case == "layer":
        model = nn.Sequential(nn.Linear(3, 3, rng=rng), nn.Sequential(Logarithm()), model)
    elif case == "X":
        X = np.where(np.arange(50)[:, None] == 20, np.nan, X)
    elif case == "t":
        t = np.where(np.arange(50)[:, None] == 20, np.nan, t)
    else:
        more["loss"] = Endless()
    return model, (X, t), more


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("rate", "layer 0, Linear(W (3, 1), b (1,)): an update has already made its W not"),
        ("size", "layer 1, Linear(W (1, 1), b (1,)); its parameters are finite, up to"),
        ("layer", "layer 1.0, Logarithm(). A smaller"),
        ("X", "The batch itself holds nan or infinity: look at X"),
        ("t", "the targets are not: look at t"),
        ("loss", "The outputs of all layers are finite, so it is the loss itself"),
    ],
)
def test_a_loss_that_is_not_finite_stops_training_and_the_layer_is_named(case, says):
    model, pairs, more = diverging(case, np.random.default_rng(0))
    with pytest.raises(NotFiniteError) as error:
        train(model, pairs=pairs, **more)
    assert says in str(error.value)
    assert "The loss of epoch 1, batch" in str(error.value)
    assert "forward" not in vars(model[0]), "nothing watches the layers any more"
    assert not model.training
    assert model.needs_dx


def test_the_layer_is_named_even_if_it_fails_by_chance():
    chance = Chance(np.random.default_rng(1))  # draws 0.51, 0.95, 0.14, 0.95
    model = nn.Sequential(chance, plain(np.random.default_rng(0)))
    with pytest.raises(NotFiniteError, match=r"epoch 1, batch 3 is nan.*layer 0, Chance\(\)"):
        train(model, batch_size=16)


def test_weights_that_the_last_update_ruined_are_told_and_not_saved(tmp_path):
    def linear(seed):
        return nn.Sequential(nn.Linear(3, 1, rng=np.random.default_rng(seed)))

    model, again, path = linear(0), linear(1), tmp_path / "run.npz"
    X, t = data()
    more = {"batch_size": 50, "schedule": lambda t: [1e-6, 1e308][int(t)], "checkpoint": path}
    with pytest.raises(NotFiniteError, match=r"last update of epoch 2 made 0\.W .*not finite"):
        train(model, optim.SGD(model, 0.1), (1000 * X, t), epochs=2, **more)
    assert training.load_checkpoint(path, again).epochs == 1
    assert all(np.isfinite(p).all() for p in again.params.values())


def test_an_optimizer_of_another_model_is_refused_and_one_of_a_part_is_not():
    old, model = plain(np.random.default_rng(0)), plain(np.random.default_rng(1))
    sgd = optim.SGD(old, 0.5)
    train(old, sgd)  # so that the old model has gradients that a step could use again
    with pytest.raises(ValueError, match="built for another model"):
        train(model, sgd)
    first, last = model[0].params["W"].copy(), model[2].params["W"].copy()
    train(model, optim.SGD(model[2], 0.5))
    assert np.array_equal(model[0].params["W"], first)
    assert not np.array_equal(model[2].params["W"], last)


@pytest.mark.torch
def test_in_torch_an_optimizer_of_another_model_is_refused():
    torch = pytest.importorskip("torch")
    old, model = torch.nn.Linear(3, 1), torch.nn.Linear(3, 1)
    sgd = torch.optim.SGD(old.parameters(), 0.1)
    with pytest.raises(ValueError, match="built for another model"):
        train(model, sgd, loss=torch.nn.BCEWithLogitsLoss())


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [("run.ckpt", ValueError, r"end in \.npz"), ("none/run.npz", FileNotFoundError, "no folder")],
)
def test_where_no_checkpoint_can_be_written_nothing_is_trained(path, error, says, tmp_path):
    epochs = []
    with pytest.raises(error, match=says):
        train(checkpoint=tmp_path / path, callbacks=[lambda *_: epochs.append(1)])
    assert not epochs


@pytest.mark.torch
def test_in_torch_a_layer_with_states_is_looked_through():
    torch = pytest.importorskip("torch")

    class Last(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.log = torch.nn.LSTM(3, 1), torch.nn.LogSigmoid()

        def forward(self, x):
            y, _states = self.lstm(x)
            return self.log(torch.log(y - 2))

    model = Last().double()
    sgd = torch.optim.SGD(model.parameters(), 0.1)
    with pytest.raises(NotFiniteError, match="is that of layer log, LogSigmoid"):
        train(model, sgd, loss=torch.nn.BCEWithLogitsLoss())


@pytest.mark.torch
def test_in_torch_the_layer_is_named_too():
    torch = pytest.importorskip("torch")

    class Log(torch.nn.Module):
        def forward(self, x):
            return torch.log(-torch.exp(x))

    model = torch.nn.Sequential(torch.nn.Linear(3, 1), Log()).double()
    sgd = torch.optim.SGD(model.parameters(), 0.1)
    with pytest.raises(NotFiniteError, match=r"is that of layer 1, Log\. A smaller"):
        train(model, sgd, loss=torch.nn.BCEWithLogitsLoss())
    assert not model[0]._forward_hooks


@pytest.mark.parametrize(
    ("more", "error", "says"),
    [
        ({"epochs": 2.5}, ValueError, "epochs expected a whole number"),
        ({"batch_size": 0}, ValueError, "batch_size expected a whole number"),
        ({"clip_norm": -1}, ValueError, "clip_norm"),
        ({"clip_value": 0}, ValueError, "clip_value above 0"),
        ({"pairs": np.ones((4, 3))}, TypeError, r"a pair \(X, t\)"),
        ({"pairs": (np.ones((4, 3)), np.ones((5, 1)))}, ShapeError, "as many targets"),
        ({"pairs": (np.ones((0, 3)), np.ones((0, 1)))}, ShapeError, "at least one"),
        ({"validation": (np.ones((4, 3)), np.ones((5, 1)))}, ShapeError, "fit, validation"),
        ({"stopping": EarlyStopping(3)}, ValueError, "watches val_loss.*validation data"),
        ({"metrics": {"m": lambda s, t: s}}, TypeError, "metric m expected one number"),
        ({"history": History(loss=[1.0])}, ValueError, "cannot go on"),
        ({"history": {}}, TypeError, "history to be a History, .* got dict"),
        ({"metrics": [training.accuracy]}, TypeError, "metrics to be a dict .* got list"),
        ({"schedule": 0.1}, TypeError, "schedule to be a function .* got float"),
        ({"stopping": 3}, TypeError, "stopping to be an EarlyStopping, got int"),
        ({"validation": lambda: []}, ValueError, r"from validation\(\), got none"),
        ({"pairs": ([[1, 2], [3]], [0, 1])}, ShapeError, "rows of different lengths"),
    ],
)
def test_wrong_arguments_are_explained(more, error, says):
    with pytest.raises(error, match=says):
        train(**more)


def test_a_history_is_drawn_as_it_is():
    history = train(epochs=4, validation=data(20))
    fig, ax = plt.subplots()
    plots.curves(ax, history)
    drawn = {
        line.get_label(): list(line.get_ydata()) for line in ax.lines if len(line.get_xdata()) == 4
    }
    plt.close(fig)
    assert list(history["val_loss"]) in drawn.values()
    assert list(history["loss"]) in drawn.values()


def test_what_is_no_model_or_generator_is_refused():
    with pytest.raises(TypeError, match=r"layer of dlkit\.nn or a module of torch, got list"):
        train([1], optim.SGD(plain(np.random.default_rng(0)), 0.1))
    model = plain(np.random.default_rng(0))
    with pytest.raises(TypeError, match="numpy.random.Generator, got int"):
        fit(model, nn.BinaryCrossEntropyWithLogits(), optim.SGD(model, 1), data(), epochs=1, rng=0)


def test_the_last_line_of_progress_is_written_where_nobody_watches(capsys):
    history = train(epochs=4, validation=data(20), progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "100%  4 of 4" in err
    assert f"val_loss {history.last('val_loss'):.4g}" in err
    train(progress=False)
    assert capsys.readouterr().err == ""


def test_a_network_learns_the_digits():
    train_set, test_set = datasets.digits(flat=True)
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Linear(64, 64, rng=rng),
        nn.ReLU(),
        nn.Dropout(0.2, rng=rng),
        nn.Linear(64, 10, rng=rng),
    ).astype("float32")
    history = fit(
        model,
        nn.SoftmaxCrossEntropy(),
        optim.Adam(model),
        train_set,
        epochs=30,
        rng=rng,
        validation=test_set,
        metrics={"accuracy": training.accuracy},
        schedule=optim.WarmUp(1, then=optim.Cosine(0.01, total=29)),
        progress=False,
    )
    assert history.last("val_accuracy") >= 0.97
    assert {p.dtype for p in model.params.values()} == {np.dtype("float32")}


class EachStep(nn.Container):
    """A layer of rows on (T, N, D)."""

    def __init__(self, f):
        super().__init__({"f": f})

    def forward(self, x):
        self._kept = x.shape
        return self.parts["f"](x.reshape(-1, x.shape[-1])).reshape(*x.shape[:2], -1)

    def backward(self, dy):
        return self.parts["f"].backward(dy.reshape(-1, dy.shape[-1])).reshape(self._kept)


def test_sequences_come_in_time_from_functions_of_batches():
    """Is the number in this step larger than in the one before? An LSTM must remember it."""

    def batches(rng, many=20):
        xs = [rng.normal(size=(6, 16, 1)) for _ in range(many)]
        return [(x, (np.diff(x[..., 0], axis=0, prepend=0) > 0).astype(int)) for x in xs]

    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.LSTM(1, 8, rng=rng), EachStep(nn.Linear(8, 2, rng=rng)))
    history = train(
        model,
        optim.Adam(model, 0.02),
        batches,
        epochs=8,
        loss=nn.SoftmaxCrossEntropy(),
        validation=lambda: batches(np.random.default_rng(1), 4),
        metrics={"accuracy": training.accuracy},
        clip_norm=1.0,
    )
    assert history.last("val_accuracy") > 0.9
