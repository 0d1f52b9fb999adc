"""What students are given to fill in: each name that a check asks for stands in the cell above."""

import ast
import json
from pathlib import Path

import pytest

from autograder.chapters import load, resolve

COURSE = Path(__file__).parents[2] / "course"


def given(folder):
    """Name of an exercise -> the text of its cell, as released."""
    (path,) = folder.glob("*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    marked = [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in cells]
    return {mark["grade_id"]: text for mark, text in marked if mark.get("solution")}


def defined(text):
    """The names that a cell defines at its top."""
    names = set()
    for node in ast.parse(text).body:
        targets = node.targets if isinstance(node, ast.Assign) else [node]
        names |= {getattr(target, "name", getattr(target, "id", None)) for target in targets}
    return names


@pytest.mark.parametrize("folder", sorted(COURSE.glob("ch*_*")), ids=lambda folder: folder.name)
def test_each_function_of_an_exercise_is_there_with_its_head(folder):
    exercises = load(resolve(folder.name)).exercises
    cells = given(folder)
    missing = {
        name: sorted(set(exercise.parts) - defined(cells[name]))
        for name, exercise in exercises.items()
        if exercise.kind == "code" and not set(exercise.parts) <= defined(cells[name])
    }
    assert not missing
