"""Learning rates over time, and gradients cut before a step."""

import math

import numpy as np
import pytest

from dlkit import optim
from dlkit.errors import NotFiniteError


def test_rates_at_the_ends_and_in_the_middle():
    assert optim.step_decay(0.8, 0.5, 10, 9.99) == 0.8
    assert optim.step_decay(0.8, 0.5, 10, 10) == 0.4
    assert optim.inverse_decay(0.8, 0.1, 10) == pytest.approx(0.4)
    assert optim.exponential_decay(0.8, 0.1, 10) == pytest.approx(0.8 / math.e)
    assert optim.cosine_decay(0.8, 0.2, 0, 10) == 0.8
    assert optim.cosine_decay(0.8, 0.2, 5, 10) == pytest.approx(0.5)
    assert optim.cosine_decay(0.8, 0.2, 2.5, 10) == pytest.approx(0.5 + 0.3 * math.sqrt(0.5))
    assert optim.cosine_decay(0.8, 0.2, 10, 10) == 0.2
    assert optim.cosine_decay(0.8, 0.2, 15, 10) == 0.2


@pytest.mark.parametrize("t", [0, 0.5, 3, 7, 10, 40])
def test_schedules_are_their_functions(t):
    assert optim.Constant(0.3)(t) == 0.3
    assert optim.Steps(0.3, 0.1, 4)(t) == optim.step_decay(0.3, 0.1, 4, t)
    assert optim.Inverse(0.3, 0.2)(t) == optim.inverse_decay(0.3, 0.2, t)
    assert optim.Exponential(0.3, 0.2)(t) == optim.exponential_decay(0.3, 0.2, t)
    assert optim.Cosine(0.3, 10, 0.1)(t) == optim.cosine_decay(0.3, 0.1, t, 10)


def test_schedules_combine():
    schedule = optim.WarmUp(
        4, then=optim.Joined(optim.Constant(0.2), 6, then=optim.Exponential(0.1, 1))
    )
    rates = [schedule(t) for t in (0, 1, 4, 9.9, 10, 11)]
    assert rates == pytest.approx([0, 0.05, 0.2, 0.2, 0.1, 0.1 / math.e])


@pytest.mark.parametrize(
    "build",
    [
        lambda: optim.Steps(0.1, 0.5, every=0),
        lambda: optim.Cosine(0.1, total=-1),
        lambda: optim.WarmUp(0, then=optim.Constant(1)),
        lambda: optim.Joined(optim.Constant(1), float("nan"), then=optim.Constant(2)),
    ],
)
def test_a_time_span_must_be_above_0(build):
    with pytest.raises(ValueError, match="above 0"):
        build()


def test_all_gradients_are_shortened_together():
    grads = {"W": np.array([[3.0, 0.0]]), "b": np.array([-4.0])}
    clipped, norm = optim.clip_by_norm(grads, 2.5)
    assert norm == 5
    assert np.allclose(clipped["W"], [[1.5, 0]])
    assert np.allclose(clipped["b"], [-2])
    assert np.array_equal(grads["b"], [-4]), "the argument is left alone"


def test_short_and_zero_gradients_stay():
    for g in (np.array([0.3, -0.4]), np.zeros(2)):
        (clipped,), norm = optim.clip_by_norm([g], 1)
        assert np.array_equal(clipped, g)
        assert norm == pytest.approx(np.hypot(*g))
    assert optim.clip_by_norm([], 1) == ([], 0)


def test_clipping_takes_lists_and_keeps_float32():
    (first, second), _ = optim.clip_by_norm([[3, 4], np.ones(2, np.float32)], 1e-3)
    assert first.dtype == np.float64
    assert second.dtype == np.float32
    cut = optim.clip_by_value({"W": np.array([-3, 0.2, 9], np.float32)}, np.float64(0.5))
    assert cut["W"].dtype == np.float32
    assert np.array_equal(cut["W"], np.float32([-0.5, 0.2, 0.5]))


@pytest.mark.torch
def test_the_norm_is_that_of_torch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    grads = {"a": rng.normal(size=(3, 4)), "b": rng.normal(size=5)}
    params = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in grads.values()]
    for p, g in zip(params, grads.values(), strict=True):
        p.grad = torch.tensor(g)
    expected = torch.nn.utils.clip_grad_norm_(params, 0.7).item()
    clipped, norm = optim.clip_by_norm(grads, 0.7)
    assert norm == pytest.approx(expected, rel=1e-12)
    for p, g in zip(params, clipped.values(), strict=True):  # torch divides by norm + 1e-6
        assert np.allclose(g, p.grad.numpy(), rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_gradients_without_a_direction_are_named(bad):
    with pytest.raises(NotFiniteError, match=r"of the gradient 2\.W"):
        optim.clip_by_norm({"0.W": np.ones(2), "2.W": np.array([1.0, bad])}, 1)


@pytest.mark.parametrize("clip", [optim.clip_by_norm, optim.clip_by_value])
def test_a_limit_must_be_above_0(clip):
    with pytest.raises(ValueError, match="above 0"):
        clip([np.ones(2)], 0)
    with pytest.raises(ValueError, match="from 0"):
        clip([np.ones(2)], -1)
    with pytest.raises(TypeError, match="a number"):
        clip([np.ones(2)], None)
