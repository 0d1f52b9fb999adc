"""The review questions and the map as authors wrote them, and what is refused of either."""

import re

import pytest

from autograder import source
from autograder.chapters import all_ids, load, source_path
from autograder.errors import SourceError
from autograder.paths import SOLUTIONS
from dlkit.home import course

QUESTION = """[first]
after = "double"
ask = "Why?"
right = ["So.", "Because."]
wrong = [["Not so.", "It is tempting."], ["Never.", "It is not."]]
"""
CHAPTER = """[ch01_one]
title = "One"
builds_on = []
"""


def reviewed():
    return [id for id in all_ids() if (SOLUTIONS / id / course.REVIEW).is_file()]


@pytest.mark.parametrize("chapter_id", reviewed())
def test_the_questions_of_a_chapter_follow_the_form(chapter_id, tmp_path):
    path = SOLUTIONS / chapter_id / course.REVIEW
    source._copy_review(path, tmp_path, load(chapter_id))
    questions = course.read_questions(tmp_path / course.REVIEW)
    assert len(questions) >= 8
    for question in questions:
        for words, why in question.choices:
            assert len(words) <= 160, words
            assert len(why) <= 220, why
            assert not re.search(r"\b(both|all|none) of (the|these)\b", words), words


@pytest.mark.parametrize("chapter_id", [id for id in all_ids() if source_path(id).is_file()])
def test_the_map_and_the_chapters_head_agree(chapter_id):
    text = source_path(chapter_id).read_text("utf-8")
    assert list(head_differs(_on_the_map(chapter_id), text)) == []


def test_a_head_that_differs_is_told():
    chapter = _on_the_map("ch01_perceptron")
    text = source_path("ch01_perceptron").read_text("utf-8")
    other = text.replace("# Chapter 1: The", "# Chapter 1: A").replace(
        "about 120 min", "about 12 min"
    )
    told = " ".join(head_differs(chapter, other))
    assert "A perceptron" in told
    assert "120" in told


def head_differs(chapter, text):
    """What the first cell of a chapter's text says otherwise than its line of the map."""
    heading = re.search(r"^# Chapter \d+: .*$", text, re.MULTILINE)
    expected = f"# Chapter {chapter.number}: {chapter.title}"
    if heading is None or heading[0].strip() != expected:
        yield f"map.toml expects the heading {expected!r}, found {heading and heading[0]!r}"
    minutes = re.search(r"about (\d+)\s+minutes", text)
    if minutes is None or int(minutes[1]) != chapter.minutes:
        yield f"map.toml says minutes = {chapter.minutes}, the text {minutes and minutes[0]!r}"


def _on_the_map(chapter_id):
    return next(c for c in course.read_map(SOLUTIONS / course.MAP) if c.id == chapter_id)


def write(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[first]", "[First One]", "no TOML"),
        ("[first]", "[First_One]", "expected an id of a-z, 0-9 and hyphens"),
        ('after = "double"\n', "", "missing ['after']"),
        ("ask =", "question =", "unknown ['question']"),
        ('"Why?"', '"Why $x$?"', "expected plain text"),
        ('"Why?"', '"Why <b>so</b>?"', "expected plain text"),
        ('"Why?"', '" "', "expected words"),
        ('["Never.", "It is not."]', '["Never."]', "a choice is [words, why]"),
        (', ["Never.", "It is not."]', "", "two to four wrong choices"),
        ('"Never."', '"So."', "two to four wrong choices, each another"),
        ("[first]\n", "", "stands above the first [id]"),
        ("wrong = [", "wrong = ", "no TOML"),
    ],
)
def test_what_a_file_of_questions_may_not_hold(tmp_path, old, new, says):
    assert len(course.read_questions(write(tmp_path, "review.toml", QUESTION))) == 1
    with pytest.raises(course.CourseFileError, match=re.escape(says)):
        course.read_questions(write(tmp_path, "review.toml", QUESTION.replace(old, new)))


def test_a_question_after_an_exercise_that_is_not_there_is_not_released(tmp_path):
    path = write(tmp_path, "review.toml", QUESTION)
    with pytest.raises(SourceError, match="'double' is no exercise of the chapter"):
        source._copy_review(path, tmp_path / "out", load("ch01_perceptron"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (CHAPTER.replace("ch01_one", "one"), "looks like ch01_name"),
        (CHAPTER.replace("builds_on = []", "builds_on = [2]"), "numbers of chapters above it"),
        (CHAPTER + CHAPTER.replace("_one", "_two"), "a number of its own"),
        (CHAPTER.replace("title", "name"), "missing ['title']"),
        (CHAPTER + "minutes = 'many'\n", "minutes is a whole number"),
    ],
)
def test_what_a_map_may_not_hold(tmp_path, change, says):
    assert [c.number for c in course.read_map(write(tmp_path, "map.toml", CHAPTER))] == [1]
    with pytest.raises(course.CourseFileError, match=re.escape(says)):
        course.read_map(write(tmp_path, "map.toml", change))
