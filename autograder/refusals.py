"""What the machine refuses (a full disk, a folder that cannot be written), said for a person."""

import errno
import shutil
from pathlib import Path

from autograder.errors import AutograderError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def explained(error: OSError) -> AutograderError | None:
    """The error in words that say what to do; None where it is not the machine that refuses."""
    path = error.filename2 or error.filename or "a file"
    kept = "What was finished is kept, and nothing is left half-written."
    if error.errno in _FULL:
        return AutograderError(
            f"{path} could not be written: {error.strerror}{_free(path)}. {kept} Make room there, "
            "then run the same command again."
        )
    if error.errno in _CLOSED:
        return AutograderError(
            f"{path} could not be read or written: {error.strerror}. Its folder should be yours "
            f"and writable. {kept}"
        )
    return None


def _free(path: str) -> str:
    folder = Path(path)
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return f" ({shutil.disk_usage(folder).free / 2**20:.1f} MiB are free in {folder})"
