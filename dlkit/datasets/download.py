"""Fetches a published file once: into a folder of the user's, resumed where it broke off, checked.

A file grows as NAME.part and gets its name when its length and SHA-256 are right, so a file with
its own name is always whole.
"""

import hashlib
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from dlkit.errors import DataError, DownloadError
from dlkit.progress import Progress

CHUNK = 1 << 16  # bytes
TRIES = 3  # connections to one address that bring nothing new, before the next address
PAUSE_S = 1  # before another try
TIMEOUT_S = 20  # without a byte


@dataclass(frozen=True)
class Published:
    """A file as its authors published it: name, length in bytes, SHA-256, folders on the web."""

    name: str
    size: int
    sha256: str
    addresses: tuple


class _Broken(Exception):
    """An address did not give the file; the message says why."""


def cache_folder():
    """Where downloaded data lies: $DLKIT_DATA, or the folder for caches of this platform.

    Linux: $XDG_CACHE_HOME/dlkit or ~/.cache/dlkit; macOS: ~/Library/Caches/dlkit; Windows:
    %LOCALAPPDATA%/dlkit.
    """
    if os.environ.get("DLKIT_DATA"):
        return Path(os.environ["DLKIT_DATA"]).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dlkit"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "dlkit"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dlkit"


def fetch(files, folder):
    """Paths of the files in `folder`, in order; those that are not there are downloaded.

    Raises
    ------
    DownloadError
        if no address gave a file; the message says how to bring it by hand.
    DataError
        if a file of the right name is there, and it is another one.
    """
    folder = Path(folder)
    for file in files:
        path = folder / file.name
        if path.exists():
            _check(path, file)
        else:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                _fetch_one(file, path)
            except (_Broken, OSError) as error:
                missing = [f for f in files if not (folder / f.name).exists()]
                raise DownloadError(_advice(file, error, missing, folder)) from error
    return [folder / file.name for file in files]


def _check(path, file):
    found = _sha256(path)
    if found != file.sha256:
        raise DataError(
            f"{path} is not the published file: its SHA-256 is {found}, expected {file.sha256}. "
            "Move it away and run this again."
        )


def _advice(file, error, missing, folder):
    names = ", ".join(f.name for f in missing)
    return (
        f"{file.name} is not here and could not be fetched.\n{error}\n"
        "What has come is kept: with a network, run this again and it goes on from there.\n"
        f"By hand: fetch {names} from {' or '.join(file.addresses)} on another machine, and put "
        f"them, packed as they are, into {folder} (the environment variable DLKIT_DATA chooses "
        "another place).\n"
        "Meanwhile dlkit.datasets.digits() needs no network: real digits, 8×8 pixels."
    )


def _fetch_one(file, path):
    part = path.with_name(f"{file.name}.part")
    reasons = []
    for address in file.addresses:
        try:
            _download(address + file.name, part, file)
        except _Broken as broken:
            reasons.append(f"{address}: {broken}")
        else:
            part.replace(path)
            return
    raise _Broken("\n".join(reasons))


def _download(address, part, file):
    """Let `part` grow from this address until it is the whole file, or raise _Broken."""
    for _ in range(2):  # once more from the start, where an earlier address left wrong bytes
        resumed = _size(part) > 0
        _grow(address, part, file)
        if _sha256(part) == file.sha256:
            return
        part.unlink()
        if not resumed:
            break
    raise _Broken("it sent another file: its SHA-256 is not the published one")


def _grow(address, part, file):
    """Connect until `part` is as long as the file; _Broken after TRIES that brought nothing."""
    idle, most = 0, _size(part)
    with Progress(file.name, file.size, _mebibytes) as bar:
        while _size(part) != file.size:
            reason = _connect(address, part, file.size, bar)
            if _size(part) > most:
                idle, most = 0, _size(part)
            elif (idle := idle + 1) == TRIES:
                raise _Broken(reason)
            else:
                time.sleep(PAUSE_S)


def _connect(address, part, size, bar):
    """One connection: add what it brings to `part`. Returns why it ended."""
    import http.client  # with urllib they take 40 ms, so only where they are needed
    import urllib.error
    import urllib.request

    start = _size(part) if _size(part) < size else 0
    headers = {"Range": f"bytes={start}-", "Accept-Encoding": "identity", "User-Agent": "dlkit"}
    request = urllib.request.Request(address, headers=headers)
    try:
        # an opener of its own: urlopen would keep to the proxies that it found the first time
        answer = urllib.request.build_opener().open(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:  # nothing to send from there on: begin anew
            part.unlink(missing_ok=True)
        elif error.code < 500:
            raise _Broken(f"{error.code} {error.reason}") from error
        return f"{error.code} {error.reason}"
    except (OSError, http.client.HTTPException, ValueError) as error:  # URLError is an OSError
        return str(getattr(error, "reason", error)) or repr(error)
    with answer:
        if answer.status != 206:  # it sends the whole file, whatever it was asked for
            start = 0
        elif not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            raise _Broken("it sent another part of the file than it was asked for")
        with part.open("r+b" if start else "wb") as target:
            target.seek(start)
            return _receive(answer, target, size, bar)


def _receive(answer, target, size, bar):
    import http.client

    while True:
        try:
            chunk = answer.read(CHUNK)
        except (OSError, http.client.HTTPException) as error:
            return f"the connection broke after {target.tell()} of {size} bytes: {error!r}"
        if not chunk:
            return f"it broke off after {target.tell()} of {size} bytes"
        target.write(chunk)
        bar.to(target.tell())
        if target.tell() > size:
            raise _Broken(f"it sent more than the {size} bytes of the published file")


def _size(path):
    return path.stat().st_size if path.exists() else 0


def _sha256(path):
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _mebibytes(done, total):
    return f"{done / 2**20:.1f} of {total / 2**20:.1f} MiB"
