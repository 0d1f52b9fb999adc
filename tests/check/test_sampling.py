"""Draws at a temperature: right ones pass with any seed, mistakes are named by frequencies."""

import numpy as np
import pytest

from dlkit.check import accept
from dlkit.check.probes import sampled
from dlkit.check.sampling import bound, softmax

LOGITS = np.array([0.0, 1.0, 2.0, 3.0])


def code(draw, logits=LOGITS, temperature=2.0, times=1000, seed=0):
    """The code of what is wrong with a function's draws, None if nothing is."""
    found = [list(part) for part in sampled(draw, times, logits, temperature, seed=seed)]
    difference = accept.judge(accept.sampled(), None, found, (times, logits, temperature))
    return difference and difference.code


def right(logits, temperature, rng):
    if temperature == 0:
        return int(np.argmax(logits))
    return rng.choice(len(logits), p=softmax(np.asarray(logits, dtype=float) / temperature))


def scaled(factor):
    return lambda logits, temperature, rng: rng.choice(4, p=softmax(logits * factor(temperature)))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("temperature", [0.01, 0.5, 1, 3.0])
def test_a_right_answer_passes_with_any_seed(temperature, seed):
    assert code(right, temperature=temperature, seed=seed) is None


def test_any_kind_of_whole_number_passes_and_nothing_else():
    for kind in (int, np.int64, np.uint8, np.array):
        assert code(lambda *a, kind=kind: kind(right(*a))) is None
    assert code(lambda *a: float(right(*a))) == "type:float"
    assert code(lambda *a: True) == "type:bool"
    assert code(lambda *a: np.array([right(*a)])) == "array"
    assert code(lambda *a: right(*a) + 1) == "range"


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (scaled(lambda t: t), "multiplied"),
        (scaled(lambda t: 1), "ignored"),
        (scaled(lambda t: 0), "uniform"),
        (lambda logits, t, rng: int(np.argmax(logits)), "always the largest"),
        (lambda logits, t, rng: 1, "always the same"),
        (scaled(lambda t: -1), "value"),
    ],
)
@pytest.mark.parametrize("seed", range(10))
def test_a_mistake_is_named(draw, says, seed):
    assert code(draw, seed=seed) == says


@pytest.mark.parametrize("seed", range(10))
def test_logits_without_the_exponential_are_named(seed):
    def draw(logits, temperature, rng):
        return rng.choice(4, p=logits / logits.sum())

    assert code(draw, logits=2 * LOGITS, temperature=0.25, seed=seed) == "no exp"


def test_one_item_alone_is_no_sign_of_a_generator_of_its_own_where_a_right_answer_gives_one():
    """Next to 0 an answer that is off by one place always gives the same, and draws all right."""
    nearly_certain = {"logits": np.array([-1.0, 2.0, 0.5]), "temperature": 0.01}
    assert code(lambda *args: right(*args) - 1, **nearly_certain) == "value"


def test_what_ignores_the_generator_is_found():
    other = np.random.default_rng(5)
    assert code(lambda logits, t, rng: right(logits, t, other)) == "seed"


def test_at_temperature_0_only_the_first_of_the_largest_passes():
    tied = np.array([1.0, 3.0, 3.0, 2.0])
    cold = {"logits": tied, "temperature": 0, "times": 20}
    assert code(right, **cold) is None
    assert code(lambda logits, t, rng: 2, **cold) == "tie"
    assert code(lambda logits, t, rng: rng.integers(1, 4), **cold) == "not the largest"


def test_the_bound_is_as_wide_as_it_says():
    """Exact binomial tails beyond it are below 1e-12 on either side."""
    n = 1000
    for p in (0.001, 0.05, 0.5, 0.97):
        log_p = [0.0]  # ln of C(n, k) p^k (1 − p)^(n − k), up to what is common to all k
        for k in range(n):
            log_p.append(log_p[-1] + np.log((n - k) / (k + 1) * p / (1 - p)))
        chances = softmax(np.array(log_p))
        beyond = np.abs(np.arange(n + 1) / n - p) > bound(np.array(p), n)
        assert chances[beyond].sum() < 1e-12
