"""classroom/late.toml: due dates, extensions and the penalty for lateness, read and checked."""

import math
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder import chapters
from autograder.errors import AutograderError

EVERY = "all"  # in place of a chapter
_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?\s*")
_TABLES = ("timezone", "due", "penalty", "extensions")
_PENALTY = ("grace", "per_day", "at_most", "zero_after")


@dataclass(frozen=True)
class Penalty:
    """The share of a hand-in's marks that lateness costs."""

    grace: timedelta = timedelta(0)
    per_day: float = 0.0
    at_most: float = 1.0
    zero_after: timedelta | None = None

    def share(self, seconds: float) -> float:
        """Between 0 and 1, for so many seconds after the due date; a started day counts whole."""
        if seconds <= self.grace.total_seconds():
            return 0.0
        if self.zero_after is not None and seconds > self.zero_after.total_seconds():
            return 1.0
        return min(self.at_most, self.per_day * math.ceil(seconds / _UNITS["day"]))


@dataclass(frozen=True)
class LateRules:
    """What the file says. Times are UTC without zone, as in the gradebook.

    An extension is a length or a time; `penalty` is None where the file leaves it to
    nbgrader_config.py.
    """

    due: dict[str, datetime] = field(default_factory=dict)
    penalty: Penalty | None = None
    extensions: dict[str, dict[str, timedelta | datetime]] = field(default_factory=dict)

    def extension(self, student: str, chapter_id: str, due: datetime | None) -> timedelta | None:
        """How much longer the student has; None where no longer, or where nothing is due."""
        own = self.extensions.get(student, {})
        given = own.get(chapter_id, own.get(EVERY))
        if given is None or due is None:
            return None
        longer = given - due if isinstance(given, datetime) else given
        return longer if longer > timedelta(0) else None


def read(path: Path, chapter_ids: Iterable[str]) -> LateRules:
    """The rules in the file; AutograderError names the entry that is wrong and what it should be.

    `chapter_ids` are those that may be named, by their beginning.
    """
    reader = _Reader(path, sorted(chapter_ids))
    return reader.rules(_content(reader))


def timezone(path: Path) -> ZoneInfo | None:
    """The zone that the file names for times that state none."""
    reader = _Reader(path, [])
    name = _content(reader).get("timezone")
    return None if name is None else reader.zone_of(name)


def _content(reader: "_Reader") -> dict:
    try:
        return tomllib.loads(reader.path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise reader.error("expected text in UTF-8") from None
    except tomllib.TOMLDecodeError as problem:
        raise reader.error(
            f"{problem}. It is TOML: a time is 2030-10-14T23:59:00, with seconds; a text stands "
            "in quotes; a name with a dot or @ in it does, too; and none is there twice"
        ) from None


class _Reader:
    """Turns the file's tables into rules, and says where they are wrong."""

    def __init__(self, path: Path, chapter_ids: list[str]):
        self.path, self.chapter_ids, self.zone = path, chapter_ids, None

    def error(self, problem: str) -> AutograderError:
        return AutograderError(f"{self.path}: {problem}. Nothing was changed.")

    def rules(self, content: dict) -> LateRules:
        self._names("the file", content, _TABLES)
        if "timezone" in content:
            self.zone = self.zone_of(content["timezone"])
        due = self._by_chapter("due", self._table(content, "due"), self._time)
        penalty = self._penalty(content["penalty"]) if "penalty" in content else None
        extensions = {
            student: self._extensions(f"extensions.{student}", given, due)
            for student, given in self._table(content, "extensions").items()
        }
        return LateRules(due, penalty, extensions)

    def _table(self, content: dict, name: str) -> dict:
        table = content.get(name, {})
        if not isinstance(table, dict):
            raise self.error(f"{name} should be a table, [{name}], but is {table!r}")
        return table

    def _names(self, where: str, table: dict, expected: tuple[str, ...]) -> None:
        if unknown := [name for name in table if name not in expected]:
            raise self.error(
                f"{where} has {', '.join(unknown)}; expected only {', '.join(expected)}"
            )

    def _by_chapter(self, where: str, table: dict, value) -> dict:
        found = {}
        for name, given in table.items():
            chapter = EVERY if name == EVERY and where != "due" else self._chapter(where, name)
            if chapter in found:
                raise self.error(f"{where} names {chapter} twice, once as {name}")
            found[chapter] = value(f"{where}.{name}", given)
        return found

    def _chapter(self, where: str, name: str) -> str:
        try:
            return chapters.resolve(name, self.chapter_ids)
        except AutograderError as problem:
            hint = "" if where == "due" else "; a student's name with a dot or @ needs quotes"
            raise self.error(f"{where}: {problem.message}{hint}") from None

    def _penalty(self, table) -> Penalty:
        if not isinstance(table, dict):
            raise self.error(f"penalty should be a table, [penalty], but is {table!r}")
        self._names("[penalty]", table, _PENALTY)
        if "at_most" in table and "per_day" not in table:
            raise self.error("penalty.at_most limits per_day, which is missing")
        lengths = {
            name: self._length(f"penalty.{name}", table[name])
            for name in ("grace", "zero_after")
            if name in table
        }
        shares = {
            name: self._share(f"penalty.{name}", table[name])
            for name in ("per_day", "at_most")
            if name in table
        }
        return Penalty(**lengths, **shares)

    def _share(self, where: str, value) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.error(
                f"{where} should be a share of the marks between 0 and 1, such as 0.1 for a "
                f"tenth, but is {value!r}"
            )
        return float(value)

    def _length(self, where: str, value) -> timedelta:
        parts = list(_PART.finditer(value)) if isinstance(value, str) else []
        if not parts or "".join(part[0] for part in parts) != value:
            raise self.error(
                f'{where} should be a length of time such as "15 minutes", "36 hours" or "2 days", '
                f"but is {value!r}"
            )
        try:
            return timedelta(seconds=sum(float(part[1]) * _UNITS[part[2]] for part in parts))
        except OverflowError:
            raise self.error(f"{where} is longer than any course: {value!r}") from None

    def _extensions(self, where: str, given, due: dict[str, datetime]) -> dict:
        if not isinstance(given, dict):
            return {EVERY: self._extension(where, given)}
        found = self._by_chapter(where, given, self._extension)
        for chapter, until in found.items():
            if isinstance(until, datetime) and chapter in due and until <= due[chapter]:
                raise self.error(
                    f"{where}: {until} UTC is not after {chapter} is due, {due[chapter]} UTC"
                )
        return found

    def _extension(self, where: str, value) -> timedelta | datetime:
        if isinstance(value, date):  # a datetime, too
            return self._time(where, value)
        length = self._length(where, value)
        if not length:
            raise self.error(f"{where} should be longer than 0; leave it out to give none")
        return length

    # -- times ---

    def zone_of(self, name) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, TypeError, ValueError, OSError):
            raise self.error(
                f'timezone should be a name such as "Europe/Berlin" or "UTC", but is {name!r}'
            ) from None

    def _time(self, where: str, value) -> datetime:
        if not isinstance(value, datetime):
            raise self.error(
                f"{where} should be a day with its time, such as 2030-10-14T23:59:00 (without "
                f"quotes), but is {value!r}"
            )
        if value.tzinfo is None:
            value = self._in_zone(where, value)
        return value.astimezone(UTC).replace(tzinfo=None)

    def _in_zone(self, where: str, value: datetime) -> datetime:
        if self.zone is None:
            raise self.error(
                f'{where} has no time zone. Put timezone = "Europe/Berlin" (or yours) at the top '
                "of the file, or write the offset: 2030-10-14T23:59:00+02:00"
            )
        early, late = (value.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        if early.utcoffset() != late.utcoffset():
            raise self.error(
                f"{where}, {value}, is there twice or never in {self.zone.key}, where the clocks "
                f"are changed. Write the offset: {early.isoformat()}"
            )
        return early
