"""Answers that are drawn at random: their statistics, frequencies and partitions are judged.

The bounds are so wide that a right answer is refused with a probability far below 1e-9.
"""

import math

import numpy as np

from dlkit.check.differences import Difference, as_numbers, type_name


def statistics(expected, found, call, limit):
    if not isinstance(found, list | tuple) or len(found) != 2:
        return Difference("expected two draws.", "form")
    wanted = np.asarray(expected[0], dtype=float)
    first, second = as_numbers(found[0]), as_numbers(found[1])
    if first is None or first.shape != wanted.shape:
        shape = None if first is None else first.shape
        return Difference(f"its shape is {shape}, expected {wanted.shape}.", "shape")
    if not np.array_equal(first, second):
        return Difference("the same seed gave two different results.", "seed")
    n = wanted.size
    deviation = float(wanted.std())
    if abs(float(first.mean()) - float(wanted.mean())) > 9.2 * deviation / math.sqrt(n):
        return Difference(
            f"its mean is {first.mean():.4g}, expected about {wanted.mean():.4g}.", "mean"
        )
    ratio = float(first.std()) / deviation
    if abs(math.log(ratio)) > 9.2 / math.sqrt(n):
        return Difference(
            f"its standard deviation is {first.std():.4g}, expected about {deviation:.4g}.", "std"
        )
    kurtosis = [float(np.mean((a - a.mean()) ** 4) / a.var() ** 2) for a in (first, wanted)]
    if abs(kurtosis[0] - kurtosis[1]) > 60 / math.sqrt(n):
        return Difference("its distribution has another form.", "form of distribution")
    if limit and float(np.abs(first).max()) > float(np.abs(wanted).max()) * (1 + 60 / n):
        return Difference("some entries are beyond the limit.", "limit")
    return None


def frequencies(expected, found, call):
    if not isinstance(found, list) or len(found) != len(expected):
        return Difference(f"expected {len(expected)} draws.", "form")
    if not all(isinstance(entry, int | np.integer) for entry in found):
        return Difference(f"a draw is of type {type_name(found[0])}, expected an int.", "type")
    n = len(expected)
    for symbol in sorted({*map(int, expected), *map(int, found)}):
        wanted, got = expected.count(symbol) / n, [int(f) for f in found].count(symbol) / n
        spread = math.sqrt(max(wanted * (1 - wanted), got * (1 - got), 20 / n) * 2 / n)
        if abs(wanted - got) > 6.5 * spread:
            return Difference(
                f"{symbol} was drawn in {got:.1%} of {n} draws, expected about {wanted:.1%}."
            )
    return None


def _argument(call, name, position):
    args, kwargs = call
    return kwargs[name] if name in kwargs else args[position]


def partition(expected, found, call, items, parts):
    n, k = int(_argument(call, items, 0)), int(_argument(call, parts, 1))
    if not isinstance(found, list | tuple) or len(found) != k:
        return Difference(f"expected {k} pairs.", "length")
    seen = []
    for fold, pair in enumerate(found):
        train, validation = (np.asarray(part).tolist() for part in pair)
        if set(train) & set(validation):
            return Difference(f"fold {fold} trains on rows that it validates on.", "overlap")
        if sorted(train + validation) != list(range(n)):
            return Difference(f"fold {fold} does not use every row exactly once.", "incomplete")
        seen += validation
    if sorted(seen) != list(range(n)):
        return Difference("some row is a validation row twice or never.", "coverage")
    sizes = [len(pair[1]) for pair in found]
    if max(sizes) - min(sizes) > 1:
        return Difference("the folds' sizes differ by more than 1.", "sizes")
    if n > 9 and seen == sorted(seen):
        return Difference("the rows are not shuffled.", "order")
    return None
