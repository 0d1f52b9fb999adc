"""Release: solutions/ to course/ through nbgrader, checked for leaks, swapped in one step."""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.exchange.default import ExchangeReleaseAssignment
from traitlets.config import Config

from autograder import database, glossary, index, leaks, source
from autograder.atomic import replace_folder, write_text
from autograder.gradebook import Gradebook
from autograder.nbconfig import course_config, run
from autograder.paths import BUILD, COURSE, COURSE_ID, SOLUTIONS, Classroom
from autograder.scratch import ScratchFolder
from dlkit.home.course import MAP


def release(
    chapter_ids: Iterable[str],
    classroom: Classroom | None = None,
    course_dir: Path = COURSE,
    echo: Callable[[str], None] = print,
    *,
    build: Callable[[str, Path], Path] = source.build,
    source_dir: Path = BUILD / "source",
    pages: Path | None = SOLUTIONS,
) -> None:
    """Build the chapters into course_dir, and tell the classroom (if one is given) of them.

    Everything is built and checked before anything is changed. Marks are kept.
    """
    source_dir.mkdir(parents=True, exist_ok=True)
    writer = Gradebook(classroom, course_dir) if classroom else nullcontext()
    with writer as gradebook, ScratchFolder(".release-", source_dir.parent) as scratch:
        made = {chapter_id: make(chapter_id, scratch, build) for chapter_id in chapter_ids}
        if gradebook:
            for chapter_id, folder in made.items():
                gradebook.check(chapter_id, _notebook(folder))
        for chapter_id, folder in made.items():
            replace_folder(scratch / "source" / chapter_id, source_dir / chapter_id)
            replace_folder(folder, course_dir / chapter_id)
            echo(f"released {chapter_id}")
        if gradebook:
            for chapter_id in made:
                gradebook.register(chapter_id, _notebook(course_dir / chapter_id))
                _publish(chapter_id, classroom, course_dir)
        if pages:
            _release_pages(pages, course_dir)


def make(chapter_id: str, scratch: Path, build: Callable[[str, Path], Path]) -> Path:
    """Build scratch/source/CHAPTER and from it scratch/release/CHAPTER; leaks are errors."""
    built = build(chapter_id, scratch / "source")
    _generate(chapter_id, scratch)
    released = scratch / "release" / chapter_id
    leaks.check(released, nbformat.read(built / f"{chapter_id}.ipynb", as_version=4))
    return released


def _generate(chapter_id: str, scratch: Path) -> None:
    """Run nbgrader's generate_assignment against a gradebook that is thrown away."""
    config = Config()
    config.CourseDirectory.root = str(scratch)
    config.CourseDirectory.course_id = COURSE_ID
    config.CourseDirectory.db_url = f"sqlite:///{scratch / 'gradebook.db'}"
    database.create(config.CourseDirectory.db_url)
    run(GenerateAssignment, config, assignment_id=chapter_id)


def _notebook(folder: Path) -> NotebookNode:
    return nbformat.read(folder / f"{folder.name}.ipynb", as_version=4)


def _publish(chapter_id: str, classroom: Classroom, course_dir: Path) -> None:
    """Put the release where Assignment List fetches it."""
    config = course_config(classroom)
    config.ExchangeReleaseAssignment.force = True
    run(
        ExchangeReleaseAssignment,
        config,
        assignment_id=chapter_id,
        release_directory=str(course_dir),
    )


def _release_pages(folder: Path, course_dir: Path) -> None:
    """Each text beside the chapters (the index, say) becomes a notebook without exercises.

    The map and the glossary of all chapters are put where a text asks for them. The map is also
    released beside the index, which shows it too.
    """
    course_dir.mkdir(parents=True, exist_ok=True)
    if (folder / MAP).is_file():
        write_text(course_dir / MAP, (folder / MAP).read_text("utf-8"))
    for path in sorted(folder.glob("*.md")):
        notebook = source.read_chapter(path)
        index.put_map(notebook, folder / MAP, course_dir)
        glossary.put_glossary(notebook, folder / MAP, course_dir)
        write_text(course_dir / f"{path.stem}.ipynb", nbformat.writes(notebook) + "\n")
