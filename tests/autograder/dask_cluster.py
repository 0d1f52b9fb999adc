"""A Dask cluster of real processes on this machine, for tests: a scheduler and its workers."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from distributed import Client

from autograder.paths import ROOT

START_S = 60.0


class DaskCluster:
    """A scheduler, and the workers that a test starts; all are ended with the context.

    prefix : command line before each process, such as one that enters a network namespace
    host : the scheduler's address
    """

    def __init__(self, prefix: tuple[str, ...] = (), host: str = "127.0.0.1"):
        self.prefix, self.host = prefix, host
        self._processes: list[subprocess.Popen] = []

    def __enter__(self) -> "DaskCluster":
        self._folder = tempfile.TemporaryDirectory()
        self._file = Path(self._folder.name, "scheduler.json")
        options = ["--host", self.host, "--port", "0", "--no-dashboard"]
        options += ["--scheduler-file", str(self._file)]
        self.scheduler = self._start("scheduler", options, self.prefix)
        deadline = time.monotonic() + START_S
        while not self._file.exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no scheduler after {START_S:g} s:\n{self.log()}")
            time.sleep(0.05)
        self.address = json.loads(self._file.read_text())["address"]
        return self

    def __exit__(self, *error) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._folder.cleanup()

    def worker(
        self,
        name: str,
        *options: str,
        nanny: bool = False,
        prefix: tuple[str, ...] | None = None,
        code: Path = ROOT,
        **environment: str,
    ) -> subprocess.Popen:
        """Start a worker process; it joins when it has started."""
        chosen = ["--name", name, "--nthreads", "1", "--memory-limit", "0", "--no-dashboard"]
        chosen += ["--nanny" if nanny else "--no-nanny", *options]
        prefix = self.prefix if prefix is None else prefix
        return self._start("worker", [self.address, *chosen], prefix, code, environment)

    def wait_for(self, count: int) -> None:
        """Wait until so many workers have joined."""
        with self.client() as client:
            client.wait_for_workers(count, timeout=START_S)

    def client(self) -> Client:
        return Client(self.address, set_as_default=False)

    def log(self) -> str:
        """What the processes have written."""
        return "\n".join(path.read_text() for path in sorted(Path(self._folder.name).glob("*.log")))

    def _start(self, kind, options, prefix, code=ROOT, environment=()):
        log = Path(self._folder.name, f"{len(self._processes)}-{kind}.log")
        with log.open("w") as file:
            process = subprocess.Popen(
                [*prefix, sys.executable, "-m", f"distributed.cli.dask_{kind}", *options],
                cwd=self._folder.name,
                env={**os.environ, "PYTHONPATH": str(code), **dict(environment)},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        self._processes.append(process)
        return process
