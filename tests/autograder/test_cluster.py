"""Grading on a Dask cluster of real processes: the same marks, whoever dies, joins, is refused."""

import copy
import os
import shutil
import signal
import subprocess
import sys

import dask
import nbformat
import pytest
from dask_cluster import DaskCluster

from autograder import chapters, cluster, source
from autograder.errors import AutograderError
from autograder.grade import grade
from autograder.paths import COURSE, ROOT, Classroom

ID = "ch01_perceptron"
KILLER = """
import os, signal, time
from autograder.work import Desk
def judge_or_die(desk, hand_in, grade=Desk.grade):
    if hand_in.student == "killer":
        time.sleep(2)  # so that what was done before has been told
        os.kill(os.getpid(), signal.SIGKILL)
    return grade(desk, hand_in)
Desk.grade = judge_or_die
"""


@pytest.fixture(scope="module")
def notebooks():
    """(untouched, with two answers), as bytes."""
    release = nbformat.read(COURSE / ID / f"{ID}.ipynb", as_version=4)
    solution = source.read_chapter(chapters.source_path(ID), chapters.load(ID))
    right = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in solution.cells
        if "nbgrader" in cell.metadata
    }
    some = copy.deepcopy(release)
    for cell in some.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in ("perceptron", "margin"):
            cell.source = right[name]
    return nbformat.writes(release).encode(), nbformat.writes(some).encode()


@pytest.fixture(scope="module")
def started():
    """A scheduler; each test starts the workers that it needs."""
    with DaskCluster() as running:
        yield running


def _hand_in(classroom, student, content):
    folder = classroom.submitted / student / ID
    folder.mkdir(parents=True)
    if content is not None:
        (folder / f"{ID}.ipynb").write_bytes(content)


def _class(root, notebooks, size=8):
    """A classroom of that many honest students, a broken file and an empty folder."""
    classroom = Classroom(root)
    for number in range(size):
        _hand_in(classroom, f"s{number}", notebooks[number % 2])
    _hand_in(classroom, "broken", b'{"cells": [')
    _hand_in(classroom, "nothing", None)
    classroom.secret()
    return classroom


def _summary(results):
    return {r.student: (r.outcome, r.score, r.exercises) for r in results}


@pytest.mark.sandbox
def test_a_worker_killed_half_way_and_one_that_joins_change_no_mark(started, tmp_path, notebooks):
    there = _class(tmp_path / "there", notebooks)
    here = Classroom(shutil.copytree(there.root, tmp_path / "here"))
    started.worker("one")
    started.worker("two")
    started.wait_for(2)
    steps, told = [], []

    def kill_one(done, total, result):
        steps.append((done, total, result.student))
        if done == 3:
            _kill_a_busy_worker(started)
            started.worker("three")

    results = grade(ID, there, scheduler=started.address, progress=kill_one, say=told.append)

    assert _summary(results) == _summary(grade(ID, here))
    students = sorted(result.student for result in results)
    assert sorted(student for _, _, student in steps) == students
    assert [done for done, _, _ in steps] == list(range(1, 11))
    assert [text for text in told if "is gone" in text], told
    assert {path.parent.parent.name for path in there.autograded.glob("*/*/*.ipynb")} == {*students}


def _kill_a_busy_worker(running):
    with running.client() as client:
        busy = next(address for address, tasks in client.processing().items() if tasks)
        (pid,) = client.run(os.getpid, workers=[busy]).values()
    os.kill(pid, signal.SIGKILL)


@pytest.mark.sandbox
def test_a_result_that_died_with_its_worker_is_made_again(
    started, tmp_path, notebooks, monkeypatch
):
    classroom = _class(tmp_path / "classroom", notebooks, size=2)
    started.worker("four")
    fetch, killed = cluster._Table._fetch, []

    def fetch_from_the_dead(table, batch):
        if not killed:
            killed.extend(batch.students)
            (pid,) = table.client.run(os.getpid, workers=[batch.worker.address]).values()
            os.kill(pid, signal.SIGKILL)
            started.worker("five")
        fetch(table, batch)

    monkeypatch.setattr(cluster._Table, "_fetch", fetch_from_the_dead)
    steps = []
    results = grade(
        ID, classroom, scheduler=started.address, progress=lambda d, t, r: steps.append(r.student)
    )
    assert killed
    assert {r.student: r.outcome for r in results} == {
        "s0": "graded", "s1": "graded", "broken": "unreadable", "nothing": "missing",
    }  # fmt: skip
    assert sorted(steps) == ["broken", "nothing", "s0", "s1"]


@pytest.mark.sandbox
def test_who_has_other_code_does_not_grade_and_is_told_so(tmp_path, notebooks):
    classroom = _class(tmp_path / "classroom", notebooks, size=1)
    for name in ("other", "older"):
        shutil.copytree(ROOT / "autograder", tmp_path / name / "autograder")
        for folder in ("dlkit", "solutions"):
            (tmp_path / name / folder).symlink_to(ROOT / folder)
    with (tmp_path / "other" / "autograder" / "judge.py").open("a") as file:
        file.write("# changed\n")
    (tmp_path / "older" / "autograder" / "remote.py").unlink()
    with DaskCluster() as strangers:
        strangers.worker("other", code=tmp_path / "other")
        strangers.worker("older", code=tmp_path / "older")
        strangers.wait_for(2)
        told = []
        with pytest.raises(AutograderError, match="none of the 2 workers can grade"):
            grade(ID, classroom, scheduler=strangers.address, say=told.append)
    other, older = sorted(told, key=lambda text: "older" in text)
    assert "worker other at tcp://127.0.0.1" in other
    assert "its course's code is" in other
    assert "it has not the course's code" in older
    assert "from the same commit" in other
    assert not classroom.results.exists()


@pytest.mark.sandbox
def test_where_no_worker_can_isolate_nothing_runs(tmp_path, notebooks):
    classroom = _class(tmp_path / "classroom", notebooks, size=1)
    with DaskCluster() as bare:
        bare.worker("bare", PATH=str(tmp_path))
        bare.wait_for(1)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "autograder", "grade", "ch01"),
                *("--classroom", str(classroom.root), "--scheduler", bare.address),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 4, done.stderr
    assert "worker bare at tcp://" in done.stderr
    assert "bubblewrap" in done.stderr
    assert not classroom.results.exists()


@pytest.mark.sandbox
def test_a_hand_in_that_kills_its_worker_holds_nobody_up(tmp_path, notebooks, monkeypatch):
    """No hand-in is known to, but a machine may be too small for one."""
    monkeypatch.setattr(cluster, "TRIES", 2)
    classroom = _class(tmp_path / "classroom", notebooks, size=1)
    _hand_in(classroom, "killer", notebooks[0])
    (preload := tmp_path / "killer.py").write_text(KILLER)
    with DaskCluster() as alone:
        alone.worker("nannied", "--preload", str(preload), nanny=True)
        told = []
        results = grade(ID, classroom, scheduler=alone.address, say=told.append)
    assert {result.student: result.outcome for result in results} == {
        "broken": "unreadable", "killer": "no_verdict", "nothing": "missing", "s0": "graded",
    }  # fmt: skip
    (note,) = next(result.notes for result in results if result.student == "killer")
    assert "worker nannied at tcp://127.0.0.1" in note
    assert "is gone. Run grade again." in note
    assert len([text for text in told if "is gone" in text]) == 2


@pytest.mark.sandbox
def test_a_scheduler_that_is_lost_ends_the_run_and_what_is_graded_stays(
    tmp_path, notebooks, monkeypatch
):
    monkeypatch.setattr(cluster, "CONNECT_S", 1.0)
    classroom = _class(tmp_path / "classroom", notebooks, size=4)
    graded = []
    with DaskCluster() as dying:
        dying.worker("only")
        dying.wait_for(1)

        def kill(done, total, result):
            graded.append(result.student)
            dying.scheduler.kill()

        with pytest.raises(AutograderError, match="out of reach .* run grade again"):
            grade(ID, classroom, scheduler=dying.address, progress=kill)
    assert graded
    assert {path.stem for path in (classroom.results / ID).iterdir()} == {*graded}


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "tcp://10.0.0.5", "http://10.0.0.5:8786"])
def test_another_kind_of_address_is_refused(address):
    with pytest.raises(AutograderError, match="such as tcp://10.0.0.5:8786, not"):
        next(cluster.judged(None, None, address, print))


def test_a_scheduler_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    with pytest.raises(AutograderError, match="no Dask scheduler answers at tcp://127.0.0.1:9 "):
        next(cluster.judged(None, None, "tcp://127.0.0.1:9", print))


def test_without_certificates_tls_is_refused():
    with pytest.raises(AutograderError, match="no certificates are configured for it"):
        next(cluster.judged(None, None, "tls://127.0.0.1:9", print))


def test_where_encryption_is_wanted_there_is_no_grading_without():
    wanted = {"distributed.comm.require-encryption": True}
    with (
        dask.config.set(wanted),
        pytest.raises(AutograderError, match="tls:// instead of tcp://"),
    ):
        next(cluster.judged(None, None, "tcp://127.0.0.1:9", print))


@pytest.mark.sandbox
def test_a_scheduler_without_workers_is_not_waited_for_for_ever(tmp_path, notebooks, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE_S", 0.1)
    classroom = _class(tmp_path / "classroom", notebooks, size=1)
    with DaskCluster() as empty, pytest.raises(AutograderError, match="has no worker. Start some"):
        grade(ID, classroom, scheduler=empty.address)
