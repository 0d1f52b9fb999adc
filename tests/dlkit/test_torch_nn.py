"""The torch twins: the same numbers as NumPy, forward, backward and over twenty training steps."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import ShapeError
from tests.dlkit.layer_cases import CASES, OTHER

torch = pytest.importorskip("torch")
torch_nn = pytest.importorskip("dlkit.torch_nn")
pytestmark = pytest.mark.torch

TOOLS = {"copy_params", "default_device"}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def tensor(x):
    return torch.tensor(x, dtype=torch.float64)


def same(a, b):
    return np.allclose(a, b.detach().numpy(), rtol=1e-10, atol=1e-10)


def test_both_packages_have_the_same_names():
    assert set(torch_nn.__all__) - TOOLS == set(nn.__all__) - {"Layer"}
    assert OTHER - {"Layer"} <= set(torch_nn.__all__)


@pytest.mark.parametrize(("build", "shape"), CASES.values(), ids=CASES)
def test_twins_agree(build, shape, rng):
    layer = build(nn, rng)
    twin = build(torch_nn, np.random.default_rng(1), dtype=torch.float64)
    torch_nn.copy_params(layer, twin)
    x = rng.normal(size=shape)
    x[..., 0] = 0  # kinks and jumps lie at 0
    there = tensor(x).requires_grad_()

    y = twin(there)
    dy = rng.normal(size=tuple(y.shape))
    y.backward(tensor(dy))

    assert same(layer(x), y)
    assert same(layer.backward(dy), there.grad)
    assert [*layer.grads] == [name for name, _ in twin.named_parameters()]
    for name, p in twin.named_parameters():
        assert same(layer.grads[name], p.grad)


def test_losses_agree_at_0_and_far_out():
    z, t = np.array([-900.0, -1.0, 0.0, 2.0, 900.0]), np.array([0, 1, 1, 0.25, 0])
    loss = nn.BinaryCrossEntropyWithLogits()
    there = tensor(z).requires_grad_()

    value = torch_nn.BinaryCrossEntropyWithLogits()(there, tensor(t))
    value.backward()

    assert same(loss(z, t), value)
    assert same(loss.backward(), there.grad)
    known = torch.nn.functional.binary_cross_entropy_with_logits(tensor(z), tensor(t))
    assert same(loss(z, t), known)


def test_the_same_seed_gives_the_same_twenty_losses():
    x = np.random.default_rng(5).normal(size=(16, 3))
    t = (x[:, :1] > 0.2).astype(float)
    assert np.allclose(_numpy_losses(x, t), _torch_losses(x, t), rtol=1e-10)


def _numpy_losses(x, t):
    layer, loss = nn.Linear(3, 1, rng=np.random.default_rng(0)), nn.BinaryCrossEntropyWithLogits()
    losses = []
    for _ in range(20):
        losses.append(loss(layer(x), t))
        layer.backward(loss.backward())
        for name, gradient in layer.grads.items():
            layer.params[name] -= 0.5 * gradient
    return losses


def _torch_losses(x, t):
    layer = torch_nn.Linear(3, 1, rng=np.random.default_rng(0), dtype=torch.float64)
    loss = torch_nn.BinaryCrossEntropyWithLogits()
    step = torch.optim.SGD(layer.parameters(), lr=0.5)
    losses = []
    for _ in range(20):
        step.zero_grad()
        value = loss(layer(tensor(x)), tensor(t))
        value.backward()
        step.step()
        losses.append(value.item())
    return losses


def test_parameters_travel_both_ways_without_shared_memory(rng):
    layer, twin = nn.Linear(3, 2, rng=rng), torch_nn.Linear(3, 2, rng=rng)
    torch_nn.copy_params(layer, twin)
    back = nn.Linear(3, 2, rng=rng)
    torch_nn.copy_params(twin, back)
    assert np.allclose(back.params["W"], layer.params["W"], atol=1e-6)
    before = back.params["W"].copy()
    with torch.no_grad():
        twin.W.add_(1)
    assert np.array_equal(back.params["W"], before)


def test_parameters_of_another_shape_are_refused(rng):
    with pytest.raises(ShapeError, match="same names and shapes"):
        torch_nn.copy_params(nn.Linear(3, 2, rng=rng), torch_nn.Linear(2, 3, rng=rng))
    with pytest.raises(ShapeError, match="same names and shapes"):
        torch_nn.copy_params(nn.Linear(3, 2, rng=rng), torch_nn.Step())


def test_wrong_shapes_and_targets_are_explained(rng):
    with pytest.raises(ShapeError, match=r"try x\.T"):
        torch_nn.Linear(3, 2, rng=rng)(torch.ones(3, 4))
    loss = torch_nn.BinaryCrossEntropyWithLogits()
    with pytest.raises(ShapeError, match=r"pass z\[:, 0\]"):
        loss(torch.ones(4, 1), torch.ones(4))
    with pytest.raises(ValueError, match="Classes"):
        loss(torch.ones(2), torch.tensor([-1.0, 1.0]))


def test_the_default_device_works():
    assert torch.ones(2, device=torch_nn.default_device()).sum().item() == 2


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize(("build", "shape"), CASES.values(), ids=CASES)
def test_twins_agree_on_a_gpu(build, shape, rng):
    layer, twin = build(nn, rng), build(torch_nn, rng, dtype=torch.float64).to("cuda")
    torch_nn.copy_params(layer, twin)
    x = rng.normal(size=shape)
    assert same(layer(x), twin(tensor(x).to("cuda")).cpu())
