"""work/, the student's copy of the course: made, completed, and brought to newer releases.

A chapter's folder is only ever swapped whole, by renaming: so check data and notebook always are of
one release, and whoever kills this finds the old chapter or the new one. Each folder holds in
`.released.json` what it was made from, which is what a merge needs.

    work/.course/            the logbook, and chapters on their way in
    work/earlier/            chapters as they were before a merge
"""

import json
import os
import shutil
from dataclasses import dataclass, field
from datetime import datetime

from dlkit.home.files import (
    SCRATCH,
    Unreadable,
    alone,
    as_bytes,
    differs,
    is_book,
    listed,
    read_book,
    write,
)
from dlkit.home.logbook import FOLDER
from dlkit.home.merge import merge, tell, untouched

BASE = ".released.json"
EARLIER = "earlier"
_NEWS = (
    "**This notebook was brought up to date on {day}.** Your answers and the cells that you added "
    "stayed as they were. The notebook as it was before lies in `{earlier}`. "
    "You can delete this cell.{notes}"
)


@dataclass
class Changes:
    """What became of work/: files added, chapters merged, and what stayed as it is, and why."""

    added: list[str] = field(default_factory=list)
    merged: dict[str, list[str]] = field(default_factory=dict)  # {chapter: what to know}
    stayed: dict[str, str] = field(default_factory=dict)  # {chapter or page: why}

    def lines(self):
        """The same in plain lines."""
        if self.added:
            files = "1 new file" if len(self.added) == 1 else f"{len(self.added)} new files"
            yield f"work/ has {files} of the course."
        for name, notes in self.merged.items():
            yield f"work/{name} was brought up to date; your answers stayed as they were."
            yield from (f"  {note}" for note in notes)
        for name, why in self.stayed.items():
            yield f"work/{name} stays as it is: {why}"


def update_work(course, work, *, busy=False, now=datetime.now):
    """Bring the folder `work` to the release in `course`; the Changes.

    busy : a JupyterLab is open on it. A notebook that changes under an open page is asked about
        when the page is saved, and may be lost there; so then only what is missing is added.
    """
    changes = Changes()
    try:
        (work / FOLDER).mkdir(parents=True, exist_ok=True)
        with alone(work / FOLDER / "lock") as only_one:
            if only_one:
                _finish(work)
                folders = [p for p in course.iterdir() if p.is_dir() and p.name not in SCRATCH]
                for folder in [*sorted(folders), course]:
                    place = _Place(work, folder.name if folder != course else "")
                    _one(changes, folder, place, busy, now)
    except OSError as problem:
        changes.stayed[""] = f"{_words(problem)}."
    return changes


class _Place:
    """A chapter's folder in work/, or with the name "" the pages in work/ itself."""

    def __init__(self, work, name):
        self.work, self.name, self.path = work, name, work / name
        self.base_file = self.path / BASE if name else work / FOLDER / BASE
        self.title = name or "index.ipynb"

    def full(self, name):
        return f"{self.name}/{name}" if self.name else name

    def has_any(self, files):
        """Whether the student has it; of the pages any will do, a chapter's folder may be empty."""
        if self.name:
            return self.path.exists()
        return any((self.path / name).exists() for name in files)

    def base(self):
        """What it was made from, or None: {"files": {name: digest}, "notebooks": {name: JSON}}."""
        try:
            base = json.loads(self.base_file.read_text(encoding="utf-8"))
            return base if {"files", "notebooks"} <= base.keys() else None
        except (OSError, ValueError, AttributeError):
            return None


def _one(changes, released, place, busy, now):
    """Bring one folder up to date; what cannot be done is told, and the rest goes on."""
    files = listed(released, deep=bool(place.name))
    try:
        if not place.has_any(files):
            _bring(released, files, place)
            changes.added += map(place.full, files)
            return
        base = place.base() or _guess(released, files, place)
        if base is None:
            changes.stayed[place.title] = (
                "it was released anew, and what yours was made from is not known any more. To "
                "start from the new one, rename yours and run this again."
            )
        elif base["files"] == files:
            changes.added += _complete(released, files, place)
        elif busy:
            changes.stayed[place.title] = (
                "it was released anew, but JupyterLab is open on it. Choose File, Shut Down there "
                "and run this again."
            )
        else:
            notes = _renew(base, released, files, place, now())
            if notes is not None:
                changes.merged[place.title] = notes
    except (OSError, shutil.Error) as problem:
        changes.stayed[place.title] = f"{_words(problem)}."
    except Unreadable as problem:
        changes.stayed[place.title] = (
            f"it was released anew, but {problem} cannot be read as a notebook. To start from the "
            "new one, rename yours and run this again."
        )


def _words(problem):
    name = getattr(problem, "filename", None)
    return f"{problem.strerror} ({name})" if name else str(problem)


def _base_of(released, files):
    notebooks = {name: read_book(released / name) for name in files if is_book(name)}
    return json.dumps({"files": files, "notebooks": notebooks}, ensure_ascii=False).encode()


def _guess(released, files, place):
    """The base of a folder that has lost it, if its other files are still those of the release."""
    others = [name for name in files if not is_book(name)]
    if not others or any(differs(place.path / name, files[name]) for name in others):
        return None
    write(place.base_file, _base_of(released, files))
    return place.base()


# -- one folder ------------------------------------------------------------------------------------


def _bring(released, files, place):
    """A folder, or the pages, that are not there yet."""
    into = _incoming(place, part=True) if place.name else place.path
    for name in files:
        write(into / name, (released / name).read_bytes())
    if place.name:
        write(into / BASE, _base_of(released, files))
        os.rename(into, place.path)
    else:
        write(place.base_file, _base_of(released, files))


def _complete(released, files, place):
    """Put back what was deleted or damaged, but leave any notebook alone; what was missing."""
    added = []
    for name, digest in files.items():
        target = place.path / name
        if target.exists() and (is_book(name) or not differs(target, digest)):
            continue
        added.append(place.full(name))
        write(target, (released / name).read_bytes())
    return added


def _renew(base, released, files, place, now):
    """Bring a folder to its new release; what to know of the merge, or None if no text changed."""
    part = _incoming(place, part=True)
    if place.name:
        scratch = shutil.ignore_patterns(*SCRATCH)
        shutil.copytree(place.path, part, symlinks=True, ignore=scratch)
    earlier = _earlier(place, now)
    notes, kept = _write_new(base, released, files, place, part, earlier, now)
    write(part / BASE, _base_of(released, files))
    if place.name:
        _remove_old(base, files, part)
        ready = _incoming(place)
        os.rename(part, ready)
        aside = earlier if kept else _incoming(place, part=True)
        aside.parent.mkdir(exist_ok=True)
        _swap(place.path, ready, aside)
    else:
        if kept:
            _keep_pages(place, files, earlier)
        for name in files:
            if (part / name).exists():
                os.replace(part / name, place.path / name)
        os.replace(part / BASE, place.base_file)
    shutil.rmtree(_incoming(place, part=True), ignore_errors=True)
    return notes


def _swap(path, ready, aside):
    """Put `ready` where `path` is, and that aside; killed in between, `_finish` does the rest."""
    os.rename(path, aside)
    try:
        os.rename(ready, path)
    except OSError:
        os.rename(aside, path)
        raise


def _write_new(base, released, files, place, part, earlier, now):
    """Write the new release's files, merged where needed: (notes or None, is the old one kept)."""
    notes, kept = None, False
    for name, digest in files.items():
        path, new = place.path / name, released / name
        content = new.read_bytes()
        if is_book(name) and path.exists():
            if base["files"].get(name) == digest:
                continue
            old, mine = base["notebooks"].get(name, {"cells": []}), read_book(path)
            notes = notes or []
            if not untouched(old, mine):
                merged, said = merge(old, read_book(new), mine)
                notes, kept = notes + said, True
                content = as_bytes(tell(merged, _news(said, place, earlier, now)))
        write(part / name, content)
    return notes, kept


def _news(notes, place, earlier, now):
    where = earlier.relative_to(place.work).as_posix()
    items = "".join(f"\n- {note}" for note in notes)
    return _NEWS.format(day=f"{now:%Y-%m-%d}", earlier=where, notes=f"\n{items}" if items else "")


def _remove_old(base, files, part):
    """Remove what the release has no more, unless the student has changed it."""
    for name, digest in base["files"].items():
        gone = part / name
        if name not in files and not is_book(name) and not differs(gone, digest):
            gone.unlink()


def _keep_pages(place, files, earlier):
    for name in files:
        if is_book(name) and (place.path / name).exists():
            write(earlier / name, (place.path / name).read_bytes())


def _earlier(place, now):
    """A folder's name for what is kept of before; it is not there yet."""
    name = f"{place.name or 'index'}_{now:%Y-%m-%d_%H%M}"
    found, number = place.work / EARLIER / name, 2
    while found.exists():
        found, number = place.work / EARLIER / f"{name}_{number}", number + 1
    return found


# -- writing and renaming --------------------------------------------------------------------------


def _incoming(place, part=False):
    """Where a new folder waits until it is whole (part) and until it is swapped in; then empty."""
    found = place.work / FOLDER / "incoming" / f"{place.name or 'index'}{'.part' if part else ''}"
    shutil.rmtree(found, ignore_errors=True)
    found.parent.mkdir(parents=True, exist_ok=True)
    return found


def _finish(work):
    """Do the rest of a swap that was cut short, and remove what was not whole yet."""
    for waiting in sorted((work / FOLDER / "incoming").glob("*")):
        if waiting.suffix != ".part" and not (work / waiting.name).exists():
            os.rename(waiting, work / waiting.name)
        else:
            shutil.rmtree(waiting, ignore_errors=True)
