"""Canvas's and Moodle's downloads: each file's owner and fate, as zip and as folder."""

import io
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import tiny
from downloads import RIGHT, collected, zipped

from autograder import roster
from autograder.collect import collect
from autograder.errors import AutograderError
from autograder.paths import Classroom
from autograder.submission import submissions

ROSTER = (
    "id,name,email,canvas_id\nada,Ada Byron,ada@example.org,501\nbob,Bob Stone,,502\n"
    "eve,Eve Moore,,503\n"
)
WORKSHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 31,Ada Byron,ada@example.org,"Submitted for grading",,10.00,Yes,'
    '"Monday, 7 June 2027, 2:14 PM",-,\n'
    "Participant 32,Bob Stone,bob@example.org,No submission,,10.00,Yes,-,-,\n"
)


@pytest.fixture
def classroom(tmp_path):
    made = Classroom(tmp_path / "classroom")
    made.root.mkdir()
    return made


@pytest.fixture(params=["zip", "folder", "folder in a zip", "folder in a folder"])
def download(request, tmp_path):
    """Makes a download of {name: content}: the zip, what it unpacks to, or either made again."""

    def make(files):
        inside = {f"submissions/{name}": content for name, content in files.items()}
        files = inside if " in a " in request.param else files
        if request.param in ("zip", "folder in a zip"):
            (tmp_path / "download.zip").write_bytes(zipped(files))
            return tmp_path / "download.zip"
        with zipfile.ZipFile(io.BytesIO(zipped(files))) as file:
            file.extractall(tmp_path / "download")
        return tmp_path / "download"

    return make


@pytest.fixture
def take(tmp_path, classroom):
    """Collects a zip of {name: content}; the notes of each student in one."""

    def taken(files, **options):
        (tmp_path / "download.zip").write_bytes(zipped(files))
        notes = {}
        for student, note in collect(tmp_path / "download.zip", tiny.ID, classroom, **options):
            notes[student] = f"{notes[student]}\n{note}" if student in notes else note
        return notes

    return taken


def know(classroom, text=ROSTER):
    (classroom.root / roster.FILE).write_text(text, encoding="utf-8")


def times(classroom):
    return {s.student: s.timestamp for s in submissions(classroom, tiny.ID)}


# -- Canvas ----------------------------------------------------------------------------------------


def test_canvas_hand_ins_are_found_and_named(download, classroom):
    know(classroom)
    source = download(
        {
            f"byronada_501_9001_{RIGHT}": "ada's",
            f"stonebob_LATE_502_9002_{tiny.ID}-2.ipynb": "bob's",
            "mooreeve_503_9003_Untitled (1).ipynb": "eve's",
            "mooreeve_503_9004_plot.png": "",
            "newkim_504_text.html": "",
            "oldpat_505_link.html": "",
            "readme.txt": "",
            ".DS_Store": "",
        }
    )
    told = collect(source, tiny.ID, classroom)
    assert collected(classroom) == {"ada": "ada's", "bob": "bob's", "eve": "eve's"}
    assert told == [
        ("504", "not collected: newkim_504_text.html is a text written into Canvas, no file"),
        ("505", "not collected: oldpat_505_link.html is a link written into Canvas, no file"),
        ("__MACOSX and the like", "not collected: 1 file(s) that the system made"),
        ("ada", "collected."),
        ("bob", "collected. Canvas marked it as late."),
        ("eve", f"collected. The file was called Untitled (1).ipynb, not {RIGHT}."),
        ("eve", "not collected: mooreeve_503_9004_plot.png is no notebook (.ipynb)"),
        ("readme.txt", "not collected: is not named as Canvas names files"),
        told[-1],
    ]
    assert told[-1][0] == source.name
    assert "does not say when" in told[-1][1]
    assert times(classroom) == {"ada": None, "bob": None, "eve": None}


def test_without_a_roster_canvas_numbers_are_the_ids(take, classroom):
    told = take({f"byronada_501_9001_{RIGHT}": "ada's"})
    assert told["501"] == "collected."
    assert "without students.csv, Canvas user numbers are the students' ids" in told["download.zip"]
    assert collected(classroom) == {"501": "ada's"}


def test_canvas_gradebook_export_serves_as_roster(take, classroom):
    know(classroom, 'Student,ID,SIS Login ID,Section\nPoints Possible,,,\n"Byron, Ada",501,ada,A\n')
    assert take({f"byronada_501_9001_{RIGHT}": "ada's"})["ada"] == "collected."


def test_the_newest_upload_of_a_canvas_student_counts(take, classroom):
    files = {
        f"byronada_501_9001_{RIGHT}": "first",
        f"byronada_501_9010_{tiny.ID}-10.ipynb": "third",
        f"byronada_501_9002_{tiny.ID}-2.ipynb": "second",
    }
    told = take(files)["501"]
    assert collected(classroom) == {"501": "third"}
    assert told.count("the latter counts") == 2
    assert take(dict(reversed(files.items())))["501"].startswith("not changed")


def test_anonymous_canvas_hand_ins_keep_their_anonymous_ids(take, classroom):
    told = take({f"anon_aB3xY_9001_{RIGHT}": "a", f"LATE_anon_Zz9_9002_{RIGHT}": "b"})
    assert collected(classroom) == {"anon_aB3xY": "a", "anon_Zz9": "b"}
    assert "late" in told["anon_Zz9"]


def test_a_file_name_with_numbers_is_not_taken_for_another_student(take, classroom):
    told = take({"byronada_501_9001_hw_502_2027_1.ipynb": "ada's", f"stonebob_502_9_{RIGHT}": "b"})
    assert collected(classroom) == {"501": "ada's", "502": "b"}
    assert "can be read as a file of Canvas user 501 or 502" in told["501"]


def test_a_canvas_name_made_to_look_like_another_students_file_is_refused(take, classroom):
    # who calls himself "x_501_1" in Canvas has files that begin as those of user 501 do
    files = {f"byronada_501_9001_{RIGHT}": "ada's", f"x_501_1_666_9999_{RIGHT}": "forged"}
    told = take(files)
    assert collected(classroom) == {"501": "ada's"}
    assert "can be read as a file of Canvas user 501 or 1 or 666" in told["501"]
    know(classroom, "id,name,canvas_id\nada,Ada Byron,501\nmal,x 501 1,666\n")
    assert take(files)["mal"] == "collected."


def test_a_name_other_than_the_rosters_is_noted(take, classroom):
    know(classroom)
    told = take({f"somebodyelse_501_9001_{RIGHT}": "a", f"unknown_777_9002_{RIGHT}": "u"})
    assert "Canvas calls them somebodyelse, students.csv Ada Byron." in told["ada"]
    assert "Canvas user 777 (unknown) is not in students.csv" in told["777"]
    assert collected(classroom) == {"ada": "a", "777": "u"}


def test_a_number_that_is_another_students_id_is_refused(take, classroom):
    know(classroom, "id,name,canvas_id\n777,Ada Byron,501\n")
    told = take({f"unknown_777_9002_{RIGHT}": "u"})
    assert "the number is someone's id there" in told["777"]
    assert collected(classroom) == {}


# -- Moodle ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["_file_/", "_file/", "_file_"])
def test_moodle_hand_ins_are_found_and_named(download, classroom, form):
    know(classroom)
    source = download(
        {
            f"Ada Byron_31_assignsubmission{form}{RIGHT}": "ada's",
            f"Bob Stone_32_assignsubmission{form}my work.ipynb": "bob's",
            f"Bob Stone_32_assignsubmission{form}data.csv": "",
            f"Kim New_34_assignsubmission{form}essay.pdf": "",
            "Ada Byron_31_assignsubmission_onlinetext_/onlinetext.html": "",
            "Default group_assignsubmission_file_/x.ipynb": "",
        }
    )
    told = dict(collect(source, tiny.ID, classroom))
    assert collected(classroom) == {"ada": "ada's", "bob": "bob's"}
    notes = [f"{student}: {note}" for student, note in collect(source, tiny.ID, classroom)]
    assert any("data.csv is no notebook" in note for note in notes)
    assert any("was written into Moodle (onlinetext)" in note for note in notes)
    assert "essay.pdf is no notebook" in told["34"]
    group = [note for note in notes if note.startswith("Default group")]
    assert group
    assert "is not named as Moodle names files" in group[0]


def test_without_a_roster_moodle_numbers_are_the_ids(take, classroom):
    take({f"Ada Byron_31_assignsubmission_file_/{RIGHT}": "ada's"})
    assert collected(classroom) == {"31": "ada's"}


def test_two_moodle_students_of_one_name_are_not_mixed_up(take, classroom):
    know(classroom)
    files = {
        f"Ada Byron_31_assignsubmission_file_/{RIGHT}": "ada's",
        f"Ada Byron_77_assignsubmission_file_/{RIGHT}": "not ada's",
    }
    told = take(files)["ada"]
    assert collected(classroom) == {}
    assert "Moodle participant 31 is called as 77, who is ada" in told
    know(classroom, "id,name,moodle_id\nada,Ada Byron,31\n")
    assert "Moodle participant 77 is called as 31" in take(files)["ada"]
    assert collected(classroom) == {"ada": "ada's"}


def test_in_moodle_subfolders_the_chapters_notebook_is_found(take, classroom):
    at = "Ada Byron_31_assignsubmission_file_"
    take({f"{at}/work/{RIGHT}": "deep", f"{at}/work/scratch.ipynb": "no"})
    assert collected(classroom) == {"31": "deep"}
    take({f"{at}/work/{RIGHT}": "deep", f"{at}/{RIGHT}": "flat"})
    assert collected(classroom) == {"31": "flat"}
    told = take({f"{at}/a/{RIGHT}": "one", f"{at}/b/{RIGHT}": "two"})
    assert "several notebooks of that name" in told["31"]
    assert collected(classroom) == {"31": "flat"}


# -- times -----------------------------------------------------------------------------------------


def test_moodles_worksheet_says_who_and_when(take, classroom, tmp_path):
    sheet = tmp_path / "Grades.csv"
    sheet.write_text(WORKSHEET, encoding="utf-8")
    know(classroom, "id,email\nada,ada@example.org\n")
    files = {f"A. Byron_31_assignsubmission_file_/{RIGHT}": "ada's"}
    take(files, times=sheet, zone=ZoneInfo("Europe/Zurich"))
    assert times(classroom) == {"ada": datetime(2027, 6, 7, 12, 14)}
    told = take(files, times=sheet, zone=ZoneInfo("UTC"))
    assert told["ada"].startswith("not changed, but its time is now 2027-06-07 14:14:00 UTC.")
    assert times(classroom) == {"ada": datetime(2027, 6, 7, 14, 14)}
    assert take(files, times=sheet, zone=ZoneInfo("UTC"))["ada"].startswith("not changed: the same")


def test_canvas_hand_ins_get_their_times_later(take, classroom, tmp_path):
    know(classroom)
    files = {f"byronada_501_9001_{RIGHT}": "a", f"stonebob_502_9002_{RIGHT}": "b"}
    take(files)
    (tmp_path / "t.csv").write_text("id,submitted_at\n501,2027-06-07T10:00:00+02:00\n")
    told = take(files, times=tmp_path / "t.csv")
    assert times(classroom) == {"ada": datetime(2027, 6, 7, 8), "bob": None}
    assert "t.csv has no time for it" in told["bob"]
    listed = '[{"user_id": 502, "submitted_at": "2027-06-07T09:00:00Z"},'
    listed += ' {"user_id": 503, "submitted_at": null}]'
    (tmp_path / "t.json").write_text(listed)
    take(files, times=tmp_path / "t.json")
    assert times(classroom)["bob"] == datetime(2027, 6, 7, 9)


def test_times_without_a_zone_need_one(take, classroom, tmp_path):
    (tmp_path / "t.csv").write_text("id,submitted_at\n501,2027-06-07 14:00\n")
    files = {f"byronada_501_9001_{RIGHT}": "a"}
    with pytest.raises(AutograderError, match="line 2: 2027-06-07 14:00 has no time zone"):
        take(files, times=tmp_path / "t.csv")
    (classroom.root / "late.toml").write_text('timezone = "Asia/Tokyo"\n')
    take(files, times=tmp_path / "t.csv")
    assert times(classroom) == {"501": datetime(2027, 6, 7, 5)}
    take(files, times=tmp_path / "t.csv", zone=ZoneInfo("UTC"))
    assert times(classroom) == {"501": datetime(2027, 6, 7, 14)}


def test_a_new_hand_in_without_a_time_does_not_keep_the_old_time(take, classroom, tmp_path):
    (tmp_path / "t.csv").write_text("id,submitted_at\n501,2027-06-07 14:00Z\n")
    take({f"byronada_501_9001_{RIGHT}": "a"}, times=tmp_path / "t.csv")
    take({f"byronada_501_9002_{RIGHT}": "b"})
    assert times(classroom) == {"501": None}


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("t.csv", "who,when\nada,now\n", "expected the columns id and submitted_at"),
        ("t.csv", "id,submitted_at\nada,yesterday\n", "line 2: expected a time such as"),
        ("t.csv", "Kennung,Zuletzt geändert (Abgabe)\n1,-\n", "in English"),
        ("t.json", '{"errors": "unauthorized"}', "expected Canvas's list of submissions"),
        ("t.json", "<html>", "expected Canvas's list of submissions"),
    ],
)
def test_a_file_of_times_that_is_none_is_an_error(take, tmp_path, name, text, says):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(AutograderError) as error:
        take({f"byronada_501_9001_{RIGHT}": "a"}, times=tmp_path / name)
    assert says in error.value.message


def test_a_plain_folder_stays_one_though_a_file_looks_like_canvas(classroom, tmp_path):
    (tmp_path / "hand-ins").mkdir()
    for name in ("ada", "bob", "x_12_34_kim"):
        (tmp_path / "hand-ins" / f"{name}.ipynb").write_text(name)
    collect(tmp_path / "hand-ins", tiny.ID, classroom)
    assert sorted(collected(classroom)) == ["ada", "bob", "x_12_34_kim"]


def test_the_one_student_of_a_plain_folder_keeps_their_id(classroom, tmp_path):
    (tmp_path / "hand-ins" / "ada").mkdir(parents=True)
    (tmp_path / "hand-ins" / "ada" / f"byronada_501_9001_{RIGHT}").write_text("ada's")
    collect(tmp_path / "hand-ins", tiny.ID, classroom)
    assert collected(classroom) == {"ada": "ada's"}


def test_a_plain_folder_takes_times_too(classroom, tmp_path):
    (tmp_path / "hand-ins").mkdir()
    (tmp_path / "hand-ins" / "ada.ipynb").write_text("ada's")
    (tmp_path / "t.csv").write_text("id,submitted_at\nada,2027-06-07 10:00:00Z\n")
    collect(tmp_path / "hand-ins", tiny.ID, classroom, times=tmp_path / "t.csv")
    assert times(classroom) == {"ada": datetime(2027, 6, 7, 10)}


# -- which file counts -----------------------------------------------------------------------------


def test_several_notebooks_of_other_names_are_not_guessed_at(take, classroom):
    told = take({"b_501_1_draft.ipynb": "", "b_501_2_final.ipynb": ""})
    assert "There are several notebooks (b_501_1_draft.ipynb, b_501_2_final.ipynb)" in told["501"]
    assert collected(classroom) == {}


def test_another_chapters_notebook_is_not_taken(take, classroom):
    told = take({"b_501_1_ch02_mlp.ipynb": "no", "b_501_2_mine.ipynb": "yes"})
    assert "b_501_1_ch02_mlp.ipynb is called after another chapter" in told["501"]
    assert collected(classroom) == {"501": "yes"}


def test_the_notebook_in_a_zip_that_was_handed_in_is_taken(take, classroom):
    inner = zipped({f"work/{RIGHT}": "inside", "work/data.csv": "", f"__MACOSX/._{RIGHT}": "x"})
    told = take({"b_501_1_work.zip": inner, "c_502_2_my.ZIP": zipped({"a.txt": ""})})
    assert collected(classroom) == {"501": "inside"}
    assert told["501"] == "collected. Taken from the zip b_501_1_work.zip."
    assert "is a zip without a notebook" in told["502"]


def test_a_zip_beside_a_notebook_stays_closed(take, classroom):
    told = take({"b_501_1_w.zip": zipped({RIGHT: "no"}), f"b_501_2_{RIGHT}": "yes"})
    assert collected(classroom) == {"501": "yes"}
    assert "b_501_1_w.zip was not opened" in told["501"]


def test_a_strange_id_is_never_a_path(take, classroom):
    know(classroom, "id,name,canvas_id\nada,Ada Byron,501\n")
    told = take({f"b_501_1_{RIGHT}": "a", f"anon_{'x' * 120}_3_{RIGHT}": "b"})
    assert "a student's id should have only" in told[f"anon_{'x' * 120}"]
    assert collected(classroom) == {"ada": "a"}
