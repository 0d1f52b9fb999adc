"""What a class got right and wrong in a chapter: one page to look at, and its numbers as CSV."""

from pathlib import Path

from autograder.atomic import write_text
from autograder.errors import AutograderError
from autograder.paths import COURSE, Classroom
from autograder.report.figures import gather
from autograder.report.page import page
from autograder.report.table import table


def report(
    chapter_id: str,
    classroom: Classroom,
    output: Path | None = None,
    course_dir: Path = COURSE,
) -> tuple[Path, Path]:
    """Write the page and, beside it, the CSV; where they lie."""
    output = output or classroom.root / "report" / f"{chapter_id}.html"
    beside = output.with_suffix(".csv")
    if beside == output:
        raise AutograderError(
            f"{output} is the name of the CSV; expected the page's, such as "
            f"{output.with_suffix('.html').name}. The CSV is written beside it."
        )
    found = gather(chapter_id, classroom, course_dir)
    write_text(output, page(found))
    write_text(beside, table(found))
    return output, beside
