"""How often which character follows: the small language model behind the temperature sampler."""

import functools
from collections import Counter, defaultdict

import numpy as np

_ENOUGH = 100_000  # characters of the text: counted in a quarter of a second
_DOUBT = 2.0  # what a shorter context counts for beside the occurrences of a longer one


class CharacterCounts:
    """p(next character | the few before it), from counts in a text.

    With no context, p = (count + 1) / (characters + V). Each character more of context mixes its
    own counts with what the shorter context says: p = (count + 2 · shorter p) / (occurrences + 2).
    So every character has some probability, and a context never seen says what the shorter says.

    >>> model = CharacterCounts("abab", 1)
    >>> model.vocab, model.probabilities("a")
    (['a', 'b'], array([0.25, 0.75]))
    """

    def __init__(self, text, longest):
        self.vocab, self.longest = sorted(set(text)), longest
        self._place = {character: i for i, character in enumerate(self.vocab)}
        self._follow = [_followers(text, length) for length in range(longest + 1)]
        self._known = {}

    def probabilities(self, before, back=None):
        """Of each of `vocab` after the text `before`, of which `back` characters count."""
        back = min(self.longest if back is None else back, len(before))
        return self._after(before[len(before) - back :])

    def _after(self, context):
        if context not in self._known:
            shorter = self._after(context[1:]) if context else np.full(len(self.vocab), 1.0)
            p = _DOUBT * shorter if context else shorter
            for character, count in self._follow[len(context)].get(context, {}).items():
                p[self._place[character]] += count
            self._known[context] = p / p.sum()
        return self._known[context]


def _followers(text, length):
    """{run of `length` characters: {character that follows: how often}}."""
    found = defaultdict(dict)
    runs = Counter(text[i : i + length + 1] for i in range(len(text) - length))
    for run, count in runs.items():
        found[run[:-1]][run[-1]] = count
    return found


@functools.cache
def english_counts(longest):
    """The model of the English text of dlkit.datasets."""
    from dlkit.datasets import english

    return CharacterCounts(english()[0][:_ENOUGH], longest)


def at_temperature(logits, temperature):
    """softmax(logits / temperature); at 0 all on the first of the largest."""
    from dlkit.nn import softmax

    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    return softmax(logits / temperature)


def draw(p, rng):
    """A place, drawn with the probabilities p."""
    return int(np.searchsorted(np.cumsum(p), rng.random() * p.sum(), side="right"))
