"""Standing, what comes next, and the review's schedule, as they follow from the logbook."""

from datetime import date, datetime, timedelta

import pytest

from dlkit.home.course import Chapter, Question
from dlkit.home.logbook import CHECK, REVIEW, Event
from dlkit.home.review import DAILY, DAYS, due_on, plan, shuffled
from dlkit.home.standing import next_exercise, of_chapter

ONE = Chapter("ch01_one", "One", 90, ())
TWO = Chapter("ch02_two", "Two", None, (1,))
POINTS = {"double": 1.0, "triple": 3.0}
FIRST_DAY = date(2026, 3, 2)


def event(did, name, share, day=0, chapter=ONE.id):
    moment = datetime(2026, 3, 2, 20, 0).astimezone() + timedelta(days=day)
    return Event(did, chapter, name, share, moment)


def checked(name, share=1.0, day=0, chapter=ONE.id):
    return event(CHECK, name, share, day, chapter)


def question(id="why", after="double", chapter=ONE.id):
    return Question(chapter, id, after, "Why?", (("So.", "Yes."), ("No.", "Hm."), ("Or.", "Hm.")))


def on(day):
    return FIRST_DAY + timedelta(days=day)


# -- standing --------------------------------------------------------------------------------------


def test_nothing_done_is_nothing_earned():
    standing = of_chapter(ONE, POINTS, [])
    assert (standing.passing, standing.earned, standing.points) == (0, 0, 4)
    assert not any(one.tried for one in standing.exercises)


def test_the_last_check_counts_and_the_first_pass_is_remembered():
    events = [checked("triple", 0.5), checked("triple", day=1), checked("triple", day=2)]
    (_, triple) = of_chapter(ONE, POINTS, events).exercises
    assert (triple.passes, triple.earned, triple.passed_on) == (True, 3, on(1))
    (_, triple) = of_chapter(ONE, POINTS, [*events, checked("triple", 0.5, day=3)]).exercises
    assert (triple.passes, triple.earned, triple.passed_on) == (False, 1.5, on(1))


def test_of_other_chapters_and_exercises_nothing_counts():
    events = [checked("double", chapter=TWO.id), checked("gone"), event(REVIEW, "double", 1)]
    assert of_chapter(ONE, POINTS, events).earned == 0


def test_points_are_those_of_the_present_release():
    assert of_chapter(ONE, {"double": 4.0}, [checked("double", 0.5)]).earned == 2


def test_next_is_in_the_chapter_last_worked_on_and_then_in_order():
    def after(*events):
        standings = [of_chapter(chapter, POINTS, events) for chapter in (ONE, TWO)]
        found = next_exercise(standings, events)
        return found and (found[0].number, found[1].name)

    assert after() == (1, "double")
    assert after(checked("double")) == (1, "triple")
    assert after(checked("double"), checked("double", chapter=TWO.id)) == (2, "triple")
    in_two = [checked(name, chapter=TWO.id) for name in POINTS]
    assert after(*in_two) == (1, "double")
    assert after(*in_two, checked("double"), checked("triple")) is None
    assert after(checked("double"), checked("triple"), checked("double", 0)) == (1, "double")


# -- the review ------------------------------------------------------------------------------------


def test_a_question_waits_for_its_exercise_and_comes_the_day_after():
    assert due_on(question(), [checked("triple"), checked("double", 0.5)]) is None
    assert due_on(question(), [checked("double", chapter=TWO.id)]) is None
    assert due_on(question(), [checked("double"), checked("double", day=4)]) == on(1)
    assert due_on(question(), [checked("double"), checked("double", 0, day=4)]) == on(1)


def test_right_answers_move_it_on_and_a_wrong_one_back():
    events, day = [checked("double")], 1
    for distance in DAYS[1:]:
        events.append(event(REVIEW, "why", 1, day))
        day += distance
        assert due_on(question(), events) == on(day)
    events.append(event(REVIEW, "why", 1, day))
    assert due_on(question(), events) == on(day + DAYS[-1])
    events.append(event(REVIEW, "why", 0, day))
    assert due_on(question(), events) == on(day + 1)
    events.append(event(REVIEW, "why", 1, day + 1))
    assert due_on(question(), events) == on(day + 1 + DAYS[1])


@pytest.mark.parametrize("day", [1, 30])
def test_five_a_day_and_the_longest_due_first(day):
    questions = [question(f"q{i}") for i in range(8)] + [question("late", after="triple")]
    events = [checked("double"), checked("triple", day=day - 1)]
    review = plan(questions, events, on(day))
    assert len(review.due) == 9
    assert review.left_today == DAILY
    if day > 1:
        assert review.due[-1].id == "late"
    answered = events + [event(REVIEW, asked.id, 1, day) for asked in review.due[:2]]
    assert plan(questions, answered, on(day)).left_today == DAILY - 2
    answered += [event(REVIEW, asked.id, 0, day) for asked in review.due[2:5]]
    after = plan(questions, answered, on(day))
    assert (after.left_today, len(after.due)) == (0, 4)
    assert after.next_day == on(day + 1)


def test_nothing_due_says_when_the_next_is_and_what_waits():
    questions = [question(), question("later", after="triple")]
    review = plan(questions, [checked("double")], on(0))
    assert (review.due, review.left_today) == ((), 0)
    assert (review.next_day, review.waiting) == (on(1), 1)
    assert plan([], [], on(0)).next_day is None


def test_chapters_are_mixed_and_the_order_stays_all_day():
    both = [question(f"q{i}", chapter=chapter.id) for chapter in (ONE, TWO) for i in range(6)]
    events = [checked("double"), checked("double", chapter=TWO.id)]
    due = plan(both, events, on(1)).due
    assert due == plan(both[::-1], events, on(1)).due
    assert {asked.chapter for asked in due[:6]} == {ONE.id, TWO.id}


def test_choices_are_shuffled_anew_each_time_but_not_by_a_reload():
    orders = []
    for times in range(12):
        events = [event(REVIEW, "why", 1, day) for day in range(times)]
        orders.append(tuple(shuffled(question(), events)))
        assert tuple(shuffled(question(), events)) == orders[-1]
        assert sorted(orders[-1]) == [0, 1, 2]
    assert len(set(orders)) > 3
