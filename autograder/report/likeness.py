"""Pairs of hand-ins whose answers are alike, whatever they call their variables.

An answer becomes a list of tokens, and each five neighbouring tokens a fingerprint. Fingerprints of
the released notebook do not count, nor do those that a good part of the class has.
"""

import builtins
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

RUN = 5  # tokens in a fingerprint
SHORTEST = 25  # fingerprints below which an answer says nothing of who wrote it
ALIKE = 0.8  # likeness from which two answers are named
COMMON = 10, 0.1  # a fingerprint is common when more than so many, and so large a share, have it
LONGEST = 20_000  # characters of an answer that are compared

_TOKEN = re.compile(
    r"""
    (?P<skip>   \#[^\n]* | \\\r?\n | [^\S\n]+ )
  | (?P<line>   \n )
  | (?P<string> \b[bfru]{0,2}(?:
        \"{3}(?:[^\\]|\\.)*?(?:\"{3}|\Z) | '{3}(?:[^\\]|\\.)*?(?:'{3}|\Z)
      | \"(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'? )
    | \"{3}(?:[^\\]|\\.)*?(?:\"{3}|\Z) | '{3}(?:[^\\]|\\.)*?(?:'{3}|\Z)
    | \"(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'? )
  | (?P<number> \d[\w.]* | \.\d[\w.]* )
  | (?P<name>   [^\W\d]\w* )
  | (?P<sign>   [-+*/%@&|^=<>!:]= | \*\* | // | << | >> | -> | . )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_KEPT_NAMES = frozenset(keyword.kwlist) | frozenset(dir(builtins))
_NAME, _STRING, _LINE = "a name", "a string", "a line's end"


@dataclass(frozen=True)
class Pair:
    """Two students, how alike their long answers are (0 to 1), and each answer that is alike."""

    students: tuple[str, str]
    likeness: float
    exercises: dict[str, float]


def pairs(answers: dict[str, dict[str, str]], released: list[str]) -> list[Pair]:
    """Pairs with an answer that is alike, those with the most such answers first.

    answers: by student, the code of each exercise; released: the code of the released notebook.
    """
    known = frozenset().union(*map(fingerprints, released))
    own = _own(answers, known)
    shared = {name: _shared(prints) for name, prints in own.items()}
    alike = defaultdict(dict)
    for name, counts in shared.items():
        for (a, b), count in counts.items():
            share = _likeness(count, own[name][a], own[name][b])
            if count >= SHORTEST and share >= ALIKE:
                alike[a, b][name] = share
    found = [Pair(pair, _overall(pair, own, shared), names) for pair, names in alike.items()]
    return sorted(
        found, key=lambda pair: (-sum(pair.exercises.values()), -pair.likeness, pair.students)
    )


def _own(answers, known) -> dict[str, dict[str, frozenset]]:
    """By exercise and student: the fingerprints neither released nor common, of long answers."""
    own = defaultdict(dict)
    for student in sorted(answers):
        for name, code in answers[student].items():
            own[name][student] = fingerprints(code) - known
    for name, prints in own.items():
        holders = Counter(one for mine in prints.values() for one in mine)
        limit = max(COMMON[0], COMMON[1] * len(answers))
        common = {one for one, count in holders.items() if count > limit}
        rare = {student: mine - common for student, mine in prints.items()}
        own[name] = {student: mine for student, mine in rare.items() if len(mine) >= SHORTEST}
    return own


def _shared(prints: dict[str, frozenset]) -> Counter:
    """How many fingerprints each pair has in common, looked up by fingerprint."""
    index = defaultdict(list)
    for student, mine in prints.items():
        for one in mine:
            index[one].append(student)
    groups = Counter(tuple(students) for students in index.values())
    counts = Counter()
    for students, times in groups.items():
        for pair in combinations(students, 2):
            counts[pair] += times
    return counts


def _likeness(count: int, a: frozenset, b: frozenset) -> float:
    return 2 * count / (len(a) + len(b))


def _overall(pair, own, shared) -> float:
    """The likeness of all the long answers that both students gave."""
    both = [name for name, prints in own.items() if all(student in prints for student in pair)]
    count = sum(shared[name][pair] for name in both)
    return 2 * count / sum(len(own[name][student]) for name in both for student in pair)


@lru_cache(maxsize=10_000)
def fingerprints(code: str) -> frozenset[int]:
    """Of each run of tokens; names count by which of them are the same within the run."""
    read = tuple(tokens(code[:LONGEST]))
    runs = (read[start : start + RUN] for start in range(len(read) - RUN + 1))
    return frozenset(map(_fingerprint, runs))


def _fingerprint(run: tuple[tuple[str, str], ...]) -> int:
    seen = {}
    return hash(
        tuple(seen.setdefault(text, len(seen)) if kind == _NAME else text for kind, text in run)
    )


def tokens(code: str) -> Iterator[tuple[str, str]]:
    """Kind and text of what counts: no comment, white space or docstring; a string is a string."""
    line, depth = [], 0
    for kind, text in _lexemes(code):
        depth = max(0, depth + (text in "([{") - (text in ")]}")) if kind == "sign" else depth
        if kind != _LINE:
            line.append((kind, text))
        elif depth == 0:
            yield from _without_docstring(line)
            line = []
    yield from _without_docstring(line)


def _lexemes(code: str) -> Iterator[tuple[str, str]]:
    before = ""
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup, match[0]
        if kind == "skip":
            continue
        if kind == "line":
            yield _LINE, text
            continue
        if kind == "string":
            text = _STRING
        elif kind == "name" and text not in _KEPT_NAMES and before != ".":
            kind = _NAME
        if not (text == before == _STRING):
            yield kind, text
        before = text


def _without_docstring(line: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [] if line == [("string", _STRING)] else line
