"""PostgreSQL as gradebook: the same rows as with SQLite, one writer, and errors that say enough."""

import os
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
import tiny
from nbgrader.api import Gradebook as NbgraderGradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rows import tables
from sqlalchemy import create_engine, text

from autograder import database
from autograder.errors import AutograderError, ClassroomBusy
from autograder.export import export
from autograder.feedback import feedback
from autograder.gradebook import Gradebook, read_results
from autograder.nbconfig import course_config
from autograder.paths import COURSE_ID, ROOT, Classroom
from autograder.report import report
from autograder.status import status
from autograder.submission import submissions
from tests import postgres_server

pytestmark = pytest.mark.postgres
SCORES = {"ada": (1.0, 2.0), "bob": (1.0, 0.0), "zoë": (0.0, 0.5)}
SECRETS = (postgres_server.PASSWORD, postgres_server.QUOTED, "battery")


@pytest.fixture(scope="module")
def server():
    with postgres_server.serving() as running:
        yield running


@pytest.fixture
def url(server, request, monkeypatch):
    """An empty database's URL, which is also in $GRADEBOOK_URL."""
    name = f"of_{zlib.crc32(request.node.name.encode())}"
    url = server.create(name)
    monkeypatch.setenv("GRADEBOOK_URL", url)
    yield url
    server.execute("postgres", f"DROP DATABASE {name} WITH (FORCE)")


def classroom(root):
    return Classroom(root / "classroom")


def record(root, release, *students):
    with Gradebook(classroom(root), root / "course", root=root) as gradebook:
        for submission in submissions(classroom(root), tiny.ID):
            if submission.student in students:
                double, triple = SCORES[submission.student]
                notebook = tiny.answers(release, written_ch99=f"I am {submission.student}.")
                result = tiny.result(submission.student, notebook, double=double, triple=triple)
                gradebook.record(result, submission, "print")


def class_of(root, *students):
    release = tiny.released(root)
    for student in students:
        tiny.hand_in(root, student, tiny.answers(release), "2030-01-01 10:00:00.250000 UTC")
    return release


def mark_by_hand(url):
    """As Formgrader does, through nbgrader's own classes."""
    with NbgraderGradebook(url, COURSE_ID) as gradebook:
        grade = gradebook.find_grade("written_ch99", tiny.ID, tiny.ID, "ada")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        comment = gradebook.find_comment("written_ch99", tiny.ID, tiny.ID, "ada")
        comment.manual_comment = "Schön – 很好 👍"
        gradebook.db.commit()


def whole_day(root, url):
    """From release to report; what each step gave."""
    release = class_of(root, "ada", "bob")
    record(root, release, "ada", "bob")
    mark_by_hand(url)
    record(root, release, "ada", "bob")
    longer = tiny.released(root, tiny.TEXT + tiny.MORE)
    room, course = classroom(root), root / "course"
    pages = feedback(tiny.ID, room, root=root)
    page = (room.feedback / "ada" / tiny.ID / f"{tiny.ID}.html").read_text("utf-8")
    html, _ = report(tiny.ID, room, course_dir=course)
    api = NbGraderAPI(CourseDirectory(config=course_config(room, root)))
    api.coursedir.db_url = url
    return {
        "rows": tables(url),
        "export": export([tiny.ID], room, course, root),
        "status": status([tiny.ID], room, course).splitlines()[1:],
        "pages": (pages, "很好" in page),
        "report": html.read_text("utf-8").partition("<main")[2],
        "formgrader": [
            {name: value for name, value in row.items() if name != "id"}
            for row in api.get_submissions(tiny.ID)
        ],
        "cells": len(longer.cells),
    }


def test_the_whole_day_is_the_same_as_with_sqlite(tmp_path, url, monkeypatch):
    found = whole_day(tmp_path / "server", url)
    assert not (tmp_path / "server" / "classroom" / "gradebook.db").exists()
    monkeypatch.delenv("GRADEBOOK_URL")
    root = tmp_path / "file"
    expected = whole_day(root, classroom(root).database_url)
    for step in expected:
        assert found[step] == expected[step], step
    assert expected["pages"] == (["ada", "bob"], True)
    assert [row["score"] for row in expected["formgrader"]] == [4.75, 1.0]


# -- one writer, also from two machines ---


HOLDER = """
import sys
from pathlib import Path
from autograder.gradebook import Gradebook
from autograder.paths import Classroom
with Gradebook(Classroom(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_grader_with_another_folder_is_refused(tmp_path, url):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "elsewhere")],
        cwd=ROOT,
        env={**os.environ, "GRADEBOOK_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        command_line = Path(f"/proc/{holder.pid}/cmdline").read_text()
        assert not any(secret in command_line for secret in SECRETS)
        with pytest.raises(ClassroomBusy, match=f"process {holder.pid} on ") as busy:
            Gradebook(classroom(tmp_path)).__enter__()
        assert not any(secret in str(busy.value) for secret in SECRETS)
    finally:
        holder.kill()
        holder.communicate()
    deadline = time.monotonic() + 30
    while True:  # the server notices the holder's end in a moment
        try:
            with Gradebook(classroom(tmp_path)):
                break
        except ClassroomBusy:
            assert time.monotonic() < deadline
            time.sleep(0.05)


# -- what may go wrong ---


def command(*arguments, url):
    environment = {**os.environ, "GRADEBOOK_URL": url}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS)
    return done


def test_a_command_ends_in_words(tmp_path, server):
    done = command(*("status", "ch01", f"--classroom={tmp_path}"), url=server.url("nowhere"))
    assert done.returncode == 1
    assert "Does the server run" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda server: server.url("postgres", "wrong-battery"), "password authentication failed"),
        (lambda server: server.url("nowhere"), 'database "nowhere" does not exist'),
        (lambda server: server.url("postgres").replace(str(server.port), "1"), "refused"),
        (lambda server: server.url("postgres").replace("127.0.0.1", "no.invalid"), "no.invalid"),
        (lambda server: server.url("postgres", "correct@battery"), "an @ in a password is written"),
        (lambda server: "postgres://teacher:battery@127.0.0.1/x", "should look like postgresql://"),
        (lambda server: "postgresql+pg8000://t:battery@127.0.0.1/x", "driver"),
        (lambda server: "teacher:battery@127.0.0.1/x", "should look like postgresql://"),
    ],
)
def test_what_does_not_open_says_what_to_look_at(tmp_path, server, change, says, monkeypatch):
    monkeypatch.setenv("GRADEBOOK_URL", change(server))
    for opened in (
        Gradebook(classroom(tmp_path)).__enter__,
        lambda: status([], classroom(tmp_path)),
    ):
        with pytest.raises(AutograderError, match=says) as error:
            opened()
        assert not any(secret in str(error.value) for secret in SECRETS)


def test_an_empty_database_says_what_to_run(tmp_path, url):
    with pytest.raises(AutograderError, match="no gradebook yet. Run: python -m autograder rel"):
        database.existing(classroom(tmp_path))


def test_another_version_is_refused_without_a_password_in_the_command(tmp_path, url):
    class_of(tmp_path)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    engine.dispose()
    with pytest.raises(AutograderError, match="version older, expected") as error:
        Gradebook(classroom(tmp_path)).__enter__()
    assert str(error.value).endswith("nbgrader db upgrade")
    assert not any(secret in str(error.value) for secret in SECRETS)


def test_a_database_of_another_program_is_left_alone(tmp_path, server, url):
    name = url.rpartition("/")[2]
    server.execute(name, "CREATE TABLE accounts (id int)")
    with pytest.raises(AutograderError, match="its tables are of version none"):
        Gradebook(classroom(tmp_path)).__enter__()
    assert server.execute(name, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [
        ("accounts",)
    ]


def test_a_user_who_may_only_read_is_told(tmp_path, server, url, monkeypatch):
    release = class_of(tmp_path, "ada")
    name = url.rpartition("/")[2]
    server.execute(name, "CREATE ROLE reader LOGIN PASSWORD 'battery'")
    server.execute(name, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    try:
        theirs = url.replace(f"teacher:{postgres_server.QUOTED}", "reader:battery")
        monkeypatch.setenv("GRADEBOOK_URL", theirs)
        with pytest.raises(AutograderError, match=r"refused.*permission denied"):
            record(tmp_path, release, "ada")
    finally:
        server.execute(name, "DROP OWNED BY reader")
        server.execute(name, "DROP ROLE reader")
    assert read_results(classroom(tmp_path), tiny.ID) == {}


KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'proc%'"


def test_a_lost_connection_ends_in_words_and_the_next_run_finishes(tmp_path, server, url):
    release = class_of(tmp_path, "ada", "bob")
    gradebook = Gradebook(classroom(tmp_path), tmp_path / "course", root=tmp_path)
    ada, bob = submissions(classroom(tmp_path), tiny.ID)

    def losing():
        with gradebook:
            gradebook.record(tiny.result("ada", release, double=1.0, triple=2.0), ada, "print")
            assert server.execute("postgres", KILL) == [(True,)]
            gradebook.record(tiny.result("bob", release, double=1.0, triple=0.0), bob, "print")

    with pytest.raises(AutograderError, match="was lost while it was in use") as error:
        losing()
    assert not any(secret in str(error.value) for secret in SECRETS)
    assert list(read_results(classroom(tmp_path), tiny.ID)) == ["ada"]
    with gradebook:
        gradebook.record(tiny.result("bob", release, double=1.0, triple=0.0), bob, "print")
    assert {row["auto_score"] for row in tables(url)["grade"]} == {0.0, 1.0, 2.0}
    assert len(tables(url)["submitted_notebook"]) == 2


def test_a_server_that_restarts_is_used_again(tmp_path, server, url):
    release = class_of(tmp_path, "ada")
    server.control("restart", "-m", "fast")
    record(tmp_path, release, "ada")
    assert list(read_results(classroom(tmp_path), tiny.ID)) == ["ada"]
