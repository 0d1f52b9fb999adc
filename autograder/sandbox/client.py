"""The judge's side of one worker: ask, wait within limits, believe nothing.

Whatever a worker sends may have been written by a student's code. It is parsed by `wire`, shaped
by `outputs`, and used as a claim; a worker that breaks a limit or sends nonsense is killed.
"""

import math
import secrets
import select
import socket
import time
from dataclasses import dataclass, field

import numpy as np

from autograder.sandbox.inside import wire
from autograder.sandbox.limits import Limits
from autograder.sandbox.memory import MemoryWatch
from autograder.sandbox.outputs import clean, to_nbformat
from autograder.sandbox.parent import WorkerProcess

TICK_S = 0.1  # how often memory is looked at while waiting
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


class _Late(Exception):
    """No whole reply came in time."""


class Worker:
    """The interpreter of one submission. A context manager; leaving it ends the interpreter."""

    def __init__(self, channel: socket.socket, process: WorkerProcess, limits: Limits):
        self.channel = channel
        self.process = process
        self.limits = limits
        self.seconds = 0.0  # used by cells and probes so far
        self.ended: dict | None = None  # once it is gone: status, cpu_s, memory_kib
        self._execution_count = 0
        self._received = bytearray()
        self._memory: MemoryWatch | None = None
        self._memory_seen = time.monotonic()
        self._poller = select.poll()
        self._poller.register(channel, select.POLLIN)
        if process.descriptor is not None:
            self._poller.register(process.descriptor, select.POLLIN)

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
            reply, _ = self._receive("hello", time.monotonic() + HELLO_S)
        except (_Late, WorkerLost, wire.Malformed) as problem:
            return {"ok": False, "message": f"it did not start ({problem or 'too late'})"}
        if self.process.mode != "plain" and reply.get("ok"):
            self._memory = MemoryWatch(self.process.root(), self.limits.memory_mib)
        return reply

    def run_cell(self, source: str, timeout_s: float | None = None) -> CellRun:
        """Run one cell as a notebook would."""
        if len(source) > MAX_SOURCE:
            return _refused(f"a cell of {len(source)} characters, more than {MAX_SOURCE}")
        started = time.monotonic()
        self._execution_count += 1
        stopped = False
        try:
            token, deadline = self._send({"op": "run_cell", "source": source}, [], timeout_s)
            try:
                reply, _ = self._receive(token, deadline)
            except _Late:
                stopped = True
                reply = self._interrupted(token)
            seconds = time.monotonic() - started
            return self._cell_run(reply, seconds, stopped)
        except wire.Malformed as problem:
            raise self._lost("crashed", f"its reply to a cell makes no sense: {problem}") from None
        finally:
            self.seconds += time.monotonic() - started

    def probe(
        self, request: dict, arrays: list[np.ndarray] = (), timeout_s: float | None = None
    ) -> tuple[dict, list[np.ndarray]]:
        """Have `dlkit.check.probes.serve` answer this request with values."""
        reply, arrays, _ = self._exchange({"op": "probe", "request": request}, arrays, timeout_s)
        return _reply_of(reply), arrays

    def time_probe(
        self,
        request: dict,
        arrays: list[np.ndarray] = (),
        repeat: int = 3,
        timeout_s: float | None = None,
    ) -> tuple[float, dict, list[np.ndarray]]:
        """The best of `repeat` calls in seconds, measured here, and then the values."""
        self._exchange({"op": "prepare", "request": request}, arrays, timeout_s)
        best = min(self._exchange({"op": "go"}, [], timeout_s)[2] for _ in range(repeat))
        reply, arrays, _ = self._exchange({"op": "finish"}, [], timeout_s)
        return best, _reply_of(reply), arrays

    def _exchange(self, message: dict, arrays, timeout_s) -> tuple[dict, list[np.ndarray], float]:
        """One request and its reply, and the seconds between; a late worker is killed."""
        started = time.monotonic()
        try:
            token, deadline = self._send(message, arrays, timeout_s)
            sent = time.perf_counter()
            reply, arrays = self._receive(token, deadline)
            taken = time.perf_counter() - sent
        except _Late:
            raise self._lost("timeout", "a call of the student's code took too long") from None
        except wire.Malformed as problem:
            raise self._lost("crashed", f"its reply makes no sense: {problem}") from None
        finally:
            self.seconds += time.monotonic() - started
        if reply.get("ok") is not True:
            told = clean(reply["message"]) if isinstance(reply.get("message"), str) else "nothing"
            raise self._lost("crashed", f"the probe failed inside the worker: {told}")
        return reply, arrays, taken

    def _send(self, message: dict, arrays, timeout_s: float | None) -> tuple[str, float]:
        """Send a request; its token and the deadline of its reply. Nothing may lie in the pipe."""
        if self.ended is not None:
            raise WorkerLost("crashed", "this worker is gone already; spawn another")
        left = self.limits.notebook_s - self.seconds
        if left <= 0:
            raise self._lost("timeout", f"the notebook used its {self.limits.notebook_s:g} s")
        self._refuse_early_bytes()
        token = secrets.token_hex(8)
        chunks = wire.encode({**message, "id": token}, arrays)
        limit_s = min(self.limits.cell_s if timeout_s is None else timeout_s, left)
        deadline = time.monotonic() + limit_s
        self.channel.settimeout(limit_s)
        try:
            for chunk in chunks:
                self.channel.sendall(chunk)
        except TimeoutError:
            raise self._lost("timeout", "it did not read what it was sent") from None
        except OSError:
            raise self._died() from None
        return token, deadline

    def _refuse_early_bytes(self) -> None:
        if self._received or self.channel.fileno() in self._readable(0):
            early = bytes(self._received) or self._read_some()
            if not early:
                raise self._died()
            raise self._lost("crashed", "it sent a reply before it was asked")

    def _interrupted(self, token: str) -> dict:
        """Interrupt the running cell; what it answers, unless it has to be killed."""
        late = "a cell took too long and did not stop when interrupted"
        for _ in range(INTERRUPTS):
            self.process.interrupt()
            try:
                return self._receive(token, time.monotonic() + GRACE_S / INTERRUPTS)[0]
            except _Late:
                continue
            except WorkerLost as lost:
                reason = "timeout" if lost.reason == "crashed" else lost.reason
                raise WorkerLost(reason, f"{late}: {lost.message}") from None
        raise self._lost("timeout", late)

    def _receive(self, token: str, deadline: float) -> tuple[dict, list[np.ndarray]]:
        """The one reply to the request of this token."""
        message_size = None
        while message_size is None or len(self._received) < message_size:
            self._wait(deadline)
            chunk = self._read_some()
            if not chunk:
                raise self._died()
            self._received += chunk
            message_size = message_size or self._message_size()
        if len(self._received) > message_size:
            raise wire.Malformed("more bytes follow the reply")
        return self._decode(token)

    def _message_size(self) -> int | None:
        """How long the message is whose beginning has come, as soon as its header is there."""
        start = wire.PREFIX.size
        if len(self._received) < start:
            return None
        end = start + wire.header_length(self._received[:start])
        if len(self._received) < end:
            return None
        self._header, self._layout = wire.decode_header(bytes(self._received[start:end]))
        return end + sum(size for _, _, size in self._layout)

    def _decode(self, token: str) -> tuple[dict, list[np.ndarray]]:
        received, self._received = self._received, bytearray()
        if self._header.get("id") != token:
            raise wire.Malformed("it answers another request")
        position = len(received) - sum(size for _, _, size in self._layout)
        arrays = []
        for dtype, shape, size in self._layout:
            raw = received[position : position + size]
            arrays.append(wire.decode_array(raw, dtype, shape))
            position += size
        return self._header, arrays

    def _wait(self, deadline: float) -> None:
        """Until bytes can be read; watches the clock, the memory and the process meanwhile."""
        while True:
            left = deadline - time.monotonic()
            readable = self._readable(max(0.0, min(TICK_S, left)))
            self._watch_memory()
            if self.channel.fileno() in readable:
                return
            if readable:
                raise self._died()
            if left <= 0:
                raise _Late

    def _readable(self, timeout_s: float) -> set[int]:
        return {descriptor for descriptor, _ in self._poller.poll(math.ceil(timeout_s * 1000))}

    def _watch_memory(self) -> None:
        now = time.monotonic()
        if self._memory is None or now < self._memory_seen + TICK_S:
            return
        self._memory_seen = now
        if self._memory.exceeded():
            limit = self.limits.memory_mib
            raise self._lost("out_of_memory", f"it took more than {limit} MiB of memory")

    def _read_some(self) -> bytes:
        try:
            return self.channel.recv(1 << 20)
        except OSError:
            return b""

    def _died(self) -> WorkerLost:
        """It ended by itself, or hung up; how it ended says why."""
        if self.process.lives_on(HANG_UP_S):
            return self._lost("crashed", "it closed its channel to the judge")
        self.close()
        status = self.ended.get("status")
        if self.ended.get("cpu_s", 0.0) >= self.limits.notebook_s:
            return WorkerLost("timeout", "it used up its processor time")
        full = self._memory is not None and self._memory.nearly_full()
        if full or status == -9:
            return WorkerLost("out_of_memory", "its process was ended, most likely for memory")
        return WorkerLost("crashed", f"its process ended by itself ({_ending(status)})")

    def _lost(self, reason: str, message: str) -> WorkerLost:
        self.close()
        return WorkerLost(reason, message)

    def _cell_run(self, reply: dict, seconds: float, stopped: bool) -> CellRun:
        error = reply.get("error")
        if reply.get("ok") is not True or not (error is None or isinstance(error, str)):
            raise wire.Malformed("it does not say whether the cell raised an error")
        outputs = to_nbformat(reply.get("outputs"), self._execution_count, self.limits.output_bytes)
        status = "timeout" if stopped else "error" if error else "ok"
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
