"""Small notebooks as nbformat JSON, and a course of one chapter, for the tests of merging."""

import copy
import json
from datetime import datetime

CHAPTER = "ch01_x"
NOW = datetime(2026, 3, 5, 21, 40)


def text(id, source):
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def code(id, source, **nbgrader):
    metadata = {"nbgrader": {"grade_id": id, **nbgrader}} if nbgrader else {}
    return {
        "cell_type": "code", "id": id, "metadata": metadata, "source": source,
        "outputs": [], "execution_count": None,
    }  # fmt: skip


def exercise(name, stub="raise NotImplementedError()"):
    return [
        code(name, f"def {name}(x):\n    {stub}", solution=True, grade=False),
        code(f"test_{name}", f'check("{name}", {name})', solution=False, grade=True, points=1),
    ]


def written(name="written_ch01"):
    cell = text(name, "YOUR ANSWER HERE")
    cell["metadata"] = {"nbgrader": {"grade_id": name, "solution": True, "grade": True}}
    return cell


def book(*cells):
    """A released notebook: cells without a grade_id are named by their place, as release does."""
    cells = copy.deepcopy(list(cells))
    for place, cell in enumerate(cells):
        if not cell["metadata"].get("nbgrader"):
            cell["id"] = f"cell-{place + 1}"
    return {
        "cells": cells,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def first_release():
    return book(
        text("", "# One\n\nWhat this is about."),
        code("", "import numpy as np"),
        text("", "Think about doubling first."),
        *exercise("double"),
        text("", "Now three times as much, which is harder than it looks."),
        *exercise("triple"),
        code("", "for x in (1, 2, 3):\n    print(double(x))"),
        written(),
    )


def at(notebook, id):
    """The cell with this id."""
    (found,) = [cell for cell in notebook["cells"] if cell["id"] == id]
    return found


def sources(notebook):
    return [cell["source"] for cell in notebook["cells"]]


def write_course(course, notebook, checks='{"of": 1}', figure="<svg/>"):
    """A course of one chapter, and an index."""
    chapter = course / CHAPTER
    (chapter / "figures").mkdir(parents=True, exist_ok=True)
    (chapter / f"{CHAPTER}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (chapter / "checks.json").write_text(checks)
    (chapter / "figures" / "a.svg").write_text(figure)
    (course / "map.toml").write_text("")
    (course / "index.ipynb").write_text(json.dumps(book(text("", "# The map"))))
