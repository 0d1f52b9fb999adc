"""The warm parent: imports and warms everything once, then forks one worker per submission.

Started as `python -m inside.zygote OPTIONS`, where OPTIONS is a JSON object:
    control   descriptor of the socket to the judge
    mode      "warm": each worker gets namespaces of its own; "single": one worker, in those that
              bwrap made; "plain": no isolation at all (authors' own code only)
    modules   what to import before the first fork
    limits    see autograder/sandbox/limits.py

It tells the judge {"ready": true}, then answers {"spawn": settings} + the worker's channel with
{"pid"} + a descriptor of that process, and {"reap": pid} with how the process ended. It never reads
what a worker writes.
"""

import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time

from . import control, namespaces, shell, worker

REAP_S = 2.0


class Zygote:
    def __init__(self, options: dict):
        self.options = options
        self.judge = socket.socket(fileno=options["control"])
        self.shell = None

    def prepare(self) -> None:
        """Import, warm up, and refuse to go on with a second thread, which a fork would lose."""
        if self.isolated:
            namespaces.copy_fonts()
            namespaces.be_subreaper()
        self.shell = shell.make_shell()
        for module in self.options["modules"]:
            importlib.import_module(module)
        shell.warm_up(self.shell)
        if self.isolated and (threads := shell.threads_alive()) != 1:
            raise RuntimeError(
                f"{threads} threads are alive after importing {self.options['modules']}; "
                "a warm parent must have one"
            )
        gc.collect()
        gc.freeze()

    @property
    def isolated(self) -> bool:
        return self.options["mode"] != "plain"

    def run(self) -> None:
        try:
            self.prepare()
        except BaseException as error:
            control.send(self.judge, {"error": f"{type(error).__name__}: {error}"})
            raise
        control.send(self.judge, {"ready": True})
        while True:
            message, descriptors = control.receive(self.judge)
            if message is None:
                return
            if "spawn" in message:
                self.spawn(message["spawn"], socket.socket(fileno=descriptors[0]))
            else:
                control.send(self.judge, _reap(message["reap"]))

    def spawn(self, settings: dict, channel: socket.socket) -> None:
        try:
            pid = self.fork(settings, channel)
        except OSError as error:
            control.send(self.judge, {"error": str(error)})
            return
        finally:
            channel.close()
        if not hasattr(os, "pidfd_open"):
            control.send(self.judge, {"pid": pid})
            return
        descriptor = os.pidfd_open(pid)
        control.send(self.judge, {"pid": pid}, [descriptor])
        os.close(descriptor)

    def fork(self, settings: dict, channel: socket.socket) -> int:
        """A worker on this channel; its process id."""
        if self.options["mode"] == "warm":
            return namespaces.fork_worker(lambda: self.become_worker(settings, channel))
        pid = os.fork()
        if pid == 0:
            self.become_worker(settings, channel)
        if self.isolated:
            namespaces.hide_memory()
        return pid

    def become_worker(self, settings: dict, channel: socket.socket) -> None:
        """Never returns. What goes wrong before the first request is told to the judge."""
        limits = self.options["limits"]
        try:
            self.judge.detach()
            if self.isolated:
                nested = self.options["mode"] == "warm"
                namespaces.become_isolated(channel, limits, nested=nested)
            else:
                _become_plain(settings)
            settings = {**settings, "output_bytes": limits["output_bytes"]}
            worker.live(self.shell, channel, settings)
        except BaseException as error:
            worker.refuse(channel, error)
        finally:
            os._exit(1)


def _become_plain(settings: dict) -> None:
    """A worker without isolation: a process group and a scratch folder of its own."""
    os.setsid()
    if sys.platform == "linux":
        namespaces.die_with_parent()
    scratch = tempfile.mkdtemp(dir=settings["scratch"])
    shutil.copytree(settings["files"], scratch, dirs_exist_ok=True)
    os.chdir(scratch)


def _reap(pid: int) -> dict:
    """How the process ended (it was killed or is about to end): signal, CPU time, memory."""
    give_up = time.monotonic() + REAP_S
    while time.monotonic() < give_up:
        try:
            done, status, usage = os.wait4(pid, os.WNOHANG)
        except ChildProcessError:
            break
        if done:
            return {
                "status": os.waitstatus_to_exitcode(status),
                "cpu_s": usage.ru_utime + usage.ru_stime,
                "memory_kib": usage.ru_maxrss,
            }
        time.sleep(0.0005)
    return {"status": None}


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the judge's to handle
    Zygote(json.loads(sys.argv[1])).run()
    os._exit(0)


if __name__ == "__main__":
    main()
