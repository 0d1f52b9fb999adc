"""What must not reach students: files of other kinds, solutions, hidden tests."""

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_solution

from autograder.errors import SourceError
from autograder.source import FIGURE_KINDS
from dlkit.home.course import REVIEW

_MARKS = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
_SHORT = 8  # characters; `pass` or `else:` tells nothing


def check(released: Path, source: NotebookNode) -> None:
    """Raise SourceError if the folder `released` holds more than its students may see."""
    for path in sorted(released.rglob("*")):
        name = path.relative_to(released).as_posix()
        if path.is_symlink() or not (path.is_dir() or _allowed(released.name, name)):
            raise SourceError(f"{released.name}: {name} must not be released.")
        if path.suffix in (".ipynb", ".json", ".toml") and (
            mark := _MARKS.search(path.read_text("utf-8"))
        ):
            raise SourceError(f"{released.name}: {name} still contains {mark[0]!r}.")
    notebook = nbformat.read(released / f"{released.name}.ipynb", as_version=4)
    solutions, open_lines = read_solutions(source)
    for cell in notebook.cells:
        lines = {line.strip() for line in cell.source.split("\n")}
        for solution in solutions:
            leaked = (solution - open_lines) & lines or (solution <= lines and solution)
            if leaked:
                raise SourceError(
                    f"{released.name}, cell `{cell.id}`: students are shown a solution: "
                    f"{sorted(leaked)[0]!r}"
                )


def _allowed(chapter_id: str, name: str) -> bool:
    figure = re.fullmatch(r"figures/[\w-]+(\.\w+)", name)
    return name in (f"{chapter_id}.ipynb", "checks.json", REVIEW) or bool(
        figure and figure[1] in FIGURE_KINDS
    )


def read_solutions(source: NotebookNode) -> tuple[list[set[str]], set[str]]:
    """The lines of each solution, without those too short to tell anything, and all other lines."""
    solutions, outside = [], set()
    for cell in source.cells:
        lines = [line.strip() for line in cell.source.split("\n")]
        marked = any("BEGIN SOLUTION" in line for line in lines)
        solving, solution = is_solution(cell) and not marked, set()
        for line in lines:
            if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
                solving = "BEGIN" in line
            elif not solving:
                outside.add(line)
            elif len(line) >= _SHORT:
                solution.add(line)
        if solution:
            solutions.append(solution)
    return solutions, outside
