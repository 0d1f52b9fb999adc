"""The table of marks says what the gradebook says, and is safe to open in a spreadsheet."""

import csv
import io

import pytest
import tiny
from sqlalchemy import create_engine, text

from autograder.errors import AutograderError
from autograder.export import COLUMNS, export, harmless
from autograder.gradebook import Gradebook
from autograder.paths import Classroom
from autograder.submission import submissions


@pytest.fixture
def classroom(tmp_path):
    return Classroom(tmp_path / "classroom")


def table(tmp_path):
    exported = export([tiny.ID], Classroom(tmp_path / "classroom"), tmp_path / "course", tmp_path)
    return {row["student"]: row for row in csv.DictReader(io.StringIO(exported))}


def grade(tmp_path, student, outcome="graded", time="2030-01-01 10:00:00 UTC", **scores):
    classroom = Classroom(tmp_path / "classroom")
    release = tiny.released(tmp_path)
    notebook = tiny.answers(release, written_ch99="Because.")
    tiny.hand_in(tmp_path, student, notebook, time)
    (submission,) = (s for s in submissions(classroom, tiny.ID) if s.student == student)
    with Gradebook(classroom, tmp_path / "course", root=tmp_path) as gradebook:
        kept = None if outcome in ("unreadable", "no_verdict") else notebook
        gradebook.record(tiny.result(student, kept, outcome, **scores), submission)


def change(classroom, command):
    with create_engine(classroom.database_url).begin() as connection:
        connection.execute(text(command))


def test_columns_stand_in_the_order_of_the_notebook(tmp_path, classroom):
    grade(tmp_path, "ada", double=1.0, triple=0.5)
    head = export([tiny.ID], classroom, tmp_path / "course").split("\n")[0]
    assert head.split(",") == [*COLUMNS, "double", "triple", "written_ch99"]


def test_a_row_says_what_the_gradebook_says(tmp_path, classroom):
    grade(tmp_path, "ada", double=1.0, triple=0.5)
    assert table(tmp_path)["ada"] == {
        "student": "ada",
        "chapter": tiny.ID,
        "outcome": "graded",
        "timestamp": "2030-01-01 10:00:00",
        "late_seconds": "0",
        "late_penalty": "0",
        "total": "1.5",
        "max": "5",
        "double": "1",
        "triple": "0.5",
        "written_ch99": "",
    }
    change(classroom, "UPDATE grade SET manual_score = 1.25 WHERE auto_score IS NULL")
    assert table(tmp_path)["ada"]["written_ch99"] == "1.25"
    assert table(tmp_path)["ada"]["total"] == "2.75"


def test_a_late_penalty_is_taken_off(tmp_path, classroom):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    tiny.released(tmp_path)
    change(classroom, "UPDATE assignment SET duedate = '2030-01-01 00:00:00.000000'")
    grade(tmp_path, "ada", double=1.0, triple=2.0)
    row = table(tmp_path)["ada"]
    assert (row["late_seconds"], row["late_penalty"], row["total"]) == ("36000", "3", "0")


def test_everybody_has_a_row(tmp_path, classroom):
    grade(tmp_path, "ada", double=1.0, triple=2.0)
    grade(tmp_path, "bob", "unreadable")
    grade(tmp_path, "eve", "no_verdict")
    tiny.hand_in(tmp_path, "new", tiny.released(tmp_path))
    change(classroom, "INSERT INTO student (id) VALUES ('idle')")
    rows = table(tmp_path)
    assert {student: row["outcome"] for student, row in rows.items()} == {
        "ada": "graded",
        "bob": "unreadable",
        "eve": "no_verdict",
        "idle": "not handed in",
        "new": "not graded",
    }
    assert [rows[student]["total"] for student in rows] == ["3", "0", "", "", ""]


def test_a_student_id_is_never_a_formula(tmp_path):
    grade(tmp_path, "-2+3", double=1.0, triple=2.0)
    grade(tmp_path, "@SUM", double=1.0, triple=2.0)
    assert sorted(table(tmp_path)) == ["'-2+3", "'@SUM"]
    assert [harmless(text) for text in ("=1", "+1", "\t=1", "a=1")] == [
        "'=1",
        "'+1",
        "'\t=1",
        "a=1",
    ]


def test_without_a_gradebook_it_says_what_to_run(tmp_path, classroom):
    with pytest.raises(AutograderError, match="python -m autograder release"):
        export([tiny.ID], classroom, tmp_path / "course")
