"""Interpolated Kneser-Ney n-grams of characters: the yardstick of the character model's test.

Kneser & Ney 1995, Improved Backing-Off for M-gram Language Modeling, ICASSP; Chen & Goodman 1999,
An Empirical Study of Smoothing Techniques for Language Modeling, Computer Speech and Language 13.
"""

import math
from collections import Counter, defaultdict


class NGrams:
    """p(character | the order − 1 before it), mixed with all shorter contexts.

    The longest context counts how often a character follows. A shorter one counts after how many
    different characters (one place further back) it does so: "Francisco" is frequent, but only
    after "San ". From each count d is taken, with d = n₁ / (n₁ + 2 n₂) of the contexts of that
    length, n₁ and n₂ the numbers of counts that are 1 and 2; the shorter context divides it up.
    At the bottom all characters are equally likely.
    """

    def __init__(self, text, order, vocab):
        self.order, self.vocab = order, vocab
        self.levels = [_followers(text, order - 1)]  # by length of the context, longest first
        for _ in range(order - 1):
            self.levels.append(_continuations(self.levels[-1]))
        self.levels.reverse()
        self.discounts = [_discount(level) for level in self.levels]

    def probability(self, character, before):
        p = 1 / len(self.vocab)
        for length, (level, d) in enumerate(zip(self.levels, self.discounts, strict=True)):
            counts = level.get(before[len(before) - length :]) if length <= len(before) else None
            if counts:
                rest = d * len(counts) * p
                p = (max(counts.get(character, 0) - d, 0) + rest) / counts.total()
        return p

    def bits_per_character(self, text):
        """Mean −log₂ p over all characters but the first."""
        longest = self.order - 1
        bits = [
            -math.log2(self.probability(text[i], text[max(0, i - longest) : i]))
            for i in range(1, len(text))
        ]
        return sum(bits) / len(bits)


def _followers(text, length):
    level = defaultdict(Counter)
    for i in range(length, len(text)):
        level[text[i - length : i]][text[i]] += 1
    return level


def _continuations(longer):
    level = defaultdict(Counter)
    for context, counts in longer.items():
        for character in counts:
            level[context[1:]][character] += 1
    return level


def _discount(level):
    n = Counter(count for counts in level.values() for count in counts.values() if count < 3)
    return n[1] / (n[1] + 2 * n[2]) if n[1] else 0.5
