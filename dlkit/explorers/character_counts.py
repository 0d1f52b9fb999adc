"""How often which character follows: the small language model behind the temperature sampler.

What is counted is dlkit.datasets.english, whose sentences differ from one Python to the next; the
counts of Python 3.11 are kept in a file (stored.py), so that every student sees the same numbers.
The text: Python Software Foundation, The Python Language Reference; dlkit.datasets.licence says
under which terms.
"""

import functools
from collections import Counter, defaultdict
from importlib.resources import files

import numpy as np

FILE = "character_counts.npz"
LONGEST = 4  # characters of context
_ENOUGH = 60_000  # characters of the text
_DOUBT = 2.0  # what a shorter context counts for beside the occurrences of a longer one


class CharacterCounts:
    """p(next character | the few before it), from counts in a text.

    With no context, p = (count + 1) / (characters + V). Each character more of context mixes its
    own counts with what the shorter context says: p = (count + 2 · shorter p) / (occurrences + 2).
    So every character has some probability, and a context never seen says what the shorter says.

    Parameters
    ----------
    runs : dict
        How often each run of characters occurs, all of one length: a context and what follows it.

    >>> model = CharacterCounts(runs_of("babab", 2))
    >>> model.vocab, model.probabilities("a")
    (['a', 'b'], array([0.25, 0.75]))
    """

    def __init__(self, runs):
        self.longest = len(next(iter(runs))) - 1
        self.vocab = sorted(set("".join(runs)))
        self._place = {character: i for i, character in enumerate(self.vocab)}
        self._follow = defaultdict(lambda: np.zeros(len(self.vocab)))
        for run, count in runs.items():
            for start in range(len(run)):
                self._follow[run[start:-1]][self._place[run[-1]]] += count
        self._known = {}

    def probabilities(self, before, back=None):
        """Of each of `vocab` after the text `before`, of which `back` characters count."""
        back = min(self.longest if back is None else back, len(before))
        return self._after(before[len(before) - back :])

    def _after(self, context):
        if context not in self._known:
            p = _DOUBT * self._after(context[1:]) if context else np.ones(len(self.vocab))
            if context in self._follow:
                p = p + self._follow[context]
            self._known[context] = p / p.sum()
        return self._known[context]


def runs_of(text, length):
    """How often each run of so many characters occurs in the text."""
    return Counter(text[i : i + length] for i in range(len(text) - length + 1))


@functools.cache
def english_counts():
    """The model of English text about Python, from the stored counts."""
    with np.load(files(__package__).joinpath(FILE)) as stored:
        runs = ["".join(map(chr, codes)) for codes in stored["runs"].T.tolist()]
        return CharacterCounts(dict(zip(runs, stored["counts"].tolist(), strict=True)))


def counted():
    """What the file holds: the runs, a column each, in order, and how often each occurs."""
    from dlkit.datasets import english

    runs = runs_of(english()[0][:_ENOUGH], LONGEST + 1)
    order = sorted(runs)
    codes = np.array([list(run.encode("ascii")) for run in order], np.uint8)
    return {"runs": np.ascontiguousarray(codes.T), "counts": np.uint16([runs[r] for r in order])}


def at_temperature(logits, temperature):
    """softmax(logits / temperature); at 0 all on the first of the largest."""
    from dlkit.nn import softmax

    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    return softmax(logits / temperature)


def draw(p, rng):
    """A place, drawn with the probabilities p."""
    return int(np.searchsorted(np.cumsum(p), rng.random() * p.sum(), side="right"))
