"""A real JupyterLab on the course: Formgrader, Validate and Assignment List over HTTP."""

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import nbformat
import pytest
import tiny
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_output
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import formgrader
from autograder.errors import AutograderError, ClassroomBusy
from autograder.gradebook import Gradebook
from autograder.lock import ClassroomLock
from autograder.nbconfig import classroom_of, course_config, run
from autograder.paths import ROOT, Classroom
from autograder.submission import submissions

RIGHT = {"double": "def double(x):\n    return 2 * x", "triple": "def triple(x):\n    return 0"}
TIME = "2030-01-01 10:00:00.000000 UTC"


class Lab:
    """A running JupyterLab, and requests to it."""

    def __init__(self, root, port):
        self.root, self.port = root, port

    def request(self, method, address, **form):
        url = f"http://127.0.0.1:{self.port}{address}"
        data = urllib.parse.urlencode(form).encode() if method != "GET" else None
        headers = {"Authorization": "token secret"}
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.read().decode()

    def get(self, address):
        return self.request("GET", address)

    def post(self, address, **form):
        return json.loads(self.request("POST", address, **form))


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab at the root of a small course, whose classroom lies outside of it."""
    root = tmp_path_factory.mktemp("lab")
    project = root / "c++ (1)"
    project.mkdir()
    shutil.copyfile(ROOT / "nbgrader_config.py", project / "nbgrader_config.py")
    tiny.author(root)
    release = tiny.released(root)
    for name in ("course", "build"):
        shutil.move(root / name, project / name)
    shutil.copytree(project / "course", project / "work")
    evil = new_code_cell(
        "'gotcha'", outputs=[new_output("display_data", data={"text/html": EVIL + BUTTON})]
    )
    judged = tiny.answers(release, **RIGHT)
    judged.cells += [
        evil,
        nbformat.v4.new_markdown_cell(f"{EVIL} {BUTTON} Fine, since $w_1 > 0$."),
        nbformat.v4.new_raw_cell(EVIL),
    ]
    tiny.hand_in(root, "ada", judged, TIME)
    tiny.hand_in(root, "bob", tiny.answers(release), TIME)
    with Gradebook(Classroom(root / "classroom"), project / "course") as gradebook:
        ada = submissions(Classroom(root / "classroom"), tiny.ID)[0]
        gradebook.record(tiny.result("ada", judged, double=1.0, triple=0.0), ada)
    yield from serve(project, root / "classroom", root / "home")


BUTTON = '<b class="full-credit modal-backdrop dataframe">press me</b>'
EVIL = "<script>alert('gotcha')</script><img src=x onerror=alert('gotcha')>"


def serve(project, classroom, home):
    home.mkdir()
    (home / "jupyter_server_config.json").write_text(json.dumps({"IdentityProvider": {}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "CLASSROOM": str(classroom),
        "HOME": str(home),
        **{f"JUPYTER_{name}_DIR": str(home / name) for name in ("DATA", "CONFIG", "RUNTIME")},
        "PATH": "/usr/bin:/bin",
    }
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    options += ["--IdentityProvider.token=secret", "--ServerApp.port_retries=0"]
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={project}"],
            cwd=project,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    lab = Lab(project, port)
    try:
        for _ in range(240):
            try:
                lab.get("/api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None, (home / "log.txt").read_text()
                time.sleep(0.25)
        yield lab
    finally:
        server.terminate()
        server.wait(30)


# -- Formgrader ---


def test_formgrader_lists_the_chapter(lab):
    (chapter,) = json.loads(lab.get("/formgrader/api/assignments"))
    assert chapter["name"] == tiny.ID
    assert (chapter["num_submissions"], chapter["max_score"]) == (2, 5.0)
    assert chapter["status"] == "released"
    assert tiny.ID in lab.get("/formgrader/manage_assignments") + json.dumps(chapter)


def test_formgrader_knows_what_is_graded(lab):
    rows = json.loads(lab.get(f"/formgrader/api/submissions/{tiny.ID}"))
    graded = {row["student"]: (row["autograded"], row["score"]) for row in rows}
    assert graded == {"ada": (True, 1.0), "bob": (False, 0.0)}


def submitted_notebook(lab):
    (row,) = json.loads(lab.get(f"/formgrader/api/submitted_notebooks/{tiny.ID}/{tiny.ID}"))
    return row["id"]


def test_formgrader_opens_an_autograded_hand_in(lab):
    page = lab.get(f"/formgrader/submissions/{submitted_notebook(lab)}/")
    assert "test_triple" in page
    assert "Fine, since" in page
    assert "scoring-buttons" in page
    assert 'src="data:image/svg+xml;base64,' in page


def test_formgraders_page_runs_nothing_of_the_students(lab):
    page = lab.get(f"/formgrader/submissions/{submitted_notebook(lab)}/")
    soup = BeautifulSoup(page, "html.parser")
    assert "gotcha" in soup.get_text(), "the source of the cell is shown"
    assert not [tag for tag in soup.find_all("script") if "gotcha" in tag.text]
    assert not [tag for tag in soup.find_all(True) if "gotcha" in str(tag.attrs)]


def test_nothing_that_a_student_wrote_is_one_of_formgraders_buttons(lab):
    soup = BeautifulSoup(
        lab.get(f"/formgrader/submissions/{submitted_notebook(lab)}/"), "html.parser"
    )
    pressed = soup.find_all("b", string="press me")
    assert [tag.get("class") for tag in pressed] == [["dataframe"], ["dataframe"]]
    assert {tag.name for tag in soup.select(".full-credit")} == {"button"}


def test_formgraders_page_needs_no_internet(lab):
    page = lab.get(f"/formgrader/submissions/{submitted_notebook(lab)}/")
    soup = BeautifulSoup(page, "html.parser")
    loaded = [tag.get("src") or tag.get("href") for tag in soup.find_all(["script", "link"])]
    assert [address for address in loaded if address and not address.startswith("/")] == []
    assert [formula.get_text() for formula in soup.find_all("math")] == ["w1>0"]
    assert "var MathJax" in page, "nbgrader's script waits for it"


def test_a_mark_given_in_formgrader_reaches_the_gradebook(lab):
    grades = json.loads(lab.get(f"/formgrader/api/grades?submission_id={submitted_notebook(lab)}"))
    (triple,) = (grade for grade in grades if grade["name"] == "test_triple")
    assert triple["failed_tests"]
    url = f"http://127.0.0.1:{lab.port}/formgrader/api/grade/{triple['id']}"
    body = json.dumps({"manual_score": 1.5}).encode()
    request = urllib.request.Request(
        url,
        body,
        {"Authorization": "token secret", "Content-Type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        assert json.load(response)["manual_score"] == 1.5


def test_what_another_process_wrote_is_seen_at_the_next_look(lab):
    """A session that remembers what it read would show the grade of a moment before."""
    address = f"/formgrader/api/grades?submission_id={submitted_notebook(lab)}"
    gradebook = lab.root.parent / "classroom" / "gradebook.db"
    for asked in (True, False) * 10:
        with contextlib.closing(sqlite3.connect(gradebook)) as other, other:
            other.execute("UPDATE grade SET needs_manual_grade = ?", [asked])
        shown = {grade["needs_manual_grade"] for grade in json.loads(lab.get(address))}
        assert shown == {asked}


@pytest.mark.parametrize(
    "button",
    ["submission/{}/bob/autograde", "assignment/{}/bob/generate_feedback", "assignment/{}/assign"],
)
def test_the_buttons_run_our_own_commands(lab, button):
    told = lab.post(f"/formgrader/api/{button.format(tiny.ID)}")
    assert not told["success"]
    assert "no chapter 'ch99_tiny'" in told["log"], "the words of our command line"
    assert not (lab.root.parent / "classroom" / "autograded" / "bob").exists()


def outbound(lab):
    return lab.root.parent / "classroom" / "exchange" / "deep-learning" / "outbound" / tiny.ID


def test_release_and_unrelease_move_the_released_chapter_in_and_out_of_the_exchange(lab):
    assert lab.post(f"/formgrader/api/assignment/{tiny.ID}/unrelease")["success"]
    assert not outbound(lab).exists()
    assert lab.post(f"/formgrader/api/assignment/{tiny.ID}/release")["success"]
    released = {path.name for path in (lab.root / "course" / tiny.ID).iterdir()}
    assert {path.name for path in outbound(lab).iterdir()} == released
    again = lab.post(f"/formgrader/api/assignment/{tiny.ID}/release")
    assert not again["success"]
    assert "Destination already exists" in again["log"]


def test_release_feedback_says_what_has_to_be_done_first(lab):
    told = lab.post(f"/formgrader/api/assignment/{tiny.ID}/ada/release_feedback")
    assert not told["success"]
    assert "marks are newer than their pages: ada" in told["log"]
    assert "Press Generate Feedback first" in told["log"]


BUTTONS = (
    *("assign", "unrelease", "release", "collect", "generate_feedback", "release_feedback"),
    *("ada/generate_feedback", "ada/release_feedback"),
)


def test_no_button_takes_a_mark_away_or_runs_the_notebook(lab):
    def kept():
        folder = lab.root.parent / "classroom" / "autograded"
        files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return files, lab.get(f"/formgrader/api/grades?submission_id={submitted_notebook(lab)}")

    before = kept()
    for button in BUTTONS:
        lab.post(f"/formgrader/api/assignment/{tiny.ID}/{button}")
    for student in ("ada", "bob"):
        lab.post(f"/formgrader/api/submission/{tiny.ID}/{student}/autograde")
    assert kept() == before
    assert json.loads(lab.get("/api/kernels")) == []
    assert outbound(lab).is_dir()


# -- the student's side ---


def test_validate_reports_what_fails(lab):
    told = lab.post("/assignments/validate", path=f"work/{tiny.ID}/{tiny.ID}.ipynb")
    assert told["success"], told
    failed = json.dumps(told["value"])
    assert "double" in failed
    assert "NotImplementedError" in failed


def assignments(told):
    assert told["success"], told
    return {(entry["assignment_id"], entry["status"]) for entry in told["value"]}


def test_assignment_list_fetches_and_submits(lab):
    course = {"course_id": "deep-learning", "assignment_id": tiny.ID}
    listed = json.loads(lab.get("/assignments?course_id=deep-learning"))
    assert assignments(listed) == {(tiny.ID, "fetched")}, "work/ has it already"
    shutil.rmtree(lab.root / "work" / tiny.ID)
    listed = json.loads(lab.get("/assignments?course_id=deep-learning"))
    assert assignments(listed) == {(tiny.ID, "released")}

    lab.post("/assignments/fetch", **course)
    assert (lab.root / "work" / tiny.ID / f"{tiny.ID}.ipynb").is_file()
    assert not (lab.root / tiny.ID).exists()
    assert (tiny.ID, "submitted") in assignments(lab.post("/assignments/submit", **course))

    told = lab.post(f"/formgrader/api/assignment/{tiny.ID}/collect")
    assert told["success"], told
    assert ": collected." in told["log"]
    students = [s.student for s in submissions(Classroom(lab.root.parent / "classroom"), tiny.ID)]
    assert students[:2] == ["ada", "bob"]
    assert len(students) == 3


# -- without a server ---


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSROOM", str(tmp_path / "classroom"))
    config = Config()
    formgrader.configure(config, tmp_path)
    return config


def test_the_classroom_comes_from_the_environment(tmp_path, config):
    assert config.CourseDirectory.root == str(tmp_path)
    assert config.CourseDirectory.submitted_directory == "classroom/submitted"
    assert config.Exchange.root == str(tmp_path / "classroom" / "exchange")


def test_a_classroom_elsewhere_is_found_too(tmp_path):
    classroom = Classroom(tmp_path / "elsewhere")
    config = course_config(classroom, tmp_path / "project")
    assert classroom_of(CourseDirectory(config=config)) == classroom
    assert config.CourseDirectory.submitted_directory == str(tmp_path / "elsewhere" / "submitted")


@pytest.mark.parametrize(
    ("converter", "instead"),
    [(Autograde, "grade"), (GenerateFeedback, "feedback"), (GenerateAssignment, "release")],
)
def test_what_we_do_in_another_way_nbgrader_refuses_and_touches_nothing(
    tmp_path, config, converter, instead
):
    notebook = tiny.released(tmp_path)
    tiny.hand_in(tmp_path, "ada", notebook, TIME)
    for folder, suffix in (("autograded", "ipynb"), ("feedback", "html")):
        done = tmp_path / "classroom" / folder / "ada" / tiny.ID
        done.mkdir(parents=True)
        (done / f"{tiny.ID}.{suffix}").write_text("done before")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    config[converter.__name__].force = True
    with pytest.raises(AutograderError, match=f"python -m autograder {instead} CHAPTER"):
        run(converter, config, assignment_id=tiny.ID)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            ("autograde", "ch01", "ada"),
            ["grade", "--student=ada", "--force", "--", "ch01"],
        ),
        (("autograde", "ch01", "*"), ["grade", "--force", "--", "ch01"]),
        (
            ("autograde", "--help", "--classroom=/"),
            ["grade", "--student=--classroom=/", "--force", "--", "--help"],
        ),
        (("generate_feedback", "ch01", "ada"), ["feedback", "--student=ada", "--", "ch01"]),
        (("generate_feedback", "ch01"), ["feedback", "--", "ch01"]),
        (("generate_assignment", "ch01"), ["release", "--", "ch01"]),
    ],
)
def test_a_button_is_a_command_with_nothing_slipped_in(
    tmp_path, config, monkeypatch, call, expected
):
    seen = []

    def fake(command, **options):
        seen.append(command)
        return subprocess.CompletedProcess(command, 3, "out", "err")

    monkeypatch.setattr(formgrader.subprocess, "run", fake)
    api = type("Api", (), {"coursedir": config.CourseDirectory})
    name, *arguments = call
    told = getattr(formgrader, name)(api, *arguments)
    assert seen[0][1:3] == ["-m", "autograder"]
    command, classroom, *rest = seen[0][3:]
    assert [command, *rest] == expected
    assert classroom == f"--classroom={tmp_path / 'classroom'}"
    assert told == {"success": False, "log": "err\nout", "error": "err"}


@pytest.mark.sandbox
def test_autograde_while_another_process_grades_says_so(tmp_path, config):
    classroom = Classroom(tmp_path / "classroom")
    (classroom.submitted / "ada" / "ch01_perceptron").mkdir(parents=True)
    api = type("Api", (), {"coursedir": CourseDirectory(config=config)})
    with ClassroomLock(classroom):
        told = formgrader.autograde(api, "ch01_perceptron", "*")
    assert not told["success"]
    assert f"being written to by another process (process {os.getpid()}, " in told["error"]
    assert not classroom.results.exists()


# -- Collect ---


@pytest.fixture
def inbound(tmp_path):
    tiny.released(tmp_path)
    return tmp_path / "classroom" / "exchange" / "deep-learning" / "inbound"


def put(inbound, student, timestamp=TIME):
    folder = inbound / f"{student}+{tiny.ID}+{TIME}+random"
    folder.mkdir()
    (folder / f"{tiny.ID}.ipynb").write_text(student)
    (folder / "timestamp.txt").write_text(timestamp)
    return folder


def collect(tmp_path):
    config = course_config(Classroom(tmp_path / "classroom"), tmp_path)
    run(formgrader.Collect, config, assignment_id=tiny.ID)
    return {s.student: s for s in submissions(Classroom(tmp_path / "classroom"), tiny.ID)}


def test_collect_takes_what_our_command_takes_and_loses_nothing(tmp_path, inbound):
    ada = put(inbound, "ada")
    bob = put(inbound, "bob")
    assert list(collect(tmp_path)) == ["ada", "bob"]
    later = inbound / f"bob+{tiny.ID}+2030-01-02 10:00:00.000000 UTC+random"
    bob.rename(later)
    (later / f"{tiny.ID}.ipynb").unlink()
    (later / f"{tiny.ID}.ipynb").symlink_to(ada / f"{tiny.ID}.ipynb")
    (inbound / f"eve+{tiny.ID}+{TIME}+random").symlink_to(ada)
    found = collect(tmp_path)
    assert list(found) == ["ada", "bob"]
    assert (found["bob"].folder / f"{tiny.ID}.ipynb").read_text() == "bob", "the earlier one stays"


def test_collect_waits_for_the_one_writer(tmp_path, inbound):
    put(inbound, "ada")
    with ClassroomLock(Classroom(tmp_path / "classroom")), pytest.raises(AutograderError) as error:
        collect(tmp_path)
    assert isinstance(error.value.__cause__, ClassroomBusy)
