"""The judge's side of one worker: ask, wait within limits, believe nothing.

Whatever a worker sends may have been written by a student's code. It is parsed by `wire`, shaped
by `outputs`, and used as a claim; a worker that breaks a limit or sends nonsense is killed.
"""

import secrets
import socket
import time
from dataclasses import dataclass, field

import numpy as np

from autograder.sandbox.channel import Channel, HungUp, Late
from autograder.sandbox.inside import wire
from autograder.sandbox.limits import Limits
from autograder.sandbox.memory import MemoryWatch
from autograder.sandbox.outputs import clean, to_nbformat
from autograder.sandbox.parent import WorkerProcess

GRACE_S = 1.0  # from the first interrupt to the kill
INTERRUPTS = 2
HELLO_S = 30.0
MAX_SOURCE = 150_000  # characters of one cell, at most 12 bytes of JSON each
HANG_UP_S = 0.2  # a process that hung up because it ended is gone after this


@dataclass
class CellRun:
    """What one cell did: status "ok", "error" or "timeout" (stopped, and the worker lives on)."""

    status: str
    outputs: list[dict] = field(default_factory=list)
    seconds: float = 0.0
    error: str | None = None


class WorkerLost(Exception):
    """The worker died or was killed; `reason` is "timeout", "out_of_memory" or "crashed"."""

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason
        self.message = message


class Worker:
    """The interpreter of one submission. A context manager; leaving it ends the interpreter."""

    def __init__(self, connection: socket.socket, process: WorkerProcess, limits: Limits):
        self.channel = Channel(connection, process.descriptor, self._watch_memory)
        self.process = process
        self.limits = limits
        self.seconds = 0.0  # used by cells and probes so far
        self.ended: dict | None = None  # once it is gone: status, cpu_s, memory_kib
        self._execution_count = 0
        self._memory: MemoryWatch | None = None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        if self.ended is None:
            self.ended = self.process.end()
            self.channel.close()

    def hello(self) -> dict:
        """Wait until the worker is ready; called once, before any code of a student runs."""
        try:
            reply, _ = self.channel.receive("hello", time.monotonic() + HELLO_S)
        except Late:
            return {"ok": False, "message": f"it did not start within {HELLO_S:g} s"}
        except (HungUp, wire.Malformed):
            return {"ok": False, "message": str(self._died())}
        if self.process.mode != "plain" and reply.get("ok"):
            self._memory = MemoryWatch(self.process.root(), self.limits.memory_mib)
        return reply

    def run_cell(self, source: str, timeout_s: float | None = None) -> CellRun:
        """Run one cell as a notebook would."""
        if len(source) > MAX_SOURCE:
            return _refused(f"a cell of {len(source)} characters, more than {MAX_SOURCE}")
        started = time.monotonic()
        self._execution_count += 1
        stopped_s = None
        try:
            token, limit_s = self._send({"op": "run_cell", "source": source}, [], timeout_s)
            try:
                reply, _ = self.channel.receive(token, started + limit_s)
            except Late:
                stopped_s = limit_s
                reply = self._interrupted(token)
            return self._cell_run(reply, time.monotonic() - started, stopped_s)
        except HungUp:
            raise self._died() from None
        except wire.Malformed as problem:
            raise self._lost("crashed", f"its reply to a cell makes no sense: {problem}") from None
        finally:
            self.seconds += time.monotonic() - started

    def probe(
        self, request: dict, arrays: list[np.ndarray] = (), timeout_s: float | None = None
    ) -> tuple[dict, list[np.ndarray]]:
        """Have `dlkit.check.remote.serve` answer this request with values."""
        reply, arrays, _ = self._exchange({"op": "probe", "request": request}, arrays, timeout_s)
        return _reply_of(reply), arrays

    def time_probe(
        self,
        request: dict,
        arrays: list[np.ndarray] = (),
        repeat: int = 3,
        timeout_s: float | None = None,
    ) -> tuple[float, float, dict, list[np.ndarray]]:
        """The best of `repeat` calls and the time around them in seconds, and then the values.

        Both are measured here; what is calculated before a call or after it shows around it.
        """
        before = self._exchange({"op": "prepare", "request": request}, arrays, timeout_s)[2]
        best = min(self._exchange({"op": "go"}, [], timeout_s)[2] for _ in range(repeat))
        reply, arrays, after = self._exchange({"op": "finish"}, [], timeout_s)
        return best, before + after, _reply_of(reply), arrays

    def _exchange(self, message: dict, arrays, timeout_s) -> tuple[dict, list[np.ndarray], float]:
        """One request and its reply, and the seconds between; a late worker is killed."""
        started = time.monotonic()
        try:
            sent = time.perf_counter()
            token, limit_s = self._send(message, arrays, timeout_s)
            if len(arrays):  # what it takes to send them is not the worker's
                sent = time.perf_counter()
            reply, arrays = self.channel.receive(token, started + limit_s)
            taken = time.perf_counter() - sent
        except Late:
            raise self._lost("timeout", "a call of the student's code took too long") from None
        except HungUp:
            raise self._died() from None
        except wire.Malformed as problem:
            raise self._lost("crashed", f"its reply makes no sense: {problem}") from None
        finally:
            self.seconds += time.monotonic() - started
        if reply.get("ok") is not True:
            told = clean(reply["message"]) if isinstance(reply.get("message"), str) else "nothing"
            raise self._lost("crashed", f"the probe failed inside the worker: {told}")
        return reply, arrays, taken

    def _send(self, message: dict, arrays, timeout_s: float | None) -> tuple[str, float]:
        """Send a request, when nothing lies in the pipe; its token, and seconds for the reply."""
        if self.ended is not None:
            raise WorkerLost("crashed", "this worker is gone already; spawn another")
        left = self.limits.notebook_s - self.seconds
        if left <= 0:
            raise self._lost("timeout", f"the notebook used its {self.limits.notebook_s:g} s")
        if self.channel.has_bytes():
            raise self._lost("crashed", "it sent a reply before it was asked")
        token = secrets.token_hex(8)
        chunks = wire.encode({**message, "id": token}, arrays)
        limit_s = min(self.limits.cell_s if timeout_s is None else timeout_s, left)
        try:
            self.channel.send(chunks, limit_s)
        except Late:
            raise self._lost("timeout", "it did not read what it was sent") from None
        return token, limit_s

    def _interrupted(self, token: str) -> dict:
        """Interrupt the running cell; what it answers, unless it has to be killed."""
        for _ in range(INTERRUPTS):
            self.process.interrupt()
            try:
                return self.channel.receive(token, time.monotonic() + GRACE_S / INTERRUPTS)[0]
            except Late:
                continue
            except HungUp:
                break
        raise self._lost("timeout", "a cell took too long and did not stop when interrupted")

    def _watch_memory(self) -> None:
        if self._memory is not None and self._memory.exceeded():
            limit = self.limits.memory_mib
            raise self._lost("out_of_memory", f"it took more than {limit} MiB of memory")

    def _died(self) -> WorkerLost:
        """It ended by itself, or hung up; how it ended says why."""
        if self.process.lives_on(HANG_UP_S):
            return self._lost("crashed", "it closed its channel to the judge")
        self.close()
        status = self.ended.get("status")
        if self.ended.get("cpu_s", 0.0) >= self.limits.notebook_s:
            return WorkerLost("timeout", "it used up its processor time")
        full = self._memory is not None and self._memory.nearly_full()
        if full or (status == -9 and self.process.mode == "warm"):  # only from outside
            return WorkerLost("out_of_memory", "its process was ended, most likely for memory")
        return WorkerLost("crashed", f"its process ended by itself ({_ending(status)})")

    def _lost(self, reason: str, message: str) -> WorkerLost:
        self.close()
        return WorkerLost(reason, message)

    def _cell_run(self, reply: dict, seconds: float, stopped_s: float | None) -> CellRun:
        error = reply.get("error")
        if reply.get("ok") is not True or not (error is None or isinstance(error, str)):
            raise wire.Malformed("it does not say whether the cell raised an error")
        outputs = to_nbformat(reply.get("outputs"), self._execution_count, self.limits.output_bytes)
        if stopped_s is not None:
            line = f"[stopped: this cell took longer than {stopped_s:.3g} s]\n"
            outputs.append({"output_type": "stream", "name": "stderr", "text": line})
        status = "timeout" if stopped_s is not None else "error" if error else "ok"
        return CellRun(status, outputs, seconds, clean(error)[:200] if error else None)


def _refused(reason: str) -> CellRun:
    """A cell that was not run at all."""
    lines = [f"ValueError: {reason}"]
    error = {"output_type": "error", "ename": "ValueError", "evalue": reason, "traceback": lines}
    return CellRun("error", [error], 0.0, "ValueError")


def _reply_of(message: dict) -> dict:
    reply = message.get("reply")
    return reply if isinstance(reply, dict) else {}


def _ending(status: int | None) -> str:
    if status is None:
        return "it is not known how"
    return f"signal {-status}" if status < 0 else f"exit status {status}"
