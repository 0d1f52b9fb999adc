"""The command line: `python -m autograder release|prove|collect|grade|feedback|…`."""

import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource

from autograder.paths import Classroom

classroom_option = click.option(
    "--classroom",
    "classroom",
    metavar="DIR",
    help="The folder of the course being run (default: $CLASSROOM, else classroom/).",
    callback=lambda ctx, param, value: Classroom.at(value),
)
chapter_argument = click.argument("chapter", callback=lambda ctx, param, value: _resolve(value))
chapters_argument = click.argument(
    "chapters",
    nargs=-1,
    metavar="[CHAPTER]…",
    callback=lambda ctx, param, value: tuple(map(_resolve, value)) or _all(),
)


def _resolve(name):
    from autograder.chapters import resolve

    return resolve(name)


def _all():
    from autograder.chapters import all_ids

    return tuple(all_ids())


def _zone(name):
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, OSError, ValueError):
        raise click.BadParameter(f"expected a zone such as Europe/Zurich, got {name}") from None


def _say(text: str) -> None:
    click.echo(text, err=True)


class _Commands(click.Group):
    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except OSError as error:
            from autograder.refusals import explained

            raise explained(error) or error from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Release chapters, collect hand-ins, grade them in a sandbox, give feedback, export marks.

    A chapter is named by its id or the beginning of it: ch01.
    """


@main.command()
@chapters_argument
@classroom_option
def release(chapters, classroom) -> None:
    """Build course/ from solutions/, and tell the classroom of it; all marks are kept."""
    from autograder.release import release as run

    asked = (
        click.get_current_context().get_parameter_source("classroom") is ParameterSource.COMMANDLINE
    )
    known = classroom if asked or classroom.root.is_dir() else None
    run(chapters, known, echo=_say)


@main.command()
@chapters_argument
def prove(chapters) -> None:
    """Show that chapters are fair: right answers pass, traps are told, nothing leaks."""
    from autograder.prove import prove as run

    problems = [problem for chapter in chapters for problem in run(chapter, echo=_say)]
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} claim(s) do not hold")


@main.command()
@click.argument("source")
@chapter_argument
@classroom_option
@click.option(
    "--times",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="When each handed in: a CSV (id, submitted_at), Moodle's grading worksheet, or Canvas's "
    "list of submissions (.json).",
)
@click.option(
    "--timezone",
    metavar="NAME",
    help="Of times without a zone in that file: Europe/Berlin, say (default: as late.toml says).",
    callback=lambda ctx, param, value: _zone(value),
)
def collect(source, chapter, classroom, times, timezone) -> None:
    """Take hand-ins into the classroom.

    SOURCE is a folder of hand-ins, a zip of submissions from Canvas or Moodle, the folder that it
    unpacks to, or the word `exchange` for nbgrader's exchange. classroom/students.csv says which
    student an id of Canvas or Moodle means.
    """
    from autograder.collect import collect as run

    for student, note in run(source, chapter, classroom, times, timezone):
        click.echo(f"{student}: {note}")


@main.command()
@chapter_argument
@classroom_option
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this one.")
@click.option("--jobs", type=click.IntRange(1), help="How many at a time (default: one a core).")
@click.option(
    "--scheduler",
    metavar="URL",
    help="Grade on the workers of this Dask scheduler: tcp://10.0.0.5:8786 (docs/machines.md).",
)
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a hand-in on stdout.")
def grade(chapter, classroom, students, jobs, scheduler, force, as_json) -> None:
    """Run and judge the hand-ins of a chapter in the sandbox."""
    from autograder.grade import grade as run

    if jobs and scheduler:
        raise click.UsageError("--jobs is for this machine; with --scheduler, start more workers")
    results = run(
        chapter,
        classroom,
        students=students,
        jobs=jobs,
        scheduler=scheduler,
        force=force,
        progress=_progress,
        say=_say,
    )
    for result in results:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False) if as_json else _line(result))
    if any(result.outcome == "no_verdict" for result in results):
        _say("some hand-ins got no verdict; run grade again")
        sys.exit(3)


def _line(result):
    return f"{result.student:20} {result.outcome:13} {result.score:g} of {result.max_score:g}"


def _progress(done, total, result):
    line = f"[{done}/{total}] {_line(result)}"
    if sys.stderr.isatty() and done < total:
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)
    else:
        click.echo(f"\r\x1b[K{line}" if sys.stderr.isatty() else line, err=True)


@main.command()
@chapter_argument
@classroom_option
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this one.")
def feedback(chapter, classroom, students) -> None:
    """Write each student's feedback page."""
    from autograder.feedback import feedback as run

    written = run(chapter, classroom, students or None)
    click.echo(f"{len(written)} feedback page(s) in {classroom.feedback}")


@main.command()
@chapters_argument
@classroom_option
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: stdout.")
@click.option(
    "--format",
    "layout",
    type=click.Choice(("csv", "canvas", "moodle")),
    default="csv",
    help="A table with a column an exercise (csv), or a sheet of Canvas's or Moodle's, filled in.",
)
@click.option(
    "--sheet",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Canvas's gradebook or Moodle's worksheet (default: the classroom's students.csv).",
)
@click.option("--column", default="", help="The chapter's column in Canvas's gradebook.")
@click.option("--scale", is_flag=True, help="Fit the marks to the sheet's points.")
@click.option("--missing-as-zero", is_flag=True, help="0 where nothing was handed in.")
def export(chapters, classroom, output, layout, **options) -> None:
    """Write the marks, after late penalties, as CSV or in Canvas's or Moodle's layout."""
    text, told = _exported(layout, chapters, classroom, **options)
    for line in told:
        _say(line)
    if output:
        from autograder.atomic import write_text

        write_text(output, text)
        _say(f"wrote {output}")
    else:
        click.echo(text, nl=False)


def _exported(layout, chapters, classroom, sheet, **options):
    from autograder.export import LAYOUTS, Options

    if layout == "csv" and (sheet or any(options.values())):
        raise click.UsageError("--sheet, --column, --scale and --missing-as-zero need --format")
    if layout == "moodle" and options["column"]:
        raise click.UsageError("--column is for Canvas; Moodle's worksheet has one grade column")
    return LAYOUTS[layout](chapters, classroom, sheet, Options(**options))


@main.command()
@chapter_argument
@classroom_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page (default: report/CHAPTER.html in the classroom); a CSV goes beside it.",
)
def report(chapter, classroom, output) -> None:
    """Write a page of what the class got right and wrong, and who wrote alike."""
    from autograder.report import report as run

    for path in run(chapter, classroom, output):
        _say(f"wrote {path}")


@main.command()
@chapters_argument
@classroom_option
def status(chapters, classroom) -> None:
    """Show what is released, handed in, graded and returned."""
    from autograder.status import status as run

    click.echo(run(chapters, classroom))
