"""CPU seconds a hand-in: our `grade` beside `nbgrader autograde`, the same hand-ins, in one run.

    python benchmarks/grading.py [--chapter ch01]… [--sizes 1,20,200] [--jobs 1]

Of every chapter; the first one in larger classes too, since the others take nbgrader long.
CPU seconds are those of every process that a command starts, sandboxed ones included. "One more" is
what a further hand-in costs when starting up has been paid for. A right answer is judged once; one
with mistakes is also compared with every trap, and judged again with its earlier exercises right.
"""

import ctypes
import itertools
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
import nbformat

from autograder import chapters, source
from autograder.demo.pupils import make_class
from autograder.paths import COURSE, ROOT

# without mixed-1, whose answer never ends: it measures the time limits, not the graders
WITH_MISTAKES = (*(f"mixed-{number}" for number in range(2, 11)), "half-done")
CLASSES = {"right": ("all-right", "warns"), "with mistakes": WITH_MISTAKES}
PR_SET_CHILD_SUBREAPER = 36
NBGRADER_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "bench"
"""


@dataclass
class Cost:
    """What one command cost."""

    cpu_s: float
    wall_s: float


def measure(command: list[str], cwd: Path) -> Cost:
    """Run a command; orphans it leaves are waited for too, so that their CPU time is counted."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    wall_s = time.perf_counter() - start
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    if done.returncode:
        raise click.ClickException(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu_s, wall_s)


def hand_ins(chapter: str, ids: tuple[str, ...]) -> list[bytes]:
    """The notebooks of these made-up pupils."""
    released = nbformat.read(COURSE / chapter / f"{chapter}.ipynb", as_version=4)
    pupils = make_class(chapters.load(chapter), json.loads(nbformat.writes(released)))
    return [pupil.content for pupil in pupils if pupil.id in ids]


def submit(chapter: str, notebooks: list[bytes], submitted: Path) -> None:
    """Lay the hand-ins down as nbgrader's collect would, with the files of the release."""
    for number, content in enumerate(notebooks, start=1):
        folder = submitted / f"s{number:03}" / chapter
        shutil.copytree(COURSE / chapter, folder)
        (folder / f"{chapter}.ipynb").write_bytes(content)


def ours(chapter: str, notebooks: list[bytes], folder: Path, jobs: int) -> Cost:
    submit(chapter, notebooks, folder / "submitted")
    grade = [sys.executable, "-m", "autograder", "grade", chapter, "--classroom", str(folder)]
    return measure([*grade, "--jobs", str(jobs)], ROOT)


def nbgraders(chapter: str, notebooks: list[bytes], folder: Path) -> Cost:
    """`nbgrader autograde` in a course of its own; only that command is measured."""
    nbgrader = [sys.executable, "-m", "nbgrader"]
    (folder / "nbgrader_config.py").write_text(NBGRADER_CONFIG)
    source.build(chapter, folder / "source")
    measure([*nbgrader, "generate_assignment", chapter], folder)
    submit(chapter, notebooks, folder / "submitted")
    return measure([*nbgrader, "autograde", chapter], folder)


HEADER = ("CPU s: ours", "nbgrader", "ratio", "wall s: ours", "nbgrader", "ratio")


def line(cells) -> str:
    first, *others = cells
    return f"{first:<14}" + "".join(f"{cell:>14}" for cell in others)


def row(title: str, count: int, mine: Cost, theirs: Cost) -> str:
    pairs = ((mine.cpu_s, theirs.cpu_s), (mine.wall_s, theirs.wall_s))
    return line(
        [title] + [f"{x:.3f}" for a, b in pairs for x in (a / count, b / count, a / b)],
    )


def less(a: Cost, b: Cost) -> Cost:
    return Cost(a.cpu_s - b.cpu_s, a.wall_s - b.wall_s)


@click.command()
@click.option("--chapter", "names", multiple=True, help="Only this one; all without it.")
@click.option("--sizes", help="Numbers of hand-ins, the smallest first.")
@click.option("--jobs", default=1, help="Processes of ours; nbgrader has one.")
def main(names: tuple[str, ...], sizes: str | None, jobs: int) -> None:
    """Print what grading one hand-in costs, ours beside nbgrader's."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            os.environ[name] = str(Path(scratch) / name.lower())
        for chapter in [chapters.resolve(name) for name in names] or chapters.all_ids():
            counts = sizes or ("1,20,200" if chapter.startswith("ch01") else "1,5")
            compare(chapter, [int(count) for count in counts.split(",")], jobs, Path(scratch))


def compare(chapter: str, counts: list[int], jobs: int, scratch: Path) -> None:
    """The tables of one chapter, for right hand-ins and for those with mistakes."""
    click.echo(f"\n{chapter}")
    for title, ids in CLASSES.items():
        costs = {}
        for count in counts:
            click.echo(f"grading {count} {title}, ours and nbgrader's …", err=True)
            chosen = itertools.cycle(hand_ins(chapter, ids))
            notebooks = list(itertools.islice(chosen, count))
            costs[count] = both(chapter, notebooks, scratch / chapter / title / str(count), jobs)
        report(title, costs)


def both(chapter: str, notebooks: list[bytes], folder: Path, jobs: int) -> tuple[Cost, Cost]:
    (folder / "nbgrader").mkdir(parents=True)
    return (
        ours(chapter, notebooks, folder / "ours", jobs),
        nbgraders(chapter, notebooks, folder / "nbgrader"),
    )


def report(title: str, costs: dict[int, tuple[Cost, Cost]]) -> None:
    click.echo(line((title, *HEADER)))
    for count, pair in costs.items():
        click.echo(row(f"of {count}", count, *pair))
    few, many = min(costs), max(costs)
    if few < many:
        click.echo(row("one more", many - few, *map(less, costs[many], costs[few])))


if __name__ == "__main__":
    main()
