"""What a student reads when `check` runs: the pass line, the hint, the first difference."""

import time

import numpy as np
import pytest

from autograder.compile import compile_checks
from dlkit.check import CheckFailed, calls, check
from tests.check.specimen import chapter


@pytest.fixture(autouse=True)
def chapter_folder(tmp_path, monkeypatch):
    (tmp_path / "checks.json").write_text(compile_checks(chapter), encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def _told(name, *objects):
    with pytest.raises(CheckFailed) as failure:
        check(name, *objects)
    lines = str(failure.value).splitlines()
    assert all(len(line) <= 90 for line in lines)
    if lines[0].startswith("✗"):
        lines[0] += "\n"
    return " ".join(line.strip(" ") for line in lines).replace("\n ", "\n")


def _relu(x):
    return np.maximum(x, 0)


def _leaky(x, slope=0.01):
    return np.where(x > 0, x, slope * x)


def test_a_right_answer_prints_its_points(capsys):
    check("relu", _relu, _leaky)
    assert capsys.readouterr().out == "✓ relu  1 of 1 point\n"


def test_a_part_that_is_right_keeps_its_share():
    told = _told("relu", _relu, lambda x, slope=0.01: np.where(x > 0, x, 0.01 * x))
    assert told.startswith("✗ relu  0.5 of 1 point\n")
    assert "leaky_relu: The slope is an argument." in told


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: None, "is None, expected an array of shape (5,). Is a `return` missing?"),
        (lambda x: -np.maximum(x, 0), "The sign is opposite."),
        (lambda x: np.maximum(x, 0)[:-1], "has shape (4,), expected (5,). One entry is missing."),
        (lambda x: 3 * np.maximum(x, 0), "Every entry is 3 times the expected one"),
        (lambda x: np.maximum(x, 0) * np.nan, "nan means"),
        (lambda x: "relu", "is of type str, expected an array of shape (5,)"),
        (lambda x: x[99], "raised IndexError"),
        (lambda: 0, "raised TypeError"),
    ],
)
def test_the_first_difference_is_told_in_plain_words(answer, says):
    assert says in _told("relu", answer, _leaky)


def test_a_stub_is_told_what_to_do():
    def stub(x):
        raise NotImplementedError()

    assert "Not written yet: replace the line" in _told("relu", stub, _leaky)


def test_a_changed_argument_is_told():
    def in_place(x):
        x[x < 0] = 0
        return x

    assert "changed one of its arguments" in _told("relu", in_place, _leaky)


def test_what_a_failing_call_printed_is_shown():
    def noisy(x):
        print("looking at", x.shape)
        return x

    assert "It printed: looking at (5,)" in _told("relu", noisy, _leaky)


def test_a_warning_costs_nothing_and_is_told(capsys):
    def warned(x):
        np.log(np.zeros(1))
        return np.maximum(x, 0)

    check("relu", warned, _leaky)
    assert "Note: it warned (divide by zero" in capsys.readouterr().out


def test_an_endless_loop_is_stopped(monkeypatch):
    monkeypatch.setattr(calls, "CASE_SECONDS", 0.2)

    def endless(x):
        while True:
            try:
                np.sum(x)
            except Exception:  # noqa: S112
                continue

    told = _told("relu", endless, _leaky)
    assert "does not come to an end: it was stopped after 0.2 seconds" in told
    assert "waited" not in told


def test_a_call_that_others_hold_up_is_not_stopped(monkeypatch, capsys):
    monkeypatch.setattr(calls, "CASE_SECONDS", 0.2)

    def held_up(x):
        time.sleep(0.3)
        return np.maximum(x, 0)

    check("relu", held_up, _leaky)
    assert "✓" in capsys.readouterr().out


def test_a_call_that_waits_for_ever_is_stopped(monkeypatch):
    monkeypatch.setattr(calls, "CASE_SECONDS", 0.1)
    monkeypatch.setattr(calls, "PATIENCE", 5)
    told = _told("relu", lambda x: time.sleep(600), _leaky)
    assert "does not come to an end: it was stopped after 0.5 seconds" in told
    assert "mostly waited" in told


def test_a_quiz_tells_each_wrong_choice_and_each_missing_one():
    told = _told("quiz_ch99", {"q1": "a"})
    assert "q1: Tempting because it sounds alike." in told
    assert "q2: not answered with one of the letters offered." in told
    check("quiz_ch99", {"q1": "B", "q2": "a "})


def test_an_answer_without_inputs_is_recognised():
    check("worked_example", lambda: {"C": 0.0181039, "dW": [[0.1, 0.2], [0.3, 0.4]]})
    wrong = {"C": 0.0181039, "dW": [[0.1, 0.2], [0.3, 0.5]]}
    assert "dW[1][1] is not right" in _told("worked_example", lambda: wrong)


def test_setup_slips_are_told_as_such(tmp_path, monkeypatch):
    assert "no exercise 'sofmax'" in _told("sofmax", _relu)
    assert "expected 2 argument(s) after the name, relu, leaky_relu; got 1" in _told("relu", _relu)
    (tmp_path / "checks.json").write_text("{")
    assert "damaged" in _told("relu", _relu, _leaky)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert "not in this notebook's folder" in _told("relu", _relu, _leaky)


def test_jupyter_shows_the_message_alone():
    with pytest.raises(CheckFailed) as failure:
        check("relu", lambda x: None, _leaky)
    (line,) = failure.value._render_traceback_()
    assert line == str(failure.value)
    assert "Traceback" not in line
