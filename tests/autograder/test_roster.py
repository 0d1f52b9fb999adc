"""The roster is read as people, Canvas and Moodle write it; a slip in it is named."""

import pytest

from autograder import roster
from autograder.errors import AutograderError
from autograder.paths import Classroom

BY_HAND = "id,name,email,canvas_id\nada,Ada Byron,ada@example.org,501\nbob,Bob Stone,,502\n"
CANVAS = (
    '\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,"Chapter 1 (77)"\n'
    "    Manual Posting,,,,,\n    Points Possible,,,,,10.00\n"
    '"Byron, Ada",501,9001,ada,Group 1,8.5\n"Stone, Bob",502,9002,bob@example.org,Group 1,\n'
    '"Student, Test",599,,c0ffee,Group 1,\n'
)
MOODLE = (
    "\ufeffIdentifier,Full name,ID number,Email address,Status,Grade,Last modified (submission)\n"
    'Participant 31,Ada Byron,ada,ada@example.org,Submitted for grading,,"Monday, 7 June 2027, '
    '2:14 PM"\nParticipant 32,Bob Stone,,bob@example.org,No submission,,-\n'
)


@pytest.fixture
def read(tmp_path):
    def of(text, encoding="utf-8"):
        (tmp_path / roster.FILE).write_bytes(text.encode(encoding))
        return roster.read(Classroom(tmp_path))

    return of


def test_without_a_file_the_class_is_not_known(tmp_path):
    empty = roster.read(Classroom(tmp_path))
    assert not empty
    assert empty.get("ada") is None


def test_a_hand_made_file_needs_only_ids(read):
    assert [student.id for student in read("id\nada\nbob\n\n").students] == ["ada", "bob"]
    assert read(BY_HAND).canvas("501").name == "Ada Byron"


def test_canvas_gradebook_export_is_a_roster(read):
    ada, bob, _ = read(CANVAS).students
    assert (ada.id, ada.name, ada.canvas_id, ada.number, ada.section) == (
        *("ada", "Byron, Ada", "501", "9001", "Group 1"),
    )
    assert (bob.id, bob.email) == ("bob@example.org", "bob@example.org")


def test_canvas_without_sis_columns_gives_its_own_ids(read):
    (ada,) = read('Student,ID,Section\n"Byron, Ada",501,A\n').students
    assert (ada.id, ada.canvas_id) == ("501", "501")


def test_moodle_grading_worksheet_is_a_roster(read):
    ada, bob = read(MOODLE).students
    assert (ada.id, ada.moodle_id) == ("ada", "31")
    assert (bob.id, bob.moodle_id) == ("bob@example.org", "32")


def test_a_long_text_in_a_worksheet_is_read_over(read):
    long = MOODLE.replace("No submission", "written " * 30_000)
    assert [student.id for student in read(long).students] == ["ada", "bob@example.org"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_of_spreadsheets_are_read(read, encoding, separator):
    rows = ("id", "name"), ("ada", "Zoë Ángström")
    text = "\r\n".join(separator.join(row) for row in rows)
    assert read(text, encoding).get("ada").name == "Zoë Ángström"


def test_a_name_is_known_in_any_order_but_only_when_one_bears_it(read):
    known = read("id,name\nada,Ada Maria Byron Lovelace\nbob,Bob Stone\neve,Bob Stone\n")
    for name in ("Byron Lovelace, Ada Maria", "byronlovelaceadamaria", "ADA MARIA BYRON LOVELACE"):
        assert known.named(name).id == "ada"
    assert known.named("Bob Stone") is None
    assert known.named("") is None
    assert known.named("Ada") is None


def test_a_student_is_found_by_whatever_names_one_alone(read):
    known = read(CANVAS)
    for text in ("ada", "ADA", "501", "9001"):
        assert known.find(text).canvas_id == "501"
    assert known.find("") is None
    worksheet = roster.Student("31", name="Bob Stone", email="BOB@example.org")
    assert known.same_as(worksheet).canvas_id == "502"
    assert known.same_as(roster.Student("31", name="Ada Byron")).id == "ada"
    assert known.same_as(roster.Student("31", name="Nobody Else")) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,mark\nAda,3\n", "found the columns name, mark"),
        ("Kennung,Vollständiger Name\nTeilnehmer/in31,Ada\n", "in English"),
        ("", "found the columns none"),
        ("id\nada\n../bob\n", "line 3: a student's id should have only"),
        ("id\nada\n=1+1\n", "found '=1+1'"),
        ("id\nada\nbob\nada\n", "expected each id once, found 'ada' in lines 2, 4"),
        ("id,canvas_id\nada,1\nbob,1\n", "expected each canvas_id once"),
        ('id\n"ada\n', "unexpected end of data"),
        ("PK\x03\x04\0\0", "Save it as CSV"),
    ],
)
def test_a_slip_is_named(read, text, says):
    with pytest.raises(AutograderError) as error:
        read(text)
    assert says in error.value.message
