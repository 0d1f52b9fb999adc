"""How the student stands: what of each exercise passes, and which exercise comes next."""

from dataclasses import dataclass
from datetime import date

from dlkit.home.course import Chapter
from dlkit.home.logbook import CHECK


@dataclass(frozen=True)
class Standing:
    """One exercise: what its last check gave, and the day on which it first passed, if ever.

    The last check counts: what passed once and now fails is not finished, and would not get its
    points either. That it passed before is told all the same.
    """

    name: str
    points: float
    share: float = 0.0
    tried: bool = False
    passed_on: date | None = None

    @property
    def passes(self) -> bool:
        return self.share == 1

    @property
    def earned(self) -> float:
        return self.share * self.points


@dataclass(frozen=True)
class ChapterStanding:
    """A released chapter, and how its exercises stand."""

    chapter: Chapter
    exercises: tuple[Standing, ...]

    @property
    def passing(self) -> int:
        return sum(one.passes for one in self.exercises)

    @property
    def earned(self) -> float:
        return sum(one.earned for one in self.exercises)

    @property
    def points(self) -> float:
        return sum(one.points for one in self.exercises)


def of_chapter(chapter, points, events):
    """The standing in a chapter with `points` = {exercise: points} after `events`."""
    of_names = {name: Standing(name, most) for name, most in points.items()}
    for event in events:
        before = of_names.get(event.name)
        if before and event.did == CHECK and event.chapter == chapter.id:
            passed_on = before.passed_on or (event.day if event.share == 1 else None)
            of_names[event.name] = Standing(event.name, before.points, event.share, True, passed_on)
    return ChapterStanding(chapter, tuple(of_names.values()))


def next_exercise(chapters, events):
    """(chapter, exercise) to go on with: in the chapter last worked on, else the first open one."""
    last = next((e.chapter for e in reversed(events) if e.did == CHECK), None)
    in_order = sorted(chapters, key=lambda standing: standing.chapter.id != last)
    for standing in in_order:
        for exercise in standing.exercises:
            if not exercise.passes:
                return standing.chapter, exercise
    return None
