"""Probes: how a student's object is asked for values, in `check` and in the grader's sandbox.

A probe is a function `(student_object, *inputs) -> plain data`. It returns values, never a verdict.
`run_case` calls one with fresh inputs and records what happened as an `Outcome`.
"""

import contextlib
import importlib
import io
import itertools
import signal
import threading
import warnings
from dataclasses import dataclass, field

import numpy as np

from dlkit.check import functions
from dlkit.check.codec import Draw, Fn, Rng, pack, unpack

MAX_ITEMS = 10_000
MAX_PRINTED = 400
CASE_SECONDS = 5


@dataclass
class Outcome:
    """What one call gave: a value, or the names of the exception's classes and its message."""

    value: object = None
    raised: list[str] = field(default_factory=list)
    message: str = ""
    changed: bool = False
    warned: str = ""
    printed: str = ""

    def to_tree(self):
        """Plain data, for `pack`."""
        return [self.value, self.raised, self.message, self.changed, self.warned, self.printed]

    @classmethod
    def from_tree(cls, tree) -> "Outcome":
        """The outcome of unpacked data that may come from a hostile process; ValueError if bad."""
        match tree:
            case [value, list(raised), str(message), bool(changed), str(warned), str(printed)]:
                names = [name for name in raised if isinstance(name, str)]
                return cls(value, names, message, changed, warned, printed[:MAX_PRINTED])
        raise ValueError("an outcome is a list of six entries")


class TimeLimit(BaseException):
    """A call took longer than CASE_SECONDS. Not an Exception: student code must not catch it."""


class ForbiddenCall(RuntimeError):
    """A function was called that the exercise asks the student to write."""


# -- the probes ----------------------------------------------------------------------------------


def call(function, *args, **kwargs):
    """The plain call."""
    return function(*args, **kwargs)


def collect(function, *args, **kwargs):
    """The items of the iterable that a call returns (a list, a generator), at most 10,000."""
    return list(itertools.islice(iter(function(*args, **kwargs)), MAX_ITEMS))


def item(mapping, key):
    """One entry of a dict, such as one question of a quiz; None where it is missing."""
    return mapping.get(key)


def attribute_free(value):
    """The object itself, for an exercise whose answer is data."""
    return value


def repeat(function, times, *args, **kwargs):
    """The values of many calls in a row with the same arguments (one generator for all)."""
    return [function(*args, **kwargs) for _ in range(times)]


def same_seed(function, *args, seed):
    """Two calls, each with a new generator of the same seed as last argument."""
    return [function(*args, np.random.default_rng(seed)) for _ in range(2)]


def expression(cls, program):
    """Run a small program on objects of a class with `.data`, `.grad` and `.backward()`.

    program is a list of steps: a number makes a leaf `cls(number)`; `(op, i)` or `(op, i, j)`
    applies an operator or method to earlier results, where an operand given as `("number", v)`
    stays a plain number. Returns the last result's data and the gradient of every leaf.
    """
    results, leaves = [], []
    for step in program:
        if isinstance(step, tuple | list):
            operands = [
                entry[1] if isinstance(entry, tuple | list) else results[entry]
                for entry in step[1:]
            ]
            results.append(_apply(step[0], operands))
        else:
            results.append(cls(step))
            leaves.append(results[-1])
    results[-1].backward()
    return results[-1].data, [leaf.grad for leaf in leaves]


def _apply(name, operands):
    operators = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "**": lambda a, b: a**b,
        "neg": lambda a: -a,
    }
    if name in operators:
        return operators[name](*operands)
    return getattr(operands[0], name)(*operands[1:])


def forward_backward(functions, dout, *args, **kwargs):
    """The gradients of a pair (backward, forward), where forward's second result is its cache."""
    backward, forward = functions
    cache = forward(*args, **kwargs)[1]
    return backward(dout, cache)


_PROBES = (
    "call",
    "collect",
    "item",
    "attribute_free",
    "repeat",
    "same_seed",
    "expression",
    "forward_backward",
)


def by_name(name: str):
    """The probe called `name`; ValueError for a name that is not listed."""
    if name not in _PROBES:
        raise ValueError(f"no probe {name!r} here: expected one of {', '.join(_PROBES)}")
    return globals()[name]


# -- running one ---------------------------------------------------------------------------------


def live(value):
    """Fresh inputs: arrays and containers copied, recipes and names turned into what they name."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list):
        return [live(item) for item in value]
    if isinstance(value, tuple):
        return tuple(live(item) for item in value)
    if isinstance(value, dict):
        return {key: live(item) for key, item in value.items()}
    if isinstance(value, Fn):
        return functions.make(value.name, live(value.args))
    if isinstance(value, Rng):
        return np.random.default_rng(value.seed)
    if isinstance(value, Draw):
        return value.array()
    return value


def run_case(objects, probe, args=(), kwargs=None, forbidden=()) -> Outcome:
    """Call a probe on the student's object (a tuple, where the exercise needs several)."""
    kwargs = kwargs or {}
    subject = objects if len(objects) > 1 else objects[0]
    inputs, named = live(tuple(args)), live(dict(kwargs))
    outcome, printed = Outcome(), io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            with _forbidding(forbidden), _time_limit():
                outcome.value = _settled(by_name(probe)(subject, *inputs, **named))
        except (Exception, SystemExit, TimeLimit) as error:
            outcome.raised = [kind.__name__ for kind in type(error).__mro__[:-1]]
            outcome.message = str(error)[:300]
    outcome.changed = _differs(tuple(args), inputs) or _differs(kwargs, named)
    outcome.warned = str(caught[0].message)[:200] if caught else ""
    outcome.printed = printed.getvalue()[:MAX_PRINTED]
    return outcome


def run_cases(objects, probe, calls, forbidden=()) -> list[Outcome]:
    """The outcomes of several calls [(args, kwargs), …]; after a TimeLimit the rest is not run."""
    found = []
    for args, kwargs in calls:
        endless = found and found[-1].raised[:1] == ["TimeLimit"]
        found.append(found[-1] if endless else run_case(objects, probe, args, kwargs, forbidden))
    return found


def _settled(value):
    """The value as it is now, as it would arrive on the wire: later calls cannot change it."""
    tree, arrays = pack(value)
    return unpack(tree, [array.copy() for array in arrays])


def _differs(given, used) -> bool:
    """Did a call change its arguments? Generators and functions may well change when called."""
    if isinstance(given, Fn | Rng | Draw):
        return False
    if isinstance(given, np.ndarray):
        same = used.dtype == given.dtype and used.shape == given.shape
        return not same or used.tobytes() != given.tobytes()
    if isinstance(given, dict):
        return list(given) != list(used) or any(_differs(given[k], used[k]) for k in given)
    if isinstance(given, list | tuple):
        return len(given) != len(used) or any(map(_differs, given, used))
    return type(given) is not type(used) or (given != used and given == given)


@contextlib.contextmanager
def _time_limit():
    """Interrupts what runs too long, where the system has alarms and this is the main thread."""
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def ring(signum, frame):
        raise TimeLimit(f"it was stopped after {CASE_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, CASE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _forbidding(names):
    """While it lasts, calling any of these dotted names raises ForbiddenCall."""
    originals = []
    try:
        for dotted in names:
            module_name, _, attribute = dotted.rpartition(".")
            module = importlib.import_module(module_name)
            originals.append((module, attribute, getattr(module, attribute)))
            setattr(module, attribute, _refusal(dotted))
        yield
    finally:
        for module, attribute, original in originals:
            setattr(module, attribute, original)


def _refusal(dotted):
    def refused(*args, **kwargs):
        raise ForbiddenCall(f"{dotted} may not be called here: this exercise is to write it")

    return refused


# -- the sandbox's end of the wire -----------------------------------------------------------------


def request(names, probe, cases, forbidden=()) -> tuple[dict, list[np.ndarray]]:
    """What the judge sends: names of the student's objects, a probe, and [(args, kwargs), …]."""
    tree, arrays = pack([[list(args), dict(kwargs)] for args, kwargs in cases])
    return (
        {"names": list(names), "probe": probe, "cases": tree, "forbidden": list(forbidden)},
        arrays,
    )


def serve(namespace, message, arrays) -> tuple[dict, list[np.ndarray]]:
    """Answer a request in the student's namespace: one outcome a case, or the missing name."""
    missing = [name for name in message["names"] if name not in namespace]
    if missing:
        return {"missing": missing[0]}, []
    objects = tuple(namespace[name] for name in message["names"])
    calls = unpack(message["cases"], arrays)
    found = run_cases(objects, message["probe"], calls, message["forbidden"])
    tree, arrays = pack([outcome.to_tree() for outcome in found])
    return {"outcomes": tree}, arrays


def prepare(namespace, message, arrays):
    """A call without arguments that runs a request's only case, its inputs ready to use."""
    objects = tuple(namespace[name] for name in message["names"])
    subject = objects if len(objects) > 1 else objects[0]
    ((args, kwargs),) = unpack(message["cases"], arrays)
    inputs, named = live(tuple(args)), live(kwargs)
    probe = by_name(message["probe"])
    return lambda: probe(subject, *inputs, **named)


def finish(result) -> tuple[dict, list[np.ndarray]]:
    """The reply that carries a timed call's result."""
    tree, arrays = pack([Outcome(_settled(result)).to_tree()])
    return {"outcomes": tree}, arrays


def outcomes(reply, arrays) -> list[Outcome]:
    """The outcomes of a reply; ValueError where it does not follow the form."""
    return [Outcome.from_tree(tree) for tree in unpack(reply["outcomes"], arrays)]
