"""From an author's MyST text to the source notebook that nbgrader strips and releases."""

import re
import shutil
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.errors import SourceError
from autograder.paths import SOLUTIONS
from dlkit.home.course import REVIEW, CourseFileError, read_questions

WIDEST = 100  # characters of a line of code: more are not seen beside the table of contents
FIGURE_KINDS = (".svg", ".png", ".jpg")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_POINTS = re.compile(r"^#+ .*\((\d+(?:\.\d+)?) points?\)\s*$", re.MULTILINE)
_CHECK = re.compile(r'check\("(\w+)"(?:, *\w+)+\)')
_FIGURE = re.compile(r"figures/[\w-]+\.\w+")


def build(chapter_id: str, into: Path) -> Path:
    """Write into/CHAPTER/ with the source notebook, checks.json and figures, and nothing else."""
    from autograder.chapters import load
    from autograder.compile import compile_checks

    chapter = load(chapter_id)
    return write(SOLUTIONS / chapter_id, into, chapter, compile_checks(chapter))


def write(folder: Path, into: Path, chapter, checks: str) -> Path:
    """Write the source of the chapter in `folder`, whose specification and check data are given."""
    target = into / folder.name
    target.mkdir(parents=True)
    notebook = read_chapter(folder / f"{folder.name}.md", chapter)
    nbformat.write(notebook, target / f"{folder.name}.ipynb")
    (target / "checks.json").write_text(checks, encoding="utf-8")
    _copy_figures(folder, target, notebook)
    if (folder / REVIEW).is_file():
        _copy_review(folder / REVIEW, target, chapter)
    return target


def read_chapter(path: Path, chapter=None) -> NotebookNode:
    """The notebook of an author's text, with solutions; the same text gives the same bytes.

    Raises SourceError where the text contradicts itself or `chapter`, its exercises.py.
    """
    notebook = _parse(path)
    cells = [Cell(path.name, index, cell) for index, cell in enumerate(notebook.cells)]
    _check_unique(cells)
    for cell in cells:
        cell.check()
    _check_pairs(cells)
    _check_headings(cells)
    if chapter is not None:
        _check_against(chapter, cells, path.name)
    for cell in cells:
        cell.finish()
    nbformat.validate(notebook)
    return notebook


def _parse(path: Path) -> NotebookNode:
    try:
        text = path.read_text(encoding="utf-8")
        notebook = jupytext.reads(text, fmt="md:myst")
    except FileNotFoundError:
        raise SourceError(f"{path} is missing: a chapter's text lies there.") from None
    except Exception as error:  # jupytext lets the errors of its YAML and MyST parsers through
        raise SourceError(f"{path.name} is no MyST notebook: {error}") from error
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


class Cell:
    """One cell of a source, and what is wrong with it by itself."""

    def __init__(self, file: str, index: int, cell: NotebookNode):
        self.file, self.index, self.cell = file, index, cell
        self.nbgrader = cell.metadata.get("nbgrader", {})
        self.grade_id = self.nbgrader.get("grade_id")
        self.grade = bool(self.nbgrader.get("grade"))
        self.solution = bool(self.nbgrader.get("solution"))
        self.points = float(self.nbgrader.get("points", 0))

    @property
    def is_test(self) -> bool:
        return self.grade and not self.solution

    @property
    def is_exercise(self) -> bool:
        return self.solution and not self.grade

    @property
    def is_written(self) -> bool:
        return self.grade and self.solution

    def slip(self, message: str) -> SourceError:
        first_line = self.cell.source.strip().split("\n")[0][:60]
        name = f"`{self.grade_id}`" if self.grade_id else f"{self.index + 1} ({first_line!r})"
        return SourceError(f"{self.file}, cell {name}: {message}")

    def check(self) -> None:
        if self.nbgrader and not self.grade_id:
            raise self.slip("expected a grade_id in its nbgrader metadata, found none.")
        if self.grade and "points" not in self.nbgrader:
            raise self.slip("expected points, since it is graded, found none.")
        longest = max(map(len, self.cell.source.splitlines()), default=0)
        if self.cell.cell_type == "code" and longest > WIDEST:
            raise self.slip(
                f"expected lines of code of at most {WIDEST} characters, since the page scrolls "
                f"sideways beyond, found one of {longest}."
            )
        if self.is_exercise:
            self._check_exercise()
        elif self.is_test:
            self._check_test()
        elif self.is_written and self.cell.cell_type != "markdown":
            raise self.slip("a written answer is a markdown cell, found a code cell.")

    def _check_exercise(self) -> None:
        marks = re.findall(r"\b(BEGIN|END) SOLUTION\b", self.cell.source)
        if not marks or marks != ["BEGIN", "END"] * (len(marks) // 2):
            found = " ".join(marks) or "neither"
            raise self.slip(
                "expected `### BEGIN SOLUTION` and, below it, `### END SOLUTION`, once for each "
                f"thing to be written, found {found}."
            )
        if self.nbgrader.get("locked"):
            raise self.slip("expected locked: false, so that students can edit it, found true.")

    def _check_test(self) -> None:
        name = self.grade_id.removeprefix("test_")
        if name == self.grade_id:
            raise self.slip(f"a test cell is called `test_` and its exercise, not {name!r}.")
        match = _CHECK.fullmatch(self.cell.source.strip())
        if self.cell.cell_type != "code" or not match or match[1] != name:
            raise self._wrong_line(f'check("{name}", {name})')
        if not self.nbgrader.get("locked"):
            raise self.slip("expected locked: true, since it is a test cell, found false.")

    def _wrong_line(self, line: str) -> SourceError:
        found = self.cell.source.strip()[:80]
        return self.slip(f"expected the one line `{line}`, found {found!r}.")

    def expect_line(self, line: str) -> None:
        if self.cell.source.strip() != line:
            raise self._wrong_line(line)

    def expect_points(self, points: float) -> None:
        if self.points != points:
            raise self.slip(
                f"expected the {points:g} points of exercises.py, found {self.points:g}."
            )

    def finish(self) -> None:
        """Give it what makes the notebook reproducible, and lets Run All go on past a test."""
        self.cell.id = self.grade_id or f"cell-{self.index + 1}"
        self.cell.metadata.pop("jupytext", None)
        if self.is_test:
            tags = self.cell.metadata.get("tags", [])
            self.cell.metadata.tags = [*tags, "raises-exception"]
        if self.cell.cell_type == "code":
            self.cell.outputs, self.cell.execution_count = [], None


def _check_unique(cells: list[Cell]) -> None:
    seen = Counter(cell.grade_id for cell in cells if cell.grade_id)
    for cell in cells:
        if seen[cell.grade_id] > 1:
            raise cell.slip(f"expected each grade_id once, found it {seen[cell.grade_id]} times.")
        if cell.grade_id and re.fullmatch(r"cell-\d+", cell.grade_id):
            raise cell.slip("a grade_id of the form cell-N is kept for cells without one.")


def _check_pairs(cells: list[Cell]) -> None:
    exercises = {cell.grade_id: cell for cell in cells if cell.is_exercise}
    tests = {cell.grade_id: cell for cell in cells if cell.is_test}
    for name, exercise in exercises.items():
        test = tests.get(f"test_{name}")
        if test is None:
            raise exercise.slip(f"expected a test cell `test_{name}` below it, found none.")
        if test.index < exercise.index:
            raise test.slip(f"expected it below the solution cell `{name}`, found it above.")
    for name, test in tests.items():
        if name.removeprefix("test_") not in exercises:
            raise test.slip(f"expected a solution cell `{name[5:]}` above it, found none.")


def _check_headings(cells: list[Cell]) -> None:
    """A heading "… (3 points)" states the points of the next graded cell."""
    stated = None
    for cell in cells:
        if cell.cell.cell_type == "markdown":
            for match in _POINTS.finditer(cell.cell.source):
                stated = float(match[1])
        if cell.grade:
            if stated not in (None, cell.points):
                raise cell.slip(
                    f"its heading says {stated:g} points, its metadata {cell.points:g}."
                )
            stated = None


def _check_against(chapter, cells: list[Cell], file: str) -> None:
    """Exercises, and their points, are those of exercises.py."""
    found = {cell.grade_id.removeprefix("test_"): cell for cell in cells if cell.is_test}
    for name, exercise in chapter.exercises.items():
        cell = found.pop(name, None)
        if cell is None:
            raise SourceError(f"{file}: expected the exercise `{name}` of exercises.py, not found.")
        cell.expect_points(exercise.points)
        cell.expect_line(f'check("{name}", {", ".join(exercise.names)})')
    for name, cell in found.items():
        raise cell.slip(f"expected `{name}` in exercises.py, found no such exercise there.")
    _check_written(chapter, [cell for cell in cells if cell.is_written], file)


def _check_written(chapter, written: list[Cell], file: str) -> None:
    expected = [chapter.written_name] if chapter.written_points is not None else []
    if [cell.grade_id for cell in written] != expected:
        raise SourceError(
            f"{file}: expected {expected or 'no'} written answer as in exercises.py, "
            f"found {[cell.grade_id for cell in written] or 'none'}."
        )
    for cell in written:
        cell.expect_points(chapter.written_points)


def _copy_review(path: Path, target: Path, chapter) -> None:
    """Copy the review questions, which ask for nothing that the chapter does not have."""
    try:
        questions = read_questions(path)
    except CourseFileError as slip:
        raise SourceError(str(slip)) from slip
    for question in questions:
        if question.after not in chapter.exercises:
            raise SourceError(
                f"{path.parent.name}/{path.name}, [{question.id}]: after = {question.after!r} is "
                f"no exercise of the chapter; there are {', '.join(chapter.exercises)}."
            )
    shutil.copyfile(path, target / path.name)


def _copy_figures(folder: Path, target: Path, notebook: NotebookNode) -> None:
    """Copy the figures that the text shows."""
    shown = {name for cell in notebook.cells for name in _FIGURE.findall(cell.source)}
    for name in sorted(shown):
        figure = folder / name
        if figure.suffix not in FIGURE_KINDS:
            raise SourceError(f"{folder.name}: {name} should be one of {', '.join(FIGURE_KINDS)}.")
        if not figure.is_file():
            raise SourceError(f"{folder.name}: the text shows {name}, and {figure} is missing.")
        (target / "figures").mkdir(exist_ok=True)
        shutil.copyfile(figure, target / name)
