"""The gradebook holds what nbgrader's own Autograde would have left, and one process writes it."""

import json
import os
import shutil
import subprocess
import sys
import warnings
from datetime import datetime

import nbformat
import pytest
import tiny
from nbgrader.converters import Autograde, GenerateAssignment
from rows import tables
from sqlalchemy import create_engine, text

from autograder import database
from autograder.errors import AutograderError, ClassroomBusy, NoVerdict
from autograder.gradebook import Gradebook, read_results
from autograder.nbconfig import course_config, run, settings
from autograder.paths import Classroom
from autograder.submission import submissions

RIGHT = {"double": "def double(x):\n    return 2 * x", "triple": "def triple(x):\n    return 3 * x"}
HAND_INS = {
    "ada": ({**RIGHT, "written_ch99": "Because."}, "2030-01-01 10:00:00.000000 UTC", (1.0, 2.0)),
    "bob": ({"double": RIGHT["double"]}, "2030-01-01 12:00:00.000000 +0200", (1.0, 0.0)),
    "eve": ({}, None, (0.0, 0.0)),
    "late": ({**RIGHT}, "2030-01-03 00:00:00.000000 UTC", (1.0, 2.0)),
}


def classroom(tmp_path):
    return Classroom(tmp_path / "classroom")


def open_gradebook(tmp_path):
    return Gradebook(classroom(tmp_path), tmp_path / "course", root=tmp_path)


def execute(tmp_path, command):
    with create_engine(classroom(tmp_path).database_url).begin() as connection:
        return [tuple(row) for row in connection.execute(text(command))]


@pytest.fixture
def release(tmp_path):
    return tiny.released(tmp_path)


def record(tmp_path, release, student, answers=(), time=None, result=None, **scores):
    """Hand in, and record a result (or these scores) for it."""
    notebook = tiny.answers(release, **dict(answers))
    if not (tmp_path / "classroom" / "submitted" / student).exists():
        tiny.hand_in(tmp_path, student, notebook, time)
    submission = next(s for s in submissions(classroom(tmp_path), tiny.ID) if s.student == student)
    with open_gradebook(tmp_path) as gradebook:
        gradebook.record(result or tiny.result(student, notebook, **scores), submission, "print")


# -- side by side with nbgrader --------------------------------------------------------------------


def graded_by_nbgrader(tmp_path, after_first=lambda url: None):
    """The same class through nbgrader's GenerateAssignment and Autograde; the database's URL."""
    folder = tmp_path / "nbgrader"
    shutil.copytree(tmp_path / "build" / "source", folder / "source")
    shutil.copytree(tmp_path / "classroom" / "submitted", folder / "submitted")
    config = settings(Classroom(folder), tmp_path)
    config.merge(course_config(Classroom(folder), folder))
    config.CourseDirectory.source_directory = "source"
    config.CourseDirectory.release_directory = "release"
    url = config.CourseDirectory.db_url
    database.create(url)
    run(GenerateAssignment, config, assignment_id=tiny.ID)
    set_duedate(url)
    run(Autograde, config, assignment_id=tiny.ID)
    after_first(url)
    config.Autograde.force = True
    run(Autograde, config, assignment_id=tiny.ID)
    return url


def set_duedate(url):
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE assignment SET duedate = '2030-01-02 00:00:00.000000'"))


def a_person_marks(url):
    """ada's written answer and bob's first exercise get a mark, a comment and extra credit."""
    with create_engine(url).begin() as connection:
        for student, cell in (("ada", "written_ch99"), ("bob", "test_double")):
            connection.execute(
                text(
                    "UPDATE grade SET manual_score = 0.5, extra_credit = 0.25, "
                    "needs_manual_grade = 0 WHERE notebook_id IN (SELECT n.id FROM "
                    "submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
                    "WHERE a.student_id = :student) AND cell_id IN "
                    "(SELECT id FROM base_cell WHERE name = :cell AND type = 'GradeCell')"
                ),
                {"student": student, "cell": cell},
            )
        connection.execute(text("UPDATE comment SET manual_comment = 'See me.'"))


def test_an_honest_class_gets_the_rows_that_nbgrader_writes(tmp_path, release):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    for student, (answers, time, _) in HAND_INS.items():
        tiny.hand_in(tmp_path, student, tiny.answers(release, **answers), time)
    ours = classroom(tmp_path).database_url
    set_duedate(ours)
    for again in (False, True):
        for student, (answers, _, (double, triple)) in HAND_INS.items():
            record(tmp_path, release, student, answers, double=double, triple=triple)
        if not again:
            a_person_marks(ours)

    with warnings.catch_warnings():  # SQLAlchemy warns of nbgrader's own code
        warnings.simplefilter("ignore")
        theirs = graded_by_nbgrader(tmp_path, after_first=a_person_marks)

    expected, found = tables(theirs), tables(ours)
    assert found.keys() == expected.keys()
    for table in expected:
        assert found[table] == expected[table], table
    penalties = {
        row["assignment_id"]: row["late_submission_penalty"] for row in found["submitted_notebook"]
    }
    assert penalties[f"late's {tiny.ID}"] == 3.0
    assert penalties[f"ada's {tiny.ID}"] is None
    for student in HAND_INS:
        their_files, our_files = (
            {str(f.relative_to(base)) for f in base.rglob("*") if f.is_file()} - {"checks.json"}
            for base in (
                tmp_path / "nbgrader" / "autograded" / student / tiny.ID,
                tmp_path / "classroom" / "autograded" / student / tiny.ID,
            )
        )
        assert our_files == their_files


# -- outcomes ---


def marks_of(tmp_path, student):
    return execute(
        tmp_path,
        "SELECT b.name, g.auto_score, g.manual_score, g.needs_manual_grade FROM grade g "
        "JOIN base_cell b ON g.cell_id = b.id JOIN submitted_notebook n ON g.notebook_id = n.id "
        "JOIN submitted_assignment a ON n.assignment_id = a.id "
        f"WHERE a.student_id = '{student}' ORDER BY b.name",
    )


def test_a_share_of_the_points_is_kept(tmp_path, release):
    record(tmp_path, release, "ada", RIGHT, double=1.0, triple=0.5)
    assert ("test_triple", 0.5, None, 0) in marks_of(tmp_path, "ada")


def test_an_unreadable_hand_in_gets_zeros_and_a_notebook_that_says_why(tmp_path, release):
    result = tiny.result("ada", None, "unreadable")
    result.notes = ["The file is empty."]
    record(tmp_path, release, "ada", result=result)
    assert marks_of(tmp_path, "ada") == [
        ("test_double", 0.0, None, 0),
        ("test_triple", 0.0, None, 0),
        ("written_ch99", 0.0, None, 0),
    ]
    path = tmp_path / "classroom" / "autograded" / "ada" / tiny.ID / f"{tiny.ID}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert "The file is empty." in notebook.cells[0].source


def test_no_verdict_leaves_marks_and_notebook_as_they_are(tmp_path, release):
    record(tmp_path, release, "ada", RIGHT, double=1.0, triple=2.0)
    before = marks_of(tmp_path, "ada")
    record(tmp_path, release, "ada", result=tiny.result("ada", None, "no_verdict"))
    assert marks_of(tmp_path, "ada") == before
    result = read_results(classroom(tmp_path), tiny.ID)["ada"]
    assert (result["outcome"], result["fingerprint"]) == ("no_verdict", None)


def test_a_mark_that_the_judge_did_not_give_is_no_zero(tmp_path, release):
    with pytest.raises(NoVerdict, match="ada: expected a mark for test_triple"):
        record(tmp_path, release, "ada", RIGHT, double=1.0)
    assert marks_of(tmp_path, "ada") == []
    assert not (tmp_path / "classroom" / "autograded").exists()


def test_result_and_fingerprint_are_written_last_and_read_back(tmp_path, release):
    record(tmp_path, release, "ada", RIGHT, double=1.0, triple=2.0)
    result = read_results(classroom(tmp_path), tiny.ID)["ada"]
    assert result["fingerprint"] == "print"
    assert result["exercises"]["triple"]["score"] == 2.0
    assert "notebook" not in result


def test_killed_before_the_notebook_is_written_nothing_claims_to_be_done(
    tmp_path, release, monkeypatch
):
    def killed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(Gradebook, "_write_notebook", killed)
    with pytest.raises(KeyboardInterrupt):
        record(tmp_path, release, "ada", RIGHT, double=1.0, triple=2.0)
    assert read_results(classroom(tmp_path), tiny.ID) == {}
    monkeypatch.undo()
    record(tmp_path, release, "ada", RIGHT, double=1.0, triple=2.0)
    assert list(read_results(classroom(tmp_path), tiny.ID)) == ["ada"]


def test_timestamps_agree_in_gradebook_and_file(tmp_path, release):
    time = "2030-01-01 10:00:00.250000 UTC"
    record(tmp_path, release, "bob", time=time, double=0.0, triple=0.0)
    stored = execute(tmp_path, "SELECT timestamp FROM submitted_assignment")[0][0]
    assert datetime.fromisoformat(stored) == datetime(2030, 1, 1, 10, 0, 0, 250000)
    copy = tmp_path / "classroom" / "autograded" / "bob" / tiny.ID / "timestamp.txt"
    assert copy.read_text() == time


# -- one writer ---


def test_a_second_writer_is_told_who_holds_the_classroom(tmp_path, release):
    code = (
        "import sys; from pathlib import Path\n"
        "from autograder.lock import ClassroomLock; from autograder.paths import Classroom\n"
        "lock = ClassroomLock(Classroom(Path(sys.argv[1]))).__enter__()\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "classroom")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ClassroomBusy, match=f"process {holder.pid}"), open_gradebook(tmp_path):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with open_gradebook(tmp_path):  # the dead holder's lock is free
        pass


def test_the_lock_is_released_when_the_database_cannot_be_opened(tmp_path):
    (tmp_path / "classroom").mkdir()
    (tmp_path / "classroom" / "gradebook.db").write_text("this is no database, " * 100)
    for _ in range(2):
        with pytest.raises(AutograderError, match="restore a backup"), open_gradebook(tmp_path):
            pass


# -- the database ---


def test_a_database_that_another_program_keeps_locked(tmp_path, release, monkeypatch):
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    engine = create_engine(classroom(tmp_path).database_url)
    with engine.connect() as formgrader:
        formgrader.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(AutograderError, match=r"written to by another program for 0\.05 s"):
            record(tmp_path, release, "ada", RIGHT, double=1.0, triple=2.0)
    engine.dispose()
    record(tmp_path, release, "ada", RIGHT, double=1.0, triple=2.0)
    assert len(marks_of(tmp_path, "ada")) == 3


def test_a_database_that_lacks_a_table_is_damaged(tmp_path, release):
    execute_only(tmp_path, "DROP TABLE comment")
    with pytest.raises(AutograderError, match="is damaged: it lacks the tables comment. Move it"):
        open_gradebook(tmp_path).__enter__()


def execute_only(tmp_path, command):
    engine = create_engine(classroom(tmp_path).database_url)
    with engine.begin() as connection:
        connection.execute(text(command))
    engine.dispose()


def test_what_breaks_inside_the_database_is_told(tmp_path, release):
    path = tmp_path / "classroom" / "gradebook.db"
    content = bytearray(path.read_bytes())
    content[8192:] = b"\x07" * (len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(AutograderError, match=r"damaged. Move it away.*malformed"):
        record(tmp_path, release, "ada", RIGHT, double=1.0, triple=2.0)


def test_an_older_checkout_of_the_course_reaches_the_gradebook_before_marks(tmp_path, release):
    """A release was killed between course/ and gradebook, or course/ came by git."""
    before = (tmp_path / "classroom" / "gradebook.db").read_bytes()
    longer = tiny.released(tmp_path, tiny.TEXT + tiny.MORE)
    (tmp_path / "classroom" / "gradebook.db").write_bytes(before)
    record(tmp_path, longer, "ada", RIGHT, double=1.0, triple=2.0, half=3.0)
    assert ("test_half", 3.0, None, 0) in marks_of(tmp_path, "ada")


def test_it_is_made_without_the_program_alembic_on_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    tiny.released(tmp_path)
    assert execute(tmp_path, "SELECT name FROM assignment") == [(tiny.ID,)]


def test_a_database_of_another_version_is_refused(tmp_path, release):
    engine = create_engine(classroom(tmp_path).database_url)
    head = database.schema_version()
    before = database.ScriptDirectory(database.ALEMBIC_DIR).get_revision(head).down_revision
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{before}'"))
    with pytest.raises(AutograderError, match=f"version {before}, expected {head}"):
        open_gradebook(tmp_path).__enter__()
    with pytest.raises(AutograderError) as error:
        database.existing(classroom(tmp_path))
    command = str(error.value).split("\n")[1]
    assert command.endswith(f'nbgrader db upgrade --db="{classroom(tmp_path).database_url}"')


def test_a_chapter_that_the_gradebook_lacks_is_taken_from_the_release(tmp_path, release):
    (tmp_path / "classroom" / "gradebook.db").unlink()
    record(tmp_path, release, "ada", RIGHT, double=1.0, triple=2.0)
    assert len(marks_of(tmp_path, "ada")) == 3


def test_a_chapter_that_was_never_released_says_what_to_run(tmp_path, release):
    shutil.rmtree(tmp_path / "course")
    with pytest.raises(AutograderError, match="python -m autograder release"):
        record(tmp_path, release, "ada", double=1.0, triple=2.0)


def test_reading_a_classroom_without_gradebook_says_what_to_run(tmp_path):
    with pytest.raises(AutograderError, match="python -m autograder release"):
        database.existing(classroom(tmp_path))
    assert not (tmp_path / "classroom").exists()


def test_results_are_json_even_with_other_scripts(tmp_path, release):
    result = tiny.result("ada", tiny.answers(release), double=0.0, triple=0.0)
    result.notes = ["感知机"]
    record(tmp_path, release, "ada", result=result)
    path = tmp_path / "classroom" / "results" / tiny.ID / "ada.json"
    assert json.loads(path.read_text(encoding="utf-8"))["notes"] == ["感知机"]
