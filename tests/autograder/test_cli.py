"""The command line: a hand-in goes through every command, and slips are told."""

import csv
import json
import zipfile

import nbformat
import pytest
from click.testing import CliRunner

from autograder import chapters, source
from autograder.cli import main

ID = "ch01_perceptron"


def _run(*arguments, code=0):
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == code, done.output
    return done


@pytest.mark.sandbox
def test_a_hand_in_goes_from_folder_to_marks(tmp_path):
    hand_ins, classroom = tmp_path / "hand-ins", tmp_path / "classroom"
    hand_ins.mkdir()
    solution = source.read_chapter(chapters.source_path(ID), chapters.load(ID))
    nbformat.write(solution, hand_ins / "ada.ipynb")
    here = ("--classroom", classroom)

    assert "ada" in _run("collect", hand_ins, "ch01", *here).output
    graded = json.loads(_run("grade", "ch01", "--json", *here).stdout)
    assert (graded["outcome"], graded["score"]) == ("graded", chapters.load(ID).max_score)
    _run("feedback", "ch01", *here)
    page = (classroom / "feedback" / "ada" / ID / f"{ID}.html").read_text("utf-8")
    assert "✓ perceptron" in page
    assert "<script" not in page
    (row,) = csv.DictReader(_run("export", "ch01", *here).stdout.splitlines())
    assert row["perceptron"] == "1"
    assert "ch01_perceptron" in _run("status", *here).output


def test_a_canvas_zip_is_collected_with_its_times(tmp_path):
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as file:
        file.writestr(f"byronada_501_9001_{ID}.ipynb", "{}")
    (tmp_path / "times.csv").write_text("id,submitted_at\n501,2027-06-07 14:00\n")
    at = ("--times", tmp_path / "times.csv", "--timezone", "Europe/Zurich")
    run = ("collect", tmp_path / "submissions.zip", "ch01", "--classroom", tmp_path / "classroom")
    assert "501: collected." in _run(*run, *at).output
    stamp = tmp_path / "classroom" / "submitted" / "501" / ID / "timestamp.txt"
    assert stamp.read_text() == "2027-06-07 12:00:00.000000 UTC"
    assert "expected a zone such as" in _run(*run, "--timezone", "Zurich", code=2).output
    assert "found none at" in _run("collect", tmp_path / "no.zip", "ch01", code=1).output


def test_a_release_tells_a_classroom_that_is_named_or_there(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr("autograder.release.release", lambda *args, **options: told.append(args))
    _run("release", "--classroom", tmp_path / "new")
    monkeypatch.setenv("CLASSROOM", str(tmp_path / "missing"))
    _run("release", "ch01")
    monkeypatch.setenv("CLASSROOM", str(tmp_path))
    _run("release", "ch01")
    rooms = [classroom and classroom.root for _, classroom in told]
    assert rooms == [tmp_path / "new", None, tmp_path]


def test_help_names_every_promised_command():
    listed = _run("--help").output
    promised = "release prove collect grade feedback export report status"
    for name in promised.split():
        assert f"\n  {name} " in listed
    assert "--classroom" in _run("grade", "--help").output


def test_a_mistyped_chapter_is_told_which_there_are():
    assert "expected one of ch01_perceptron" in _run("grade", "chapter1", code=1).output
