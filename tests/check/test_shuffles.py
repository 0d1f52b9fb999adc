"""Batches and folds: any way to deal rows out is accepted, each slip is told by its code."""

import numpy as np
import pytest

from dlkit.check import accept, probes

X, T = np.arange(120.0).reshape(60, 2), np.arange(60) % 7


def batch_code(function, X=X, t=T, size=7):
    found = probes.dealt_out(function, X.copy(), t.copy(), size, seed=4)
    difference = accept.judge(accept.batches("X", "t", "size"), None, found, (X, t, size))
    return difference and difference.code


def cut(X, t, order, size):
    pieces = [order[i : i + size] for i in range(0, len(order), size)]
    return [(X[rows], t[rows]) for rows in pieces]


def test_lists_tuples_and_generators_of_batches_are_accepted():
    assert batch_code(lambda X, t, n, rng: cut(X, t, rng.permutation(len(X)), n)) is None
    assert batch_code(lambda X, t, n, rng: iter(cut(X, t, rng.permutation(60), n))) is None
    assert (
        batch_code(
            lambda X, t, n, rng: [
                [x.tolist(), labels.tolist()] for x, labels in cut(X, t, rng.permutation(60), n)
            ]
        )
        is None
    )


def test_with_few_rows_nothing_is_said_of_the_order():
    assert batch_code(lambda X, t, n, rng: cut(X, t, np.arange(3), n), X[:3], T[:3]) is None


@pytest.mark.parametrize(
    ("slip", "code"),
    [
        (lambda X, t, n, rng: cut(X, rng.permutation(t), rng.permutation(60), n), "pairs"),
        (lambda X, t, n, rng: cut(X, t, rng.permutation(60)[:56], n), "rest"),
        (lambda X, t, n, rng: cut(X, t, rng.permutation(60)[:50], n), "missing"),
        (lambda X, t, n, rng: cut(X, t, rng.integers(60, size=60), n), "twice"),
        (lambda X, t, n, rng: cut(X, t, np.arange(60), n), "order"),
        (lambda X, t, n, rng: cut(X, t, rng.permutation(60), 6), "sizes"),
        (lambda X, t, n, rng: cut(X, t, np.random.default_rng().permutation(60), n), "seed"),
        (lambda X, t, n, rng: cut(X, t, np.random.default_rng(1).permutation(60), n), "no rng"),
        (lambda X, t, n, rng: cut(X + 0.5, t, rng.permutation(60), n), "form"),
        (lambda X, t, n, rng: rng.permutation(60), "form"),
        (lambda X, t, n, rng: [x for x, _ in cut(X, t, rng.permutation(60), n)], "form"),
    ],
)
def test_each_slip_of_batches_has_its_code(slip, code):
    assert batch_code(slip) == code


def test_batches_of_neighbours_are_no_shuffled_rows():
    def blocks(X, t, n, rng):
        order = np.concatenate([np.arange(i, i + 6) for i in rng.permutation(10) * 6])
        return cut(X, t, order, n)

    assert batch_code(blocks, size=6) == "blocks"


def test_an_order_that_only_starts_elsewhere_is_not_shuffled():
    for start in range(1, 60):

        def rolled(X, t, n, rng, start=start):
            return cut(X, t, np.roll(np.arange(60), start), n)

        assert batch_code(rolled, size=6) == "blocks"


def fold_code(function, n=50, k=4):
    found = probes.dealt_out(function, n, k, seed=4)
    difference = accept.judge(accept.partition("n", "k"), None, found, (n, k))
    return difference and difference.code


def folds(order, k):
    parts = np.array_split(order, k)
    return [(np.setdiff1d(order, part), part) for part in parts]


@pytest.mark.parametrize(("n", "k"), [(50, 4), (12, 12), (10, 2), (13, 5)])
def test_folds_may_be_lists_sorted_or_generated(n, k):
    assert fold_code(lambda n, k, rng: folds(rng.permutation(n), k), n, k) is None
    assert fold_code(lambda n, k, rng: iter(folds(rng.permutation(n), k)), n, k) is None

    def sorted_lists(n, k, rng):
        return [(sorted(a.tolist()), sorted(b.tolist())) for a, b in folds(rng.permutation(n), k)]

    assert fold_code(sorted_lists, n, k) is None


@pytest.mark.parametrize(
    ("slip", "code"),
    [
        (lambda n, k, rng: folds(np.arange(n), k), "order"),
        (lambda n, k, rng: folds(np.arange(n), k)[::-1], "order"),
        (lambda n, k, rng: folds(np.random.default_rng().permutation(n), k), "seed"),
        (lambda n, k, rng: folds(np.random.default_rng(2).permutation(n), k), "no rng"),
        (lambda n, k, rng: [(np.arange(n), b) for _, b in folds(rng.permutation(n), k)], "overlap"),
        (lambda n, k, rng: [(b, a) for a, b in folds(rng.permutation(n), k)], "swapped"),
        (lambda n, k, rng: [folds(rng.permutation(n), k)[0] for _ in range(k)], "coverage"),
        (lambda n, k, rng: folds(rng.permutation(n - 1), k), "incomplete"),
        (lambda n, k, rng: [(a[1:], b) for a, b in folds(rng.permutation(n), k)], "incomplete"),
        (lambda n, k, rng: [(b[:0], b[:0]) for _, b in folds(rng.permutation(n), k)], "incomplete"),
        (lambda n, k, rng: [([*a, a[0]], b) for a, b in folds(rng.permutation(n), k)], "twice"),
        (lambda n, k, rng: folds(rng.permutation(n) + 1, k), "strange"),
        (lambda n, k, rng: folds(rng.permutation(n) - 1, k), "strange"),
        (lambda n, k, rng: folds(rng.permutation(n), k - 1), "length"),
        (lambda n, k, rng: [b for _, b in folds(rng.permutation(n), k)], "form"),
        (lambda n, k, rng: [(a * 1.0, b) for a, b in folds(rng.permutation(n), k)], "form"),
    ],
)
def test_each_slip_of_folds_has_its_code(slip, code):
    assert fold_code(slip) == code


def test_folds_of_very_different_sizes_are_refused():
    def uneven(n, k, rng):
        order = rng.permutation(n)
        cuts = [0, 10, 20, 30, n]
        return [
            (np.concatenate([order[:a], order[b:]]), order[a:b])
            for a, b in zip(cuts, cuts[1:], strict=False)
        ]

    assert fold_code(uneven) == "sizes"


def test_right_folds_are_never_refused_for_their_order():
    for seed in range(300):
        rng = np.random.default_rng(seed)
        turns = [folds(np.random.default_rng(seed).permutation(9), 2) for _ in range(2)]
        found = [*turns, folds(rng.permutation(9), 2)]
        assert accept.judge(accept.partition("n", "k"), None, found, (9, 2)) is None
