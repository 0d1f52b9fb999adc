"""Grading where each worker has a network and disks of its own, and reaches the scheduler alone."""

import copy
import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from dask_cluster import DaskCluster

from autograder import chapters
from autograder.grade import grade
from autograder.paths import COURSE, ROOT, Classroom

ID = "ch01_perceptron"
# $1…: folders that no worker sees. Two networks, each a cable from the grader to one worker.
NETWORKS = """
set -e
ip link set lo up
for n in 1 2; do
    unshare --net --mount --propagation private sleep infinity & worker=$!
    until [ "$(readlink /proc/$worker/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
    ip link add cable$n type veth peer name eth0 netns $worker
    ip address add 10.77.$n.1/24 dev cable$n
    ip link set cable$n up
    inside="nsenter --target $worker --net --mount --"
    $inside ip link set lo up
    $inside ip address add 10.77.$n.2/24 dev eth0
    $inside ip link set eth0 up
    $inside ip route add default via 10.77.$n.1
    for folder in "$@"; do $inside mount -t tmpfs none "$folder"; done
    workers="$workers $worker"
done
echo $$ $workers
read end || true
kill $workers
"""


class Networks:
    """A grader's namespaces and those of two workers; `enter` is the command prefix of each."""

    def __init__(self, *hidden):
        self.hidden = [str(folder) for folder in hidden]

    def __enter__(self):
        root = os.geteuid() == 0
        user = [] if root else ["--user", "--map-current-user", "--keep-caps"]
        unshare = ["unshare", *user, "--net", "--mount", "--propagation", "private"]
        self.process = subprocess.Popen(
            [*unshare, "sh", "-c", NETWORKS, "sh", *self.hidden],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        pids = self.process.stdout.readline().split()
        if not pids:
            self.process.wait()
            reason = self.process.stderr.read().strip()
            self.__exit__()
            pytest.skip(f"needs network namespaces, which this machine has not ({reason})")
        user = [] if root else ["--user", "--preserve-credentials"]
        self.enter = [("nsenter", f"--target={p}", *user, "--net", "--mount", "--") for p in pids]
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """Three hand-ins of an untouched notebook, one with an answer, one that breaks off."""
    classroom = Classroom(tmp_path_factory.mktemp("there") / "classroom")
    release = nbformat.read(COURSE / ID / f"{ID}.ipynb", as_version=4)
    answered = copy.deepcopy(release)
    for cell in answered.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "perceptron":
            cell.source = chapters.load(ID).exercises["perceptron"].cell()
    text = nbformat.writes(release)
    texts = {"ada": nbformat.writes(answered), "bob": text, "cyd": text, "dan": text[:200]}
    for student, content in texts.items():
        folder = classroom.submitted / student / ID
        folder.mkdir(parents=True)
        (folder / f"{ID}.ipynb").write_text(content)
    classroom.secret()
    return classroom


@pytest.mark.sandbox
def test_workers_need_nothing_but_the_scheduler(classroom, tmp_path):
    here = Classroom(shutil.copytree(classroom.root, tmp_path / "here"))
    with Networks(classroom.root, COURSE) as networks:
        grader, *workers = networks.enter
        for prefix in workers:
            for folder in (classroom.root, COURSE):
                assert _output(*prefix, "ls", str(folder)) == ""
        with DaskCluster(prefix=grader, host="10.77.1.1") as dask:
            for number, prefix in enumerate(workers, start=1):
                assert f"10.77.{number}.2" in _output(*prefix, "ip", "address")
                dask.worker(f"far-{number}", prefix=prefix)
            command = [*grader, sys.executable, "-m", "autograder", "grade", ID, "--json"]
            command += ["--classroom", str(classroom.root), "--scheduler", dask.address]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # nsenter leaves the folder
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, f"{done.stderr}\n{dask.log()}"
            for number in (1, 2):
                assert f"tcp://10.77.{number}.2:" in dask.log()
    there = {result["student"]: result for result in map(json.loads, done.stdout.splitlines())}
    assert {name: there[name]["outcome"] for name in there} == {
        "ada": "graded", "bob": "graded", "cyd": "graded", "dan": "unreadable",
    }  # fmt: skip
    assert there["ada"]["score"] == 1
    for result in grade(ID, here):
        assert there[result.student]["exercises"] == result.to_json()["exercises"]


def _output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
