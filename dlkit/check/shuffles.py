"""Rows that a generator deals out, into batches or into folds: every row once, pairs kept together.

What is found comes from the probe dealt_out: three lists, the first two from generators of one
seed. A right answer is refused with a probability far below 1e-9: where few orders are possible,
nothing is said of the order.
"""

import math

import numpy as np

from dlkit.check.differences import Difference, as_numbers, type_name
from dlkit.check.draws import argument

RARE = 1e-11  # how likely chance may do what is taken for a slip


def batches(expected, found, call, rows, targets, size):
    """Lists of pairs (x, t); `rows`, `targets`, `size` name the arguments X, t and the size.

    No two rows of X are the same, so each row found is known by its numbers.
    """
    X, t = (np.asarray(argument(call, *place)) for place in ((rows, 0), (targets, 1)))
    size = int(argument(call, size, 2))
    dealt = []
    for turn in found:
        numbers = _batches_of_one_turn(turn, X, t, size)
        if isinstance(numbers, Difference):
            return numbers
        dealt.append(numbers)
    chance = 1 / math.factorial(min(len(X), 170))
    order = [row for batch in dealt[0] for row in batch]
    if chance < RARE and order == sorted(order):
        return Difference("the rows come in their old order.", "order")
    whole = [batch for batch in dealt[0] if len(batch) > 2]
    if len(whole) > 4 and all(_neighbours(batch, len(X)) for batch in whole):
        return Difference("each batch still holds rows that were neighbours in X.", "blocks")
    return _seeds(dealt, chance)


def _neighbours(batch, n):
    """Do these rows of n follow each other? After the last row comes the first."""
    rows = np.sort(batch)
    gaps = np.diff([*rows, rows[0] + n])
    return gaps.max() == n - len(rows) + 1


def _batches_of_one_turn(turn, X, t, size):
    """The numbers of the rows, a list for each batch; or a Difference."""
    known = {tuple(row): number for number, row in enumerate(X.astype(float).tolist())}
    dealt = []
    for pair in turn:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            return Difference("a batch must be a pair (rows of X, their targets).", "form")
        x, labels = as_numbers(pair[0]), as_numbers(pair[1])
        if x is None or x.ndim != 2 or x.shape[1] != X.shape[1]:
            shape = type_name(pair[0]) if x is None else f"shape {x.shape}"
            return Difference(
                f"a batch's rows have {shape}, expected (rows, {X.shape[1]}).", "form"
            )
        if labels is None or labels.shape != (len(x), *t.shape[1:]):
            shape = type_name(pair[1]) if labels is None else f"shape {labels.shape}"
            return Difference(f"{len(x)} rows of X come with targets of {shape}.", "form")
        numbers = [known.get(tuple(row)) for row in x.astype(float).tolist()]
        if None in numbers:
            return Difference("a batch holds a row that is not in X.", "form")
        if not np.array_equal(t[numbers], labels):
            return Difference("some rows come with the target of another row.", "pairs")
        dealt.append(numbers)
    return _counted(dealt, len(X), size) or dealt


def _counted(dealt, n, size):
    """A Difference where rows are missing or come twice, or a batch has the wrong size."""
    sizes = [len(batch) for batch in dealt]
    seen = [row for batch in dealt for row in batch]
    if len(set(seen)) < len(seen):
        return Difference(f"some rows come twice, in {len(seen)} rows of {n}.", "twice")
    if len(seen) < n:
        code = "rest" if sizes == [size] * (n // size) else "missing"
        return Difference(f"only {len(seen)} of {n} rows come.", code)
    wanted = [size] * (n // size) + [n % size] * (n % size > 0)
    if sizes != wanted:
        return Difference(f"the batches have {_few(sizes)} rows, expected {_few(wanted)}.", "sizes")
    return None


def partition(expected, found, call, items, parts):
    """Lists of k pairs (train, validation) of row numbers; `items` and `parts` name n and k."""
    n, k = int(argument(call, items, 0)), int(argument(call, parts, 1))
    dealt = []
    for turn in found:
        folds = _folds_of_one_turn(turn, n, k)
        if isinstance(folds, Difference):
            return folds
        dealt.append(folds)
    sizes = [len(fold) for fold in dealt[0]]
    ways = math.lgamma(n + 1) - sum(math.lgamma(size + 1) for size in sizes)
    chance = math.exp(-ways) * math.factorial(min(k, 20))  # the folds themselves in any order
    if chance < RARE and all(np.ptp(fold) == len(fold) - 1 for fold in dealt[0]):
        return Difference("each fold holds neighbours: the rows are not shuffled.", "order")
    return _seeds([[sorted(fold) for fold in folds] for folds in dealt], chance)


def _folds_of_one_turn(turn, n, k):
    """The validation rows of each fold; or a Difference."""
    if len(turn) != k:
        return Difference(f"it gives {len(turn)} folds, expected {k}.", "length")
    seen = []
    for fold, pair in enumerate(turn):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            return Difference("a fold must be a pair (train_idx, val_idx).", "form")
        parts = [as_numbers(part) for part in pair]
        if any(part is None or part.ndim != 1 or part.dtype.kind not in "iu" for part in parts):
            return Difference(
                f"fold {fold} must be two lists or arrays of row numbers, whole numbers from 0.",
                "form",
            )
        train, validation = (part.tolist() for part in parts)
        if set(train) & set(validation):
            return Difference(f"fold {fold} trains on rows that it validates on.", "overlap")
        rows = train + validation
        strange = [row for row in rows if not 0 <= row < n]
        if strange:
            text = f"fold {fold} has a row {strange[0]}, and the rows are 0 to {n - 1}."
            return Difference(text, "strange")
        if len(set(rows)) < n:
            return Difference(f"fold {fold} leaves out some rows.", "incomplete")
        if len(rows) > n:
            return Difference(f"fold {fold} has some row twice.", "twice")
        seen.append(validation)
    sizes = [len(fold) for fold in seen]
    if sum(sizes) == (k - 1) * n > n:
        return Difference("the validation part is larger than the training part.", "swapped")
    if sorted(row for fold in seen for row in fold) != list(range(n)):
        return Difference("some row is a validation row twice or never.", "coverage")
    if max(sizes) - min(sizes) > 1:
        return Difference(f"the folds have {_few(sizes)} rows, expected sizes 1 apart.", "sizes")
    return seen


def _seeds(dealt, chance):
    """Two turns of one seed are the same; the third, drawn later, is not unless chance allows."""
    first, again, other = dealt
    if first != again:
        return Difference("the same seed gave two different results.", "seed")
    if chance < RARE and first == other:
        return Difference("it is the same whatever the generator rng has drawn before.", "no rng")
    return None


def _few(sizes):
    return ", ".join(map(str, sizes[:8])) + (", …" if len(sizes) > 8 else "")
