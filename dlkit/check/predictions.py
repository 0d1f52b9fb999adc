"""Predictions for rows that a model has not seen, judged by what they cost.

Models that are trained in different ways never agree to the last digit, so no number is compared
with another. The cost is what the predictions lose against those of a good model of the same data:
for numbers the mean squared distance, as a share of the variance; for probabilities the relative
entropy, in nats a row.
"""

import numpy as np

from dlkit.check.differences import Difference, Tolerance, as_numbers, compare, shown

MUCH = 0.5  # a probability that is so far off is plainly wrong
SURE = 0.02  # within this of 0 or 1, a probability says that it is sure


def predictions(expected, found, call, kind, limit):
    """None where the found predictions cost at most `limit` more than the expected ones."""
    wanted, got = np.asarray(expected, dtype=float), as_numbers(found)
    if got is None or got.shape != wanted.shape:
        return compare(wanted, found, Tolerance())
    if np.iscomplexobj(got) or np.isnan(got).any():
        return Difference("its predictions must be numbers, and some are nan or complex.", "nan")
    got = got.astype(float)
    return _numbers(wanted, got, limit) if kind == "numbers" else _shares(wanted, got, kind, limit)


def _numbers(wanted, got, limit):
    low, high = shown(float(got.min())), shown(float(got.max()))
    seen = f"Yours run from {low} to {high}, a good model's from {shown(float(wanted.min()))} to "
    seen += f"{shown(float(wanted.max()))}."
    with np.errstate(over="ignore"):
        cost = float(np.mean((got - wanted) ** 2) / wanted.var())
    if cost <= limit:
        return None
    if got.min() >= 0 and got.max() <= 1 and (wanted.min() < 0 or wanted.max() > 1):
        return Difference(f"on unseen rows its predictions never leave 0 to 1. {seen}", "bounded")
    if got.min() == 0 and wanted.min() < 0:
        return Difference(f"on unseen rows its predictions stop at 0. {seen}", "cut off")
    return Difference(
        f"on unseen rows its predictions are off by {cost:.3g} of the variance, more than the "
        f"{limit:g} allowed. {seen}",
        "cost",
    )


def _shares(wanted, got, kind, limit):
    if got.min() < 0 or got.max() > 1:
        low, high = shown(float(got.min())), shown(float(got.max()))
        return Difference(
            f"its predictions run from {low} to {high}, and a probability is from 0 to 1.", "range"
        )
    sums = got.sum(axis=-1) if got.ndim > 1 else np.zeros(1)
    if kind == "one of many" and np.abs(sums - 1).max() > 1e-4:
        row = int(np.abs(sums - 1).argmax())
        return Difference(
            f"the probabilities of row {row} sum to {sums[row]:.4g}, and exactly one class is "
            "true, so expected 1.",
            "sums",
        )
    if kind == "several" and np.abs(sums - 1).max() < 1e-4:
        return Difference(
            "the probabilities of every row sum to 1, and any number of them may be true.",
            "one of many",
        )
    cost = float(relative_entropy(wanted, got, kind).mean())
    if cost <= limit:
        return None
    if np.isin(got, (0, 1)).all():
        return Difference(
            "its predictions are decisions, only 0 and 1, and probabilities are asked for.",
            "decisions",
        )
    off = np.abs(got - wanted) > MUCH
    wrong = int((off & ((got < SURE) | (got > 1 - SURE))).sum())
    sure = f" {wrong} of its {got.size} probabilities are sure and far off." if wrong else ""
    return Difference(
        f"on unseen rows its predictions cost {cost:.3g} nats a row more than a good model's, and "
        f"{limit:g} are allowed.{sure}",
        "sure and wrong" if wrong else "cost",
    )


def recognised(expected, found, call, at_least):
    """Labels (of rows trained on, of unseen rows): the share `at_least` of the unseen is right."""
    if not isinstance(found, tuple | list) or len(found) != 2:
        return Difference("expected labels of the training rows and of unseen ones.", "form")
    shares = []
    for wanted, labels in zip(expected, found, strict=True):
        got = as_numbers(labels)
        if got is not None and got.ndim == 2 and len(got) == len(wanted):
            return Difference(f"it gives shape {got.shape}, expected one label a row.", "scores")
        if got is None or got.shape != np.shape(wanted):
            return compare(wanted, labels, Tolerance(), "what it predicts")
        shares.append(float(np.mean(got == wanted)))
    seen, unseen = shares
    if unseen >= at_least:
        return None
    text = (
        f"of the rows it learned from it gets {seen:.0%} right, of the unseen ones {unseen:.1%}, "
        f"expected at least {at_least:.0%}."
    )
    chance = 1.5 / len(np.unique(expected[1]))
    if unseen < chance:
        return Difference(text, "learned by heart" if seen > 0.9 else "guesses")
    return Difference(text, "learned by heart" if seen > unseen + 0.15 else "short")


def relative_entropy(p, q, kind):
    """D(p ‖ q) of each row in nats: of one distribution, or of its yes or no entries, added up."""
    if kind == "one of many":
        return _terms(p, q).sum(axis=-1)
    bits = _terms(p, q) + _terms(1 - p, 1 - q)
    return bits.sum(axis=-1) if bits.ndim > 1 else bits


def _terms(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0)
