"""Where the CPU time of grading a hand-in goes: the share of each stage, the sandbox's included.

    python benchmarks/stages.py [--chapter ch01] [--rounds 5]

One process grades in turn what the made-up pupils handed in. Starting up is left out, and so is
what the kernel does for a worker after its end.
"""

import contextlib
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from unittest import mock

import click
import nbformat
from grading import CLASSES, hand_ins

from autograder import chapters, intake
from autograder.gradebook import Gradebook
from autograder.judge import Judge
from autograder.paths import COURSE, Classroom
from autograder.result import Result
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.client import Worker
from autograder.submission import Submission
from autograder.work import Desk, HandIn, Setting

STAGES = {
    "reading and repair": (intake, "parse"),
    "a worker forked": (Sandbox, "spawn"),
    "the notebook's cells": (Worker, "run_cell"),
    "probes": (Worker, "probe"),
    "timed probes": (Worker, "time_probe"),
    "a worker ended": (Worker, "close"),
    "hidden inputs, right values": (Judge, "parts"),
    "gradebook and files": (Gradebook, "record"),
}
JUDGING = "verdicts"
SANDBOX = ("the notebook's cells", "probes", "timed probes")  # a worker computes while we wait


class Clock:
    """CPU seconds by stage, those of an inner stage taken from the outer one."""

    def __init__(self):
        self.spent: Counter[str] = Counter()
        self._stages = [JUDGING]
        self._last = time.process_time()

    @contextlib.contextmanager
    def stage(self, name: str, worker: Worker | None = None):
        self._book()
        self._stages.append(name)
        before = worker_cpu_s(worker)
        try:
            yield
        finally:
            self._book()
            self._stages.pop()
            self.spent[name] += max(0.0, worker_cpu_s(worker) - before)

    def _book(self):
        now = time.process_time()
        self.spent[self._stages[-1]] += now - self._last
        self._last = now


def worker_cpu_s(worker: Worker | None) -> float:
    """What a worker has used so far; 0 where there is none, or it is gone."""
    if worker is None or worker.ended is not None:
        return 0.0
    try:
        nanoseconds = Path(f"/proc/{worker.process.root()}/schedstat").read_text().split()[0]
    except (OSError, StopIteration):
        return 0.0
    return int(nanoseconds) / 1e9


@contextlib.contextmanager
def watched(clock: Clock):
    """Every stage's function books its time on the clock."""
    with contextlib.ExitStack() as stack:
        for name, (owner, function) in STAGES.items():
            stack.enter_context(mock.patch.object(owner, function, _timed(clock, name, owner)))
        yield


def _timed(clock, name, owner):
    inner = getattr(owner, STAGES[name][1])

    def timed(*args, **kwargs):
        with clock.stage(name, args[0] if name in SANDBOX else None):
            result = inner(*args, **kwargs)
        if name == "a worker forked":
            clock.spent[name] += worker_cpu_s(result)
        return result

    return timed


def spent(chapter_id: str, notebooks: list[bytes], rounds: int) -> list[Counter]:
    """The CPU seconds by stage of each hand-in after the first."""
    release = nbformat.read(COURSE / chapter_id / f"{chapter_id}.ipynb", as_version=4)
    setting = Setting(chapter_id, nbformat.writes(release), {}, Limits(), b"secret" * 6)
    clock, found = Clock(), []
    with (
        tempfile.TemporaryDirectory() as folder,
        Gradebook(Classroom.at(folder)) as gradebook,
        Desk(setting) as desk,
        watched(clock),
    ):
        gradebook.release_of(chapter_id)
        for number in range(rounds * len(notebooks) + 1):
            clock.spent.clear()
            student = f"s{number:03}"
            content = notebooks[number % len(notebooks)]
            result = Result.from_json(json.loads(desk.grade(HandIn(student, content))))
            gradebook.record(result, Submission(student, chapter_id, Path(folder)))
            found.append(Counter(clock.spent))
    return found[1:]


@click.command()
@click.option("--chapter", default="ch01")
@click.option("--rounds", default=5, help="How often each made-up hand-in is graded.")
def main(chapter: str, rounds: int) -> None:
    """Print what each stage of grading takes."""
    chapter = chapters.resolve(chapter)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    for title, ids in CLASSES.items():
        found = spent(chapter, hand_ins(chapter, ids), rounds)
        medians = {name: statistics.median(f[name] for f in found) for name in (*STAGES, JUDGING)}
        total = sum(medians.values())
        click.echo(f"{title:<30}{'CPU ms':>8}{'share':>8}")
        for name, seconds in sorted(medians.items(), key=lambda item: -item[1]):
            click.echo(f"  {name:<28}{1000 * seconds:>8.1f}{seconds / total:>8.1%}")
        click.echo(f"  {'together':<28}{1000 * total:>8.1f}")


if __name__ == "__main__":
    main()
