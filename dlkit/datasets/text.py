"""English text for character models, from Python's own documentation, and its characters as ids."""

import re

import numpy as np

from dlkit.nn.layer import as_integers

# what is written in several ways, and what a small model need not know
_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


def english(*, test=0.1):
    """English prose: one long text to learn from, and another to test with.

    The text is that of the topics behind Python's `help()`, which every Python has in
    `pydoc_data.topics`: paragraphs of prose alone, each once, one a line, in ASCII. Python 3.11
    has 180 000 characters of it. Other versions of Python have other sentences: for figures that
    can be repeated, name the version.

    Parameters
    ----------
    test : float
        Share of the characters to test with, between 0 and 1: the last paragraphs, whole.

    Returns
    -------
    train, test : str

    References
    ----------
    Python Software Foundation, The Python Language Reference. Licence: PSF License Version 2.

    >>> train, test = english()
    >>> len(train) > 100_000, train.count("  ")
    (True, 0)
    """
    if not 0 < test < 1:
        raise ValueError(f"english expected a share between 0 and 1, got test={test!r}.")
    paragraphs = _paragraphs()
    wanted, taken, cut = test * sum(map(len, paragraphs)), 0, len(paragraphs)
    while taken < wanted and cut > 1:
        cut -= 1
        taken += len(paragraphs[cut])
    return "\n".join(paragraphs[:cut]), "\n".join(paragraphs[cut:])


def vocabulary(text):
    """The characters that occur in `text`, sorted; a character's id is its place in the list.

    >>> vocabulary("banana")
    ['a', 'b', 'n']
    """
    return sorted(set(text))


def encode(text, vocab):
    """The ids of the characters of `text`, an integer array (T,).

    Raises
    ------
    ValueError
        if a character is not in `vocab`.

    >>> encode("nab", ["a", "b", "n"])
    array([2, 0, 1])
    """
    place = {character: i for i, character in enumerate(vocab)}
    unknown = sorted(set(text) - set(place))
    if unknown:
        raise ValueError(
            f"encode met characters that are not in vocab: {''.join(unknown)!r}. "
            "Make vocab from all text: vocabulary(train + test)."
        )
    return np.array([place[character] for character in text], dtype=np.int64)


def decode(ids, vocab):
    """The text with these ids, whole numbers (T,).

    >>> decode([2, 0, 1], ["a", "b", "n"])
    'nab'
    """
    ids = as_integers(ids, "ids")
    if ids.size and not 0 <= ids.min() <= ids.max() < len(vocab):
        raise ValueError(
            f"decode expected ids from 0 to {len(vocab) - 1}, got {ids.min()} to {ids.max()}."
        )
    return "".join(vocab[i] for i in ids)


def _paragraphs():
    """The paragraphs of prose, each once: several topics share whole sections."""
    from pydoc_data.topics import topics  # half a megabyte, so only when it is asked for

    found = {}
    for name in sorted(topics):
        for block in topics[name].split("\n\n"):
            paragraph = " ".join(block.split()).lstrip("* ").translate(_PLAIN)
            if _is_prose(paragraph):
                found[paragraph] = None
    return list(found)


def _is_prose(paragraph):
    """Whether it is one or more sentences, and not code, a rule of grammar or a heading."""
    letters = len(re.findall(r"[A-Za-z ]", paragraph))
    sentences = re.match(r"[A-Z]", paragraph) and paragraph.endswith(".")
    return (
        bool(sentences)
        and len(paragraph) >= 80
        and letters >= 0.88 * len(paragraph)
        and (paragraph.isascii())
    )
