"""What runs in a worker of a Dask cluster: it is prepared once, then grades batches of hand-ins."""

import asyncio
import sys
import threading
from importlib.metadata import version
from multiprocessing.util import Finalize

from threadpoolctl import threadpool_limits

from autograder import fingerprint
from autograder.errors import SandboxUnavailable
from autograder.work import Desk, HandIn, Setting

CODE = "course's code"
PACKAGES = ("numpy", "ipython", "matplotlib", "nbformat", "torch")
_DESKS: dict[str, Desk] = {}  # by run
_GRADING = threading.Lock()  # one hand-in at a time, however many threads the worker has
_OPENING = threading.Lock()  # so that who is dismissed meanwhile has opened, and closes again


def versions(chapter_id: str) -> dict[str, str]:
    """What must be the same on the grader and on each worker, or the marks could differ."""
    python = ".".join(map(str, sys.version_info[:2]))
    packages = {name: version(name) for name in PACKAGES}
    code = fingerprint.of_code(chapter_id, "remote")
    return {CODE: code[:12], "Python": python, **packages}


async def prepare(run: str, expected: dict[str, str], setting: dict) -> dict[str, str]:
    """Open the sandbox of a run in this worker; what stands in the way, by kind, else nothing.

    It takes plain data and raises nothing: a worker with other code can still say so, and Dask
    would write the arguments of what failed, a secret among them, to the worker's log.
    """
    return await asyncio.to_thread(_prepare, run, expected, setting)


def _prepare(run, expected, setting):
    try:
        found = versions(setting["chapter_id"])
        if other := [name for name in expected if found.get(name) != expected[name]]:
            told = (f"its {name} is {found.get(name)}, expected {expected[name]}" for name in other)
            return {"versions": ", ".join(told)}
        with _OPENING:
            _close(run)
            threadpool_limits(1)  # as in the sandbox; the time rules compare the two
            _DESKS[run] = Desk(Setting.from_plain(setting)).__enter__()
    except SandboxUnavailable as error:
        return {"sandbox": error.message}
    except FileNotFoundError as error:
        return {"versions": f"it has not the {CODE} ({error.filename} is missing)"}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {}


def grade_batch(run: str, hand_ins: list[dict]) -> list[str] | None:
    """A result as JSON for each hand-in; None if this worker is not prepared (any more)."""
    with _GRADING:
        desk = _DESKS.get(run)
        return desk and [desk.grade(HandIn(**fields)) for fields in hand_ins]


async def dismiss(run: str) -> None:
    """Close the sandbox of a run, when the batch at hand is done."""
    await asyncio.to_thread(_dismiss, run)


def _dismiss(run: str) -> None:
    with _OPENING:
        _close(run)


def _close(run: str) -> None:
    with _GRADING:
        if desk := _DESKS.pop(run, None):
            desk.__exit__(None, None, None)


def _close_all() -> None:
    for run in list(_DESKS):
        _close(run)


Finalize(None, _close_all, exitpriority=10)  # runs under a nanny too, where atexit does not
