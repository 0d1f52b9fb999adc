"""Answers that are drawn at random: their statistics, frequencies and partitions are judged.

The bounds are so wide that a right answer is refused with a probability far below 1e-9.
"""

import math

import numpy as np

from dlkit.check.differences import Difference, as_numbers, type_name


def statistics(expected, found, call, limit):
    if not isinstance(found, list | tuple) or len(found) != 3:
        return Difference("expected three draws.", "form")
    wanted = summary(expected)
    first, again, other = (as_numbers(entry) for entry in found)
    if first is None or list(first.shape) != wanted["shape"]:
        shape = None if first is None else first.shape
        turned = shape is not None and list(shape[::-1]) == wanted["shape"]
        text = f"its shape is {shape}, expected {tuple(wanted['shape'])}."
        return Difference(text, "turned" if turned else "shape")
    if not np.isfinite(first).all():
        return Difference("it holds nan or infinity.", "not finite")
    if (slip := seeds(first, again, other)) is not None:
        return slip
    got, n = summary(found), first.size
    if abs(got["mean"] - wanted["mean"]) > 9.2 * wanted["std"] / math.sqrt(n):
        return Difference(
            f"its mean is {got['mean']:.4g}, expected about {wanted['mean']:.4g}.", "mean"
        )
    if got["std"] == 0 or abs(math.log(got["std"] / wanted["std"])) > 9.2 / math.sqrt(n):
        return Difference(
            f"its standard deviation is {got['std']:.4g}, expected about {wanted['std']:.4g}.",
            "std",
        )
    if abs(got["kurtosis"] - wanted["kurtosis"]) > 60 / math.sqrt(n):
        return Difference("its distribution has another form.", "form of distribution")
    if limit and got["largest"] > wanted["largest"] * (1 + 60 / n):
        return Difference("some entries are beyond the limit.", "limit")
    return None


def seeds(first, again, other):
    """Two draws of one seed are the same; what its generator draws after them is not."""
    if again is None or not np.array_equal(first, again):
        return Difference("the same seed gave two different results.", "seed")
    if other is not None and np.array_equal(first, other) and first.size > 1:
        return Difference("it is the same whatever the generator rng has drawn before.", "no rng")
    return None


def summary(draws):
    """What `statistics` compares, of several draws (the first counts); what is none stays so."""
    first = as_numbers(draws[0]) if isinstance(draws, list | tuple) and draws else None
    if first is None or first.size == 0:
        return draws
    first = first.astype(float)
    centred = first - first.mean()
    fourth = float(np.mean(centred**4) / np.mean(centred**2) ** 2) if np.ptp(first) else 0.0
    numbers = {"mean": float(first.mean()), "std": float(first.std()), "kurtosis": fourth}
    return {"shape": list(first.shape), "largest": float(np.abs(first).max()), **numbers}


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


def argument(call, name, position):
    args, kwargs = call
    return kwargs[name] if name in kwargs else args[position]


def partition(expected, found, call, items, parts):
    n, k = int(argument(call, items, 0)), int(argument(call, parts, 1))
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
