"""Update rules: by hand, beside torch.optim, on a bowl, and what they refuse."""

import copy
import inspect

import numpy as np
import pytest

from dlkit import nn, optim
from dlkit.errors import OrderError, ShapeError

# name → how it is built, the same in torch
RULES = {
    "SGD": (lambda m: optim.SGD(m, 0.1), lambda o, p: o.SGD(p, 0.1)),
    "SGD, decay": (
        lambda m: optim.SGD(m, 0.1, weight_decay=0.2),
        lambda o, p: o.SGD(p, 0.1, weight_decay=0.2),
    ),
    "Momentum": (
        lambda m: optim.Momentum(m, 0.1, 0.8),
        lambda o, p: o.SGD(p, 0.1, momentum=0.8),
    ),
    "Nesterov": (
        lambda m: optim.Nesterov(m, 0.1, 0.8, weight_decay=0.2),
        lambda o, p: o.SGD(p, 0.1, momentum=0.8, nesterov=True, weight_decay=0.2),
    ),
    "AdaGrad": (
        lambda m: optim.AdaGrad(m, 0.1, eps=1e-3),
        lambda o, p: o.Adagrad(p, 0.1, eps=1e-3),
    ),
    "Adadelta": (
        lambda m: optim.Adadelta(m, eps=1e-3),
        lambda o, p: o.Adadelta(p, 1.0, rho=0.95, eps=1e-3),
    ),
    "Adadelta, slower": (
        lambda m: optim.Adadelta(m, 0.5, 0.8),
        lambda o, p: o.Adadelta(p, 0.5, rho=0.8, eps=1e-6),
    ),
    "RMSprop": (
        lambda m: optim.RMSprop(m, 0.05, eps=1e-3),
        lambda o, p: o.RMSprop(p, 0.05, alpha=0.9, eps=1e-3),
    ),
    "Adam": (
        lambda m: optim.Adam(m, 0.05, 0.8, 0.9, 1e-3),
        lambda o, p: o.Adam(p, 0.05, (0.8, 0.9), 1e-3),
    ),
    "Adam, decay": (
        lambda m: optim.Adam(m, 0.05, weight_decay=0.2),
        lambda o, p: o.Adam(p, 0.05, weight_decay=0.2),
    ),
    "AdamW": (
        lambda m: optim.AdamW(m, 0.05, weight_decay=0.2),
        lambda o, p: o.AdamW(p, 0.05, weight_decay=0.2),
    ),
}
every = pytest.mark.parametrize("name", RULES)
W, G = np.array([[1.0, -2.0]]), np.array([[0.5, 1e-5]])


class Bowl(nn.Layer):
    """f(w) = ½ Σ aₙ wₙ², least at 0, ten times steeper one way than the other."""

    def __init__(self, dtype="float64"):
        super().__init__()
        self.params = {"w": np.array([3.0, -2.0])}
        self.a = np.array([1.0, 0.1])
        self.astype(dtype)

    def slope(self):
        w = self.params["w"]
        self.grads = {"w": self.a.astype(w.dtype) * w}

    def height(self):
        return float(self.a @ self.params["w"] ** 2) / 2


def network(package=nn, **place):
    rng = np.random.default_rng(0)
    return package.Sequential(
        package.Linear(3, 4, rng=rng, **place),
        package.Sigmoid(),
        package.Linear(4, 1, rng=rng, **place),
    )


def data():
    x = np.random.default_rng(5).normal(size=(16, 3))
    return x, (x[:, :1] > 0.2).astype(float)


def losses(model, optimizer, steps=20, schedule=None):
    x, t = data()
    loss, found = nn.BinaryCrossEntropyWithLogits(), []
    for step in range(steps):
        if schedule:
            optimizer.lr = schedule(step)
        found.append(loss(model(x), t))
        model.backward(loss.backward())
        optimizer.step()
    return found


def test_every_rule_is_in_the_table():
    rules = {
        name
        for name in optim.__all__
        if inspect.isclass(getattr(optim, name))
        and issubclass(getattr(optim, name), optim.Optimizer)
    }
    assert {name.split(",")[0] for name in RULES} == rules - {"Optimizer"}


@pytest.mark.torch
@every
def test_twenty_losses_and_the_weights_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    torch_nn = pytest.importorskip("dlkit.torch_nn")
    ours, theirs = RULES[name]
    model = network()
    twin = network(torch_nn, dtype=torch.float64)
    optimizer, loss = theirs(torch.optim, twin.parameters()), torch.nn.BCEWithLogitsLoss()
    x, t = (torch.tensor(array) for array in data())
    expected = []
    for _ in range(20):
        optimizer.zero_grad()
        value = loss(twin(x), t)
        value.backward()
        optimizer.step()
        expected.append(value.item())

    found = losses(model, ours(model))

    assert np.allclose(found, expected, rtol=1e-10, atol=1e-10)
    assert found[-1] < found[0]
    for key, p in twin.named_parameters():
        assert np.allclose(model.params[key], p.detach().numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.torch
def test_momentum_differs_from_torch_where_the_rate_changes():
    torch = pytest.importorskip("torch")
    w = torch.nn.Parameter(torch.tensor([3.0, -2.0], dtype=torch.float64))
    theirs = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    bowl = Bowl()
    ours = optim.Momentum(bowl, 0.1, 0.9)
    apart = []
    for rate in (0.1, 0.1, 0.01):
        theirs.param_groups[0]["lr"] = ours.lr = rate
        w.grad = torch.tensor(bowl.a) * w.detach()
        theirs.step()
        bowl.slope()
        ours.step()
        apart.append(np.abs(bowl.params["w"] - w.detach().numpy()).max())
    assert max(apart[:2]) < 1e-15
    assert apart[2] > 0.1


@every
def test_a_bowl_is_descended_in_place(name):
    bowl = Bowl()
    array = bowl.params["w"]
    optimizer, start = RULES[name][0](bowl), bowl.height()
    for _ in range(3000):
        bowl.slope()
        optimizer.step()
    assert bowl.params["w"] is array
    assert bowl.height() < 0.01 * start


@every
def test_float32_stays_float32_even_if_the_rate_is_a_numpy_number(name):
    bowl = Bowl("float32")
    optimizer = RULES[name][0](bowl)
    optimizer.lr = np.float64(0.1)
    for _ in range(2):
        bowl.slope()
        optimizer.step()
    assert bowl.params["w"].dtype == np.float32
    assert all(value.dtype == np.float32 for value in optimizer.state["w"].values())


def test_steps_by_hand():
    assert optim.sgd_step(W, G, 0.1) == pytest.approx(W - 0.1 * G, abs=1e-15)
    w, v = optim.momentum_step(W, G, [[1.0, 0.0]], 0.1, beta=0.5)
    assert np.allclose(v, [[0.45, -1e-6]], rtol=1e-14)
    assert np.array_equal(w, W + v)
    w, s = optim.adagrad_step(W, G, [[0.0, 0.0]], 0.1, eps=1e-5)
    assert np.allclose(w, [[1 - 0.1 * 0.5 / 0.50001, -2 - 0.05]], rtol=1e-14)
    assert np.allclose(s, [[0.25, 1e-10]], rtol=1e-14)
    w, s = optim.rmsprop_step(W, G, [[1.0, 0.0]], 0.1, rho=0.75, eps=5e-6)
    assert np.allclose(w, [[1 - 0.1 * 0.5 / (0.8125**0.5 + 5e-6), -2.1]], rtol=1e-14)
    w, s, d = optim.adadelta_step(W, G, [[0, 0]], [[0, 0]], rho=0.5, eps=0.125)
    assert np.allclose(w[0, 0], 1 - 0.5**0.5 * 0.5, rtol=1e-14)
    assert np.allclose(d[0, 0], 0.0625, rtol=1e-14)
    w, m, v = optim.adam_step(W, G, np.zeros((1, 2)), np.zeros((1, 2)), 1, lr=0.1, eps=1e-5)
    assert np.allclose(w, [[1 - 0.1 * 0.5 / 0.50001, -2.05]], rtol=1e-12)
    assert np.allclose(m, 0.1 * G, rtol=1e-14)
    assert np.allclose(v, 1e-3 * G**2, rtol=1e-12)


def test_plain_steps_take_lists_numbers_and_integers_and_change_nothing():
    w, g, v = np.array([1, 2]), np.array([1, 1]), np.array([0, 0])
    new, _ = optim.momentum_step(w, g, v, 0.1)
    assert np.allclose(new, [0.9, 1.9])
    assert np.array_equal(w, [1, 2])
    assert np.array_equal(v, [0, 0])
    assert optim.adam_step(1.0, 2.0, 0.0, 0.0, 1, lr=0.5)[0] == pytest.approx(0.5)
    with pytest.raises(ValueError, match="from 1, got 0"):
        optim.adam_step(1.0, 2.0, 0.0, 0.0, 0)


def test_the_model_holds_the_point_ahead_of_nesterov():
    bowl = Bowl()
    optimizer = optim.Nesterov(bowl, 0.3, 0.8)
    w, v = bowl.params["w"].copy(), np.zeros(2)
    for _ in range(5):
        bowl.slope()
        optimizer.step()
        w, v = optim.nesterov_step(w, lambda u: bowl.a * u, v, 0.3, 0.8)
        assert np.allclose(optimizer.state["w"]["v"], v, rtol=1e-12)
        assert np.allclose(bowl.params["w"], w + 0.8 * v, rtol=1e-12)


def test_decay_by_the_gradient_is_divided_and_decoupled_decay_is_not():
    shrunk = {}
    for rule in (optim.Adam, optim.AdamW):
        bowl = Bowl()
        optimizer = rule(bowl, 0.1, weight_decay=0.5)
        bowl.grads = {"w": np.zeros(2)}
        optimizer.step()
        shrunk[rule] = bowl.params["w"]
    assert np.allclose(shrunk[optim.Adam], [2.9, -1.9])  # η sign(w), whatever λ
    assert np.allclose(shrunk[optim.AdamW], [2.85, -1.9])  # (1 − η λ) w


@every
def test_stopped_and_continued_is_the_same(name):
    whole, parts = network(), network()
    expected = losses(whole, RULES[name][0](whole), 10)
    first = RULES[name][0](parts)
    found = losses(parts, first, 4)
    second = RULES[name][0](parts)
    second.load_state(copy.deepcopy(first.saved_state()))
    assert found + losses(parts, second, 6) == expected


def test_a_loaded_state_must_fit():
    bowl, other = Bowl(), network()
    adam = optim.Adam(bowl)
    bowl.slope()
    adam.step()
    saved = adam.saved_state()
    with pytest.raises(ValueError, match="state of Adam, got one of SGD"):
        adam.load_state(optim.SGD(bowl, 0.1).saved_state())
    with pytest.raises(ShapeError, match="w of shape"):
        optim.Adam(other).load_state(saved)
    part = network()
    losses(part, other_adam := optim.Adam(part), 2)
    less = other_adam.saved_state()
    del less["arrays"]["2.W"]
    with pytest.raises(ShapeError, match=r"no values for the parameter 2\.W, only for 0\.W"):
        optim.Adam(other).load_state(less)
    foreign = saved | {"numbers": saved["numbers"] | {"step": None}}
    adam.load_state(foreign)
    assert callable(adam.step), "a file sets the rule's numbers and nothing else"
    saved["arrays"]["w"]["m"][:] = 7
    assert not (adam.state["w"]["m"] == 7).any(), "a saved state shares no memory"


def test_weights_do_not_move_before_their_gradients_are_there():
    model = network()
    before = {name: value.copy() for name, value in model.params.items()}
    optimizer = optim.SGD(model, 0.1)
    with pytest.raises(OrderError, match=r"none of 0\.W.*model\.backward"):
        optimizer.step()
    model.layers[0].grads = {"W": np.zeros((4, 3)), "b": np.zeros(4)}
    model.layers[2].grads = {"W": np.zeros((4, 1)), "b": np.zeros(1)}
    with pytest.raises(ShapeError, match=r"of 0\.W to have its shape \(3, 4\), got \(4, 3\)"):
        optimizer.step()
    assert all(np.array_equal(model.params[name], value) for name, value in before.items())
    assert optimizer.t == 0


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda m: optim.SGD(m, -0.1), "lr from 0 and finite, got -0.1"),
        (lambda m: optim.SGD(m, float("nan")), "lr from 0 and finite, got nan"),
        (lambda m: optim.SGD(m, float("inf")), "lr from 0 and finite, got inf"),
        (lambda m: optim.Momentum(m, 0.1, 1.0), "beta from 0 and below 1, got 1.0"),
        (lambda m: optim.Nesterov(m, 0.1, -0.1), "beta from 0"),
        (lambda m: optim.RMSprop(m, 0.1, rho=1), "rho from 0 and below 1"),
        (lambda m: optim.Adadelta(m, rho=2), "rho from 0 and below 1"),
        (lambda m: optim.AdaGrad(m, 0.1, eps=-1), "eps from 0"),
        (lambda m: optim.Adam(m, 0.1, beta2=1), "beta2 from 0 and below 1"),
        (lambda m: optim.AdamW(m, weight_decay=-1), "weight_decay from 0"),
    ],
)
def test_wrong_numbers_are_refused(build, says):
    with pytest.raises(ValueError) as error:
        build(Bowl())
    assert says in str(error.value)


def test_what_is_no_model_or_no_number_is_refused():
    with pytest.raises(TypeError, match="expected a layer with params and grads, got dict"):
        optim.SGD(Bowl().params, 0.1)
    with pytest.raises(TypeError, match="lr to be a number, got str"):
        optim.SGD(Bowl(), "0.1")
    optimizer = optim.SGD(Bowl(), 0.1)
    with pytest.raises(TypeError, match="lr to be a number, got Cosine"):
        optimizer.lr = optim.Cosine(0.1, 10)


def test_an_optimizer_prints_its_numbers():
    assert repr(optim.AdamW(Bowl(), 0.01)) == (
        "AdamW(lr=0.01, beta1=0.9, beta2=0.999, eps=1e-08, weight_decay=0.01)"
    )
