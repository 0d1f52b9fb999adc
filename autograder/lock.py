"""One writer for each classroom: a lock that the system drops when its holder dies."""

import fcntl
import os
import sys
import time
from pathlib import Path

from autograder.errors import ClassroomBusy
from autograder.paths import Classroom


class ClassroomLock:
    """Held while something writes to the classroom; ClassroomBusy tells who else holds it."""

    def __init__(self, classroom: Classroom):
        self.path = classroom.root / "writer.lock"
        self._file = None

    def __enter__(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self.path, "a+", encoding="utf-8")  # noqa: SIM115 - held, not scoped
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = _read(self.path)
            self._file.close()
            raise ClassroomBusy(
                f"{self.path.parent} is being written to by another process ({holder}). "
                "Wait until it is done, or stop it; nothing was changed."
            ) from None
        self._sign()
        return self

    def _sign(self) -> None:
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:3]])
        started = time.strftime("%Y-%m-%d %H:%M:%S")
        self._file.truncate(0)
        self._file.write(f"process {os.getpid()}, `{command}`, since {started}\n")
        self._file.flush()

    def __exit__(self, *error):
        self._file.truncate(0)
        self._file.close()  # and with it the lock


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() or "which has just started"
