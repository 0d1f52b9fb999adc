"""The judge's handle on one warm parent: start it, have it fork workers, end it."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import tempfile
import time

from autograder.errors import AutograderError, SandboxUnavailable
from autograder.sandbox.inside import control

START_S = 180.0  # importing torch from a cold disk takes long
ANSWER_S = 20.0
LEAVE_S = 0.5  # to end by itself when the judge hangs up, before it is killed


class Parent:
    """A process that imports the modules once and forks workers; inside bwrap unless plain."""

    def __init__(self, command, environment: dict[str, str]):
        """`command(descriptor)` is the command line, given the control socket's descriptor."""
        self.channel, theirs = socket.socketpair()
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in close)
        self.ready = False
        with theirs:
            try:
                self.process = subprocess.Popen(
                    command(theirs.fileno()),
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=self.log,
                    stderr=self.log,
                    env=environment,
                    cwd="/",
                    start_new_session=True,
                )
            except BaseException:
                self.channel.close()
                self.log.close()
                raise

    def wait_ready(self) -> None:
        """Wait for the imports; SandboxUnavailable when isolation fails, else what went wrong."""
        if self.ready:
            return
        message = self._receive(START_S)
        if message is None:
            raise SandboxUnavailable(f"its first process ended at once: {self.last_words()}")
        if "error" in message:
            raise AutograderError(f"the sandbox could not be prepared: {message['error']}")
        self.ready = True

    def spawn(self, settings: dict) -> tuple[socket.socket, int, int | None]:
        """A new worker: the channel to it, its process id there, and a descriptor of it."""
        self.wait_ready()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                message, descriptors = self._ask({"spawn": settings}, [theirs.fileno()])
            except BaseException:
                ours.close()
                raise
        if "pid" not in message:
            ours.close()
            raise SandboxUnavailable(f"no worker could be made: {message['error']}")
        return ours, message["pid"], descriptors[0] if descriptors else None

    def reap(self, pid: int) -> dict:
        """How a worker that was killed ended: its status, CPU seconds and memory; {} if unknown."""
        try:
            message, _ = self._ask({"reap": pid})
        except (OSError, SandboxUnavailable, ValueError):
            return {}
        return message if isinstance(message, dict) else {}

    def close(self) -> None:
        """End it, and with it everything in its namespaces: when it goes, the kernel ends them."""
        self.channel.close()
        try:
            self.process.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def last_words(self) -> str:
        """The end of what it wrote, in one line, for the message of an error."""
        deadline = time.monotonic() + 2.0
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        size = os.fstat(self.log.fileno()).st_size
        raw = os.pread(self.log.fileno(), 2000, max(0, size - 2000))
        lines = raw.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"no message, exit status {self.process.poll()}"

    def _ask(self, message: dict, descriptors=()) -> tuple[dict, list[int]]:
        self.channel.settimeout(ANSWER_S)
        control.send(self.channel, message, descriptors)
        answer, received = control.receive(self.channel)
        if answer is None:
            raise SandboxUnavailable(f"its first process has ended: {self.last_words()}")
        return answer, received

    def _receive(self, timeout_s: float) -> dict | None:
        self.channel.settimeout(timeout_s)
        try:
            return control.receive(self.channel)[0]
        except TimeoutError:
            raise SandboxUnavailable(f"it was not ready after {timeout_s:.0f} s") from None
        except OSError:
            return None


class WorkerProcess:
    """The process of one worker as seen from the judge: signal it, notice its end, kill it."""

    def __init__(self, parent: Parent, pid: int, descriptor: int | None, mode: str):
        self.parent = parent
        self.pid = pid
        self.descriptor = descriptor
        self.mode = mode

    def root(self) -> int:
        """The process id, here, below which all processes of the worker are found."""
        if self.mode != "warm":
            return self.parent.process.pid
        with open(f"/proc/self/fdinfo/{self.descriptor}") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))

    def lives_on(self, wait_s: float) -> bool:
        """Whether it still runs after `wait_s`; False where that cannot be known."""
        if self.descriptor is None:
            return False
        poller = select.poll()
        poller.register(self.descriptor, select.POLLIN)
        return not poller.poll(wait_s * 1000)

    def interrupt(self) -> None:
        self._signal(signal.SIGINT)

    def end(self) -> dict:
        """Kill the worker and everything that it started; how it ended."""
        self._signal(signal.SIGKILL)
        if self.mode == "plain":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        ended = self.parent.reap(self.pid)
        if self.mode == "single":
            self.parent.close()
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
        return ended

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.descriptor is not None:
                signal.pidfd_send_signal(self.descriptor, number)
            else:
                os.kill(self.pid, number)
