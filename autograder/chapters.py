"""Finding chapters: their ids, their files, and the specification in exercises.py."""

import functools
import importlib.util
from pathlib import Path

from autograder.errors import AutograderError, SourceError
from autograder.paths import CHAPTER_PATTERN, SOLUTIONS
from autograder.spec import Chapter


def all_ids() -> list[str]:
    """Every chapter that has sources, in order."""
    return sorted(
        path.name
        for path in SOLUTIONS.iterdir()
        if CHAPTER_PATTERN.fullmatch(path.name) and (path / "exercises.py").is_file()
    )


def resolve(name: str, ids: list[str] | None = None) -> str:
    """The chapter's id for an id or its beginning ("ch01"); AutograderError if there is none.

    `ids` are the chapters to choose from, by default those that have sources.
    """
    ids = all_ids() if ids is None else ids
    fitting = [name] if name in ids else [id for id in ids if id.startswith(name)]
    if len(fitting) != 1:
        raise AutograderError(f"no chapter {name!r}: expected one of {', '.join(ids)}")
    return fitting[0]


def source_path(chapter_id: str) -> Path:
    """The chapter's text, an author's MyST file."""
    return SOLUTIONS / chapter_id / f"{chapter_id}.md"


@functools.cache
def load(chapter_id: str) -> Chapter:
    """The chapter that solutions/CHAPTER/exercises.py defines."""
    path = SOLUTIONS / chapter_id / "exercises.py"
    spec = importlib.util.spec_from_file_location(f"exercises_{chapter_id}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    chapter = getattr(module, "chapter", None)
    if not isinstance(chapter, Chapter) or chapter.id != chapter_id:
        raise SourceError(f'{path} should define chapter = Chapter("{chapter_id}", …)')
    return chapter
