"""One part of an exercise as data (inputs, expected outcomes, traps), and the verdict on an answer.

The release stores parts as JSON for `check`; the grader builds the same parts with hidden inputs.
Both decide with `PartCheck.verdict`, so a student and the grader see one truth.
"""

from dataclasses import dataclass, field

from dlkit.check import accept, seal
from dlkit.check.calls import Outcome
from dlkit.check.differences import Difference, type_name
from dlkit.check.source import Source
from dlkit.check.source_rules import matches

LOST = ("crashed", "out_of_memory", "not_run")  # the sandbox's words for a worker that is gone


UNWRITTEN = "Not written yet: replace the line `raise NotImplementedError()`."


@dataclass
class Case:
    """One call: its arguments, and a label that may stand in a message without showing them.

    truth is the right value where only the inputs' author knows it, such as the labels of unseen
    pictures; elsewhere the reference gives it. It is never sent to a student's code.
    """

    args: tuple = ()
    kwargs: dict = field(default_factory=dict)
    label: str = ""
    truth: object = None


@dataclass
class Trap:
    """A named mistake. Exactly one of outcomes (by case number), rule and code says what it is."""

    name: str | None
    hint: str
    outcomes: dict[int, Outcome] | None = None
    rule: dict | None = None
    code: str | None = None


@dataclass
class TimeRule:
    """At most `ratio` times the yardstick's time on `case`, which is plain NumPy work."""

    case: Case
    ratio: float
    yardstick: str
    trap: str
    hint: str


@dataclass
class Verdict:
    """ok, or the trap's name and hint, or only a hint that tells the difference in plain words."""

    ok: bool
    trap: str | None = None
    hint: str | None = None
    case: int | None = None
    unwritten: bool = False


@dataclass
class PartCheck:
    """Everything needed to judge one name of an exercise."""

    name: str
    points: float
    acceptor: dict
    cases: list[Case]
    expected: list[Outcome | None]
    traps: list[Trap] = field(default_factory=list)
    objects: tuple[str, ...] = ()
    probe: str = "call"
    forbidden: tuple[str, ...] = ()
    in_place: bool = False
    sealed: bool = False
    time: TimeRule | None = None

    # -- the verdict -----------------------------------------------------------------------------

    def source_trap(self, source: Source) -> Trap | None:
        """The first source trap that the student's code falls into."""
        for trap in self.traps:
            if trap.rule and matches(trap.rule, source, self.objects[0]):
                return trap
        return None

    def verdict(self, found: list[Outcome], source: Source) -> Verdict:
        """Judge the outcomes of all cases; source traps first, then values, then differences."""
        unwritten = any(outcome.raised[:1] == ["NotImplementedError"] for outcome in found)
        if unwritten:
            return Verdict(False, None, UNWRITTEN, unwritten=True)
        if trap := self.source_trap(source):
            return Verdict(False, trap.name, trap.hint)
        differences = [self.difference(i, outcome) for i, outcome in enumerate(found)]
        wrong = next((i for i, difference in enumerate(differences) if difference), None)
        if wrong is None:
            return Verdict(True)
        if trap := self._value_trap(found, differences):
            return Verdict(False, trap.name, trap.hint, wrong)
        if seen := self._code_trap(differences):
            trap, index = seen
            return Verdict(False, trap.name, trap.hint, index)
        return Verdict(False, None, self._sentence(wrong, differences[wrong]), wrong)

    def difference(self, index: int, found: Outcome) -> Difference | None:
        """How one case's outcome differs from the expected one."""
        return self._unlike(index, self.expected[index], found)

    def large_difference(self, expected, found: Outcome) -> Difference | None:
        """How the outcome of the time rule's large input differs from the reference's value."""
        if found.raised:
            return _raised(found)
        case = self.time.case
        return accept.judge(self.acceptor, expected, found.value, case.args, case.kwargs)

    def _unlike(self, index, expected, found):
        wanted_error = expected.raised if expected else []
        if found.raised:
            if wanted_error and wanted_error[0] in found.raised:
                return None
            return _raised(found, *wanted_error[:1])
        if wanted_error:
            return Difference(
                f"the function returned a value, expected {wanted_error[0]} to be raised.",
                "not raised",
            )
        case = self.cases[index]
        value = expected.value if expected else None
        if self.sealed:
            difference = seal.difference(value, found.value)
        else:
            difference = accept.judge(self.acceptor, value, found.value, case.args, case.kwargs)
        if difference or self.in_place or not found.changed:
            return difference
        return Difference(
            "the result is right, but the function changed one of its arguments. "
            "Work on a copy: whoever calls it still needs the old values.",
            "changed",
        )

    def _value_trap(self, found, differences):
        """The trap that explains the wrong values best; None if some remain unexplained.

        Where the answer raises, it may do so for another reason (lists, say): that neither speaks
        for a trap nor against it, unless the trap raises the same.
        """
        best, most = None, 0
        for trap in self.traps:
            matched = self._matched(trap, found, differences)
            if matched > most and 2 * matched >= len(trap.outcomes):
                best, most = trap, matched
        return best

    def _matched(self, trap, found, differences) -> int:
        """On how many of its cases the trap is seen; 0 where any other value is wrong."""
        outcomes, matched = trap.outcomes or {}, 0
        for i, difference in enumerate(differences):
            if self.refutes(i, outcomes.get(i), found[i], difference):
                return 0
            matched += i in outcomes and self._same(i, outcomes[i], found[i])
        return matched

    def refutes(
        self, index: int, trapped: Outcome | None, found: Outcome, difference: Difference | None
    ) -> bool:
        """Whether one case shows that an answer is not this trap (None: the trap is right there).

        `difference` is that of the answer's outcome `found`.
        """
        if found.raised:
            return False
        return not self._same(index, trapped, found) if trapped else difference is not None

    def _same(self, index, trapped: Outcome, found: Outcome):
        if trapped.raised or found.raised:
            return bool(found.raised) and trapped.raised[:1] == found.raised[:1]
        if found.changed != trapped.changed and not self.in_place:
            return False
        if self._unlike(index, trapped, Outcome(found.value)) is None:
            return True
        if self.sealed or type_name(trapped.value) != type_name(found.value):
            return False
        case = self.cases[index]
        same = accept.judge(accept.close(), trapped.value, found.value, case.args, case.kwargs)
        return same is None

    def _code_trap(self, differences):
        """The first trap whose code a difference has, and the first case that shows it."""
        codes = [difference.code if difference else None for difference in differences]
        for trap in self.traps:
            if trap.code and trap.code in codes:
                return trap, codes.index(trap.code)
        return None

    def _sentence(self, index, difference):
        label, text = self.cases[index].label, difference.text
        if self.probe == "item":
            return "not answered with one of the letters offered."
        if text.startswith("it "):
            text = "the result " + text.removeprefix("it ")
        if label:
            return f"With {label}: {text}"
        first = text.split()[0]
        return text[0].upper() + text[1:] if first.isalpha() else text


def _raised(found: Outcome, wanted: str = "") -> Difference:
    kind = found.raised[0]
    if kind == "TimeLimit":
        return Difference("the function does not come to an end: " + found.message + ".", "endless")
    if kind in LOST:
        return Difference(f"the function gave no answer: {found.message}.", kind)
    text = f"the function raised {kind}"
    if wanted:
        text += f", expected {wanted} to be raised"
    return Difference(f"{text}: {found.message}" if found.message else f"{text}.", f"raised:{kind}")
