"""One submission's cells running in sandbox workers: what a lost worker costs, and its replay."""

import time
from dataclasses import dataclass, field, replace

from autograder.sandbox import CellRun, Sandbox, WorkerLost
from autograder.sandbox.outputs import size
from dlkit.check import remote
from dlkit.check.calls import Outcome
from dlkit.check.codec import CodecError

PROBE_SECONDS = 60.0
MAX_LOSSES = 8
NOT_RUN = "the notebook's time was over, or its program had ended too often"


@dataclass
class Session:
    """Runs cells and probes in order; after a loss a new worker replays what had run before."""

    sandbox: Sandbox
    seed: int
    seconds: float | None = None  # instead of the limit for a notebook
    losses: list[WorkerLost] = field(default_factory=list)
    stopped: int = 0  # cells that took too long, and whose worker lived on
    unfinished: set[str] = field(default_factory=set)
    _shown: int = 0
    _worker: object = None
    _history: list[str] = field(default_factory=list)
    _start: float = field(default_factory=lambda: time.monotonic())

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._close()

    @property
    def left_s(self) -> float:
        """Seconds that its cells and probes, replays among them, may still take."""
        allowed = self.sandbox.limits.notebook_s if self.seconds is None else self.seconds
        return allowed - (time.monotonic() - self._start)

    @property
    def given_up(self) -> bool:
        """True when the notebook's time is over or too many workers were lost."""
        return self.left_s <= 0 or len(self.losses) >= MAX_LOSSES

    def run_cell(self, source: str) -> CellRun:
        """Run one cell; a loss becomes an error output, and the next cell finds a new worker."""
        if self.given_up:
            return _failed(
                "NotRun",
                f"Not run: {NOT_RUN}.",
            )
        try:
            run = self._ready().run_cell(source)
        except WorkerLost as lost:
            self._lose(lost)
            self.unfinished.add(source)
            return _failed(lost.reason, lost.message)
        if run.status == "timeout":
            self.stopped += 1
            self.unfinished.add(source)
        self._history.append(source)
        return self._within_page(run)

    def _within_page(self, run: CellRun) -> CellRun:
        """The run, its outputs left out where the notebook shows too much already."""
        self._shown += sum(map(size, run.outputs))
        if self._shown <= self.sandbox.limits.page_bytes:
            return run
        line = f"[left out: a notebook may show {self.sandbox.limits.page_bytes} bytes]\n"
        return replace(run, outputs=[{"output_type": "stream", "name": "stderr", "text": line}])

    def _probe_s(self) -> float:
        """Seconds for one probe: never all that is left, so that the others have their turn."""
        return min(PROBE_SECONDS, self.left_s / 2)

    def probe(self, part) -> list[Outcome] | str:
        """The outcomes of a part's cases, or the name that the notebook does not define."""
        calls = [(case.args, case.kwargs) for case in part.cases]
        request, arrays = remote.request(part.objects, part.probe, calls, part.forbidden)
        return self._ask(
            len(calls),
            lambda worker: worker.probe(request, arrays, timeout_s=self._probe_s()),
            part.objects,
        )

    def time(self, part) -> tuple[float, float, Outcome]:
        """(seconds, seconds around the call, outcome) of one run of a part's time rule."""
        call = [(part.time.case.args, part.time.case.kwargs)]
        request, arrays = remote.request(part.objects, part.probe, call)
        seconds = [float("inf")] * 2

        def timed(worker):
            *seconds[:], reply, found = worker.time_probe(
                request, arrays, repeat=1, timeout_s=self._probe_s()
            )
            return reply, found

        outcome = self._ask(1, timed)[0]
        return *seconds, outcome

    def _ask(self, count, ask, names=()):
        """The outcomes that a worker answers with, or the one of `names` that it lacks."""
        if self.given_up:
            return [_error("not_run", NOT_RUN)] * count
        try:
            reply, arrays = ask(self._ready())
            if reply.get("missing") in names:
                return reply["missing"]
            found = remote.outcomes(reply, arrays)
            if len(found) != count:
                raise ValueError(f"{len(found)} outcomes for {count} calls")
        except WorkerLost as lost:
            self._lose(lost)
            kind = "TimeLimit" if lost.reason == "timeout" else lost.reason
            return [_error(kind, lost.message)] * count
        except (CodecError, ValueError, KeyError, TypeError) as error:
            self._lose(WorkerLost("crashed", f"a malformed reply: {error}"))
            return [_error("crashed", "its values could not be read")] * count
        return found

    def _ready(self):
        if self._worker is None:
            self._worker = self.sandbox.spawn(seed=self.seed)
            for source in self._history:
                if self.left_s <= 0:
                    raise WorkerLost("timeout", "the notebook's time was over before its replay")
                self._worker.run_cell(source)
        return self._worker

    def _lose(self, lost):
        self.losses.append(lost)
        self._close()

    def _close(self):
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def _error(kind, message):
    return Outcome(raised=[kind], message=message)


def _failed(name, message):
    output = {"output_type": "error", "ename": name, "evalue": message, "traceback": [message]}
    return CellRun(status="error", outputs=[output], seconds=0.0, error=name)
