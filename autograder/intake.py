"""A hand-in's file to a notebook that is safe to run: found, decoded, parsed, and then repaired."""

import errno
import json
import os
import stat
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.paths import CHAPTER_PATTERN
from autograder.repair import repair

MAX_BYTES = 20 * 2**20
MAX_CELLS = 5000  # a chapter has about a hundred; the gradebook and the page take all of them


@dataclass
class Found:
    """Where a hand-in's notebook lies; `problem` says why there is none.

    `closed` tells that nobody may look into its folder, so that it is not known what is there.
    """

    path: Path | None = None
    notes: list[str] = field(default_factory=list)
    problem: str | None = None
    closed: bool = False


@dataclass
class Intake:
    """A hand-in as it will be run. `notes` tell what was repaired, `problem` why it cannot be."""

    notebook: NotebookNode | None = None
    notes: list[str] = field(default_factory=list)
    problem: str | None = None


class Unreadable(Exception):
    """The file is no notebook; the text says why, for the student."""


def find(folder: Path, chapter_id: str) -> Found:
    """The chapter's notebook in `folder`; another name is accepted when it is the only one."""
    try:
        return _find(folder, chapter_id)
    except OSError as error:
        return Found(problem=f"The hand-in cannot be read: {error.strerror}.", closed=True)


def _find(folder: Path, chapter_id: str) -> Found:
    right = folder / f"{chapter_id}.ipynb"
    if right.is_symlink():
        return Found(problem=f"{right.name} is a link. Hand in the file itself.")
    if right.is_file():
        return Found(right)
    others = sorted(
        path
        for path in folder.glob("*")
        if path.suffix.lower() == ".ipynb" and path.is_file() and not path.is_symlink()
        if not is_other_chapter(path.stem, chapter_id)
    )
    if len(others) == 1:
        return Found(others[0], [f"The file was called {shown(others[0].name)}, not {right.name}."])
    if not others:
        return Found(problem=f"There is no notebook: {right.name} was expected.")
    names = shown(", ".join(path.name for path in others))
    return Found(problem=f"There are several notebooks ({names}), and none is called {right.name}.")


def shown(text: str) -> str:
    """A stranger's words, on one line and without a terminal's commands."""
    text = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return text if len(text) <= 200 else text[:200] + "…"


def is_other_chapter(name: str, chapter_id: str) -> bool:
    """Whether a file of this name belongs to a chapter with another number."""
    return bool(CHAPTER_PATTERN.fullmatch(name)) and name[:4] != chapter_id[:4]


def parse(content: bytes, release: NotebookNode) -> Intake:
    """The notebook in these bytes, repaired from the release: valid, each graded cell just once."""
    notes: list[str] = []
    try:
        content = _parse(_decode(content, notes), notes)
        notebook = repair(content, release, notes)
        nbformat.validate(notebook)
    except Unreadable as error:
        return Intake(notes=notes, problem=str(error))
    except (nbformat.ValidationError, RecursionError, TypeError, ValueError, KeyError) as error:
        reason = str(error).split("\n")[0][:200]
        return Intake(notes=notes, problem=f"The file is no notebook that can be read: {reason}")
    return Intake(notebook, notes)


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The file's bytes, or Unreadable: never through a link, from a pipe, or more than `limit`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unreadable(f"{shown(path.name)} is a link. Hand in the file itself.") from None
        raise Unreadable(f"{shown(path.name)} cannot be opened: {error.strerror}.") from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unreadable(f"{shown(path.name)} is no ordinary file.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(content) > limit:
        raise Unreadable(
            f"The file is larger than {limit / 2**20:.3g} MB. Clear all outputs (Edit > Clear "
            "Outputs of All Cells), save, and hand in again."
        )
    return content


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def _decode(content: bytes, notes: list[str]) -> str:
    """Text of the bytes: a notebook is UTF-8, but editors on Windows write other encodings."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if encoding is None and content[:2].count(0) == 1:
        encoding = "utf-16-be" if content[0] == 0 else "utf-16-le"
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        encoding, text = "latin-1", content.decode("latin-1")
    if encoding == "utf-8-sig":
        notes.append("The file began with a byte order mark, which was taken away.")
    elif encoding:
        notes.append(f"The file was saved as {encoding.upper()}, not UTF-8; letters may be wrong.")
    return text


def _parse(text: str, notes: list[str]) -> dict:
    """The JSON of a notebook of format 4."""
    if not text.strip():
        raise Unreadable("The file is empty.")
    try:
        content = json.loads(text, parse_constant=lambda name: None)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"The file is no valid notebook: its JSON breaks off at line {error.lineno}, column "
            f"{error.colno} ({error.msg}). Was it saved, or uploaded, only in part?"
        ) from None
    if not isinstance(content, dict) or not ({"cells", "worksheets"} & content.keys()):
        raise Unreadable("The file is JSON, but no notebook: it has no cells.")
    version = content.get("nbformat", 4)
    if not isinstance(version, int) or version > 4:
        raise Unreadable(f"The notebook's format {version!r} is not known; format 4 was expected.")
    if version < 4:
        notes.append(f"The notebook was of the old format {version} and was brought to format 4.")
        content = _upgrade(content)
    if not isinstance(content.get("cells"), list):
        raise Unreadable("The file is JSON, but no notebook: it has no list of cells.")
    if len(content["cells"]) > MAX_CELLS:
        raise Unreadable(
            f"The notebook has {len(content['cells'])} cells; at most {MAX_CELLS} are read. "
            "Was a cell copied again and again?"
        )
    return content


def _upgrade(content: dict) -> dict:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.convert(nbformat.from_dict(content), 4)
    except Exception as error:  # nbformat's converters trust what they convert
        raise Unreadable(f"The notebook of an old format could not be converted: {error}") from None
