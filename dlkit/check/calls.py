"""One call of a student's function: fresh inputs, what it returned or raised, what it changed."""

import contextlib
import importlib
import io
import signal
import threading
import time
import warnings
from dataclasses import dataclass, field

import numpy as np

from dlkit.check import functions
from dlkit.check.codec import Draw, Fn, Rng, pack, unpack
from dlkit.check.probes import by_name

MAX_PRINTED = 400
CASE_SECONDS = 5  # that a call may work; others on a busy machine take nothing from it
PATIENCE = 3  # times as many seconds on the clock, for a call that waits


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
                names = [_line(name, 80) for name in raised[:20] if isinstance(name, str)]
                said = _line(message, 300), changed, _line(warned, 200), printed[:MAX_PRINTED]
                return cls(value, names, *said)
        raise ValueError("an outcome is a list of six entries")


def _line(text, longest):
    """Text of strangers on one line, without control characters."""
    return "".join(c if c.isprintable() else " " for c in text[:longest])


class TimeLimit(BaseException):
    """A call works longer than CASE_SECONDS, or waits. Student code must not catch it."""


class ForbiddenCall(RuntimeError):
    """A function was called that the exercise asks the student to write."""


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
                outcome.value = settled(by_name(probe)(subject, *inputs, **named))
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


def settled(value):
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

    began, worked = time.monotonic(), time.thread_time()

    def ring(signum, frame):
        left = CASE_SECONDS - (time.thread_time() - worked)
        if left <= 0:
            raise TimeLimit(f"it was stopped after {CASE_SECONDS} seconds")
        if time.monotonic() - began >= PATIENCE * CASE_SECONDS:
            raise TimeLimit(
                f"it was stopped after {PATIENCE * CASE_SECONDS} seconds, in which it mostly waited"
            )
        signal.setitimer(signal.ITIMER_REAL, max(left, CASE_SECONDS / 100))

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
