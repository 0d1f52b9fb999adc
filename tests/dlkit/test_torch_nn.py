"""The torch twins and torch.nn: the same numbers as NumPy, forward, backward, over 20 steps."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlkit import nn
from dlkit.errors import DtypeError, ShapeError
from tests.dlkit.layer_cases import (
    BASES,
    CASES,
    LOSSES,
    RANDOM,
    every,
    floats,
    forward,
    prepared,
    several,
)

torch = pytest.importorskip("torch")
torch_nn = pytest.importorskip("dlkit.torch_nn")
pytestmark = pytest.mark.torch

each_case = every(CASES)
KNOWN = {name: case for name, case in CASES.items() if case.known}
TOLERANCE = {"float64": 1e-10, "float32": 1e-5}
both_types = pytest.mark.parametrize("dtype", TOLERANCE)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def tensor(x, dtype="float64", device=None):
    kind = getattr(torch, dtype) if np.asarray(x).dtype.kind == "f" else None
    return torch.tensor(x, dtype=kind, device=device)


def same(a, b, dtype="float64"):
    b = b.detach().cpu().numpy()
    scale = max(1.0, np.abs(b).max(initial=0))
    limit = TOLERANCE[dtype]
    return a.shape == b.shape and np.allclose(a, b, rtol=limit, atol=limit * scale)


def twin_of(case, layer, dtype="float64", device=None):
    twin = case.build(
        torch_nn, np.random.default_rng(1), dtype=getattr(torch, dtype), device=device
    )
    torch_nn.copy_params(layer, twin)
    return twin


def known_of(case, layer, dtype="float64"):
    """torch.nn's module with the layer's parameters and buffers."""
    module = case.known(torch).to(getattr(torch, dtype))
    state = case.state(layer.params)
    assert set(state) == {name for name, p in module.named_parameters() if p.requires_grad}
    with torch.no_grad():
        for name, p in module.named_parameters():
            if name in state:
                p.copy_(torch.tensor(state[name]))
        for name, buffer in module.named_buffers():
            if name in layer.buffers:
                buffer.copy_(torch.tensor(layer.buffers[name]))
    return module


def device_of(module):
    """Where a module's parameters are; the CPU for one without."""
    return next((p.device for p in module.parameters()), torch.device("cpu"))


def disagreements(case, layer, other, rng, dtype="float64", unpack=lambda params: params):
    """What differs between a NumPy layer and a module: outputs, gradients, buffers, by name."""
    inputs = [x.astype(dtype) if x.dtype.kind == "f" else x for x in case.draw(rng)]
    device = device_of(other)
    there = [tensor(x, dtype, device).requires_grad_(x.dtype.kind == "f") for x in inputs]
    ys = forward(case, layer, inputs)
    case.before(other)
    others = several(other(*there))
    dys = [rng.normal(size=y.shape).astype(dtype) for y in ys]
    torch.autograd.backward(others, [tensor(dy, dtype, device) for dy in dys])
    dxs = several(layer.backward(*dys))
    found = {f"y{i}": pair for i, pair in enumerate(zip(ys, others, strict=True))}
    found |= {f"dx{i}": (dxs[i], there[i].grad) for i in floats(inputs)}
    gradients = unpack(layer.grads)
    learnt = {name: p.grad for name, p in other.named_parameters() if p.requires_grad}
    assert set(gradients) == set(learnt)
    found |= {name: (gradients[name], learnt[name]) for name in learnt}
    buffers = dict(other.named_buffers())
    found |= {name: (value, buffers[name]) for name, value in layer.buffers.items()}
    return [name for name, (a, b) in found.items() if not same(a, b, dtype)]


def steps_apart(case, layer, other, rng, dtype, unpack=lambda params: params):
    """The names of parameters and losses that differ after 20 steps of gradient descent."""
    inputs = [x.astype(dtype) if x.dtype.kind == "f" else x for x in case.draw(rng)]
    there = [tensor(x, dtype, device_of(other)) for x in inputs]
    targets = [rng.normal(size=y.shape).astype(dtype) for y in forward(case, layer, inputs)]
    wanted = [tensor(t, dtype, device_of(other)) for t in targets]
    for each in (layer, other):
        case.before(each)
    known = [p for p in other.parameters() if p.requires_grad]
    descent = torch.optim.SGD(known, lr=0.1)
    losses, others = [], []
    for _ in range(20):
        ys = several(layer(*inputs))
        losses.append(sum(((y - t) ** 2).mean() for y, t in zip(ys, targets, strict=True)))
        layer.backward(*(2 * (y - t) / y.size for y, t in zip(ys, targets, strict=True)))
        for name, gradient in layer.grads.items():
            layer.params[name] -= 0.1 * gradient
        ys = several(other(*there))
        loss = sum(((y - t) ** 2).mean() for y, t in zip(ys, wanted, strict=True))
        descent.zero_grad()
        loss.backward()
        descent.step()
        others.append(loss.item())
    assert losses[-1] < losses[0]
    params = unpack(layer.params)
    found = [
        n for n, p in other.named_parameters() if n in params and not same(params[n], p, dtype)
    ]
    agree = np.allclose(losses, others, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    return found if agree else [*found, "losses"]


def test_both_packages_have_the_same_classes():
    classes = {name for name in nn.__all__ if inspect.isclass(getattr(nn, name))}
    twins = {name for name in torch_nn.__all__ if inspect.isclass(getattr(torch_nn, name))}
    assert classes - BASES <= twins


@each_case
@both_types
def test_twins_agree(case, dtype, rng):
    layer = prepared(case, rng, dtype)
    twin = twin_of(case, layer, dtype)
    assert set(layer.params) == {name for name, _ in twin.named_parameters()}
    assert disagreements(case, layer, twin, rng, dtype) == []


@pytest.mark.parametrize("name", RANDOM)
@settings(max_examples=20, derandomize=True)
@given(data=st.data())
def test_twins_agree_for_other_sizes(name, data):
    case, rng = data.draw(RANDOM[name]), np.random.default_rng(0)
    layer = prepared(case, rng)
    assert disagreements(case, layer, twin_of(case, layer), rng) == []


@each_case
def test_twins_take_the_same_batches(case, rng):
    layer = prepared(case, rng)
    twin = twin_of(case, layer)
    for batch in case.batches:
        inputs = case.draw(rng, batch)
        ys = forward(case, layer, inputs)
        case.before(twin)
        others = several(twin(*map(tensor, inputs)))
        assert all(same(y, other) for y, other in zip(ys, others, strict=True))


@pytest.mark.parametrize("case", KNOWN.values(), ids=KNOWN)
@both_types
def test_torch_s_own_modules_agree(case, dtype, rng):
    layer = prepared(case, rng, dtype)
    known = known_of(case, layer, dtype)
    assert disagreements(case, layer, known, rng, dtype, case.state) == []


def test_every_layer_has_torch_s_own_beside_it_or_a_reason():
    assert [name for name, case in CASES.items() if bool(case.known) == bool(case.unknown)] == []


LEARNING = {name: case for name, case in CASES.items() if case.learns}


@pytest.mark.parametrize("case", LEARNING.values(), ids=LEARNING)
@both_types
def test_twenty_steps_of_training_agree(case, dtype, rng):
    start = prepared(case, rng, dtype)
    if not start.params:
        return
    twin = twin_of(case, start, dtype)
    known = known_of(case, start, dtype) if case.known else None
    again = prepared(case, np.random.default_rng(0), dtype)
    assert steps_apart(case, start, twin, np.random.default_rng(2), dtype) == []
    if known is not None:
        other = np.random.default_rng(2)
        assert steps_apart(case, again, known, other, dtype, case.state) == []


@pytest.mark.parametrize("name", LOSSES)
@both_types
def test_losses_agree(name, dtype, rng):
    scores, targets = LOSSES[name].inputs(rng, 5)
    loss = getattr(nn, name.split(",")[0])()
    value = loss(scores.astype(dtype), targets)
    for other in (getattr(torch_nn, name.split(",")[0])(), LOSSES[name].known(torch)):
        there = tensor(scores, dtype).requires_grad_()
        expected = other(there, tensor(targets, dtype))
        expected.backward()
        assert same(np.asarray(value), expected, dtype)
        assert same(loss.backward(), there.grad, dtype)


def test_the_comparison_finds_a_wrong_layer(rng):
    case = CASES["Linear"]
    layer = prepared(case, rng)
    twin = twin_of(case, layer)
    layer.params["b"][1] += 1e-9
    assert disagreements(case, layer, twin, rng) == ["y0"]
    layer.params["W"][0, 0] += 1e-9
    twin.zero_grad()
    assert disagreements(case, layer, twin, rng) == ["y0", "dx0"]
    assert steps_apart(case, layer, twin, rng, "float64") == ["W", "b", "losses"]


def test_logits_far_out_have_torch_s_loss():
    z, t = np.array([-900.0, -1.0, 0.0, 2.0, 900.0]), np.array([0, 1, 1, 0.25, 0])
    loss = nn.BinaryCrossEntropyWithLogits()
    there = tensor(z).requires_grad_()
    value = torch_nn.BinaryCrossEntropyWithLogits()(there, tensor(t))
    value.backward()
    assert same(np.asarray(loss(z, t)), value)
    assert same(loss.backward(), there.grad)


def test_arrays_travel_both_ways_without_shared_memory(rng):
    layer, twin = nn.Linear(3, 2, rng=rng), torch_nn.Linear(3, 2, rng=rng)
    torch_nn.copy_params(layer, twin)
    back = nn.Linear(3, 2, rng=rng)
    torch_nn.copy_params(twin, back)
    assert np.allclose(back.params["W"], layer.params["W"], atol=1e-6)
    before = back.params["W"].copy()
    with torch.no_grad():
        twin.W.add_(1)
    assert np.array_equal(back.params["W"], before)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@each_case
def test_twins_of_half_the_size_work_and_give_their_parameters_back(case, dtype, rng):
    """NumPy has no bfloat16; what comes back is as exact as eight bits are."""
    layer = prepared(case, rng)
    twin = twin_of(case, layer, str(dtype).removeprefix("torch."))
    case.before(twin)
    inputs = [tensor(x) for x in case.draw(rng)]
    ys = several(twin(*(x.to(dtype) if x.is_floating_point() else x for x in inputs)))
    sum(y.sum() for y in ys).backward() if layer.params else None
    assert {y.dtype for y in ys} == {dtype}
    before = {name: p.copy() for name, p in layer.params.items()}
    torch_nn.copy_params(twin, layer)
    assert all(np.allclose(layer.params[n], p, rtol=2**-8) for n, p in before.items())


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64"])
def test_labels_and_ids_of_any_whole_numbers(dtype, rng):
    whole = torch.tensor([1, 0, 3], dtype=getattr(torch, dtype))
    z = rng.normal(size=(3, 300))
    loss = torch_nn.SoftmaxCrossEntropy()(tensor(z), whole)
    assert loss.item() == pytest.approx(nn.SoftmaxCrossEntropy()(z, whole.numpy()), rel=1e-12)
    layer = torch_nn.Embedding(300, 2, rng=rng)
    assert torch.equal(layer(whole), layer.W[whole.long()])


@pytest.mark.parametrize("kind", [bool, int, float])
def test_targets_become_the_type_of_the_scores(kind, rng):
    scores, targets = rng.normal(size=4).astype("float32"), np.array([1, 0, 0, 1], kind)
    for name in ("MeanSquaredError", "BinaryCrossEntropyWithLogits"):
        loss = getattr(torch_nn, name)()(tensor(scores, "float32"), torch.tensor(targets))
        assert loss.dtype == torch.float32
        assert loss.item() == pytest.approx(getattr(nn, name)()(scores, targets), rel=1e-6)


def test_a_sequence_uses_the_modules_that_torch_s_tools_put_into_it():
    """They set the child's name anew; a list of our own would go on with the old module."""
    model = torch_nn.Sequential(torch.nn.BatchNorm1d(3), torch_nn.ReLU())
    model = torch.nn.SyncBatchNorm.convert_sync_batchnorm(model)
    assert isinstance(model[0], torch.nn.SyncBatchNorm)
    model.add_module("0", torch_nn.Flatten())
    assert len(model) == 2
    assert model(torch.ones(4, 3, 2)).shape == (4, 6)


def test_parameters_of_another_shape_are_refused(rng):
    with pytest.raises(ShapeError, match="same names and shapes"):
        torch_nn.copy_params(nn.Linear(3, 2, rng=rng), torch_nn.Linear(2, 3, rng=rng))
    with pytest.raises(ShapeError, match="same names and shapes"):
        torch_nn.copy_params(nn.Linear(3, 2, rng=rng), torch_nn.Step())


def test_wrong_shapes_and_targets_are_explained(rng):
    with pytest.raises(ShapeError, match=r"try x\.T"):
        torch_nn.Linear(3, 2, rng=rng)(torch.ones(3, 4))
    loss = torch_nn.BinaryCrossEntropyWithLogits()
    with pytest.raises(ShapeError, match=r"pass scores\[:, 0\]"):
        loss(torch.ones(4, 1), torch.ones(4))
    with pytest.raises(ValueError, match="Classes"):
        loss(torch.ones(2), torch.tensor([-1.0, 1.0]))
    with pytest.raises(DtypeError, match="labels to be whole numbers"):
        torch_nn.SoftmaxCrossEntropy()(torch.ones(2, 3), torch.ones(2))
    with pytest.raises(DtypeError, match="labels to be whole numbers, got dtype torch.bool"):
        torch_nn.SoftmaxCrossEntropy()(torch.ones(2, 3), torch.ones(2) > 0)
    with pytest.raises(ValueError, match="from 0 to 2"):
        torch_nn.SoftmaxCrossEntropy()(torch.ones(2, 3), torch.tensor([0, 3]))
    with pytest.raises(DtypeError, match="ids to be whole numbers"):
        torch_nn.Embedding(3, 2, rng=rng)(torch.ones(2))
    with pytest.raises(ValueError, match="got -1 to 1"):
        torch_nn.Embedding(3, 2, rng=rng)(torch.tensor([-1, 1]))
    with pytest.raises(ShapeError, match="eval"):
        torch_nn.BatchNorm(3)(torch.ones(1, 3))
    with pytest.raises(ShapeError, match="last axis"):
        torch_nn.LayerNorm(3)(torch.ones(4, 2))
    with pytest.raises(ShapeError, match=r"try x.transpose"):
        torch_nn.GroupNorm(1, 3)(torch.ones(2, 4, 4, 3))
    with pytest.raises(ShapeError, match="f changes the shape"):
        torch_nn.Residual(torch_nn.Linear(3, 1, rng=rng))(torch.ones(4, 3))


def test_the_default_device_works():
    assert torch.ones(2, device=torch_nn.default_device()).sum().item() == 2


@pytest.mark.parametrize(
    ("kind", "more"),
    [("RNN", {}), ("GRU", {"reset_after": True}), ("LSTM", {})],
    ids=lambda value: value or "",
)
def test_all_steps_in_one_call_are_the_steps(kind, more, rng, monkeypatch):
    """What a GPU computes, on the CPU."""
    layer = getattr(torch_nn, kind)(3, 4, num_layers=2, bidirectional=True, rng=rng, **more)
    layer.double()
    x = torch.tensor(rng.normal(size=(5, 2, 3)), requires_grad=True)
    firsts = [torch.tensor(rng.normal(size=state.shape)) for state in layer.zero_states(2)]
    found = []
    for run in (type(layer)._run, type(layer)._run_fused):
        monkeypatch.setattr(type(layer), "_run", run)
        y, *lasts = layer(x, *firsts)
        (y.sin().sum() + sum(last.cos().sum() for last in lasts)).backward()
        found.append([y, *lasts, x.grad.clone(), *(p.grad.clone() for p in layer.parameters())])
        x.grad = None
        layer.zero_grad()
    assert all(torch.allclose(a, b, atol=1e-12) for a, b in zip(*found, strict=True))


def test_a_gru_that_resets_before_the_product_has_no_such_call(rng):
    assert torch_nn.GRU(3, 4, rng=rng).fused is None
