"""What the machine refuses (a full disk, a folder that cannot be written), said for a person."""

import errno
import os
import re
import shutil
from pathlib import Path

from autograder.errors import AutograderError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def explained(error: OSError) -> AutograderError | None:
    """The error in words that say what to do; None where it is not the machine that refuses."""
    number, path = _cause(error)
    what, why = path or "a file", os.strerror(number or 0)
    kept = "What was finished is kept, and nothing is left half-written."
    if number in _FULL:
        return AutograderError(
            f"{what} could not be written: {why}{_free(path)}. {kept} Make room there, then run "
            "the same command again."
        )
    if number in _CLOSED:
        return AutograderError(
            f"{what} could not be read or written: {why}. Its folder should be yours and "
            f"writable. {kept}"
        )
    return None


def _cause(error: OSError) -> tuple[int | None, str | None]:
    """The error's number and file; of many at once (shutil copies on) those of the first."""
    if isinstance(error, shutil.Error) and error.args and error.args[0]:
        _, path, told = error.args[0][0]
        number = re.match(r"\[Errno (\d+)\]", str(told))
        return number and int(number[1]), str(path)
    return error.errno, error.filename2 or error.filename


def _free(path: str | None) -> str:
    if path is None:
        return ""
    folder = Path(path)
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return f" ({shutil.disk_usage(folder).free / 2**20:.1f} MiB are free in {folder})"
