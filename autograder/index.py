"""The map of the course as a Markdown table, for pages that no kernel runs on, such as GitHub's."""

from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import SourceError
from dlkit.home.course import Chapter, CourseFileError, exercises, read_map

PLACE = "<!-- the map -->"


def put_map(notebook: NotebookNode, map_file: Path, course: Path) -> None:
    """Write the map where a text cell of `notebook` says so; links to what lies in `course`."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and PLACE in cell.source:
            try:
                chapters = read_map(map_file)
            except (OSError, CourseFileError) as problem:
                raise SourceError(f"the map of the course: {problem}") from problem
            cell.source = cell.source.replace(PLACE, table(chapters, course))


def table(chapters: list[Chapter], course: Path) -> str:
    """One row a chapter; the title is a link where the chapter is released."""
    rows = ["| | chapter | minutes | exercises | builds on |", "|--:|---|--:|--:|---|"]
    for chapter in chapters:
        released = (course / chapter.notebook).is_file()
        title = f"[{chapter.title}]({chapter.notebook})" if released else chapter.title
        minutes = chapter.minutes or "" if released else "planned"
        count = len(exercises(course / chapter.id)) if released else ""
        before = ", ".join(map(str, chapter.builds_on)) or "–"
        rows.append(f"| {chapter.number} | {title} | {minutes} | {count} | {before} |")
    return "\n".join(rows)
