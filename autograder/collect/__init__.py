"""Hand-ins from a folder, Canvas, Moodle or the exchange; nothing is dropped without a word."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

from autograder import late, late_rules, nbconfig, roster
from autograder.collect import archive, canvas, exchange, folder, lms, moodle, store
from autograder.collect import times as timetables
from autograder.collect.hand_in import HandIn
from autograder.collect.times import Times
from autograder.errors import AutograderError
from autograder.intake import shown
from autograder.lock import ClassroomLock
from autograder.paths import Classroom

EXCHANGE = "exchange"  # the word for nbgrader's, where a source is named


def collect(
    source: Path | str,
    chapter_id: str,
    classroom: Classroom,
    times: Path | None = None,
    zone: ZoneInfo | None = None,
) -> list[tuple[str, str]]:
    """Copy each student's newest hand-in into submitted/; (student, what became of it) for each.

    `source` is a folder, a zip of Canvas or Moodle or the folder it unpacks to, or EXCHANGE.
    `times` is a file that says when students handed in; what has no zone there is in `zone`, else
    in the one of late.toml.
    Running it again takes only what is new.
    """
    if str(source) == EXCHANGE:
        return _collect_exchange(chapter_id, classroom, times)
    source = Path(source)
    if not source.exists():
        raise AutograderError(f"expected a zip, or a folder of hand-ins, found none at {source}")
    known = roster.read(classroom)
    told = timetables.read(times, known, zone or _zone(classroom)) if times else Times()
    if source.is_dir() and not _platform(archive.top_names(source)):
        found = _timed(folder.hand_ins(source, chapter_id), told, times)
        return _take_all(found, chapter_id, classroom)
    with archive.open_source(source) as files:
        platform = _platform(file.name for file in files if not file.is_junk)
        if platform is None:
            raise AutograderError(
                f"{source}: hardly a file in it is named as Canvas or Moodle name hand-ins. Unpack "
                "it, and name the folder, with a folder for each student or STUDENT.ipynb in it"
            )
        found = _timed(lms.hand_ins(platform, files, chapter_id, known, told), told, times)
        lines = _take_all(found, chapter_id, classroom)
    return lines + _remarks(platform, source, known, times)


def _collect_exchange(chapter_id, classroom: Classroom, times: Path | None):
    if times:
        raise AutograderError("--times is not for the exchange, which knows when files came")
    config = nbconfig.settings(classroom).ExchangeCollect
    check_owner = bool(config.get("check_owner", True))
    found = exchange.hand_ins(classroom, chapter_id, check_owner)
    return _take_all(found, chapter_id, classroom)


def _zone(classroom: Classroom) -> ZoneInfo | None:
    path = classroom.root / late.FILE
    return late_rules.timezone(path) if path.is_file() else None


def _platform(names: Iterable[str]) -> ModuleType | None:
    """moodle where a file is named as there, canvas where half of them are; else None."""
    names = list(names)
    if any(map(moodle.is_moodle, names)):
        return moodle
    like_canvas = sum(map(canvas.is_canvas, names))
    return canvas if like_canvas and 2 * like_canvas >= len(names) else None


def _timed(hand_ins: Iterable[HandIn], told: Times, path: Path | None) -> Iterable[HandIn]:
    """The hand-ins, with the times of the file where it has them."""
    for hand_in in hand_ins:
        if time := told.of(hand_in.student):
            hand_in.time, hand_in.certain = time, True
        elif path and hand_in.read:
            hand_in.notes.append(f"{path.name} has no time for it.")
        yield hand_in


def _take_all(hand_ins: Iterable[HandIn], chapter_id, classroom) -> list[tuple[str, str]]:
    """The oldest first, so that the newest stays."""
    with ClassroomLock(classroom):
        ordered = sorted(hand_ins, key=lambda hand_in: hand_in.time or datetime.min)
        return sorted((shown(h.student), store.take(h, chapter_id, classroom)) for h in ordered)


def _remarks(platform, source: Path, known, times: Path | None) -> list[tuple[str, str]]:
    """What holds for all of a platform's download."""
    remarks = []
    if not known:
        ids = f"{platform.PERSON} numbers are the students' ids"
        remarks.append(f"{platform.NAME}'s download; without {roster.FILE}, {ids}.")
    if not times:
        remarks.append(
            f"{platform.NO_TIME}, so that no hand-in has a time, and none counts as late. "
            "Give the times with --times."
        )
    return [(source.name, remark) for remark in remarks]
