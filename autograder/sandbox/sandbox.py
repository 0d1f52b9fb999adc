"""The sandbox: makes warm parents and hands out workers, one a submission.

Three modes, of which a caller chooses only whether there is isolation at all:
    warm     one parent inside bwrap forks workers, each in namespaces of its own (milliseconds)
    single   one bwrap a worker, started ahead (about a second of processor time); used where a
             process inside bwrap may not make namespaces
    plain    a fork without isolation, for the authors' own code only
"""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import AutograderError, SandboxUnavailable
from autograder.paths import DLKIT
from autograder.sandbox import fonts, isolation
from autograder.sandbox.client import Worker, WorkerLost
from autograder.sandbox.limits import Limits
from autograder.sandbox.parent import Parent, WorkerProcess
from autograder.scratch import ScratchFolder

ADVICE = (
    "Submissions are never run without isolation. It needs Linux, bubblewrap (apt install "
    "bubblewrap) and user namespaces for ordinary users. Ubuntu 23.10 and later refuse those until "
    "bwrap has an AppArmor profile or `sysctl kernel.apparmor_restrict_unprivileged_userns=0` is "
    "set; containers must be started so that they may make namespaces. See docs/sandbox.md."
)


class Sandbox:
    """Interpreters for students' notebooks.

    Parameters
    ----------
    modules : what every worker finds imported already, such as "numpy"
    files : name -> bytes, copied into each worker's working directory
    limits : what one worker may use
    isolated : False runs workers as plain children; only ever for code of the course's authors
    mode : "warm" or "single"; by default warm where it works
    """

    def __init__(
        self,
        modules: Iterable[str] = (),
        files: dict[str, bytes] | None = None,
        limits: Limits | None = None,
        isolated: bool = True,
        mode: str | None = None,
    ):
        if mode not in (None, "warm", "single"):
            raise ValueError(f'mode is "warm", "single" or None, not {mode!r}')
        self.modules = tuple(modules)
        self.files = files or {}
        self.limits = limits or Limits()
        self.isolated = isolated
        self.mode = mode if isolated else "plain"
        self._parent: Parent | None = None
        self._workers: list[Worker] = []
        self._folder: ScratchFolder | None = None
        self._stage: Path | None = None

    def __enter__(self) -> "Sandbox":
        if self.isolated and sys.platform != "linux":
            raise SandboxUnavailable(f"This is {sys.platform}. {ADVICE}")
        try:
            self._stage = self._make_stage()
            if self.mode is None:
                self._choose()
            else:
                self._check(self.mode)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        """End every process of this sandbox and remove its files."""
        for worker in self._workers:
            worker.close()
        self._drop_parent()
        if self._folder is not None:
            self._folder.close()
            self._folder = self._stage = None

    def spawn(self, seed: int = 0) -> Worker:
        """A fresh interpreter in which nothing of any other submission is left."""
        if self._stage is None:
            raise SandboxUnavailable("the sandbox is not open: use it in a with statement")
        parent = self._living_parent()
        settings = {"seed": seed}
        if self.mode == "plain":  # an isolated worker is told nothing of the host
            settings |= {name: str(self._stage / name) for name in ("files", "scratch")}
        try:
            channel, pid, descriptor = parent.spawn(settings)
        except AutograderError:
            self._drop_parent()  # the next attempt starts anew
            raise
        if self.mode == "single":  # the next one warms up while this one works
            self._parent = self._start(self.mode)
        worker = Worker(channel, WorkerProcess(parent, pid, descriptor, self.mode), self.limits)
        self._workers = [w for w in self._workers if w.ended is None] + [worker]
        hello = worker.hello()
        if hello.get("ok") is not True:
            worker.close()
            raise SandboxUnavailable(f"a worker could not be isolated: {hello.get('message')}")
        if self.mode == "warm" and hello.get("process") != 1:
            worker.close()
            raise SandboxUnavailable("a worker is not alone in a process namespace")
        return worker

    def _living_parent(self) -> Parent:
        """The warm parent, started anew if the machine killed it."""
        if self._parent is not None and self._parent.process.poll() is not None:
            self._drop_parent()
        if self._parent is None:
            self._parent = self._start(self.mode)
        return self._parent

    def _drop_parent(self) -> None:
        if self._parent is not None:
            self._parent.close()
            self._parent = None

    def _choose(self) -> None:
        """Warm where a process inside bwrap may make namespaces, else one bwrap a worker."""
        try:
            self._check("warm")
        except SandboxUnavailable:
            self._check("single")

    def _check(self, mode: str) -> None:
        """Start in this mode and run a trivial cell; SandboxUnavailable when that fails."""
        self.mode = mode
        try:
            with self.spawn() as worker:
                run = worker.run_cell("import os; os.system('echo forty-two'); print(42)")
            texts = [output.get("text") for output in run.outputs]
            if texts != ["forty-two\n42\n"]:
                raise SandboxUnavailable(f"a trivial cell ended with {run}.")
        except (SandboxUnavailable, WorkerLost) as problem:
            self._drop_parent()
            raise SandboxUnavailable(f"Isolation fails: {problem.message} {ADVICE}") from None

    def _start(self, mode: str) -> Parent:
        limits = self.limits.to_json()

        def options(descriptor: int) -> str:
            chosen = {"control": descriptor, "mode": mode, "modules": self.modules}
            return json.dumps({**chosen, "limits": limits})

        if mode == "plain":
            lib, mpl = self._stage / "lib", self._stage / "matplotlib"
            path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
            environment = isolation.environment(str(self._stage), path, str(lib), str(mpl))
            return Parent(lambda fd: isolation.plain_command(options(fd)), environment)
        stage, disk, single = self._stage, self.limits.disk_mib, mode == "single"
        return Parent(
            lambda fd: isolation.bwrap_command(stage, options(fd), disk, single=single),
            {"PATH": os.environ.get("PATH", os.defpath)},
        )

    def _make_stage(self) -> Path:
        """A folder with what is shown inside: the chapter's files, fonts, and links to the code."""
        self._folder = ScratchFolder("autograder-sandbox-")
        stage = self._folder.path
        stage.chmod(0o755)
        for name in ("files", "scratch", "lib"):
            (stage / name).mkdir()
        for name, content in self.files.items():
            path = stage / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        fonts.copy_list_to(stage / "matplotlib")
        (stage / "lib" / "dlkit").symlink_to(DLKIT)
        (stage / "lib" / "inside").symlink_to(isolation.INSIDE)
        for folder, _, names in os.walk(stage):
            os.chmod(folder, 0o755)
            for name in names:
                if not os.path.islink(os.path.join(folder, name)):
                    os.chmod(os.path.join(folder, name), 0o644)
        return stage


def probe_host() -> str:
    """Isolate a trivial notebook for real; how ("warm" or "single"), or SandboxUnavailable."""
    with Sandbox(limits=Limits(memory_mib=256)) as sandbox:
        return sandbox.mode
