"""How often which characters follow each other: what the temperature sampler's model counts.

What is counted is dlkit.datasets.english, whose sentences differ from one Python to the next; the
counts of Python 3.11 are kept in a file (stored.py), so that every student sees the same numbers.
The text: Python Software Foundation, The Python Language Reference; dlkit.datasets.licence says
under which terms.
"""

from collections import Counter
from importlib.resources import files

import numpy as np

FILE = "character_counts.npz"
LONGEST = 4  # characters of context
_ENOUGH = 60_000  # characters of the text


def runs_of(text, length):
    """How often each run of so many characters occurs in the text."""
    return Counter(text[i : i + length] for i in range(len(text) - length + 1))


def stored_counts():
    """How often each run of LONGEST + 1 characters occurs in the stored text, in order."""
    with np.load(files(__package__).joinpath(FILE)) as stored:
        runs = ["".join(map(chr, codes)) for codes in stored["runs"].T.tolist()]
        return dict(zip(runs, stored["counts"].tolist(), strict=True))


def counted():
    """What the file holds: the runs, a column each, in order, and how often each occurs."""
    from dlkit.datasets import english

    runs = runs_of(english()[0][:_ENOUGH], LONGEST + 1)
    order = sorted(runs)
    codes = np.array([list(run.encode("ascii")) for run in order], np.uint8)
    return {"runs": np.ascontiguousarray(codes.T), "counts": np.uint16([runs[r] for r in order])}
