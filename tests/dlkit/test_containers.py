"""Containers: one dict for all arrays, modes passed on, and no gradient that nobody needs."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import DtypeError, ShapeError


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def model(rng):
    inner = nn.Sequential(nn.Linear(4, 4, rng=rng), nn.Sigmoid())
    return nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Residual(inner), nn.Linear(4, 2, rng=rng))


def test_parameters_have_dotted_names(model):
    assert list(model.params) == ["0.W", "0.b", "1.f.0.W", "1.f.0.b", "2.W", "2.b"]
    assert model.params["1.f.0.W"] is model[1].f[0].params["W"]


def test_parameters_can_be_updated_and_set_by_name(model):
    inner = model[1].f[0]
    model.params["1.f.0.b"] -= 1
    assert inner.params["b"].tolist() == [-1] * 4
    model.params["1.f.0.b"] = np.full(4, 7.0)
    assert inner.params["b"].tolist() == [7] * 4
    model.params.update({"1.f.0.b": np.full(4, 8.0)})
    assert inner.params["b"].tolist() == [8] * 4


def test_gradients_are_set_anew_by_each_backward(model, rng):
    x = rng.normal(size=(5, 3))
    assert model.grads == {}
    y = model(x)
    model.backward(np.ones_like(y))
    once = {name: gradient.copy() for name, gradient in model.grads.items()}
    model.backward(np.ones_like(y))
    assert list(once) == list(model.params)
    assert all(np.array_equal(once[name], model.grads[name]) for name in once)


def test_modes_and_types_reach_every_layer(model):
    layers = [model[0], model[1], model[1].f, model[1].f[1], model[2]]
    assert model.eval() is model
    assert [layer.training for layer in layers] == [False] * 5
    model.train()
    assert [layer.training for layer in layers] == [True] * 5
    model.astype(np.float32)
    assert model[1].f[0].params["W"].dtype == np.float32
    with pytest.raises(DtypeError):
        nn.Sequential(nn.Sigmoid()).astype(int)


def test_the_first_layer_may_leave_out_dx(rng):
    first = nn.Linear(3, 4, rng=rng)
    model = nn.Sequential(nn.Sigmoid(), first, nn.Sigmoid(), nn.Linear(4, 2, rng=rng))
    x, dy = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    model(x)
    assert model.backward(dy).shape == x.shape
    full = model.grads
    model.needs_dx = False
    assert not first.needs_dx
    assert model[3].needs_dx
    model(x)
    assert model.backward(dy) is None
    assert all(np.array_equal(full[name], model.grads[name]) for name in full)
    model.needs_dx = True
    model(x)
    assert model.backward(dy).shape == x.shape


def test_both_ways_of_a_residual_may_leave_out_dx(rng):
    block = nn.Residual(nn.Linear(3, 2, rng=rng), nn.Linear(3, 2, rng=rng))
    block.needs_dx = False
    block(np.ones((4, 3)))
    assert block.backward(np.ones((4, 2))) is None
    assert len(block.grads) == 4


def test_containers_say_what_they_hold(rng):
    model = nn.Sequential(nn.Linear(3, 2, rng=rng), nn.Residual(nn.Step()))
    assert repr(model) == "Sequential(0: Linear(W (3, 2), b (2,)), 1: Residual(f: Step()))"
    assert len(model) == 2


def test_a_layer_stands_in_a_sequence_once(rng):
    layer = nn.Linear(3, 3, rng=rng)
    with pytest.raises(ValueError, match="Make a second layer"):
        nn.Sequential(layer, nn.Step(), layer)


def test_a_layer_is_not_shared_with_what_is_inside_of_another(rng):
    """Its gradients would be those of one of the two places, and wrong."""
    layer = nn.Linear(3, 3, rng=rng)
    with pytest.raises(ValueError, match="Residual expected each layer once"):
        nn.Residual(layer, layer)
    with pytest.raises(ValueError, match="Sequential expected each layer once"):
        nn.Sequential(layer, nn.Residual(nn.Sequential(layer)))


def test_a_residual_refuses_shapes_that_would_broadcast(rng):
    with pytest.raises(ShapeError, match=r"f\(x\) and x of one shape, got \(4, 1\) and \(4, 3\)"):
        nn.Residual(nn.Linear(3, 1, rng=rng))(np.ones((4, 3)))
    two = nn.Residual(nn.Linear(3, 1, rng=rng), nn.Linear(3, 2, rng=rng))
    with pytest.raises(ShapeError, match="the shortcut's output"):
        two(np.ones((4, 3)))
