"""Random answers: their statistics, their seeds, dropout's masks, and what a release stores."""
# ruff: noqa: F811

import json

import numpy as np
import pytest

from autograder.compile import compile_part
from autograder.spec import Chapter, case
from dlkit.check import accept
from dlkit.check.codec import Draw
from dlkit.check.probes import cached, masks, same_seed, trained
from dlkit.check.stored import from_json, to_json

SHAPE = (60, 200)
NORMAL = accept.statistics()
UNIFORM = accept.statistics(limit=True)


def drawn(draw, seed=0):
    """What the probe gives of draw(rng)."""
    return same_seed(draw, seed=seed)


def code(acceptor, expected, found, args=()):
    """The code of the difference, or None where the found value is accepted."""
    difference = accept.judge(acceptor, expected, found, args)
    return difference and difference.code


# -- statistics --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_other_draws_of_the_same_distribution_pass(seed):
    normal = drawn(lambda rng: rng.normal(0, 0.1, SHAPE), 99)
    other_way = drawn(lambda rng: (rng.standard_normal(SHAPE[::-1]) / 10).T, seed)
    assert code(NORMAL, normal, other_way) is None
    uniform = drawn(lambda rng: rng.uniform(-0.1, 0.1, SHAPE), 99)
    other_way = drawn(lambda rng: 0.2 * rng.random(SHAPE) - 0.1, seed)
    assert code(UNIFORM, uniform, other_way) is None


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda rng: rng.normal(0, 0.1, SHAPE[::-1]), "turned"),
        (lambda rng: rng.normal(0, 0.1), "shape"),
        (lambda rng: rng.normal(0, 0.01, SHAPE), "std"),
        (lambda rng: rng.normal(0.01, 0.1, SHAPE), "mean"),
        (lambda rng: np.full(SHAPE, 0.1 * rng.normal()), "mean"),
        (lambda rng: np.zeros(SHAPE), "no rng"),
        (lambda rng: rng.normal(0, 0.1, SHAPE) * np.nan, "not finite"),
        (lambda rng: rng.uniform(-0.1 * 3**0.5, 0.1 * 3**0.5, SHAPE), "form of distribution"),
        (lambda rng: np.random.default_rng().normal(0, 0.1, SHAPE), "seed"),
        (lambda rng: np.random.default_rng(7).normal(0, 0.1, SHAPE), "no rng"),
        (lambda rng: None, "shape"),
    ],
)
def test_other_draws_are_told_apart(draw, why):
    expected = drawn(lambda rng: rng.normal(0, 0.1, SHAPE), 99)
    assert code(NORMAL, expected, drawn(draw)) == why
    assert code(NORMAL, accept.condensed(NORMAL, expected), drawn(draw)) == why


def test_a_wide_tail_is_beyond_the_limit():
    def tailed(rng):
        w = rng.uniform(-0.1, 0.1, SHAPE)
        w[0, 0] = 0.2
        return w

    expected = drawn(lambda rng: rng.uniform(-0.1, 0.1, SHAPE), 99)
    assert code(UNIFORM, expected, drawn(tailed)) == "limit"


def test_a_release_stores_statistics_and_labels_but_no_draws():
    chapter = Chapter("ch98_draws", coverage="C98")
    part = chapter.exercise("weights", points=1, accept=NORMAL, probe="same_seed")
    part.inputs(lambda rng: iter([case(*SHAPE, seed=3)]))

    @part.reference
    def weights(n_in, n_out, rng):
        return rng.normal(0, 0.1, (n_in, n_out))

    @part.trap("variance for std", hint="Take a root.")
    def weights(n_in, n_out, rng):
        return rng.normal(0, 0.01, (n_in, n_out))

    @part.trap("nothing", hint="A return is missing.")
    def weights(n_in, n_out, rng):
        return None

    compiled = compile_part(chapter, part, np.random.default_rng(0), for_release=True)
    text = json.dumps(to_json(compiled))
    assert len(text) < 2000
    check = from_json(json.loads(text))
    small = drawn(lambda rng: rng.normal(0, 0.01, SHAPE), 5)
    assert accept.judge(check.acceptor, check.traps[0].outcomes[0].value, small) is None


def test_the_truth_of_a_case_stands_in_for_what_a_reference_cannot_know():
    chapter = Chapter("ch98_truth", coverage="C98")
    part = chapter.exercise("guess", points=1, accept=accept.exact())
    part.inputs(lambda rng: iter([case(3, truth=[1, 2]), case(4)]))

    @part.reference
    def guess(n):
        return n

    check = compile_part(chapter, part, np.random.default_rng(0), for_release=False)
    assert [outcome.value for outcome in check.expected] == [[1, 2], 4]
    assert "truth" not in json.dumps(to_json(check))


# -- dropout -----------------------------------------------------------------------------------

BIG = Draw(1, (200, 300))
MASKS = accept.dropout_masks()


def dropped(scale=lambda drop: 1 / (1 - drop), keep=None, out=None):
    def forward(x, drop, training, rng):
        x = np.asarray(x, dtype=float)
        if not training:
            return x, np.ones(x.shape)
        kept = (keep or (lambda shape, drop, rng: rng.random(shape) >= drop))(x.shape, drop, rng)
        mask = kept * scale(drop)
        return (x * mask if out is None else out(x, kept, drop)), mask

    return forward


def judged(forward, x=BIG, drop=0.3, training=True):
    live = x.array() if isinstance(x, Draw) else x
    return code(MASKS, None, masks(forward, live, drop, training, seed=4), (x, drop, training))


@pytest.mark.parametrize("drop", [0, 0.1, 0.3, 0.8])
@pytest.mark.parametrize("x", [BIG, [[1, -2, 3]], np.ones((2, 3, 4), dtype=np.float32)])
def test_inverted_dropout_passes(x, drop):
    assert judged(dropped(), x, drop) is None
    assert judged(dropped(), x, drop, training=False) is None
    boolean = dropped(keep=lambda shape, drop, rng: rng.binomial(1, 1 - drop, shape))
    assert judged(boolean, x, drop) is None


@pytest.mark.parametrize(
    ("forward", "why"),
    [
        (dropped(scale=lambda drop: 1 / drop), "scale:drop"),
        (dropped(scale=lambda drop: drop), "scale:drop"),
        (dropped(scale=lambda drop: 1 - drop), "scale:keep"),
        (dropped(scale=lambda drop: 1), "scale:none"),
        (dropped(scale=lambda drop: 1, out=lambda x, k, p: x * k / (1 - p)), "scale:mask"),
        (dropped(scale=lambda drop: 2), "scale:other"),
        (dropped(keep=lambda shape, drop, rng: rng.random(shape) < drop), "swapped"),
        (
            dropped(lambda drop: 1 / drop, keep=lambda shape, drop, rng: rng.random(shape) < drop),
            "swapped",
        ),
        (dropped(keep=lambda shape, drop, rng: rng.random(shape) >= 0.5), "share"),
        (
            dropped(keep=lambda s, drop, rng: (rng.random((s[0], 1)) >= drop) & np.ones(s, bool)),
            "share",
        ),
        (dropped(keep=lambda s, drop, rng: np.resize(rng.random(s[1]) >= drop, s)), "share"),
        (dropped(out=lambda x, kept, drop: x * kept), "out"),
        (dropped(lambda drop: 1, keep=lambda s, drop, rng: np.ones(s)), "all kept"),
        (dropped(keep=lambda s, p, rng: np.random.default_rng().random(s) >= p), "seed"),
        (dropped(keep=lambda s, p, rng: np.random.default_rng(1).random(s) >= p), "no rng"),
        (lambda x, drop, training, rng: x, "form"),
        (lambda x, drop, training, rng: (x, np.ones(3)), "shape"),
    ],
)
def test_each_slip_of_dropout_has_its_code(forward, why):
    found = judged(forward)
    assert found == why or (why == "share" and found == "not independent")


def test_rows_that_fall_together_are_seen_where_the_share_is_right():
    def rows(shape, drop, rng):
        kept = np.ones(shape, dtype=bool)
        kept[rng.permutation(shape[0])[: round(drop * shape[0])]] = False
        return kept

    assert judged(dropped(keep=rows)) == "not independent"
    assert judged(dropped(keep=lambda s, p, rng: rows(s[::-1], p, rng).T)) == "not independent"
    same_number = dropped(
        keep=lambda s, p, rng: rng.random(s).argsort(axis=1).argsort(axis=1) >= p * s[1]
    )
    assert judged(same_number) == "not independent"


def test_a_fixed_number_of_zeros_is_no_draw_for_each_entry():
    def fixed(shape, drop, rng):
        kept = np.arange(np.prod(shape)) >= round(drop * np.prod(shape))
        return rng.permutation(kept).reshape(shape)

    for x in (np.ones((3, 4)), np.ones((2, 3, 2, 2))):
        assert judged(dropped(keep=fixed), x) == "not independent"
        assert judged(dropped(), x) is None
    always = dropped(keep=lambda s, p, rng: np.random.default_rng(1).random(s) >= p)
    assert judged(always, np.ones((3, 4))) is None  # one mask for ever: the large x tells that


@pytest.mark.parametrize(
    ("evaluation", "why"),
    [
        (lambda x, drop, rng: dropped()(x, drop, True, rng), "evaluation:drops"),
        (lambda x, drop, rng: (x * (1 - drop), np.ones(x.shape)), "evaluation:scales"),
        (lambda x, drop, rng: (x, np.full(x.shape, 1 - drop)), "evaluation:mask"),
        (lambda x, drop, rng: (x, np.ones(x.shape)), None),
    ],
)
def test_evaluation_returns_x_and_ones(evaluation, why):
    assert judged(lambda x, p, training, rng: evaluation(x, p, rng), training=False) == why


def test_with_drop_0_nothing_may_be_left_out():
    small = np.ones((1, 4))
    assert judged(dropped(keep=lambda s, drop, rng: np.zeros(s)), small, drop=0) == "share"


def test_a_result_is_taken_down_before_the_next_call_changes_it():
    x = np.ones(3)

    def in_place(rng):
        np.multiply(x, 2, out=x)
        return x

    assert [draw.tolist() for draw in same_seed(in_place, seed=0)] == [[2] * 3, [4] * 3, [8] * 3]


def test_another_mask_in_the_backward_pass_is_told():
    dout, mask = np.arange(1.0, 7.0), np.array([0, 2, 2, 0, 2, 0.0])
    assert code(accept.masked(), dout * mask, dout * mask) is None
    assert code(accept.masked(), dout * mask, dout * mask[::-1]) == "other mask"
    assert code(accept.masked(), dout * mask, dout) == "other mask"
    assert code(accept.masked(), dout * mask, dout * (mask > 0)) == "value"
    assert code(accept.masked(), dout * mask, (dout * mask)[:5]) == "shape"


# -- labels of unseen rows, and two probes -----------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "unseen", "why"),
    [
        (1.0, 0.9, None),
        (0.2, 0.9, None),
        (1.0, 0.6, "learned by heart"),
        (1.0, 0.1, "learned by heart"),
        (0.6, 0.55, "short"),
        (0.1, 0.1, "guesses"),
    ],
)
def test_enough_of_the_unseen_labels_must_be_right(seen, unseen, why):
    labels = np.arange(100) % 10
    found = [np.where(np.arange(100) < 100 * share, labels, -1) for share in (seen, unseen)]
    acceptor = accept.recognised(at_least=0.8)
    assert code(acceptor, (labels, labels), found) == why
    assert code(acceptor, (labels, labels), [entry.tolist() for entry in found]) == why


def test_scores_and_other_things_are_no_labels():
    labels = np.arange(20) % 10
    acceptor = accept.recognised(at_least=0.8)
    assert code(acceptor, (labels, labels), (np.eye(10)[labels],) * 2) == "scores"
    assert code(acceptor, (labels, labels), (labels, labels[:5])) == "shape"
    assert code(acceptor, (labels, labels), (labels, None)) == "type:None"
    assert code(acceptor, (labels, labels), labels) == "form"


def test_the_probes_leave_out_a_cache_and_ask_what_was_trained():
    assert cached(lambda x: (x, object(), 2 * x), 3) == (3, None, 6)
    assert cached(lambda x: (x, 2 * x), 3) == (3, 6)
    predict = trained(lambda X, t, rng: lambda new: new + t + rng.integers(1), 1, 2, 5, seed=0)
    assert predict == (3, 7)


# -- a uniform logarithm -----------------------------------------------------------------------


def log_code(draw, low=1e-4, high=1.0, n=20_000):
    found = same_seed(lambda *args: draw(*args), low, high, n, seed=8)
    return code(accept.log_uniform(), None, found, (low, high, n))


LOG_UNIFORM = {
    "exp": lambda a, b, n, rng: np.exp(rng.uniform(np.log(a), np.log(b), n)),
    "powers": lambda a, b, n, rng: [a * (b / a) ** x for x in rng.random(n).tolist()],
    "float32": lambda a, b, n, rng: (a * (b / a) ** rng.random(n)).astype(np.float32),
}


@pytest.mark.parametrize("draw", LOG_UNIFORM.values(), ids=LOG_UNIFORM)
@pytest.mark.parametrize("bounds", [(1e-4, 1.0, 20_000), (1, 1000, 5000), (0.2, 0.9, 1)], ids=str)
def test_numbers_whose_logarithm_is_uniform_are_accepted(draw, bounds):
    assert log_code(draw, *bounds) is None


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda a, b, n, rng: rng.uniform(a, b, n), "uniform"),
        (lambda a, b, n, rng: 10.0 ** rng.integers(-4, 1, n), "few"),
        (lambda a, b, n, rng: rng.permutation(np.geomspace(a, b, n)), "grid"),
        (lambda a, b, n, rng: rng.uniform(np.log(a), np.log(b), n), "exponents"),
        (lambda a, b, n, rng: rng.uniform(-4, 0, n), "exponents"),
        (lambda a, b, n, rng: 10 ** rng.uniform(np.log(a), np.log(b), n), "bounds"),
        (lambda a, b, n, rng: a * (b / a) ** (rng.random(n) ** 2), "form of distribution"),
        (lambda a, b, n, rng: a * (b / a) ** np.random.default_rng().random(n), "seed"),
        (lambda a, b, n, rng: a * (b / a) ** np.random.default_rng(1).random(n), "no rng"),
        (lambda a, b, n, rng: rng.integers(1, 2, n), "whole"),
        (lambda a, b, n, rng: np.full(n, np.nan), "not finite"),
        (lambda a, b, n, rng: rng.random((n, 1)), "shape"),
        (lambda a, b, n, rng: None, "shape"),
    ],
)
def test_numbers_that_are_otherwise_are_told_why(draw, why):
    assert log_code(draw) == why


@pytest.mark.parametrize("ratio", [5, 10, 1e6])
def test_plain_uniform_numbers_are_always_caught(ratio):
    """Their largest gap is many times what is allowed, so chance cannot hide it."""
    x = np.linspace(1, ratio, 10_000)
    gap = np.abs(np.log(x) / np.log(ratio) - (x - 1) / (ratio - 1)).max()
    allowed = np.sqrt(np.log(2e11) / (2 * 20_000))
    assert gap > 5 * allowed
