"""late.toml says what it means, or the error says what is wrong with it."""

import re
from datetime import datetime, timedelta

import pytest

from autograder import chapters
from autograder.errors import AutograderError
from autograder.late_rules import LateRules, Penalty, read
from autograder.paths import ROOT

IDS = ["ch01_perceptron", "ch02_regression"]
WHOLE = """
timezone = "Europe/Berlin"

[due]
ch01 = 2030-10-14T23:59:00
ch02 = 2030-11-04T23:59:00+00:00

[penalty]
grace = "15 minutes"
per_day = 0.1
at_most = 0.5
zero_after = "1 week"

[extensions]
ada = "2 days"
"li.wei@uni.example" = { ch01 = "1 day 12 hours", all = "1 hour" }
bob = { ch01 = 2030-10-20T12:00:00 }
"""
DUE = datetime(2030, 10, 14, 21, 59)  # 23:59 in Berlin's summer


def rules(tmp_path, text) -> LateRules:
    path = tmp_path / "late.toml"
    path.write_text(text, encoding="utf-8")
    return read(path, IDS)


def test_a_whole_file(tmp_path):
    found = rules(tmp_path, WHOLE)
    assert found.due == {IDS[0]: DUE, IDS[1]: datetime(2030, 11, 4, 23, 59)}
    assert found.penalty == Penalty(timedelta(minutes=15), 0.1, 0.5, timedelta(days=7))
    assert found.extension("ada", IDS[1], DUE) == timedelta(days=2)
    assert found.extension("li.wei@uni.example", IDS[0], DUE) == timedelta(hours=36)
    assert found.extension("li.wei@uni.example", IDS[1], DUE) == timedelta(hours=1)
    assert found.extension("bob", IDS[0], DUE) == datetime(2030, 10, 20, 10) - DUE
    assert found.extension("bob", IDS[1], DUE) is None
    assert found.extension("eve", IDS[0], DUE) is None
    assert found.extension("ada", IDS[0], None) is None


def test_the_manuals_file_is_a_right_one(tmp_path):
    manual = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    (tmp_path / "late.toml").write_text(example, encoding="utf-8")
    found = read(tmp_path / "late.toml", chapters.all_ids())
    assert found.penalty == rules(tmp_path, WHOLE).penalty
    assert list(found.extensions) == ["ada", "li.wei@uni.example", "bob"]


def test_an_empty_file_takes_nothing_off_and_leaves_the_penalty_to_nbgrader(tmp_path):
    assert rules(tmp_path, "") == LateRules({}, None, {})
    assert rules(tmp_path, "[penalty]").penalty.share(1e9) == 0


def test_one_time_for_every_chapter_never_shortens_one(tmp_path):
    found = rules(tmp_path, "extensions.ada = 2030-10-20T00:00:00Z")
    assert found.extension("ada", IDS[0], datetime(2030, 10, 19)) == timedelta(days=1)
    assert found.extension("ada", IDS[1], datetime(2030, 10, 21)) is None


@pytest.mark.parametrize(
    ("seconds", "share"),
    [(900, 0), (901, 0.1), (86400, 0.1), (86401, 0.2), (4 * 86400, 0.4), (7 * 86400, 0.5)]
    + [(7 * 86400 + 1, 1)],
)
def test_the_share_that_lateness_costs(tmp_path, seconds, share):
    assert rules(tmp_path, WHOLE).penalty.share(seconds) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("due.ch03 = 2030-10-14T23:59:00Z", "due: no chapter 'ch03': expected one of ch01_"),
        ("due.all = 2030-10-14T23:59:00Z", "due: no chapter 'all'"),
        ("due.ch0 = 2030-10-14T23:59:00Z", "no chapter 'ch0'"),
        ("due.ch01 = 2030-10-14T23:59:00", "due.ch01 has no time zone. Put timezone ="),
        ("due.ch01 = 2030-10-14", "due.ch01 should be a day with its time"),
        ("due.ch01 = '2030-10-14T23:59:00Z'", r"\(without quotes\)"),
        ("due.ch01 = 2030-10-14T23:59", "a time is 2030-10-14T23:59:00, with seconds"),
        ("due = 3", r"should be a table, \[due\]"),
        (
            "due.ch01 = 2030-10-14T23:59:00Z\ndue.ch01_perceptron = 2030-10-15T23:59:00Z",
            "due names ch01_perceptron twice, once as ch01_perceptron",
        ),
        ("timezone = 'Berlin'", "timezone should be a name such as"),
        ("timezone = 1", "timezone should be a name such as"),
        ("timezone = '../../etc/passwd'", "timezone should be a name such as"),
        (
            "timezone = 'Europe/Berlin'\ndue.ch01 = 2030-10-27T02:30:00",
            "twice or never in Europe/Berlin.*Write the offset: 2030-10-27T02:30:00",
        ),
        (
            "timezone = 'Europe/Berlin'\ndue.ch01 = 2030-03-31T02:30:00",
            "twice or never in Europe/Berlin",
        ),
        ("penalty.per_day = 10", "between 0 and 1, such as 0.1 for a tenth, but is 10"),
        ("penalty.per_day = nan", "between 0 and 1"),
        ("penalty.per_day = true", "between 0 and 1"),
        ("penalty.per_day = '10 %'", "between 0 and 1"),
        ("penalty.per_day = -0.1", "between 0 and 1"),
        ("penalty.at_most = 0.5", "limits per_day, which is missing"),
        ("penalty.grace = 15", "a length of time such as"),
        ("penalty.grace = '15 min'", "a length of time such as"),
        ("penalty.grace = '2 days and 1 hour'", "a length of time such as"),
        ("penalty.zero_after = '99999999999 weeks'", "longer than any course"),
        ("penalty.perday = 0.1", r"\[penalty\] has perday; expected only grace, per_day"),
        ("penalty = 0.1", r"should be a table, \[penalty\]"),
        ("extension.ada = '2 days'", "the file has extension; expected only timezone, due"),
        ("extensions.ada = 2", "a length of time such as"),
        ("extensions.ada = '0 days'", "longer than 0"),
        ("extensions.ada = '-2 days'", "a length of time such as"),
        ("extensions.ada = 2030-10-14", "should be a day with its time"),
        (
            "extensions.li.wei = '2 days'",
            "no chapter 'wei'.* a student's name with a dot or @ needs quotes",
        ),
        ("extensions.ada = '1 day'\nextensions.ada = '2 days'", "none is there twice"),
        (
            "extensions.ada = {ch01 = '1 day', ch01_perceptron = '2 days'}",
            "extensions.ada names ch01_perceptron twice",
        ),
        (
            "due.ch01 = 2030-10-14T00:00:00Z\nextensions.ada = {ch01 = 2029-10-20T00:00:00Z}",
            "extensions.ada: 2029-10-20 00:00:00 UTC is not after ch01_perceptron is due",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, problem):
    with pytest.raises(AutograderError, match=problem) as error:
        rules(tmp_path, text)
    assert "late.toml: " in error.value.message
    assert error.value.message.endswith("Nothing was changed.")


def test_another_encoding_is_named(tmp_path):
    (tmp_path / "late.toml").write_bytes("# für ch01".encode("latin-1"))
    with pytest.raises(AutograderError, match="expected text in UTF-8"):
        read(tmp_path / "late.toml", IDS)
