"""Symbols drawn at a temperature: judged by how often each comes, not by which one came when."""

import math

import numpy as np

from dlkit.check.differences import Difference, shown, type_name
from dlkit.check.draws import argument

UNLIKELY = 1e-12  # the chance that one symbol of a right answer misses its bound


def sampled(expected, found, call):
    """(draws, the first of them again) by the probe `sampled`, with frequencies softmax(s / T).

    By Bernstein's inequality a right answer's share of a symbol misses the bound with a chance of
    at most 1e-12. Where other probabilities explain the draws, the code names them.
    """
    logits, temperature = (argument(call, name, i) for i, name in enumerate(_ARGUMENTS, start=1))
    logits = np.asarray(logits, dtype=float)
    draws, again = found
    if slip := _form(draws, len(logits)):
        return slip
    if temperature == 0:
        return _coldest([int(d) for d in draws], logits)
    shares = np.bincount([int(d) for d in draws], minlength=len(logits)) / len(draws)
    wanted = softmax(logits / temperature)
    off = np.abs(shares - wanted) - bound(wanted, len(draws))
    if off.max() > 0:
        i = int(off.argmax())
        text = (
            f"item {i} was drawn in {shares[i]:.1%} of {len(draws)} draws, expected about "
            f"{wanted[i]:.1%}."
        )
        return Difference(text, _explained(shares, wanted, logits, temperature, len(draws)))
    if [int(d) for d in again] != [int(d) for d in draws[: len(again)]]:
        return Difference("the same seed gave two different results.", "seed")
    return None


_ARGUMENTS = ("logits", "temperature")


def _form(draws, V):
    """The slip of a draw that is no place among the logits, or None."""
    for draw in draws:
        if not isinstance(draw, int | np.integer) or isinstance(draw, bool):
            if isinstance(draw, list):
                return Difference(f"a draw is {shown(draw)}, expected one int.", "array")
            text = f"a draw is {shown(draw)} of type {type_name(draw)}, expected an int."
            return Difference(text, f"type:{type_name(draw)}")
        if not 0 <= draw < V:
            return Difference(f"a draw is {draw}, expected 0 to {V - 1}.", "range")
    return None


def _coldest(draws, logits):
    """At temperature 0 every draw is the first of the largest logits."""
    largest = np.flatnonzero(logits == logits.max())
    others = [draw for draw in draws if draw != largest[0]]
    if not others:
        return None
    smaller = [draw for draw in others if draw not in largest]
    text = f"at temperature 0 it is {(smaller or others)[0]}, expected {largest[0]} each time."
    return Difference(text, "not the largest" if smaller else "tie")


def _explained(shares, wanted, logits, temperature, n):
    """The code of the one mistake whose probabilities agree with the shares, or "value"."""
    scores = np.maximum(logits - logits.min(), 0)
    suspects = {
        "multiplied": softmax(np.clip(logits * temperature, -1e6, 1e6)),
        "ignored": softmax(logits),
        "uniform": np.full(len(logits), 1 / len(logits)),
        "always the largest": np.eye(len(logits))[int(logits.argmax())],
        "no exp": scores / scores.sum() if scores.any() else scores,
    }
    fitting = [c for c, p in suspects.items() if np.all(np.abs(shares - p) <= bound(p, n))]
    certain = np.any(1 - wanted <= bound(wanted, n))  # a right answer may always give the same
    if not fitting and np.count_nonzero(shares) == 1 and not certain:
        return "always the same"
    return fitting[0] if len(fitting) == 1 else "value"


def softmax(logits):
    """Probabilities of logits (V,), without overflow."""
    e = np.exp(logits - logits.max())
    return e / e.sum()


def bound(p, n):
    """How far the share of n draws may be from p: beyond it with a chance of at most UNLIKELY."""
    digits = math.log(2 / UNLIKELY)
    return digits / (3 * n) + np.sqrt((digits / (3 * n)) ** 2 + 2 * digits * p * (1 - p) / n)
