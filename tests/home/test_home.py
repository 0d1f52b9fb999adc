"""The home's page: progress on the map, what comes next, and the review as a student meets it."""

import re
import shutil
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest

from autograder.paths import COURSE
from dlkit.home import course, logbook
from dlkit.home.page import Home

ID = "ch01_perceptron"
NOW = datetime(2026, 3, 5, 21, 40).astimezone()


class Clock:
    """The present moment, which a test moves."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def work(tmp_path):
    shutil.copytree(COURSE / ID, tmp_path / ID)
    shutil.copy(COURSE / course.MAP, tmp_path / course.MAP)
    (tmp_path / logbook.FOLDER).mkdir()
    return tmp_path


def passed(work, *names, share=1, days_ago=1):
    for name in names:
        at = NOW - timedelta(days=days_ago)
        assert logbook.add(work, logbook.CHECK, ID, name, share, at)


def words(html):
    """The text of a page, as it is read."""
    parts = []
    parser = HTMLParser()
    parser.handle_data = parts.append
    parser.feed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    return " ".join(" ".join(parts).split())


def choose(home, right):
    """Answer the shown question rightly, or with the first wrong choice."""
    asked, order = home._asked
    home.answer(order.index(0 if right else 1))
    return asked


# -- the map ---------------------------------------------------------------------------------------


def test_a_fresh_student_begins_at_the_first_exercise(work, clock):
    home = Home(work, clock)
    said = words(home.map)
    assert "Begin here: chapter 1, exercise perceptron (1 point)." in said
    assert "0 of 12 exercises, 0 of 28 points" in said
    assert f'href="{ID}/{ID}.ipynb#cell-id=perceptron"' in home.map
    assert "Detection, faces, style, generation 7 – planned" in said
    assert "due today" not in said
    assert repr(home) == "<Home: chapter 1, perceptron comes next>"


def test_progress_is_shown_with_what_passed_before(work, clock):
    passed(work, "perceptron", "gates", "xor")
    passed(work, "xor", share=0, days_ago=0)
    passed(work, "quiz_ch01", share=0.5)
    said = words(Home(work, clock).map)
    assert "2 of 12 exercises, 7 of 28 points" in said
    assert "✓ gates : passed on 4 March 2026" in said
    assert "↺ xor : passed on 4 March 2026, the last check did not" in said
    assert "◐ quiz_ch01 : 4 of 8 points" in said
    assert "Go on here: chapter 1, exercise decision_line" in said
    assert 'aria-label="25 % of the points pass"' in Home(work, clock).map


def test_the_map_is_drawn_anew_when_a_check_has_passed(work, clock):
    home = Home(work, clock)
    updates = []

    class Handle:
        update = staticmethod(lambda data, raw: updates.append(data["text/html"]))

    home._handle = Handle
    home.look()
    assert updates == []
    passed(work, "perceptron", days_ago=0)
    home.look()
    home.look()
    assert len(updates) == 1
    assert "1 of 12 exercises" in words(updates[0])


def test_when_all_passes_it_says_what_is_left_to_do(work, clock):
    passed(work, *course.exercises(work / ID))
    assert "Every exercise that is here passes." in words(Home(work, clock).map)


def test_exercises_stand_in_the_notebooks_order(work):
    names = list(course.exercises(work / ID))
    assert names[:3] == ["perceptron", "gates", "decision_line"]
    assert names[-1] == "quiz_ch01"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda work: (work / "map.toml").unlink(), "A file of the course is damaged"),
        (lambda work: (work / "map.toml").write_text("["), "A file of the course is damaged"),
        (lambda work: (work / ID / "review.toml").write_text("x"), "A file of the course is"),
        (lambda work: (work / logbook.FOLDER).rmdir(), "Your progress is not kept here"),
        (lambda work: logbook.path(work).mkdir(), "cannot be written"),
    ],
)
def test_a_damaged_folder_is_told_and_nothing_breaks(work, clock, spoil, says):
    spoil(work)
    home = Home(work, clock)
    assert says in words(home.map)
    home.answer(0)
    home.press("next")


def test_damaged_check_data_or_notebook_empty_the_row_only(work, clock):
    (work / ID / "checks.json").write_text("{")
    assert "0 of 0 exercises" in words(Home(work, clock).map)
    (work / ID / f"{ID}.ipynb").unlink()
    assert "There is no chapter here yet" in words(Home(work, clock).map)


def test_names_cannot_bring_markup(work, clock):
    text = (work / course.MAP).read_text().replace("Loss functions", "<script>x</script>")
    (work / course.MAP).write_text(text)
    assert "<script>" not in Home(work, clock).map


# -- the review ------------------------------------------------------------------------------------


def test_nothing_is_asked_before_anything_passed_and_on_the_same_day(work, clock):
    assert "Nothing is due yet." in words(Home(work, clock).widget.html)
    passed(work, "gates", days_ago=0)
    home = Home(work, clock)
    assert (
        words(home.widget.html) == "Nothing is due. The next question comes tomorrow ."[:-2] + "."
    )


def test_a_right_and_a_wrong_answer_are_told_why(work, clock):
    passed(work, "perceptron", "gates")
    home = Home(work, clock)
    assert "2 review questions are due today" in words(home.map)
    assert "question 1 of 2" in words(home.widget.html)
    asked = choose(home, right=True)
    said = words(home.widget.html)
    assert f"✓ Right: {asked.choices[0][0]} {asked.choices[0][1]}" in said
    assert "comes again on 8 March 2026" in said
    home.press("next")
    asked = choose(home, right=False)
    said = words(home.widget.html)
    assert f"✗ Not quite: {asked.choices[1][0]} {asked.choices[1][1]}" in said
    assert f"Right is: {asked.choices[0][0]} {asked.choices[0][1]}" in said
    assert "comes again on 6 March 2026" in said
    assert "Done" in said
    home.press("next")
    assert "The next question comes tomorrow." in words(home.widget.html)
    shares = [event.share for event in logbook.read(work) if event.did == logbook.REVIEW]
    assert shares == [1, 0]


def test_five_a_day_and_more_for_who_wants(work, clock):
    passed(work, *course.exercises(work / ID))
    home = Home(work, clock)
    for number in range(1, 6):
        assert f"question {number} of 5" in words(home.widget.html)
        choose(home, right=True)
        home.press("next")
    assert "5 more questions wait" in words(home.widget.html)
    assert "5 more questions wait" in words(Home(work, clock).widget.html)
    home.press("more")
    assert "question 1 of 5" in words(home.widget.html)
    asked = {event.name for event in logbook.read(work) if event.did == logbook.REVIEW}
    assert choose(home, right=True).id not in asked


def test_the_next_morning_questions_come_by_themselves(work, clock):
    passed(work, "gates", days_ago=0)
    home = Home(work, clock)
    assert home._asked is None
    clock.now += timedelta(days=1)
    home.look()
    assert "question 1 of 1" in words(home.widget.html)
    choose(home, right=False)
    home.press("next")
    clock.now += timedelta(days=1)
    home.look()
    assert "question 1 of 1" in words(home.widget.html)


def test_a_look_leaves_a_question_and_its_answer_alone(work, clock):
    passed(work, "gates", "perceptron")
    home = Home(work, clock)
    shown = home.widget.html
    passed(work, "xor", days_ago=9)  # so its questions are to be asked first
    home.look()
    assert home.widget.html == shown
    choose(home, right=True)
    shown = home.widget.html
    passed(work, "margin", days_ago=0)
    home.look()
    assert home.widget.html == shown


def test_without_a_file_to_write_to_the_review_goes_on(work, clock):
    passed(work, "gates", "perceptron")
    home = Home(work, clock)
    events = logbook.path(work).read_bytes()
    logbook.path(work).unlink()
    (work / logbook.FOLDER).rmdir()
    first = choose(home, right=True)
    home.press("next")
    assert home._asked[0] != first
    assert events


def test_the_browsers_messages_do_the_same_as_the_methods(work, clock):
    passed(work, "gates", "perceptron")
    home = Home(work, clock)
    home._said(None, {"answer": 0}, [])
    assert "question 1 of 2" in words(home.widget.html)
    assert "1 review question is due today" in words(home.map)
    home._said(None, {"press": "next"}, [])
    assert "question 2 of 2" in words(home.widget.html)
    home._said(None, {"look": True}, [])
    home.answer(0)
    before = home.widget.html
    home.answer(0)
    assert home.widget.html == before, "an answered question was answered again"
