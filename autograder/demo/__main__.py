"""`make demo`: the made-up class goes through every command, and where to look is told."""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import nbformat
from nbgrader.api import Gradebook

from autograder import chapters
from autograder.demo.pupils import Pupil, make_class
from autograder.errors import AutograderError
from autograder.paths import BUILD, COURSE, COURSE_ID, ROOT, Classroom

# the class hands in three days ago, the chapter was due the day after, one comes two days late
HANDED_IN, DUE, LATE = timedelta(days=-3), timedelta(days=-2), timedelta(days=0)


@click.command()
@click.argument("names", nargs=-1, metavar="[CHAPTER]…")
@click.option("--folder", type=click.Path(path_type=Path), default=BUILD / "demo")
@click.option("--pupil", "chosen", multiple=True, metavar="ID", help="Only this one.")
def main(names: tuple[str, ...], folder: Path, chosen: tuple[str, ...]) -> None:
    """A made-up class through release, collect, grade, feedback and export, in FOLDER.

    Through all chapters, or those that are named.
    """
    folder = folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    classroom = Classroom.at(folder / "classroom")
    classroom.root.mkdir(parents=True)
    for chapter in [chapters.resolve(name) for name in names] or chapters.all_ids():
        go_through(chapter, classroom, folder, chosen)
    click.echo(where_to_look(classroom, folder))


def go_through(chapter: str, classroom: Classroom, folder: Path, chosen: tuple[str, ...]) -> None:
    """One chapter, from its release to the marks in FOLDER/CHAPTER.csv, and what became of whom."""
    start = time.perf_counter()
    step(classroom, "release", chapter)
    pupils = hand_in(chapter, classroom, folder / "hand-ins" / chapter, chosen)
    step(classroom, "collect", folder / "hand-ins" / chapter, chapter)
    graded = step(classroom, "grade", chapter, "--json")
    step(classroom, "feedback", chapter)
    step(classroom, "export", chapter, "--output", folder / f"{chapter}.csv")
    click.echo(f"\n{chapter}: {len(pupils)} hand-ins in {time.perf_counter() - start:.0f} s\n")
    click.echo(table(pupils, [json.loads(line) for line in graded.splitlines()]))


def step(classroom: Classroom, *words) -> str:
    """Run one command of the autograder, whose progress is seen on stderr; its stdout."""
    words = [*map(str, words), "--classroom", str(classroom.root)]
    click.secho("\n$ python -m autograder " + " ".join(map(short, words)), bold=True)
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *words],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    click.echo(done.stdout if "--json" not in words else "", nl=False)
    if done.returncode:
        raise AutograderError(f"the demo stopped: {words[0]} ended with code {done.returncode}")
    return done.stdout


def hand_in(chapter: str, classroom: Classroom, folder: Path, chosen=()) -> list[Pupil]:
    """Write the class's notebooks to FOLDER/PUPIL/, with the times at which they came."""
    released = nbformat.read(COURSE / chapter / f"{chapter}.ipynb", as_version=4)
    pupils = make_class(chapters.load(chapter), json.loads(nbformat.writes(released)))
    pupils = [pupil for pupil in pupils if not chosen or pupil.id in chosen]
    now = datetime.now(UTC)
    for pupil in pupils:
        path = folder / pupil.id / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(pupil.content)
        came = (now + (LATE if pupil.late else HANDED_IN)).timestamp()
        os.utime(path, (came, came))
    with Gradebook(classroom.database_url, COURSE_ID) as gradebook:
        gradebook.update_or_create_assignment(chapter, duedate=(now + DUE).replace(tzinfo=None))
    click.echo(f"\n{len(pupils)} made-up pupils handed in: {short(folder)}")
    return pupils


def table(pupils: list[Pupil], results: list[dict]) -> str:
    """One line a pupil: outcome, marks, what it did, and the mistakes that were named."""
    by_student = {result["student"]: result for result in results}
    lines = [f"{'pupil':<12} {'outcome':<11} {'marks':>9}  what it did", "-" * 78]
    for pupil in pupils:
        result = by_student[pupil.id]
        marks = f"{result['score']:g} of {result['max_score']:g}"
        lines.append(f"{pupil.id:<12} {result['outcome']:<11} {marks:>9}  {pupil.did}")
        for name, mark in result["exercises"].items():
            if mark["trap"]:
                lines.append(f"{'':<36}{name}: {mark['trap']}")
    return "\n".join(lines)


def where_to_look(classroom: Classroom, folder: Path) -> str:
    return f"""
Where to look
  marks, a column an exercise     {short(folder)}/ch….csv
  feedback, a page a pupil        {short(classroom.feedback)}
  notebooks with the verdicts     {short(classroom.autograded)}
  Formgrader                      make lab ARGS="--classroom {short(classroom.root)}\""""


def short(word) -> str:
    """A path as a person in the project's folder would type it; anything else as it is."""
    path = Path(word)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(word)


if __name__ == "__main__":
    main(prog_name="python -m autograder.demo")
