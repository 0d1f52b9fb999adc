"""The interpreter of one submission: answers the judge's requests until the judge hangs up.

    {"op": "run_cell", "source"}          {"ok": true, "outputs": […], "error": "NameError" | null}
    {"op": "probe", "request"} + arrays   {"ok": true, "reply": {…}} + arrays
    {"op": "prepare", "request"} + arrays {"ok": true}      then any number of
    {"op": "go"}                          {"ok": true}      which the judge times, and at last
    {"op": "finish"}                      {"ok": true, "reply": {…}} + arrays

Every request carries an "id" that its answer repeats. What goes wrong in a probe is answered with
{"ok": false, "message"}; what goes wrong in a cell is the cell's own output.
"""

import os
import signal
import socket
import sys

from . import wire
from .shell import NotebookShell, connect, seed_generators


class Worker:
    def __init__(self, shell: NotebookShell, channel: socket.socket, settings: dict):
        self.shell = shell
        self.channel = channel
        self.stream = channel.makefile("rb")
        self.timed_call = None
        self.timed_result = None
        connect(shell, settings["output_bytes"])
        seed_generators(settings["seed"])
        signal.signal(signal.SIGINT, _between_cells)

    def serve(self) -> None:
        self.answer({"id": "hello", "ok": True, "process": os.getpid()})
        while True:
            request, arrays = wire.read_message(self.stream)
            reply, reply_arrays = self.do(request, arrays)
            self.answer({"id": request["id"], **reply}, reply_arrays)

    def do(self, request: dict, arrays: list) -> tuple[dict, list]:
        if request["op"] == "run_cell":
            return self.run_cell(request["source"]), []
        try:
            return getattr(self, request["op"])(request.get("request"), arrays)
        except BaseException as error:
            return {"ok": False, "message": f"{type(error).__name__}: {error}"[:2000]}, []

    def answer(self, message: dict, arrays=()) -> None:
        try:
            chunks = wire.encode(message, arrays)
        except (TypeError, ValueError, RecursionError) as error:
            reason = {"id": message["id"], "ok": False, "message": str(error)[:2000]}
            chunks = wire.encode(reason)
        for chunk in chunks:
            self.channel.sendall(chunk)

    def run_cell(self, source: str) -> dict:
        self.shell.outputs.start()
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            error = self.shell.run(source)
        except BaseException as stray:  # an interrupt that came while the shell showed an error
            error = type(stray).__name__
            self.shell.outputs.error(error, str(stray), [f"{error}: {stray}"])
        finally:
            signal.signal(signal.SIGINT, _between_cells)
        return {"ok": True, "error": error, "outputs": self.shell.outputs.finish()}

    def probe(self, request: dict, arrays: list) -> tuple[dict, list]:
        reply, arrays = _remote().serve(self.shell.user_ns, request, arrays)
        return {"ok": True, "reply": reply}, arrays

    def prepare(self, request: dict, arrays: list) -> tuple[dict, list]:
        self.timed_call = _remote().prepare(self.shell.user_ns, request, arrays)
        return {"ok": True}, []

    def go(self, request, arrays) -> tuple[dict, list]:
        self.timed_result = self.timed_call()
        return {"ok": True}, []

    def finish(self, request, arrays) -> tuple[dict, list]:
        reply, arrays = _remote().finish(self.timed_result)
        self.timed_call = self.timed_result = None
        return {"ok": True, "reply": reply}, arrays


def _between_cells(number, frame):
    """The judge's interrupt came when its cell had just ended: nothing to stop."""


def _remote():
    """The course's side of a probe, loaded when the first one comes."""
    import dlkit.check.remote

    return dlkit.check.remote


def live(shell: NotebookShell, channel: socket.socket, settings: dict) -> None:
    """Be a worker until the judge hangs up, then end this process at once."""
    sys.path.insert(0, os.getcwd())
    worker = Worker(shell, channel, settings)
    try:
        worker.serve()
    except (wire.Closed, OSError):
        os._exit(0)
    finally:
        os._exit(1)


def refuse(channel: socket.socket, error: BaseException) -> None:
    """Tell the judge why this process cannot be a worker."""
    message = {"id": "hello", "ok": False, "message": f"{type(error).__name__}: {error}"}
    channel.sendall(b"".join(wire.encode(message)))
