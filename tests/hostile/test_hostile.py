"""A class of hostile, broken and odd hand-ins: nobody gains, nobody is harmed, nothing leaks."""

import ctypes
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder import chapters
from autograder.paths import ROOT, Classroom
from tests.hostile import corpus
from tests.pages import acting

pytestmark = [pytest.mark.sandbox, pytest.mark.torch]
HAND_INS = corpus.read_all()
HONEST = ("aaa_honest", "mmm_honest", "zzz_honest")
CANARY = "CANARY-7d1f"
MARK = "hostile-was-here"
REFERENCES = ("heaviside(extended", "accept=accept.", "@perceptron_.")
GRADE = """
import sys
from pathlib import Path
from autograder.grade import grade
from autograder.feedback import feedback
from autograder.paths import Classroom
from autograder.sandbox import Limits
if __name__ == "__main__":
    classroom = Classroom(Path(sys.argv[1]))
    grade("ch01_perceptron", classroom, limits=Limits(cell_s=2.0, notebook_s=12.0))
    feedback("ch01_perceptron", classroom)
"""


@dataclass
class Graded:
    """What a run left: its exit status and words, what was left behind, and the classroom."""

    classroom: Classroom
    temporary: Path
    run: subprocess.CompletedProcess
    orphans: set[int]

    def result(self, name: str) -> dict:
        path = self.classroom.results / corpus.ID / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def published(self, name: str) -> dict[str, str]:
        """Every text that leaves the grader for this student."""
        files = [self.classroom.results / corpus.ID / f"{name}.json"]
        for folder in (self.classroom.autograded, self.classroom.feedback):
            files += [p for p in (folder / name).rglob("*") if p.suffix in (".ipynb", ".html")]
        return {str(p): p.read_text(encoding="utf-8") for p in files}


@pytest.fixture(scope="module")
def temporary():
    """A folder for the grader's temporary files, which the sandbox's user can reach too."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, temporary) -> Graded:
    """All hand-ins and three honest ones, graded in one batch by a process of its own."""
    classroom = Classroom(tmp_path_factory.mktemp("hostile") / "classroom")
    base = corpus.bases()
    for hand_in in HAND_INS:
        corpus.write(hand_in, base, classroom.root)
    for name in HONEST:
        folder = classroom.submitted / name / corpus.ID
        folder.mkdir(parents=True)
        notebook = nbformat.from_dict(base["full"])
        notebook.cells[-1].source = f"{CANARY}-neighbour"
        (folder / f"{corpus.ID}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    (classroom.root / "canary.txt").write_text(f"{CANARY}-file")
    classroom.secret()
    environment = {**os.environ, "GRADER_TOKEN": f"{CANARY}-env", "TMPDIR": str(temporary)}
    with _Orphans() as orphans:
        run = subprocess.run(
            [sys.executable, "-c", GRADE, str(classroom.root)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=400,
        )
        left = orphans.found()
    return Graded(classroom, temporary, run, left)


class _Orphans:
    """While it is entered, this process inherits every process that its descendants leave."""

    SET_CHILD_SUBREAPER = 36

    def __enter__(self):
        ctypes.CDLL(None).prctl(self.SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.before = self._children()
        return self

    def __exit__(self, *error):
        ctypes.CDLL(None).prctl(self.SET_CHILD_SUBREAPER, 0, 0, 0, 0)

    def found(self) -> set[int]:
        return self._children() - self.before

    def _children(self) -> set[int]:
        tasks = Path("/proc/self/task").iterdir()
        return {int(pid) for task in tasks for pid in (task / "children").read_text().split()}


def test_the_corpus_is_large_and_says_what_it_attacks():
    kinds = [hand_in.purpose.split(":")[0] for hand_in in HAND_INS]
    assert set(kinds) == {"Attack", "Oddity", "Broken"}
    assert kinds.count("Attack") >= 40
    assert all(len(hand_in.purpose) > 20 for hand_in in HAND_INS)


def test_the_batch_is_finished_and_nothing_is_left(graded):
    assert graded.run.returncode == 0, graded.run.stderr
    names = {hand_in.name for hand_in in HAND_INS} | set(HONEST)
    assert {p.stem for p in (graded.classroom.results / corpus.ID).iterdir()} == names
    running = {pid for pid in graded.orphans if _is_running(pid)}
    assert running == set()
    assert list(graded.temporary.iterdir()) == []
    places = [Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), Path.home(), ROOT]
    assert [place for place in places if (place / MARK).exists()] == []
    assert list(graded.classroom.root.rglob(MARK)) == []


def _is_running(pid: int) -> bool:
    """Not merely waiting for its exit status to be read."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("name", HONEST)
def test_honest_neighbours_keep_their_marks(graded, name):
    result = graded.result(name)
    full = chapters.load(corpus.ID).max_score
    assert (result["outcome"], result["score"], result["notes"]) == ("graded", full, [])


@pytest.mark.parametrize("hand_in", HAND_INS, ids=lambda hand_in: hand_in.name)
def test_a_hand_in_gets_what_its_honest_answers_deserve(graded, hand_in):
    result = graded.result(hand_in.name)
    assert result["outcome"] in hand_in.outcomes, result["notes"]
    for name, mark in result["exercises"].items():
        manual = name.startswith("written")
        right = hand_in.base == "right" and name not in hand_in.lost and not manual
        unread = result["outcome"] in ("unreadable", "missing")
        deserved = mark["max_score"] if right and not unread else 0
        if hand_in.fewer:
            assert mark["score"] <= deserved, (name, mark)
        else:
            assert mark["score"] == deserved, (name, mark, result["notes"])


@pytest.mark.parametrize("hand_in", HAND_INS, ids=lambda hand_in: hand_in.name)
def test_nothing_leaks_and_nothing_hostile_is_published(graded, hand_in):
    secret = graded.classroom.secret().hex()
    for path, text in graded.published(hand_in.name).items():
        found = [w for w in (secret, f"{CANARY}-", *REFERENCES) if w in text]
        if path.endswith(".html"):
            found += acting(BeautifulSoup(text, "html.parser"))
        assert found == [], path
