"""Hand-ins graded by processes of this machine, each with a sandbox of its own."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, connection, get_context, parent_process
from multiprocessing.util import Finalize

from autograder.docket import Docket
from autograder.result import Result
from autograder.sandbox import probe_host
from autograder.work import Desk, HandIn, Setting

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
AHEAD = 2  # hand-ins for each process: one is graded, one waits
_STATE: dict = {}


def judged(setting: Setting, docket: Docket, jobs: int | None = None) -> Iterator[Result]:
    """Results as they come; what a broken process held is judged once more, alone.

    Raises SandboxUnavailable where isolation does not work; nothing is run then.
    """
    probe_host()
    for name in THREADS:  # inherited: a process a core, each with one thread
        os.environ[name] = "1"
    jobs = jobs or os.cpu_count() or 1
    while docket.fresh:
        yield from _run(setting, docket, docket.fresh, min(jobs, len(docket.fresh)), AHEAD)
    while docket.suspects:
        yield from _run(setting, docket, docket.suspects, 1, 1)


def _run(setting, docket, waiting, jobs, ahead):
    """Judge until nothing is `waiting`, or a process breaks and with it the whole executor."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["autograder.work"])
    held, others = {}, set(active_children())
    with ProcessPoolExecutor(jobs, context, _start, (setting,)) as executor:

        def fill():
            while waiting and len(held) < jobs * ahead:
                (hand_in,) = docket.batch(1)
                held[hand_in.student] = None  # held even if the executor breaks just now
                held[hand_in.student] = executor.submit(_grade, hand_in)

        try:
            fill()
            while held:
                done = wait(held.values(), return_when=FIRST_COMPLETED).done
                for student in [student for student, future in held.items() if future in done]:
                    text = held[student].result()
                    del held[student]
                    fill()
                    yield from docket.judged(text)
        except BrokenProcessPool:
            for student in held:
                yield from docket.lost(student, "a grading process ended unexpectedly")
        except BaseException:  # stopped, or nothing can be recorded: what still runs is given up
            for process in set(active_children()) - others:
                process.terminate()
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _start(setting: Setting) -> None:
    """Open the process's own sandbox; a failure is told to whoever asks for a result."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the main process's to handle
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_leave_with_main_process, daemon=True).start()
    try:
        _STATE["desk"] = desk = Desk(setting).__enter__()
    except Exception as error:
        _STATE["problem"] = error
    else:
        Finalize(None, desk.__exit__, (None, None, None), exitpriority=10)  # atexit does not run


def _grade(hand_in: HandIn) -> str:
    if problem := _STATE.get("problem"):
        raise problem
    return _STATE["desk"].grade(hand_in)


def _leave(*signal_and_frame) -> None:
    try:
        _STATE["desk"].__exit__()
    finally:
        os._exit(1)


def _leave_with_main_process() -> None:
    """A killed main process takes no pool with it; its end is seen here."""
    connection.wait([parent_process().sentinel])
    _leave()
