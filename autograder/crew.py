"""The workers of a Dask cluster that grade for one run: found, prepared, refused, dismissed."""

import hashlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from distributed import Client

from autograder import remote
from autograder.errors import AutograderError, SandboxUnavailable
from autograder.work import Setting

SAME = (
    "Install the project on it from the same commit, with the same Python and the versions of "
    "constraints.txt (docs/machines.md), and start the worker again."
)
KEPT = "What was graded until now is kept; run grade again."


@dataclass(eq=False)
class Worker:
    """One worker process; `held` are the batches it was dealt, the one it works on first."""

    id: str
    address: str
    name: str
    held: deque = field(default_factory=deque)

    def __str__(self) -> str:
        return self.address if self.name == self.address else f"{self.name} at {self.address}"


class Crew:
    """Workers may join and leave at any time; `muster` notices.

    Parameters
    ----------
    say : told of each worker that is refused, and why
    wake : called, in another thread, when it is worth mustering again
    """

    def __init__(
        self,
        client: Client,
        setting: Setting,
        say: Callable[[str], None],
        wake: Callable[[], None],
    ):
        self.run = f"{setting.chapter_id}-{hashlib.sha256(setting.secret).hexdigest()[:12]}"
        self.ready: dict[str, Worker] = {}
        self.refused: dict[str, dict[str, str]] = {}
        self._preparing: dict[str, tuple[Worker, Future]] = {}
        self._client = client
        self._arguments = (self.run, remote.versions(setting.chapter_id), setting.to_plain())
        self._say, self._wake = say, wake
        self._threads = ThreadPoolExecutor(16, "prepare")

    @property
    def size(self) -> int:
        """How many are ready, or will be in a moment."""
        return len(self.ready) + len(self._preparing)

    def muster(self) -> list[Worker]:
        """Prepare who has joined; returns those that were ready and have left."""
        # scheduler_info() would do, were its answer not shared with one that lists no workers
        try:
            present = self._client.sync(self._client.scheduler.identity, n_workers=-1)["workers"]
        except OSError as error:
            raise AutograderError(f"the scheduler is out of reach ({error}). {KEPT}") from None
        found = {
            info["id"]: Worker(info["id"], address, str(info["name"]))
            for address, info in present.items()
        }
        known = {*self.ready, *self.refused, *self._preparing}
        for worker in (found[id] for id in found if id not in known):
            future = self._threads.submit(self._prepare, worker)
            self._preparing[worker.id] = (worker, future)
            future.add_done_callback(lambda _: self._wake())
        for worker, future in list(self._preparing.values()):
            if future.done():
                del self._preparing[worker.id]
                if worker.id in found:  # else it died while it was prepared
                    self._admit(worker, future.result())
        return [self.ready.pop(id) for id in list(self.ready) if id not in found]

    def _prepare(self, worker: Worker) -> dict[str, str]:
        try:
            (answer,) = self._client.run(
                remote.prepare, *self._arguments, workers=[worker.address], on_error="return"
            ).values()
        except Exception as error:  # the connection to it broke
            answer = error
        if not isinstance(answer, Exception):
            return answer
        if "autograder" in str(answer):  # that it lacks, or parts of it
            return {"versions": f"it has not the {remote.CODE} ({answer})"}
        return {"error": str(answer)}

    def _admit(self, worker: Worker, problems: dict[str, str]) -> None:
        if not problems:
            self.ready[worker.id] = worker
            return
        self.refused[worker.id] = problems
        for kind, problem in problems.items():
            advice = f". {SAME}" if kind == "versions" else ""
            self._say(f"worker {worker} does not grade: {problem}{advice}")

    def forget(self, worker: Worker) -> None:
        """Deal it nothing more until it is prepared anew."""
        self.ready.pop(worker.id, None)

    def nobody(self) -> AutograderError:
        """The error that says why no worker grades."""
        if not self.refused:
            return AutograderError(
                "the scheduler has no worker. Start some with: dask worker ADDRESS "
                f"(docs/machines.md). {KEPT}"
            )
        kinds = {kind for problems in self.refused.values() for kind in problems}
        error = SandboxUnavailable if kinds == {"sandbox"} else AutograderError
        return error(f"none of the {len(self.refused)} workers can grade; the reasons stand above")

    def dismiss(self) -> None:
        """Have every worker close its sandbox, without waiting for it."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        workers = [*self.ready.values(), *(worker for worker, _ in self._preparing.values())]
        if addresses := [worker.address for worker in workers]:
            self._client.run(
                remote.dismiss, self.run, workers=addresses, wait=False, on_error="ignore"
            )
