"""How much memory a worker and all processes that it started take together."""

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


class MemoryWatch:
    """Compares the summed memory of a process and its descendants with what they may take.

    The limits of the kernel that need no privilege hold for each process alone, so ten children
    could take ten times as much; this sum is what the judge looks at while it waits.
    """

    def __init__(self, pid: int, allowance_mib: int):
        self.pid = pid
        self.allowed = allowance_mib * 2**20 + self.resident()
        self.peak = 0

    def exceeded(self) -> bool:
        resident = self.resident()
        if resident > self.allowed:  # pages shared between processes count once only
            resident = min(resident, sum(map(_proportional, family(self.pid))))
        self.peak = max(self.peak, resident)
        return resident > self.allowed

    def nearly_full(self) -> bool:
        return self.peak > 0.8 * self.allowed

    def resident(self) -> int:
        return sum(map(_resident, family(self.pid)))


def family(pid: int) -> list[int]:
    """The process and its descendants; those that end while we look are left out."""
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        try:
            tasks = os.listdir(f"/proc/{current}/task")
        except OSError:
            continue
        for task in tasks:
            waiting += map(int, _read(f"/proc/{current}/task/{task}/children").split())
    return found


def _resident(pid: int) -> int:
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * PAGE if fields else 0


def _proportional(pid: int) -> int:
    """Resident memory, each shared page divided by its users; plain resident where refused."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return _resident(pid)


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
