"""Answers that are drawn at random: their statistics, frequencies and spread are judged.

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


def log_uniform(expected, found, call):
    """Three draws (n,) between low and high by the probe same_seed, their logarithm uniform.

    By the inequality of Dvoretzky, Kiefer and Wolfowitz (with Massart's constant) a right answer's
    largest gap exceeds `allowed` with a probability under 1e-11.
    """
    low, high, n = (argument(call, name, i) for i, name in enumerate(("low", "high", "n")))
    first, again, other = (as_numbers(entry) for entry in found)
    if first is None or first.shape != (n,):
        shape = type_name(found[0]) if first is None else f"shape {first.shape}"
        return Difference(f"it has {shape}, expected ({n},).", "shape")
    if first.dtype.kind != "f":
        return Difference(f"its entries are of type {first.dtype}, expected floats.", "whole")
    if not np.isfinite(first).all():
        return Difference("it holds nan or infinity.", "not finite")
    if first.min() < low * (1 - 1e-6) or first.max() > high * (1 + 1e-6):
        span = f"{first.min():.4g} to {first.max():.4g}"
        exponents = math.log(low) <= first.min() and first.max() <= math.log(high)
        code = "exponents" if exponents else "bounds"
        return Difference(f"its numbers run from {span}, expected {low:g} to {high:g}.", code)
    if (slip := seeds(first, again, other)) is not None:
        return slip
    if n > 1 and other is not None and np.allclose(np.sort(first), np.sort(other)):
        return Difference("every call gives the same numbers in another order.", "grid")
    return _spread(np.sort(first), low, high)


def _spread(ordered, low, high):
    """How numbers in their order differ from draws whose logarithm is uniform."""
    n = len(ordered)
    allowed = math.sqrt(math.log(2e11) / (2 * n))
    shares = np.log(ordered / low) / math.log(high / low)
    gaps = _gaps(shares)
    worst = int(gaps.argmax())
    if gaps[worst] <= allowed:
        return None
    text = (
        f"{worst / n:.1%} of {n} numbers are below {ordered[worst]:.4g}, expected about "
        f"{shares[worst]:.1%}."
    )
    if _gaps((ordered - low) / (high - low)).max() <= allowed:
        return Difference(text, "uniform")
    few = len(np.unique(ordered)) < n / 2
    return Difference(text, "few" if few else "form of distribution")


def _gaps(shares):
    """How far the shares (in their order) lie from those of as many uniform numbers."""
    steps = np.arange(len(shares) + 1) / len(shares)
    return np.maximum(steps[1:] - shares, shares - steps[:-1])
