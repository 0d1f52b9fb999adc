"""The made-up class: hand-ins built from the right answers and traps of a chapter's exercises.py.

Each pupil is named after what it did. Between them they answer in every style that the author wrote
and fall into every trap; the rest is what happens in any class, and some of what happens in none.
"""

import copy
import json
from dataclasses import dataclass

from autograder.spec import Chapter, Exercise, PartSpec

MIXED = 5  # pupils, at least, among whom the traps are dealt out
WRITTEN = "Each input is weighed, the weighed inputs are added up, and the sum decides."

ENDLESS = "while True:\n    pass\n"
ENDS = "import os\n\nos._exit(1)\n"
WARNS = """import sys, warnings

warnings.warn("overflow encountered in exp")
print("this went to stderr", file=sys.stderr)
"""
PATCHES = """import builtins
import dlkit.check
import numpy as np

def always(*args, **kwargs):
    print("✓ full marks")
    return True

check = dlkit.check.check = builtins.check = always
np.allclose = np.array_equal = np.isclose = always
get_ipython().run_cell = always
"""


@dataclass(frozen=True)
class Pupil:
    """One hand-in: the bytes of the notebook's file, and whether they came after the due date."""

    id: str
    did: str
    content: bytes
    late: bool = False


def make_class(chapter: Chapter, released: dict) -> list[Pupil]:
    """About fifteen pupils who hand in `released`, the chapter's notebook as nbformat JSON."""
    right = answers(chapter, lambda part: part.answer)
    first, second = list(right)[:2]
    half = {name: right[name] for name in list(right)[: len(right) // 2]}
    warning = answers(chapter, _style(0))
    warning[second] = WARNS + "\n" + warning[second]
    whole = json.dumps(released).encode()

    def hand_in(id, did, filled, late=False, encoding="utf-8"):
        text = json.dumps(fill(released, chapter, filled), ensure_ascii=False, indent=1)
        return Pupil(id, did, text.encode(encoding), late)

    return [
        hand_in("all-right", "answers like the author", right),
        hand_in("warns", "is right in another style, with warnings on stderr", warning),
        hand_in(
            "bom",
            "is right in yet another style, saved with a byte order mark",
            answers(chapter, _style(1)),
            encoding="utf-8-sig",
        ),
        hand_in("late", "is right, two days late", right, late=True),
        *(
            hand_in(f"mixed-{n + 1}", "falls into some of the traps", filled)
            for n, filled in enumerate(deal_traps(chapter))
        ),
        hand_in("half-done", "stopped in the middle", half),
        hand_in("untouched", "handed in what was released", {}),
        hand_in("endless", "loops for ever in one answer", right | {second: ENDLESS}),
        hand_in("ends", "ends its own process in one answer", right | {second: ENDS}),
        hand_in("patches", "replaces the checks instead of answering", {first: PATCHES}),
        Pupil("broken", "handed in half a file", whole[: len(whole) // 2]),
    ]


def answers(chapter: Chapter, pick) -> dict[str, str]:
    """{exercise: the text of its cell}, with what `pick(part)` chooses as each part's answer."""
    return {
        exercise.name: _cell(exercise, [pick(part) for part in exercise.parts.values()])
        for exercise in chapter.exercises.values()
    }


def _cell(exercise: Exercise, picked) -> str:
    if exercise.kind == "quiz":
        letters = {key: letter for answer in picked for key, letter in answer.function.items()}
        return f"{exercise.name} = {letters!r}\n"
    return "\n\n".join(answer.text for answer in picked)


def _style(number):
    """Picks a right answer; the author wrote several."""

    def pick(part: PartSpec):
        return part.rights[number % len(part.rights)] if part.rights else part.answer

    return pick


def traps_of(part: PartSpec) -> list:
    """A part's named mistakes that have an example, the one of time last."""
    named = [*part.traps, *([part.time] if part.time else [])]
    return [trap for trap in named if trap.answers]


def deal_traps(chapter: Chapter) -> list[dict[str, str]]:
    """What the mixed pupils answer: each trap falls to exactly one of them, the rest is right."""
    parts = [part for exercise in chapter.exercises.values() for part in exercise.parts.values()]
    places = {id(part): place for place, part in enumerate(parts)}
    pupils = max([MIXED, *(len(traps_of(part)) for part in parts)])

    def of_pupil(number):
        right = _style(number)

        def pick(part):
            turn = (number - places[id(part)]) % pupils
            traps = traps_of(part)
            return traps[turn].answers[0] if turn < len(traps) else right(part)

        return pick

    return [answers(chapter, of_pupil(number)) for number in range(pupils)]


def fill(released: dict, chapter: Chapter, filled: dict[str, str]) -> dict:
    """The released notebook with these solution cells, and with the written answer if any."""
    notebook = copy.deepcopy(released)
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in filled:
            cell["source"] = filled[grade_id]
        elif filled and grade_id == chapter.written_name:
            cell["source"] = WRITTEN
    return notebook
