"""The grader killed at random moments and started again: graded once, and nothing left behind."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.paths import COURSE, ROOT, Classroom

ID = "ch01_perceptron"
STUDENTS = ("ada", "bob")
SEED = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))
ENDINGS = {
    "kill": lambda process: process.kill(),
    "kill all": lambda process: os.killpg(process.pid, signal.SIGKILL),
    "ctrl-c": lambda process: os.killpg(process.pid, signal.SIGINT),
    "stop": lambda process: process.terminate(),
}
pytestmark = pytest.mark.sandbox


def hand_in(classroom):
    for student in STUDENTS:
        folder = classroom.submitted / student / ID
        folder.mkdir(parents=True)
        shutil.copy(COURSE / ID / f"{ID}.ipynb", folder)


def start(classroom, temporary):
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", ID, "--jobs=2", "--json"],
        cwd=ROOT,
        env={**os.environ, "CLASSROOM": str(classroom.root), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(classroom, temporary):
    """Grade to the end; the results without their times."""
    process = start(classroom, temporary)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    results = [json.loads(line) for line in out.splitlines()]
    return [{**result, "seconds": 0} for result in results]


def running(session):
    """The processes of a session that run still (a dead one that nobody has reaped does not)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if its_session == str(session) and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_until_gone(session):
    deadline = time.monotonic() + 60
    while left := running(session):
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.05)


def rows(classroom, query):
    engine = create_engine(classroom.database_url)
    with engine.connect() as connection:
        found = sorted(map(tuple, connection.execute(text(query))), key=repr)
    engine.dispose()
    return found


MARKS = """SELECT a.student_id, b.name, g.auto_score, g.manual_score, g.extra_credit
    FROM grade g JOIN base_cell b ON g.cell_id = b.id JOIN submitted_notebook n
    ON g.notebook_id = n.id JOIN submitted_assignment a ON n.assignment_id = a.id"""
BY_HAND = """UPDATE grade SET manual_score = 0.5, extra_credit = 0.25 WHERE cell_id IN
    (SELECT id FROM base_cell WHERE name LIKE 'written%')"""


@pytest.fixture
def temporary():
    """A folder for temporary files that the sandbox's ordinary user can enter."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def test_killed_at_random_moments_and_started_again(tmp_path, temporary):
    print("KILL_SEED =", SEED)
    draw = random.Random(SEED)
    calm, rough = Classroom(tmp_path / "calm"), Classroom(tmp_path / "rough")
    hand_in(calm)
    hand_in(rough)
    rough_secret, calm_secret = rough.secret(), calm.root / "secret"
    calm_secret.write_text(rough_secret.hex())
    began = time.monotonic()
    expected = finish(calm, temporary)
    whole_s = time.monotonic() - began
    marked = False
    for ending in draw.sample(list(ENDINGS), len(ENDINGS)):
        process = start(rough, temporary)
        time.sleep(draw.uniform(0.2, 1.0) * whole_s)
        ENDINGS[ending](process)
        process.communicate(timeout=60)
        wait_until_gone(process.pid)
        if not marked and (rough.root / "gradebook.db").exists() and rows(rough, MARKS):
            marked = True
            with create_engine(rough.database_url).begin() as connection:
                connection.execute(text(BY_HAND))
                connection.execute(text("UPDATE comment SET manual_comment = 'See me.'"))

    assert finish(rough, temporary) == expected
    of_the_judge = [row[:3] for row in rows(rough, MARKS)]
    assert of_the_judge == [row[:3] for row in rows(calm, MARKS)]
    if marked:
        by_hand = {row[3:] for row in rows(rough, MARKS) if row[1].startswith("written")}
        assert (0.5, 0.25) in by_hand
        assert ("See me.",) in rows(rough, "SELECT manual_comment FROM comment")
    assert [str(path) for path in rough.root.rglob(".*")] == []
    # but for the fork server's folders, empty ones that are Python's own
    assert [p.name for p in temporary.iterdir() if not p.name.startswith("pymp-")] == []
