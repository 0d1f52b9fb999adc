"""Canvas's and Moodle's sheets get our marks, and nothing else of them changes."""

import csv
import io
import shutil
import subprocess
import sys

import pytest
import tiny
from click.testing import CliRunner
from sheets import CANVAS, MOODLE, STUDENTS
from sqlalchemy import create_engine, text

from autograder.cli import main
from autograder.errors import AutograderError
from autograder.export import Options, to_canvas, to_moodle
from autograder.gradebook import Gradebook
from autograder.paths import ROOT, Classroom
from autograder.submission import submissions

MARKED = {"ada": 2.7, "bob": None, "eve": 0.0, "eddy": 3.0, "zoe": 1.0}  # None: not all of it
LAYOUTS = {"canvas": (to_canvas, CANVAS, 6), "moodle": (to_moodle, MOODLE, 5)}
# where each stands, in rows of the sheet from the first
PLACES = {"canvas": dict(ada=3, bob=4, eve=5, ida=6, eddy=7), "moodle": dict(ada=1, bob=2, eve=3)}
PLACES["moodle"] |= dict(ida=4, eddy=5)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """ada is late, bob waits for a person, eve has nothing right, ida has handed in nothing."""
    tmp_path = tmp_path_factory.mktemp("graded")
    classroom = Classroom(tmp_path / "classroom")
    release = tiny.released(tmp_path)
    (classroom.root / "late.toml").write_text(
        "due.ch99 = 2030-01-01T00:00:00Z\npenalty.per_day = 0.1\n"
    )
    for student, total in MARKED.items():
        written = {"written_ch99": "Because."} if total is None else {}
        time = "2030-01-01 10:00:00 UTC" if student == "ada" else "2029-12-01 10:00:00 UTC"
        tiny.hand_in(tmp_path, student, tiny.answers(release, **written), time)
    with Gradebook(classroom, tmp_path / "course", root=tmp_path) as gradebook:
        for submission in submissions(classroom, tiny.ID):
            total = MARKED[submission.student]
            written = {"written_ch99": "Because."} if total is None else {}
            double, triple = {2.7: (1.0, 2.0), 0.0: (0.0, 0.0), 1.0: (1.0, 0.0)}.get(total, (1, 2))
            result = tiny.result(
                submission.student, tiny.answers(release, **written), double=double, triple=triple
            )
            gradebook.record(result, submission, "print")
    (classroom.root / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def classroom(tmp_path, graded):
    """A copy of that class, to be changed."""
    shutil.copytree(graded, tmp_path, dirs_exist_ok=True)
    return Classroom(tmp_path / "classroom")


@pytest.fixture(params=["canvas", "moodle"])
def layout(request):
    return request.param


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    return path


def fill(tmp_path, classroom, layout, sheet=None, **options):
    to, default, _ = LAYOUTS[layout]
    path = write(tmp_path, sheet or default)
    return to([tiny.ID], classroom, path, Options(**options), tmp_path)


def cells(text, separator=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def column(text, layout):
    table = cells(text)
    return {who: table[row][LAYOUTS[layout][2]] for who, row in PLACES[layout].items()}


EXPECTED = {
    "canvas": {"ada": "2.7", "bob": "1.5", "eve": "0", "ida": "", "eddy": "EX"},
    "moodle": {"ada": "2.7", "bob": "1.50", "eve": "0", "ida": "", "eddy": "2.00"},
}


def test_marks_after_the_penalty_go_in_and_all_else_stays(tmp_path, classroom, layout):
    text, told = fill(tmp_path, classroom, layout)
    assert column(text, layout) == EXPECTED[layout]
    before, after = cells(LAYOUTS[layout][1]), cells(text)
    for who in ("ada", "eve"):
        before[PLACES[layout][who]][LAYOUTS[layout][2]] = EXPECTED[layout][who]
    assert after == before
    expected = [
        "mark written: 2 (ada, eve)",
        "left as it was, to be marked by a person: 1 (bob)",
        "left as it was, not handed in: 1 (ida)",
        "left as it was, the sheet allows no change: 1 (eddy)",
        "handed in, and NOT IN THE SHEET: 1 (zoe)",
        "in the sheet, and nobody we know: 1 (Student, Test)",
    ][: 6 if layout == "canvas" else 5]
    assert len(told) == len(expected)
    assert all(line.endswith(end) for line, end in zip(told, expected, strict=True))


def test_what_a_person_has_marked_goes_in(tmp_path, classroom, layout):
    with create_engine(classroom.database_url).begin() as connection:
        connection.execute(
            text(
                "UPDATE grade SET manual_score = 1.25, needs_manual_grade = 0 "
                "WHERE auto_score IS NULL"
            )
        )
    assert column(fill(tmp_path, classroom, layout)[0], layout)["bob"] == "4.25"


def test_no_verdict_is_no_mark(tmp_path, classroom, layout):
    submission = next(s for s in submissions(classroom, tiny.ID) if s.student == "eve")
    with Gradebook(classroom, tmp_path / "course", root=tmp_path) as gradebook:
        gradebook.record(tiny.result("eve", None, "no_verdict"), submission)
    text, told = fill(tmp_path, classroom, layout)
    assert column(text, layout)["eve"] == ""
    assert any("left as it was, not graded: 1 (eve)" in line for line in told)


def test_missing_as_zero_is_for_those_only_who_handed_in_nothing(tmp_path, classroom, layout):
    text, told = fill(tmp_path, classroom, layout, missing_as_zero=True)
    assert column(text, layout) == EXPECTED[layout] | {"ida": "0"}
    assert any("not handed in, 0 written: 1 (ida)" in line for line in told)
    if layout == "canvas":  # whom we do not know gets no 0
        assert cells(text)[8][6] == ""
    given = (
        LAYOUTS[layout][1]
        .replace('"A, B",,', '"A, B",,4')
        .replace(
            "Participant 504,Ida Idle,N4,ida@uni.example,No submission,",
            "Participant 504,Ida Idle,N4,ida@uni.example,No submission,4",
        )
    )
    text, _ = fill(tmp_path, classroom, layout, given, missing_as_zero=True)
    assert column(text, layout)["ida"] == "4"


def test_canvas_knows_a_student_by_its_own_id(tmp_path, classroom):
    sheet = CANVAS.replace('"Lovelace, Ada",11,N1,ada@uni.example', "A. L.,11,M7,al7")
    text, _ = fill(tmp_path, classroom, "canvas", sheet)
    assert column(text, "canvas")["ada"] == "2.7"


def test_canvas_gives_no_mark_to_whom_the_assignment_is_not_given(tmp_path, classroom):
    sheet = CANVAS.replace("ada@uni.example,A,7,,", "ada@uni.example,A,7,N/A,")
    text, told = fill(tmp_path, classroom, "canvas", sheet)
    assert column(text, "canvas")["ada"] == "N/A"
    assert any("the sheet allows no change: 2 (ada, eddy)" in line for line in told)


def test_without_a_class_list_ids_logins_and_addresses_match(tmp_path, classroom, layout):
    (classroom.root / "students.csv").unlink()
    sheet = LAYOUTS[layout][1]
    sheet = sheet.replace("ada@uni.example", "ada").replace("N3", "eve")
    text, told = fill(tmp_path, classroom, layout, sheet)
    assert column(text, layout)["ada"] == "2.7"
    assert column(text, layout)["eve"] == "0"
    assert any("NOT IN THE SHEET: 3 (bob, eddy, zoe)" in line for line in told)
    assert any("nobody we know:" in line and "Bob" in line for line in told)


def test_a_namesake_gets_nobodys_marks(tmp_path, classroom, layout):
    sheet = LAYOUTS[layout][1].replace("ada@uni.example", "adl@uni.example").replace(",11,", ",17,")
    text, told = fill(tmp_path, classroom, layout, sheet)
    assert column(text, layout)["ada"] == ""
    assert any("NOT IN THE SHEET: 2 (ada, zoe)" in line for line in told)


def test_one_student_in_two_rows_is_refused(tmp_path, classroom, layout):
    sheet = LAYOUTS[layout][1]
    twin = next(line for line in sheet.splitlines() if "ida@" in line)
    with pytest.raises(AutograderError, match=r"the lines \d+, \d+ are all ida"):
        fill(tmp_path, classroom, layout, sheet + twin + "\n")


def test_the_students_csv_may_be_the_sheet(tmp_path, classroom, layout):
    to, sheet, _ = LAYOUTS[layout]
    # then ids are what that file calls the students, and hand-ins were collected so
    sheet = sheet.replace("ada@uni.example", "ada").replace("N1", "")
    (classroom.root / "students.csv").write_text(sheet, encoding="utf-8")
    text, _ = to([tiny.ID], classroom, None, Options(), tmp_path)
    assert column(text, layout) == EXPECTED[layout] | {"eve": ""}


@pytest.mark.parametrize(
    ("encoding", "newline", "separator"),
    [("utf-8-sig", "\r\n", ","), ("cp1252", "\n", ";"), ("utf-16", "\r\n", "\t")],
)
def test_it_comes_back_as_the_system_reads_it(tmp_path, classroom, encoding, newline, separator):
    rows = cells(MOODLE)
    rows[2][-1] = "good"
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=newline).writerows(rows)
    path = write(tmp_path, out.getvalue(), encoding)
    text, _ = to_moodle([tiny.ID], classroom, path, Options(), tmp_path)
    assert text.startswith("\ufeff") == (encoding == "utf-8-sig")
    assert text.count(newline) == len(rows)
    found = cells(text.removeprefix("\ufeff"), "," if separator == "\t" else separator)
    assert found[3][:2] == ["Participant 503", "Eve Émile"]
    assert found[1][5] == "2.7"


def test_other_points_are_refused_or_scaled(tmp_path, classroom, layout):
    to, sheet, _ = LAYOUTS[layout]
    sheet = sheet.replace(",10,5,", ',10,"12,5",').replace("5.00", "12.50")
    with pytest.raises(AutograderError, match="12.5 points are possible there, and 5 here"):
        fill(tmp_path, classroom, layout, sheet)
    text, _ = fill(tmp_path, classroom, layout, sheet, scale=True)
    assert column(text, layout)["ada"] == "6.75"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("Student,ID", "Name,ID"), "has no column Student"),
        (("Student,ID", "LastName,FirstName,ID"), "has no column Student"),
        ((",5,(read", ",many,(read"), "expected a number of points, found 'many'"),
        ((",5,(read", ",(read only),(read"), "Canvas computes this column"),
        (("    Points Possible", "    Points"), "expected a row `Points Possible`"),
        (("Ch99", "Ninety-nine"), "which column is ch99_tiny.*'Ch98 Other .700.', 'Ninety"),
        (("Ch98", "Ch99"), "which column is ch99_tiny"),
        (('"Idle, Ida"', '"Idle, Ida'), "expected CSV"),
        (('"Idle, Ida"', "Idle, Ida"), "line 7: expected 8 cells as in the header, found 9"),
    ],
)
def test_a_gradebook_that_does_not_fit_is_refused(tmp_path, classroom, change, problem):
    with pytest.raises(AutograderError, match=problem):
        fill(tmp_path, classroom, "canvas", CANVAS.replace(*change))


def test_the_column_can_be_named(tmp_path, classroom):
    sheet = CANVAS.replace("Ch99: Tiny, the smallest", "Homework").replace(",10,5,", ",5,5,")
    for name in ("Homework", "701", "Homework (701)"):
        text, _ = fill(tmp_path, classroom, "canvas", sheet, column=name)
        assert column(text, "canvas")["ada"] == "2.7"
    with pytest.raises(AutograderError, match="Expected one called Home; name one"):
        fill(tmp_path, classroom, "canvas", sheet, column="Home")
    exact = CANVAS.replace("Ch98 Other", "Ch99 tiny").replace(",10,5,", ",5,5,")
    assert cells(fill(tmp_path, classroom, "canvas", exact)[0])[3][5] == "2.7"


def test_a_worksheet_that_does_not_fit_is_refused(tmp_path, classroom):
    for name in ("Identifier", "Grade", "Last modified (grade)"):
        sheet = MOODLE.replace(f"{name},", "Bewertung,", 1)
        with pytest.raises(AutograderError, match="with Moodle in English, but has no column"):
            fill(tmp_path, classroom, "moodle", sheet)
    with pytest.raises(AutograderError, match="2 chapters were asked for: name one"):
        to_moodle([tiny.ID, "ch98"], classroom, write(tmp_path, MOODLE), root=tmp_path)
    with pytest.raises(AutograderError, match="Participant 501: 6 points are possible there"):
        fill(tmp_path, classroom, "moodle", MOODLE.replace("5.00", "6.00", 1))


def test_without_a_sheet_it_says_what_to_name(tmp_path, classroom, layout):
    with pytest.raises(AutograderError, match="Name another file with --sheet"):
        LAYOUTS[layout][0]([tiny.ID], classroom, None, Options(), tmp_path)
    (classroom.root / "students.csv").unlink()
    with pytest.raises(AutograderError, match="name yours with --sheet FILE"):
        LAYOUTS[layout][0]([tiny.ID], classroom, None, Options(), tmp_path)


def test_a_chapter_without_marks_is_left_out_of_a_whole_gradebook(tmp_path, classroom):
    path = write(tmp_path, CANVAS)
    text, told = to_canvas(["ch98_other", tiny.ID], classroom, path, Options(), tmp_path)
    assert told[0] == "ch98_other: left out, nobody has marks for it"
    assert column(text, "canvas") == EXPECTED["canvas"]
    with pytest.raises(AutograderError, match="--column is one chapter's"):
        to_canvas(["ch98_other", tiny.ID], classroom, path, Options("Homework"), tmp_path)


# -- nbgrader's own command ---


def nbgrader_export(tmp_path, classroom, plugin, *arguments):
    """`nbgrader export` in a course folder that has our configuration; its messages."""
    (tmp_path / "nbgrader_config.py").write_text(
        "from pathlib import Path\nfrom autograder.formgrader import configure\n"
        f"configure(get_config(), Path({str(tmp_path)!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", f"--exporter=autograder.export.{plugin}"]
        + list(arguments),
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "CLASSROOM": str(classroom.root)}
        | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr


def test_nbgraders_export_runs_the_plugins(tmp_path, classroom):
    path = write(tmp_path, CANVAS)
    code, told = nbgrader_export(
        tmp_path, classroom, "canvas.CanvasExport", f"--CanvasExport.sheet={path}", "--to=c.csv"
    )
    assert code == 0, told
    assert "handed in, and NOT IN THE SHEET: 1 (zoe)" in told
    assert column((tmp_path / "c.csv").read_text(), "canvas") == EXPECTED["canvas"]
    path = write(tmp_path, MOODLE)
    options = (f"--MoodleExport.sheet={path}", '--assignment=["ch99"]', '--student=["ada"]')
    code, told = nbgrader_export(tmp_path, classroom, "moodle.MoodleExport", *options)
    assert code == 0, told
    marks = column((tmp_path / "moodle.csv").read_text(encoding="utf-8"), "moodle")
    assert marks == EXPECTED["moodle"] | {"eve": ""}
    code, told = nbgrader_export(tmp_path, classroom, "plugin.TableExport")
    assert code == 0, told
    assert f"ada,{tiny.ID},graded" in (tmp_path / "marks.csv").read_text()


def test_nbgraders_export_says_what_is_wrong_without_a_traceback(tmp_path, classroom):
    code, told = nbgrader_export(tmp_path, classroom, "moodle.MoodleExport")
    assert code == 1
    assert "Name another file with --sheet FILE" in told
    assert "Traceback" not in told
    assert not (tmp_path / "moodle.csv").exists()


# -- our command line ---


def test_options_of_another_layout_are_refused():
    for options in (["--scale"], ["--format=moodle", "--column=x"], ["--sheet", __file__]):
        done = CliRunner().invoke(main, ["export", "ch01", *options])
        assert done.exit_code == 2, options
