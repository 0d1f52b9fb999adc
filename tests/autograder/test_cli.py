"""The command line: a hand-in goes through every command, and slips are told."""

import csv
import json

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
