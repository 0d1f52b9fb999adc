"""`grade` on a small class: outcomes, resuming, JSON, and refusing where it is not safe to run."""

import copy
import json
import os
import subprocess
import sys

import nbformat
import psutil
import pytest

from autograder import chapters, source
from autograder.grade import grade
from autograder.gradebook import Gradebook
from autograder.paths import COURSE, ROOT, Classroom
from autograder.sandbox import Limits

ID = "ch01_perceptron"
pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def notebooks():
    """(solution, release) of chapter 1, the solution without its explorers to save time."""
    solution = source.read_chapter(chapters.source_path(ID), chapters.load(ID))
    release = nbformat.read(COURSE / ID / f"{ID}.ipynb", as_version=4)
    return solution, release


@pytest.fixture
def classroom(tmp_path):
    return Classroom(tmp_path / "classroom")


def _hand_in(classroom, student, content):
    folder = classroom.submitted / student / ID
    folder.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str | bytes) else nbformat.writes(content)
    data = text if isinstance(text, bytes) else text.encode()
    (folder / f"{ID}.ipynb").write_bytes(data)
    return folder


def _with(notebook, **sources):
    """The answers of a notebook: a few exercises only, so that a test is quick."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell.source = sources[name]
    return notebook


def _summary(results):
    return {r.student: (r.outcome, r.score) for r in results}


def test_a_class_is_graded_with_named_outcomes(classroom, notebooks):
    solution, release = notebooks
    _hand_in(classroom, "ada", solution)
    _hand_in(classroom, "bom", b"\xef\xbb\xbf" + nbformat.writes(solution).encode())
    _hand_in(classroom, "broken", '{"cells": [')
    _hand_in(classroom, "endless", _with(solution, margin="while True: pass"))
    _hand_in(classroom, "killer", _with(solution, margin="import os; os._exit(1)"))
    _hand_in(classroom, "untouched", release)
    (classroom.submitted / "nothing" / ID).mkdir(parents=True)
    (classroom.submitted / "link" / ID).mkdir(parents=True)
    (classroom.submitted / "link" / ID / f"{ID}.ipynb").symlink_to(
        classroom.submitted / "ada" / ID / f"{ID}.ipynb"
    )

    results = grade(ID, classroom, limits=Limits(cell_s=2.0))

    full = chapters.load(ID).max_score
    lost = chapters.load(ID).exercises["margin"].points
    assert _summary(results) == {
        "ada": ("graded", full),
        "bom": ("graded", full),
        "broken": ("unreadable", 0),
        "endless": ("timeout", full - lost),
        "killer": ("crashed", full - lost),
        "link": ("unreadable", 0),
        "nothing": ("missing", 0),
        "untouched": ("graded", 0),
    }
    for student in ("ada", "broken", "untouched"):
        assert (classroom.autograded / student / ID / f"{ID}.ipynb").is_file()
    again = []
    unchanged = grade(ID, classroom, progress=lambda *step: again.append(step))
    assert again == []
    assert unchanged == [_without_notebook(result) for result in results]


def _without_notebook(result):
    result = copy.copy(result)
    result.notebook = None
    return result


def test_only_what_changed_is_graded_again(classroom, notebooks):
    solution, release = notebooks
    _hand_in(classroom, "ada", release)
    _hand_in(classroom, "bob", release)
    grade(ID, classroom)
    _hand_in(classroom, "bob", _with(release, perceptron=_answer(solution, "perceptron")))
    again = []
    results = grade(ID, classroom, progress=lambda done, total, r: again.append(r.student))
    assert again == ["bob"]
    assert _summary(results) == {"ada": ("graded", 0), "bob": ("graded", 1)}
    grade(ID, classroom, students=("ada",), force=True, progress=lambda d, t, r: again.append(1))
    assert again == ["bob", 1]


def _answer(notebook, name):
    return next(
        c.source for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def _command(classroom, *arguments, **environment):
    command = [sys.executable, "-m", "autograder", *arguments, "--classroom", str(classroom.root)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )


def test_json_is_one_object_a_hand_in_and_nothing_else(classroom, notebooks):
    _hand_in(classroom, "ada", _with(notebooks[1], perceptron="def perceptron(x, w, b): return 2"))
    done = _command(classroom, "grade", "ch01", "--json")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    result = json.loads(line)
    assert list(result) == [
        "student", "chapter", "outcome", "score", "max_score", "seconds", "notes", "exercises",
    ]  # fmt: skip
    assert list(result["exercises"]) == list(chapters.load(ID).exercises)
    mark = result["exercises"]["perceptron"]
    assert sorted(mark) == ["hint", "max_score", "score", "trap"]
    assert mark["hint"].endswith("the result is 2, expected 1.")
    assert "ada" in done.stderr


def test_a_second_writer_is_refused(classroom, notebooks):
    _hand_in(classroom, "ada", notebooks[1])
    with Gradebook(classroom):
        done = _command(classroom, "grade", "ch01")
    assert done.returncode == 5
    assert not classroom.results.exists()


def test_without_isolation_nothing_runs(classroom, notebooks, tmp_path):
    _hand_in(classroom, "ada", notebooks[1])
    done = _command(classroom, "grade", "ch01", PATH=str(tmp_path))
    assert done.returncode == 4
    assert "bubblewrap" in done.stderr
    assert not classroom.results.exists()


def test_an_unknown_student_or_chapter_is_told(classroom, notebooks):
    _hand_in(classroom, "ada", notebooks[1])
    assert (
        "no hand-in of ch01_perceptron by bob"
        in _command(classroom, "grade", "ch01", "--student", "bob").stderr
    )
    assert "no chapter 'ch77'" in _command(classroom, "grade", "ch77").stderr


def test_what_a_killed_process_held_is_graded_all_the_same(classroom, notebooks):
    students = [f"s{number}" for number in range(6)]
    for student in students:
        _hand_in(classroom, student, notebooks[1])
    steps = []

    def kill_one(done, total, result):
        if not steps:
            _pool_processes()[0].kill()
        steps.append((done, total, result.student))

    results = grade(ID, classroom, jobs=2, progress=kill_one)
    assert _summary(results) == dict.fromkeys(students, ("graded", 0))
    assert sorted(student for _, _, student in steps) == students
    assert [done for done, _, _ in steps] == [1, 2, 3, 4, 5, 6]


def _pool_processes():
    """The processes that the fork server of this process has made."""
    alive = [p for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE]
    servers = [p for p in alive if "forkserver" in " ".join(p.cmdline())]
    return [process for server in servers for process in server.children()]


def test_late_rules_are_applied_though_nothing_is_graded_anew(classroom, capsys):
    folder = _hand_in(classroom, "broken", '{"cells": [')
    (folder / "timestamp.txt").write_text("2030-01-03 00:00:00 UTC")
    grade(ID, classroom)
    rules = "due.ch01 = 2030-01-02T00:00:00Z\npenalty.per_day = 1"
    (classroom.root / "late.toml").write_text(rules)
    graded = []
    grade(ID, classroom, progress=lambda done, total, result: graded.append(result))
    assert graded == []
    told = capsys.readouterr().err
    assert f"{ID}: due 2030-01-02 00:00:00 UTC, as late.toml says" in told
    assert "late penalties changed: 1" in told
