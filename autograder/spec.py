"""The form of exercises.py: a chapter's exercises as decorated functions.

    chapter = Chapter("ch01_perceptron", coverage="C1")
    perceptron_ = chapter.exercise("perceptron", points=1, accept=accept.integer())

    @perceptron_.inputs            # yields case(*args, label="…"), drawn from rng
    @perceptron_.reference         # the right answer
    @perceptron_.right             # another right answer, written differently
    @perceptron_.wrong             # a wrong answer without a name of its own
    @perceptron_.trap(name, hint)  # a named mistake, known by its values

`exercise` gives the one `PartSpec` of an exercise with one name. With `names=[…]` it gives the
`Exercise`, whose parts are `exercise["name"]`: each earns its share of the points. Every decorator
returns the part's reference, so a name in the module always stands for the right answer.
"""

import ast
import functools
import linecache
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.errors import SourceError
from dlkit.check import accept
from dlkit.check.part import Case

DEFAULT_MODULES = ("numpy", "matplotlib.pyplot", "dlkit.check")


def case(*args, label: str = "", truth=None, **kwargs) -> Case:
    """One call of the student's function; the label says what is special without showing it.

    truth is the right value where no reference can compute it from the arguments.
    """
    return Case(args, kwargs, label, truth)


@dataclass
class Answer:
    """A function (or class) an author wrote, with the text that a student would have written."""

    function: object
    text: str


@dataclass
class TrapSpec:
    """A named mistake: variants are wrong answers known by their values; examples only prove it."""

    name: str
    hint: str
    variants: list[Answer] = field(default_factory=list)
    rule: dict | None = None
    code: str | None = None
    examples: list[Answer] = field(default_factory=list)

    @property
    def answers(self) -> list[Answer]:
        """Everything that must be caught under this name."""
        return self.variants + self.examples


@dataclass
class TimeSpec:
    """A limit as a ratio to the yardstick's time on the same large input."""

    inputs: Callable
    ratio: float
    yardstick: str
    trap: str
    hint: str
    examples: list[Answer] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.trap

    @property
    def answers(self) -> list[Answer]:
        return self.examples


@dataclass
class PartSpec:
    """One name that an exercise's cell defines, and how it is judged."""

    name: str
    points: float
    accept: dict
    probe: str = "call"
    uses: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    in_place: bool = False
    sealed: bool = False
    traps: list[TrapSpec] = field(default_factory=list)
    rights: list[Answer] = field(default_factory=list)
    wrongs: list[Answer] = field(default_factory=list)
    time: TimeSpec | None = None
    make_inputs: Callable | None = None
    answer: Answer | None = None

    @property
    def objects(self) -> tuple[str, ...]:
        """The names in the student's notebook that the probe receives."""
        return (self.name, *self.uses)

    # -- decorators --------------------------------------------------------------------------------

    def inputs(self, function):
        """`inputs(rng)` yields the cases; without it the function is called once, with nothing."""
        self.make_inputs = function
        return self._bound()

    def reference(self, function):
        self.answer = _answer(function)
        return function

    def right(self, function):
        self.rights.append(_answer(function))
        return self._bound()

    def wrong(self, function):
        self.wrongs.append(_answer(function))
        return self._bound()

    def trap(self, name: str, *, hint: str | None = None):
        """A wrong answer known by its values; a second one of the same name needs no hint."""

        def register(function):
            self._trap(name, hint).variants.append(_answer(function))
            return self._bound()

        return register

    def trap_text(self, name: str, text: str, *, hint: str | None = None):
        """As `trap`, for a family of variants that a program writes: `text` defines the answer."""
        self._trap(name, hint).variants.append(self._written(text, sys._getframe(1).f_globals))

    def wrong_text(self, text: str):
        """As `wrong`, for an answer that a program writes."""
        self.wrongs.append(self._written(text, sys._getframe(1).f_globals))

    def _written(self, text, names):
        namespace = dict(names)
        exec(text, namespace)
        return Answer(namespace[self.name], text)

    def source_trap(self, name: str, *, rule: dict, hint: str | None = None):
        """A mistake seen in the syntax tree; give it examples with `falls_into`."""
        found = next((trap for trap in self.traps if trap.name == name), None)
        spec = TrapSpec(name, hint or (found.hint if found else ""), rule=rule)
        self.traps.append(spec)

    def difference_trap(self, name: str, *, code: str, hint: str | None = None):
        """A mistake known by the code of the difference that the acceptor finds."""
        found = next((trap for trap in self.traps if trap.name == name), None)
        self.traps.append(TrapSpec(name, hint or (found.hint if found else ""), code=code))

    def falls_into(self, name: str):
        """An example that must be caught as the trap `name` (source, difference or time)."""

        def register(function):
            self._named(name).examples.append(_answer(function))
            return self._bound()

        return register

    def falls_into_text(self, name: str, text: str):
        """As `falls_into`, for an answer that a program writes."""
        self._named(name).examples.append(self._written(text, sys._getframe(1).f_globals))

    def _named(self, name):
        """The last trap of this name, to which an example belongs."""
        named = [trap for trap in self.traps if trap.name == name]
        if self.time and self.time.trap == name:
            named.append(self.time)
        if not named:
            raise SourceError(f"{self.name}: no trap is called {name!r}; define it first")
        return named[-1]

    def time_rule(self, *, inputs, ratio: float, yardstick: str, trap: str, hint: str):
        """At most `ratio` times the yardstick's time on the one case that inputs(rng) gives."""
        self.time = TimeSpec(inputs, ratio, yardstick, trap, hint)

    def _trap(self, name, hint):
        for trap in self.traps:
            if trap.name == name and trap.rule is None and trap.code is None:
                return trap
        if not hint:
            raise SourceError(f"{self.name}: the trap {name!r} needs a hint")
        self.traps.append(TrapSpec(name, hint))
        return self.traps[-1]

    def _bound(self):
        return self.answer.function if self.answer else None


@dataclass
class Exercise:
    """One solution cell and one test cell; its parts share the points."""

    name: str
    points: float
    parts: dict[str, PartSpec]
    kind: str = "code"

    def __getitem__(self, name: str) -> PartSpec:
        return self.parts[name]

    def cell(self, **answers: Answer) -> str:
        """The text of a right solution cell, with other answers for the parts named."""
        chosen = [answers.get(name, part.answer) for name, part in self.parts.items()]
        return "\n\n".join(["import numpy as np", *(answer.text for answer in chosen)])

    @property
    def names(self) -> list[str]:
        """The names that the test cell hands to `check`."""
        return [self.name] if self.kind == "quiz" else list(self.parts)


@dataclass(frozen=True)
class Choice:
    """One question of a quiz: its right letter, and why each other letter is tempting."""

    right: str
    tempting: dict[str, str]


def choice(right: str, **tempting: str) -> Choice:
    """`choice("b", a="…", c="…")`."""
    if right in tempting:
        raise SourceError(f"the right letter {right!r} needs no reason why it is tempting")
    return Choice(right, tempting)


class Chapter:
    """A chapter's exercises in the order of its notebook."""

    def __init__(
        self,
        id: str,
        *,
        coverage: str | tuple[str, ...],
        modules: tuple[str, ...] = DEFAULT_MODULES,
    ):
        """coverage: "C1" for all topics C1.*; ids such as ("C7.8", "C7.9") for those alone."""
        self.id = id
        self.coverage = coverage
        self.modules = modules
        self.exercises: dict[str, Exercise] = {}
        self.written_points: float | None = None

    def exercise(self, name, *, points, accept, names=None, **options):
        """A new exercise: its only part, or (with names) the exercise with its parts."""
        if name in self.exercises:
            raise SourceError(f"{self.id}: two exercises are called {name!r}")
        names = names or [name]
        share = points / len(names)
        parts = {part: PartSpec(part, share, accept, **options) for part in names}
        self.exercises[name] = Exercise(name, points, parts)
        return self.exercises[name] if len(names) > 1 else parts[name]

    def quiz(self, **questions: Choice) -> None:
        """The chapter's quiz, one point a question; the answer is a dict q1 -> letter."""
        name = f"quiz_{self.id.split('_')[0]}"
        parts = {}
        for key, question in questions.items():
            parts[key] = _quiz_part(name, key, question)
        self.exercises[name] = Exercise(name, len(questions), parts, kind="quiz")

    def written(self, *, points: float) -> None:
        """The short written answer that a person grades."""
        self.written_points = points

    @property
    def written_name(self) -> str:
        return f"written_{self.id.split('_')[0]}"

    @property
    def max_score(self) -> float:
        """All automatic points."""
        return sum(exercise.points for exercise in self.exercises.values())


def _quiz_part(name, key, question):
    part = PartSpec(name, 1, accept.letter(), probe="item", sealed=True)
    part.make_inputs = lambda rng: [case(key)]
    part.answer = Answer({key: question.right}, "")
    for letter, reason in question.tempting.items():
        trap = TrapSpec(f"{key}: {letter}", reason, [Answer({key: letter}, "")])
        part.traps.append(trap)
    return part


# -- the text of a decorated function ------------------------------------------------------------


def _answer(function) -> Answer:
    frame = sys._getframe(1)
    while frame.f_globals is globals():
        frame = frame.f_back
    path, line = frame.f_code.co_filename, frame.f_lineno
    for node, text in _decorated("".join(linecache.getlines(path, frame.f_globals))):
        if node.name == function.__name__ and node.decorator_list[0].lineno <= line <= node.lineno:
            return Answer(function, text)
    raise SourceError(f"the text of {function.__name__} was not found: decorate a def or a class")


@functools.cache
def _decorated(text: str) -> list[tuple[ast.AST, str]]:
    """Each decorated function and class of a file, with its text below the decorators."""
    lines = text.splitlines()
    return [
        (node, "\n".join(lines[node.lineno - 1 : node.end_lineno]) + "\n")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list
    ]
