"""The files of a zip, or of the folder it unpacks to: read one by one, never written to disk."""

import io
import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from autograder import intake
from autograder.errors import AutograderError
from autograder.intake import Unreadable, shown

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 4 * 2**30  # of all that is unpacked from one zip
MAX_NESTED_BYTES = 50 * 2**20  # of a zip that a student handed in
MAX_NESTED_MEMBERS = 1000

_JUNK = re.compile(
    r"(.*/)?(__MACOSX/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)", re.IGNORECASE
)
_LEADS_OUT = re.compile(r"/|[A-Za-z]:|(.*[/\\])?\.\.([/\\]|$)")


@dataclass(frozen=True)
class File:
    """A file by its path in the source; `problem` says why it cannot be read."""

    name: str
    source: Callable[[int], bytes] | None = None
    problem: str | None = None

    def read(self, limit: int = intake.MAX_BYTES) -> bytes:
        """Its bytes; raises Unreadable where they are damaged, or more than `limit`."""
        if self.problem:
            raise Unreadable(f"{self.label} {self.problem}")
        return self.source(limit)

    @property
    def label(self) -> str:
        return shown(self.name)

    @property
    def is_junk(self) -> bool:
        """Whether the system made it (macOS, Windows), not a person."""
        return bool(_JUNK.fullmatch(self.name))


@contextmanager
def open_source(path: Path) -> Iterator[list[File]]:
    """The files of the zip or the folder at `path`, without one folder that holds all of them."""
    if path.is_dir():
        yield _without_top(_of_folder(path))
        return
    try:
        opened = zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise _no_zip(path, error) from None
    with opened:
        try:
            files = _of_zip(opened, MAX_MEMBERS)
        except Unreadable as error:
            raise _no_zip(path, error) from None
        yield _without_top(files)


def _no_zip(path: Path, error: Exception) -> AutograderError:
    return AutograderError(
        f"{path} cannot be read as a zip ({shown(str(error))}). Was it downloaded whole?"
    )


def top_names(root: Path) -> list[str]:
    """The names in a folder, or in the one folder that holds all of it; `NAME/…` for folders."""
    inner = [path for path in sorted(root.iterdir()) if not File(path.name).is_junk]
    if len(inner) == 1 and inner[0].is_dir() and "_assignsubmission_" not in inner[0].name:
        inside = sorted(inner[0].iterdir())
        inner = inside if len(inside) > 1 else inner  # a lone file is its folder's student's
    return [f"{path.name}/…" if path.is_dir() else path.name for path in inner]


def of_bytes(content: bytes) -> list[File]:
    """The files of a zip that a student handed in. Raises Unreadable."""
    if content.count(b"PK\1\2") > MAX_NESTED_MEMBERS:  # before a million names fill the memory
        raise Unreadable(f"holds more than {MAX_NESTED_MEMBERS} files")
    try:
        return _of_zip(zipfile.ZipFile(io.BytesIO(content)), MAX_NESTED_MEMBERS)
    except _DAMAGE as error:
        raise Unreadable(f"cannot be read as a zip ({shown(str(error))})") from None


_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, UnicodeDecodeError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)


def _of_folder(root: Path) -> list[File]:
    files = []
    for folder, inner, names in os.walk(root):
        links = [name for name in inner if os.path.islink(os.path.join(folder, name))]
        for path in (Path(folder, name) for name in sorted(names + links)):
            name = path.relative_to(root).as_posix()
            if path.is_symlink():
                files.append(File(name, problem="is a link, and links are not followed"))
            else:
                files.append(File(name, lambda limit, path=path: intake.read_bytes(path, limit)))
            if len(files) > MAX_MEMBERS:
                raise AutograderError(f"{root} holds more than {MAX_MEMBERS} files")
    return files


def _of_zip(opened: zipfile.ZipFile, most: int) -> list[File]:
    members = [info for info in opened.infolist() if not info.is_dir()]
    if len(members) > most:
        raise Unreadable(f"holds more than {most} files")
    times = Counter(map(_name, members))
    left = [MAX_TOTAL_BYTES]
    return [
        File(_name(info), _reader(opened, info, left), _problem(info, times[_name(info)]))
        for info in members
    ]


def _name(info: zipfile.ZipInfo) -> str:
    """Its path; names that are UTF-8 but do not say so are common."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name


def _problem(info: zipfile.ZipInfo, times: int) -> str | None:
    if _LEADS_OUT.match(_name(info)):
        return "is named so that it would lie outside of the zip"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link, and links are not followed" if stat.S_ISLNK(kind) else "is no file"
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that is not read here; deflate is"
    if times > 1:
        return f"is there {times} times, and which one counts cannot be told"
    return None


def _reader(opened: zipfile.ZipFile, info: zipfile.ZipInfo, left: list[int]):
    """Reads the member, at most `limit` bytes whatever the zip says of its size."""

    def read(limit: int) -> bytes:
        label = shown(_name(info))
        most = min(limit, left[0])
        if info.file_size <= most:
            left[0] -= info.file_size
            try:
                with opened.open(info) as file:
                    return file.read(most + 1)  # never more than file_size
            except _DAMAGE as error:
                reason = shown(str(error))
                raise Unreadable(f"{label} is damaged in the zip ({reason})") from None
        if most < limit:
            raise Unreadable(f"{label}: the zip unpacks to more than {MAX_TOTAL_BYTES >> 30} GB")
        raise Unreadable(f"{label} is larger than {limit >> 20} MB")

    return read


def _without_top(files: list[File]) -> list[File]:
    """A zip that was made again by hand often has one folder around everything."""
    tops = {file.name.split("/")[0] for file in files if not file.is_junk}
    (top,) = tops if len(tops) == 1 else ("",)
    if not top or "_assignsubmission_" in top or any(file.name == top for file in files):
        return files
    return [File(file.name.removeprefix(f"{top}/"), file.source, file.problem) for file in files]
