# ruff: noqa: E501 - cell metadata are long lines
"""A chapter of two exercises and a written answer, small enough to read whole, for these tests."""

import json
import re
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import nbformat

from autograder import source
from autograder.paths import Classroom
from autograder.release import release
from autograder.result import ExerciseMark, Result

ID = "ch99_tiny"
CHECKS = json.dumps({"chapter": ID, "exercises": {"double": {}, "triple": {}}})
TEXT = '''---
kernelspec: {display_name: Python 3, name: python3}
---

# Tiny

![two dots](figures/dots.svg)

```{code-cell} ipython3
def check(name, function):
    assert function(1) == {"double": 2, "triple": 3, "half": 0.5}[name]
```

## Exercise: twice (1 point)

```{code-cell} ipython3
---
nbgrader: {schema_version: 3, cell_type: code, grade_id: double, grade: false, solution: true, locked: false, task: false}
tags: [C99.1]
---
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return x + x  # the answer
    ### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {schema_version: 3, cell_type: code, grade_id: test_double, grade: true, points: 1, solution: false, locked: true, task: false}
---
check("double", double)
```

+++ {"nbgrader": {"schema_version": 3, "cell_type": "markdown", "grade_id": "note", "grade": false, "solution": false, "locked": true, "task": false}}

## Exercise: thrice (2 points)

```{code-cell} ipython3
---
nbgrader: {schema_version: 3, cell_type: code, grade_id: triple, grade: false, solution: true, locked: false, task: false}
---
def triple(x):
    ### BEGIN SOLUTION
    return double(x) + x  # the other answer
    ### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {schema_version: 3, cell_type: code, grade_id: test_triple, grade: true, points: 2, solution: false, locked: true, task: false}
---
check("triple", triple)
```

+++

## In your words (2 points)

+++ {"nbgrader": {"schema_version": 3, "cell_type": "markdown", "grade_id": "written_ch99", "grade": true, "points": 2, "solution": true, "locked": false, "task": false}}

A model answer that only the author sees.
'''
MORE = """
+++

## Exercise: half (3 points)

```{code-cell} ipython3
---
nbgrader: {schema_version: 3, cell_type: code, grade_id: half, grade: false, solution: true, locked: false, task: false}
---
def half(x):
    ### BEGIN SOLUTION
    return x / 2  # a new answer
    ### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {schema_version: 3, cell_type: code, grade_id: test_half, grade: true, points: 3, solution: false, locked: true, task: false}
---
check("half", half)
```
"""


def author(root: Path, text: str = TEXT) -> Path:
    """Write the chapter's text as its author would, and return its folder."""
    folder = root / "solutions" / ID
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    (folder / "figures" / "dots.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "figures" / "draw.py").write_text("# draws the dots")
    (folder / f"{ID}.md").write_text(text)
    return folder


def chapter(text: str = TEXT) -> SimpleNamespace:
    """What exercises.py would hold for `text`."""
    names = dict(re.findall(r"grade_id: test_(\w+), grade: true, points: (\d+)", text))
    exercises = {
        name: SimpleNamespace(name=name, points=int(points), names=[name])
        for name, points in names.items()
    }
    return SimpleNamespace(
        id=ID, exercises=exercises, written_name="written_ch99", written_points=2.0
    )


def build(root: Path, text: str = TEXT):
    """A stand-in for source.build that takes the chapter from `root`."""
    author(root, text)

    def build_source(chapter_id: str, into: Path) -> Path:
        folder = root / "solutions" / chapter_id
        return source.write(folder, into, chapter(text), CHECKS)

    return build_source


def released(root: Path, text: str = TEXT) -> nbformat.NotebookNode:
    """Release the chapter into root/course (and root/classroom), and return its notebook."""
    release(
        [ID],
        Classroom(root / "classroom"),
        root / "course",
        echo=lambda message: None,
        build=build(root, text),
        source_dir=root / "build" / "source",
        pages=None,
    )
    return nbformat.read(root / "course" / ID / f"{ID}.ipynb", as_version=4)


def answers(notebook: nbformat.NotebookNode, **sources: str) -> nbformat.NotebookNode:
    """A copy of `notebook` in which the named cells hold what a student wrote."""
    notebook = deepcopy(notebook)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell.source = sources[name]
    return notebook


def hand_in(
    root: Path, student: str, notebook: nbformat.NotebookNode, time: str | None = None
) -> Path:
    """Put a hand-in where collect would, and return its folder."""
    folder = root / "classroom" / "submitted" / student / ID
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{ID}.ipynb")
    if time:
        (folder / "timestamp.txt").write_text(time)
    return folder


def result(student: str, notebook=None, outcome: str = "graded", **scores: float) -> Result:
    """What judging a hand-in of the tiny chapter yields."""
    most = {"double": 1.0, "triple": 2.0, "half": 3.0}
    return Result(
        student=student,
        chapter=ID,
        outcome=outcome,
        score=sum(scores.values()),
        max_score=sum(most[name] for name in scores),
        exercises={name: ExerciseMark(score, most[name]) for name, score in scores.items()},
        notebook=notebook,
    )
