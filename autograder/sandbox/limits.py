"""How much one submission may use."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one worker, the interpreter of one submission.

    cell_s, notebook_s : seconds for one cell, and for all cells and probes of one worker together
    memory_mib         : what the student's code may take beyond the warm interpreter, in each
                         process and summed over its processes
    processes          : processes and threads at a time
    disk_mib, files    : size of /scratch, /tmp and /dev/shm together, and how many files there
    output_bytes       : what one cell may show: text and pictures together
    page_bytes         : what all cells of a notebook may show
    """

    cell_s: float = 20.0
    notebook_s: float = 120.0
    memory_mib: int = 1024
    processes: int = 32
    disk_mib: int = 64
    files: int = 4096
    output_bytes: int = 1_000_000
    page_bytes: int = 10_000_000

    def to_json(self) -> dict:
        return asdict(self)
