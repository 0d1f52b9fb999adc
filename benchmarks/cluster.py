"""CPU seconds a hand-in on a Dask cluster: of the workers, the scheduler and the grader.

    python benchmarks/cluster.py [--chapter ch01] [--sizes 20,220] [--workers 2]

Half of the hand-ins are right, half have mistakes. "One more" is what a further hand-in costs when
starting up has been paid for; docs/machines.md works out from it what 10,000 cost.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import psutil
from distributed import Client
from grading import CLASSES, hand_ins, line, submit

from autograder import chapters
from autograder.cluster import BATCH
from autograder.gradebook import read_results
from autograder.paths import ROOT, Classroom

ROLES = ("workers", "scheduler", "grader")


class Command:
    """A Python module run as a process; `end` says what it cost."""

    def __init__(self, *arguments: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def end(self) -> float:
        """CPU seconds of the process and its children, when it has ended."""
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime

    def stop(self) -> float:
        self.process.terminate()
        return self.end()


def start(workers: int, folder: Path) -> tuple[Command, list[Command], str]:
    """A scheduler, so many workers, and the scheduler's address."""
    file = folder / "scheduler.json"
    local = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    scheduler = Command("distributed.cli.dask_scheduler", *local, "--scheduler-file", str(file))
    while not file.exists():
        time.sleep(0.1)
    address = json.loads(file.read_text())["address"]
    options = ("--nthreads", "1", "--memory-limit", "0", "--no-dashboard", "--no-nanny")
    crew = [Command("distributed.cli.dask_worker", address, *options) for _ in range(workers)]
    return scheduler, crew, address


def grade(chapter: str, notebooks: list[bytes], workers: int, folder: Path) -> dict[str, float]:
    """CPU seconds of each role for grading these, from starting the cluster to stopping it."""
    submit(chapter, notebooks, folder / "submitted")
    scheduler, crew, address = start(workers, folder)
    classroom = ("--classroom", str(folder))
    grader = Command("autograder", "grade", chapter, *classroom, "--scheduler", address)
    costs = {"grader": grader.end(), "workers": sum(worker.stop() for worker in crew)}
    graded = len(read_results(Classroom(folder), chapter))
    if grader.process.returncode or graded != len(notebooks):
        raise click.ClickException(f"only {graded} of {len(notebooks)} hand-ins were graded")
    return costs | {"scheduler": scheduler.stop()}


def scheduling(notebooks: list[bytes], folder: Path, tasks: int = 300) -> float:
    """CPU seconds of the scheduler for a task that takes these and gives them back."""
    folder.mkdir()
    scheduler, crew, address = start(1, folder)
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(1)
        client.submit(list, notebooks, pure=False).result()
        process = psutil.Process(scheduler.process.pid)
        before = process.cpu_times()
        for _ in range(tasks):
            client.submit(list, notebooks, pure=False).result()
        after = process.cpu_times()
    for command in (*crew, scheduler):
        command.stop()
    return (after.user + after.system - before.user - before.system) / tasks


def mixed(chapter: str) -> Iterator[bytes]:
    """Without end, one that is right and one with mistakes in turn."""
    classes = [itertools.cycle(hand_ins(chapter, ids)) for ids in CLASSES.values()]
    return itertools.chain.from_iterable(zip(*classes, strict=True))


@click.command()
@click.option("--chapter", default="ch01")
@click.option("--sizes", default="20,220", help="Numbers of hand-ins, the smallest first.")
@click.option("--workers", default=2, help="Worker processes.")
def main(chapter: str, sizes: str, workers: int) -> None:
    """Print what grading one hand-in on a cluster costs, by role."""
    chapter = chapters.resolve(chapter)
    costs = {}
    with tempfile.TemporaryDirectory() as scratch:
        for count in map(int, sizes.split(",")):
            click.echo(f"grading {count} on {workers} workers …", err=True)
            folder = Path(scratch, str(count))
            notebooks = list(itertools.islice(mixed(chapter), count))
            costs[count] = grade(chapter, notebooks, workers, folder)
        full = list(itertools.islice(mixed(chapter), BATCH))
        each = scheduling(full, Path(scratch, "scheduling"))
    click.echo(line(("CPU s", *ROLES)))
    for count, cost in costs.items():
        click.echo(line((f"of {count}", *(f"{cost[role] / count:.4f}" for role in ROLES))))
    few, many = min(costs), max(costs)
    if few < many:
        more = {role: (costs[many][role] - costs[few][role]) / (many - few) for role in ROLES}
        click.echo(line(("one more", *(f"{more[role]:.4f}" for role in ROLES))))
    click.echo(f"the scheduler, for a task of {BATCH}: {each:.4f} CPU s")


if __name__ == "__main__":
    main()
