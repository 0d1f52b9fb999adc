"""Zips that are damaged or hostile: what can be read is taken, the rest named, nothing escapes."""

import io
import stat
import struct
import warnings
import zipfile

import pytest
import tiny
from downloads import RIGHT, collected, zipped

from autograder.collect import archive, collect, store
from autograder.errors import AutograderError
from autograder.paths import Classroom


@pytest.fixture
def classroom(tmp_path):
    return Classroom(tmp_path / "classroom")


@pytest.fixture
def run(tmp_path, classroom):
    """Collects the zip of these bytes; {student: notes} beside a healthy hand-in of `good`."""

    def run(content):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / "z.zip").write_bytes(content)
        before = {path for path in tmp_path.rglob("*") if classroom.root not in path.parents}
        told = {}
        for student, note in collect(tmp_path / "in" / "z.zip", tiny.ID, classroom):
            told[student] = told.get(student, "") + note
        after = {path for path in tmp_path.rglob("*") if classroom.root not in path.parents}
        assert after <= before | {classroom.root}
        return told

    return run


GOOD = {f"good_1_1_{RIGHT}": "good", f"fine_2_2_{RIGHT}": "fine", f"nice_3_3_{RIGHT}": "nice"}
TAKEN = {"1": "good", "2": "fine", "3": "nice"}
BAD = f"bad_666_9_{RIGHT}"


def with_bad(content="bad", name=BAD, **attributes):
    """A zip of the good hand-ins and one whose entry has these attributes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for each, text in GOOD.items():
            file.writestr(each, text)
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        for attribute, value in attributes.items():
            setattr(info, attribute, value)
        file.writestr(info, content)
    return made.getvalue()


def patched(content, name, offset, value):
    """The zip with the central directory's field at `offset` of `name`'s entry overwritten."""
    entry = content.rindex(name.encode()) - 46
    assert content[entry : entry + 4] == b"PK\1\2"
    return content[: entry + offset] + value + content[entry + offset + len(value) :]


@pytest.mark.parametrize(
    "name",
    [
        f"../../bad_666_9_{RIGHT}",
        f"/tmp/bad_666_9_{RIGHT}",
        f"C:\\bad_666_9_{RIGHT}",
        f"x\\..\\bad_666_9_{RIGHT}",
        f"bad_666_9_{RIGHT}/../../../x.ipynb",
    ],
)
def test_names_that_lead_out_are_not_taken(run, classroom, name):
    told = run(with_bad(name=name))
    assert collected(classroom) == TAKEN
    assert "is named so that it would lie outside" in "".join(told.values())


def test_a_link_is_not_followed(run, classroom):
    told = run(with_bad("/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16))
    assert "is a link, and links are not followed" in told["666"]
    assert collected(classroom) == TAKEN


def test_an_encrypted_file_is_named(run, classroom):
    told = run(patched(with_bad(), BAD, 8, b"\1\0"))
    assert "is encrypted" in told["666"]
    assert collected(classroom) == TAKEN


def test_a_damaged_file_is_named(run, classroom):
    told = run(patched(with_bad(), BAD, 16, b"\0\0\0\0"))  # its checksum
    assert "is damaged in the zip" in told["666"]
    assert collected(classroom) == TAKEN


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_other_ways_of_packing_are_not_read(run, classroom, kind):
    told = run(patched(with_bad(), BAD, 10, struct.pack("<H", kind)))
    assert "is packed in a way that is not read here" in told["666"]
    assert collected(classroom) == TAKEN


def test_a_bomb_is_not_unpacked(run, classroom):
    told = run(with_bad(b"0" * (21 * 2**20)))
    assert "is larger than 20 MB" in told["666"]
    assert collected(classroom) == TAKEN


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(run, classroom):
    lying = patched(with_bad(b"0" * (21 * 2**20)), BAD, 24, struct.pack("<I", 10))
    assert "is damaged in the zip" in run(lying)["666"]
    assert collected(classroom) == TAKEN


def test_a_zip_of_many_large_files_ends(run, classroom, monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 1000)
    told = run(zipped({f"s{n}_{n}_{n}_{RIGHT}": "x" * 400 for n in (1, 2, 3)}))
    assert sorted(collected(classroom)) == ["1", "2"]
    assert "the zip unpacks to more than" in told["3"]


def test_a_zip_of_very_many_files_is_refused(run, monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)
    with pytest.raises(AutograderError, match="holds more than 2 files"):
        run(zipped(GOOD))


def test_of_two_files_of_one_name_none_is_guessed(run, classroom):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as file:
            for name, text in [*GOOD.items(), (BAD, "one"), (BAD, "two")]:
                file.writestr(name, text)
    told = run(made.getvalue())
    assert told["666"].count("is there 2 times") == 2
    assert collected(classroom) == TAKEN


def test_names_in_utf_8_that_do_not_say_so_are_read(run, classroom):
    classroom.root.mkdir()
    (classroom.root / "students.csv").write_text("id,name\nzoe,Zo\u00eb\n", encoding="utf-8")
    name = f"Zo\u00eb_31_assignsubmission_file_/{RIGHT}"
    made = zipped({name.replace("\u00eb", "ab"): "z"}).replace(b"Zoab", "Zo\u00eb".encode())
    assert run(made)["zoe"].startswith("collected")
    broken = zipped({name.replace("\u00eb", "a"): "z"}).replace(b"Zoa_", b"Zo\xeb_")
    assert run(broken)["31"].startswith("collected. Moodle participant 31")


def test_a_terminals_commands_in_a_name_are_not_shown(run):
    told = run(with_bad(name="bad_666_9_\x1b[2J\n\u202ex.ipynb"))
    assert all(text.isprintable() for line in told.items() for text in line)


@pytest.mark.parametrize(
    ("inner", "says"),
    [
        (b"PK\3\4 but no more", "cannot be read as a zip"),
        (b"", "cannot be read as a zip"),
        (b"PK\1\2" * 1001, "holds more than 1000 files"),
        (zipped({"a.ipynb": b"0" * (21 * 2**20)}), "is larger than 20 MB"),
        (zipped({"a.zip": zipped({RIGHT: "deep"})}), "is a zip without a notebook"),
        (zipped({f"../{RIGHT}": "out"}), "would lie outside"),
        (zipped({"a.ipynb": "", "b.ipynb": ""}), "several notebooks"),
        (zipped({f"a/{RIGHT}": "1", f"b/{RIGHT}": "2"}), "several notebooks of that name"),
    ],
)
def test_a_bad_zip_of_one_student_harms_no_other(run, classroom, inner, says):
    told = run(with_bad(inner, "bad_666_9_work.zip"))
    assert says in told["666"]
    assert collected(classroom) == TAKEN


def test_a_zip_that_is_too_large_is_not_opened(run, classroom, monkeypatch):
    monkeypatch.setattr(archive, "MAX_NESTED_BYTES", 1000)
    told = run(with_bad(b"x" * 1001, "bad_666_9_work.zip"))
    assert "larger than" in told["666"]
    assert collected(classroom) == TAKEN


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no zip", "cannot be read as a zip"),
        (zipped(GOOD)[:-30], "Was it downloaded whole"),
        (zipped({}), "hardly a file in it is named as Canvas or Moodle"),
        (zipped({"ada/x.ipynb": "", "b/y.ipynb": ""}), "Unpack it, and name the folder"),
    ],
)
def test_what_is_no_download_is_an_error(run, content, says):
    with pytest.raises(AutograderError) as error:
        run(content)
    assert says in error.value.message


def test_a_full_disk_is_not_taken_for_a_damaged_zip(run, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        run(zipped(GOOD))


def test_links_in_an_unpacked_download_are_not_followed(classroom, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / RIGHT).write_text("another's")
    folder = tmp_path / "download"
    folder.mkdir()
    (folder / f"ada_1_1_{RIGHT}").write_text("ada's")
    (folder / f"bob_2_2_{RIGHT}").symlink_to(tmp_path / "secret" / RIGHT)
    (folder / "eve_3_3_work").symlink_to(tmp_path / "secret")
    told = dict(collect(folder, tiny.ID, classroom))
    assert collected(classroom) == {"1": "ada's"}
    assert "is a link" in told["2"]
    assert "is a link" in told["3"]
