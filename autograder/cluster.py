"""Hand-ins graded by a Dask cluster, whose workers share no disk with this machine.

Each worker is dealt a batch to work on and one to wait, as tasks for this worker only. So little
is in flight, the scheduler has next to nothing to do, and it is known who held what when a worker
dies: the hand-ins of the batch it worked on are judged again, each alone.
"""

import queue
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import dask
from distributed import Client, Security
from distributed import Future as Task
from distributed.client import CancelledError

from autograder import remote
from autograder.crew import Crew, Worker
from autograder.docket import Docket
from autograder.errors import AutograderError
from autograder.result import Result
from autograder.work import Setting

BATCH = 16  # hand-ins in a task at most: some seconds of work beside a millisecond of scheduling
AHEAD = 2  # batches for each worker: one is graded, one waits
TRIES = 3  # machines may be taken away twice; a hand-in that has cost three workers is let be
MUSTER_S = 1.0  # how often it is looked who has joined or left
PATIENCE_S = 60.0  # without a worker
CONNECT_S = 10.0
ADDRESS = re.compile(r"(tcp|tls|ws|wss)://.+:\d+")


@dataclass(eq=False)
class Batch:
    """Hand-ins that one worker was dealt."""

    students: list[str]
    worker: Worker
    task: Task | None = None
    done: bool = False  # by its worker, which may still die before it has told the results
    texts: list[str] | None = None
    problem: str = "was started anew"  # where there are no texts


def judged(
    setting: Setting,
    docket: Docket,
    address: str,
    say: Callable[[str], None],
) -> Iterator[Result]:
    """Results as they come. `say` is told of workers that are refused or lost.

    Raises AutograderError where the scheduler or every worker is out of reach, SandboxUnavailable
    where isolation works on no worker.
    """
    with _connected(address) as client:
        table = _Table(client, setting, docket, say)
        try:
            yield from table.play()
        finally:
            table.close()


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    if not ADDRESS.fullmatch(address):
        raise AutograderError(
            f"--scheduler takes the address of a Dask scheduler such as tcp://10.0.0.5:8786, "
            f"not {address!r}"
        )
    quiet = {"distributed.admin.large-graph-warning-threshold": "1 GiB"}
    with dask.config.set(quiet):
        try:
            client = Client(
                address,
                timeout=CONNECT_S,
                security=_security(address),
                set_as_default=False,
                name="autograder",
            )
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise AutograderError(
                f"no Dask scheduler answers at {address} ({reason}). Is it running, is this the "
                "address that it printed at its start, does a firewall let this machine through?"
            ) from None
        with client:
            yield client


def _security(address: str) -> Security:
    """What Dask's configuration says of certificates; it must fit the address."""
    security = Security()
    known = security.get_connection_args("client")
    if address.startswith(("tls:", "wss:")) and known["ssl_context"] is None:
        raise ValueError("no certificates are configured for it; docs/machines.md says how")
    if address.startswith(("tcp:", "ws:")) and known["require_encryption"]:
        raise ValueError("Dask's configuration wants encryption: tls:// instead of tcp://")
    return security


class _Table:
    """One run: deals the docket to the crew and takes up what comes back."""

    def __init__(self, client, setting, docket, say):
        self.client, self.docket, self.say = client, docket, say
        docket.tries = TRIES
        self.news: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self.crew = Crew(client, setting, say, wake=lambda: self.news.put(None))
        self.dealt: set[Batch] = set()
        self._fetchers = ThreadPoolExecutor(8, "fetch")
        self._number = 0
        self._manned_s = time.monotonic()  # when there last was a worker

    def play(self) -> Iterator[Result]:
        muster_s = 0.0
        while self.docket or self.dealt:
            if time.monotonic() >= muster_s:
                yield from self._muster()
                muster_s = time.monotonic() + MUSTER_S
            for worker in self.crew.ready.values():
                self._deal(worker)
            try:
                batch = self.news.get(timeout=MUSTER_S)
            except queue.Empty:
                continue
            if batch is None:
                muster_s = 0.0
            elif batch in self.dealt:
                yield from self._settle(batch)

    def close(self) -> None:
        self.dealt.clear()
        self._fetchers.shutdown(wait=False, cancel_futures=True)
        if self.client.status == "running":
            self.crew.dismiss()

    def _muster(self) -> Iterator[Result]:
        for worker in self.crew.muster():
            yield from self._lose(worker)
        now = time.monotonic()
        if self.crew.size:
            self._manned_s = now
        elif now - self._manned_s > (0 if self.crew.refused and not self._number else PATIENCE_S):
            raise self.crew.nobody()

    def _deal(self, worker: Worker) -> None:
        while self.docket and len(worker.held) < AHEAD:
            share = len(self.docket.fresh) // (2 * AHEAD * self.crew.size)
            hand_ins = self.docket.batch(max(1, min(BATCH, share)))
            batch = Batch([hand_in.student for hand_in in hand_ins], worker)
            self._number += 1
            batch.task = self.client.submit(
                remote.grade_batch,
                self.crew.run,
                [asdict(hand_in) for hand_in in hand_ins],
                workers=[worker.address],
                priority=-self._number,
                pure=False,
            )
            worker.held.append(batch)
            self.dealt.add(batch)
            batch.task.add_done_callback(lambda _, batch=batch: self._come_back(batch))

    def _come_back(self, batch: Batch) -> None:
        batch.done = True
        if batch in self.dealt:
            self._fetchers.submit(self._fetch, batch)

    def _fetch(self, batch: Batch) -> None:
        """Wait for what its worker keeps; if that dies just now, until `_lose` cancels the task."""
        try:
            batch.texts = batch.task.result()
        except (Exception, CancelledError) as error:
            reason = str(error).partition("\n")[0]
            batch.problem = f"failed ({type(error).__name__}: {reason})"
        self.news.put(batch)

    def _settle(self, batch: Batch) -> list[Result]:
        """The results of a batch that has come back; its worker goes on with the next."""
        worker = batch.worker
        if batch.texts is None:
            self.crew.forget(worker)
            return self._take_back(worker, batch, f"worker {worker} {batch.problem}")
        self.dealt.remove(batch)
        worker.held.remove(batch)
        self._deal(worker)
        return [result for text in batch.texts for result in self.docket.judged(text)]

    def _lose(self, worker: Worker) -> list[Result]:
        current = next((batch for batch in worker.held if not batch.done), None)
        return self._take_back(worker, current, f"worker {worker} is gone")

    def _take_back(self, worker: Worker, current: Batch | None, reason: str) -> list[Result]:
        """Have what it held judged elsewhere; what it worked on is charged with the loss."""
        held = list(worker.held)
        worker.held.clear()
        self.dealt.difference_update(held)
        self.client.cancel([batch.task for batch in held], force=True)
        self.say(f"{reason}; it held {sum(len(batch.students) for batch in held)} hand-in(s)")
        for batch in reversed(held):
            if batch is not current:
                self.docket.give_back(reversed(batch.students))
        lost = current.students if current else []
        return [result for student in lost for result in self.docket.lost(student, reason)]
