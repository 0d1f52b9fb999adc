"""When a review question is asked: after its exercise has passed, then at growing distances.

Leitner's boxes, with days: a right answer moves a question on, a wrong one back to tomorrow. All of
it follows from the logbook, so there is no second file that could disagree with it.
"""

import hashlib
import random
from dataclasses import dataclass
from datetime import date, timedelta

from dlkit.home.course import Question
from dlkit.home.logbook import CHECK, REVIEW

DAYS = (1, 3, 7, 16, 35, 90)  # the first after the exercise passed or an answer was wrong
DAILY = 5


@dataclass(frozen=True)
class Review:
    """Today's questions.

    due : what may be asked today, the first to be asked first
    left_today : how many of these belong to today's five
    next_day : when the next question that is not due yet comes, or None
    waiting : how many questions wait for an exercise that has not passed
    """

    due: tuple[Question, ...]
    left_today: int
    next_day: date | None
    waiting: int


def plan(questions, events, today):
    """The Review of this day; a question comes in the day after its exercise first passed."""
    dates = {question: due_on(question, events) for question in questions}
    due = [question for question, day in dates.items() if day and day <= today]
    later = [day for day in dates.values() if day and day > today]
    asked = {(e.chapter, e.name) for e in events if e.did == REVIEW and e.day == today}
    due.sort(key=lambda question: (dates[question], _mixed(question, today)))
    return Review(
        tuple(due),
        left_today=min(len(due), max(0, DAILY - len(asked))),
        next_day=min(later, default=None),
        waiting=sum(day is None for day in dates.values()),
    )


def due_on(question, events):
    """The day on which it is asked next; None before its exercise has passed."""
    level, day = 0, None
    for event in events:
        if event.chapter != question.chapter:
            continue
        if day is None and event.did == CHECK and event.name == question.after and event.share == 1:
            day = event.day
        elif day is not None and event.did == REVIEW and event.name == question.id:
            level = min(level + 1, len(DAYS) - 1) if event.share == 1 else 0
            day = event.day
    return None if day is None else day + timedelta(days=DAYS[level])


def _mixed(question, today):
    """Chapters mixed, the same all day: a reload does not deal anew."""
    return hashlib.sha256(f"{today} {question.chapter} {question.id}".encode()).digest()


def shuffled(question, events):
    """The numbers of the question's choices in the order shown, another each time it is asked."""
    this = (REVIEW, question.chapter, question.id)
    times = sum((event.did, event.chapter, event.name) == this for event in events)
    order = list(range(len(question.choices)))
    random.Random(f"{question.chapter} {question.id} {times}").shuffle(order)
    return order
