"""What every NumPy layer does: right gradients, types and shapes kept, errors with the slip."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlkit import nn
from dlkit.errors import DtypeError, OrderError, ShapeError
from tests.dlkit.cases.base import linear
from tests.dlkit.gradients import wrong_gradients
from tests.dlkit.layer_cases import (
    CASES,
    LOSSES,
    RANDOM,
    covered,
    every,
    floats,
    forward,
    prepared,
    public,
    several,
)

each_case = every(CASES)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_no_public_layer_or_loss_is_missing_from_the_tables():
    assert public(nn.Layer) == covered(CASES)
    assert public(nn.Loss) == covered(LOSSES)
    assert public(nn.Layer) == covered(RANDOM)


@pytest.mark.parametrize("name", sorted(public(nn.Layer) | public(nn.Loss)))
def test_every_layer_says_its_shapes_gradients_and_errors_and_shows_a_call(name):
    said = getattr(nn, name).__doc__
    sections = ("Shapes", "Gradients", "Raises")
    assert [s for s in sections if f"\n    {s}\n    {'-' * len(s)}\n" not in said] == []
    assert "\n    >>> " in said


@each_case
def test_backward_matches_central_differences(case, rng):
    assert wrong_gradients(case, prepared(case, rng), case.draw(rng), rng) == []


@pytest.mark.parametrize("name", RANDOM)
@settings(max_examples=20, derandomize=True)
@given(data=st.data())
def test_backward_matches_central_differences_for_other_sizes(name, data):
    case, rng = data.draw(RANDOM[name]), np.random.default_rng(0)
    assert wrong_gradients(case, prepared(case, rng), case.draw(rng), rng) == []


class _Broken(nn.Linear):
    def backward(self, dy):
        dx = super().backward(dy)
        return self.slip(self.grads, dx)


def _wrong_sign(grads, dx):
    grads["W"] = -grads["W"]
    return dx


def _mean_for_sum(grads, dx):
    grads["b"] = grads["b"] / 4
    return dx


def _one_entry(grads, dx):
    dx[2, 1] += 1e-4
    return dx


@pytest.mark.parametrize(
    ("slip", "name"), [(_wrong_sign, "W"), (_mean_for_sum, "b"), (_one_entry, "x0")]
)
def test_the_gradient_check_finds_a_wrong_backward(slip, name, rng):
    layer = _Broken(3, 2, rng=rng)
    layer.slip = slip
    assert wrong_gradients(linear(3, 2, 4), layer, (rng.normal(size=(4, 3)),), rng) == [name]


@each_case
def test_any_kind_of_number_goes_in_and_no_argument_changes(case, rng):
    layer = prepared(case, rng)
    inputs = tuple(np.round(2 * x) if x.dtype.kind == "f" else x for x in case.draw(rng))
    expected = forward(case, layer.eval(), inputs)
    for kind in (lambda x: x.astype(np.float32), lambda x: x.astype(int), np.ndarray.tolist):
        given = tuple(kind(x) if x.dtype.kind == "f" else x for x in inputs)
        kept = [np.copy(x) for x in given]
        for y, right in zip(forward(case, layer, given), expected, strict=True):
            assert np.allclose(y, right, rtol=1e-6, atol=1e-6)
        layer.backward(*expected)
        assert all(np.array_equal(x, old) for x, old in zip(given, kept, strict=True))


@each_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_type_stays_what_it_is_all_the_way(case, dtype, rng):
    layer = prepared(case, rng, dtype)
    inputs = tuple(x.astype(dtype) if x.dtype.kind == "f" else x for x in case.draw(rng))
    ys = forward(case, layer, inputs)
    dxs = several(layer.backward(*(rng.normal(size=y.shape).astype(dtype) for y in ys)))
    found = [*ys, *layer.grads.values(), *layer.buffers.values()]
    found += [dx for dx in dxs if dx is not None]
    assert {array.dtype for array in found} == {np.dtype(dtype)}


@each_case
def test_gradients_have_their_arrays_shapes_in_any_batch(case, rng):
    layer = prepared(case, rng)
    for batch in case.batches:
        inputs = case.draw(rng, batch)
        ys = forward(case, layer, inputs)
        dxs = several(layer.backward(*ys))
        assert [y.shape[case.batch_axis] for y in ys[:1]] == [batch]
        assert [dx.shape for dx in dxs if dx is not None] == [
            inputs[i].shape for i in floats(inputs)
        ]
        assert {n: g.shape for n, g in layer.grads.items()} == {
            n: p.shape for n, p in layer.params.items()
        }
        if batch == 0:
            assert not any(gradient.any() for gradient in layer.grads.values())


@each_case
def test_an_example_is_answered_alike_in_any_batch(case, rng):
    if not case.alone:
        return
    layer = prepared(case, rng)
    x, *rest = case.draw(rng, 4)
    if rest:
        return
    y = several(forward(case, layer, (x,)))[0]
    first = several(forward(case, layer, (np.take(x, [0], case.batch_axis),)))[0]
    assert np.allclose(np.take(y, [0], case.batch_axis), first, rtol=1e-12, atol=1e-12)


@each_case
def test_backward_explains_order_and_shape(case, rng):
    layer = prepared(case, rng)
    inputs = case.draw(rng)
    ys = forward(case, prepared(case, rng), inputs)
    with pytest.raises(OrderError, match="forward has not run yet"):
        layer.backward(*ys)
    forward(case, layer, inputs)
    with pytest.raises(ShapeError, match="backward expected d"):
        layer.backward(*(y[..., None] for y in ys))


@each_case
@pytest.mark.parametrize("kind", [str, complex, object])
def test_what_is_no_number_is_refused(case, kind, rng):
    x, *rest = case.draw(rng)
    with pytest.raises(DtypeError, match="got dtype"):
        forward(case, prepared(case, rng), (x.astype(kind), *rest))


@each_case
def test_a_nan_is_passed_on(case, rng):
    layer, inputs = prepared(case, rng), case.draw(rng)
    if not floats(inputs):
        return
    inputs[0][...] = np.nan
    y = forward(case, layer, inputs)[0]
    if not isinstance(layer, nn.Step):  # NaN > 0 is False: the unit does not fire
        assert np.isnan(y).any()


@each_case
def test_modes_and_types_are_set_in_place(case, rng):
    layer = case.build(nn, rng)
    assert layer.train().training
    assert layer.eval() is layer
    assert layer.training is False
    assert layer.astype("float32") is layer
    assert {p.dtype for p in layer.params.values()} <= {np.dtype("float32")}
    with pytest.raises(DtypeError, match="expected float32 or float64, got int64"):
        layer.astype(np.int64)


def test_a_ragged_list_is_explained():
    with pytest.raises(ShapeError, match="rows of different lengths"):
        nn.Sigmoid()([[1, 2], [3]])
