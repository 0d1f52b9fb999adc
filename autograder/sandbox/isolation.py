"""The command line that puts the warm parent into bubblewrap, and what it finds there.

Inside lie /usr, the interpreter, its packages, dlkit, the files in `inside/`, the chapter's files
and a list of fonts, all read-only; writable are /scratch, /tmp and /dev/shm, in memory. There is no
home, no repository, no other process, no network and no environment variable from outside.

bubblewrap must be started by an ordinary user: what binds that user does not bind root. So root
becomes UNPRIVILEGED first, after binding what that user could not reach (an interpreter under
/root, a private TMPDIR) into a folder that it can, in a mount namespace that nobody else sees.
"""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.paths import DLKIT

INSIDE = Path(__file__).resolve().parent / "inside"
UNPRIVILEGED = 61000  # a user id that no account has; it owns no file
SYSTEM_FOLDERS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
VENV = "/course/venv"
OPEN_FOLDERS = tuple(map(Path, ("/mnt", "/media", "/srv", "/opt")))

_BIND_AND_DROP = f"""
set -e
while [ "$1" != -- ]; do mount --rbind "$1" "$2"; shift 2; done
shift
exec setpriv --reuid={UNPRIVILEGED} --regid={UNPRIVILEGED} --clear-groups "$@"
"""


def environment(scratch: str, path: str, python_path: str, mpl: str) -> dict[str, str]:
    """The whole environment of a worker; one thread each, or a fork would lose the others."""
    return {
        "PATH": path,
        "PYTHONPATH": python_path,
        "HOME": scratch,
        "USER": "student",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": mpl,
        "IPYTHONDIR": f"{mpl}-ipython",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
    }


def plain_command(options: str) -> list[str]:
    return [sys.executable, "-sP", "-m", "inside.zygote", options]


def bwrap_command(stage: Path, options: str, disk_mib: int, *, single: bool) -> list[str]:
    """bwrap and its arguments, as root behind the steps that make root an ordinary user."""
    binds = [*_interpreter(stage), (DLKIT, "/course/lib/dlkit"), (INSIDE, "/course/lib/inside")]
    binds += [(stage / name, f"/course/{name}") for name in ("files", "matplotlib")]
    prefix: list[str] = []
    if os.geteuid() == 0:
        prefix, binds = _as_ordinary_user(stage, binds)
    command = [*prefix, _needed("bwrap"), *_namespaces(), "--ro-bind", "/usr", "/usr"]
    command += [argument for name in SYSTEM_FOLDERS for argument in _system_folder(name)]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for source, target in binds:
        command += ["--ro-bind", str(source), target]
    command += _hidden_packages()
    command += ["--proc", "/proc", "--dev", "/dev", *_writable(disk_mib, single=single)]
    command += ["--dev-bind", "/dev/null", "/dev/zero"]  # mapped, it is memory that no limit counts
    command += ["--chdir", "/scratch", "--remount-ro", "/dev", "--remount-ro", "/"]
    python = f"{VENV}/bin/python" if _in_venv() else _base_python()
    inside = environment(
        "/scratch", f"{Path(python).parent}:/usr/bin:/bin", "/course/lib", "/tmp/matplotlib"
    )
    for name, value in inside.items():
        command += ["--setenv", name, value]
    return [*command, python, "-sP", "-m", "inside.zygote", options]


def _namespaces() -> list[str]:
    kinds = ("user", "pid", "ipc", "net", "uts", "cgroup-try")
    return [
        *(f"--unshare-{kind}" for kind in kinds),
        *(
            "--as-pid-1",
            "--hostname",
            "sandbox",
            "--die-with-parent",
            "--new-session",
            "--clearenv",
        ),
    ]


def _writable(disk_mib: int, *, single: bool) -> list[str]:
    """A warm parent's workers mount their own folders; a single one uses those of bwrap."""
    if not single:
        return ["--tmpfs", "/tmp", "--dir", "/scratch"]
    size = ["--size", str(disk_mib * 2**20), "--tmpfs"]
    return [*size, "/tmp", *size, "/scratch", *size, "/dev/shm"]


def _interpreter(stage: Path) -> list[tuple[Path, str]]:
    """The interpreter at its own place; the packages of a virtual environment at /course/venv."""
    base = Path(sys.base_prefix).resolve()
    if base.is_relative_to("/tmp") or base.is_relative_to("/scratch"):
        raise SandboxUnavailable(
            f"the Python interpreter lies in {base}, which the sandbox covers. Make the "
            "environment with an interpreter outside /tmp and /scratch."
        )
    binds = [] if base.is_relative_to("/usr") else [(base, str(base))]
    if not _in_venv():
        return binds
    home = Path(_base_python()).parent
    config = f"home = {home}\ninclude-system-site-packages = {_sees_system_packages()}\n"
    (stage / "pyvenv.cfg").write_text(config)
    (stage / "bin").mkdir(exist_ok=True)
    link = stage / "bin" / "python"
    if not link.is_symlink():
        link.symlink_to(_base_python())
    binds += [(stage / "pyvenv.cfg", f"{VENV}/pyvenv.cfg"), (stage / "bin", f"{VENV}/bin")]
    return binds + [(path, f"{VENV}/{path.relative_to(sys.prefix)}") for path in _packages()]


def _packages() -> list[Path]:
    """The folders of installed packages (two where the system keeps lib and lib64 apart)."""
    paths = (Path(sysconfig.get_path(key)) for key in ("purelib", "platlib"))
    return list({path.resolve(): path for path in paths}.values())


def _hidden_packages() -> list[str]:
    """Nothing of the grading pipeline is seen inside, also where it is installed as a package."""
    hidden = [path / "autograder" for path in _packages() if (path / "autograder").is_dir()]
    if not _in_venv():
        return [argument for path in hidden for argument in ("--tmpfs", str(path))]
    inside = [f"{VENV}/{path.relative_to(sys.prefix)}" for path in hidden]
    return [argument for path in inside for argument in ("--tmpfs", path)]


def _in_venv() -> bool:
    return sys.prefix != sys.base_prefix


def _base_python() -> str:
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def _sees_system_packages() -> str:
    config = Path(sys.prefix, "pyvenv.cfg").read_text().replace(" ", "")
    return str("include-system-site-packages=true" in config.lower()).lower()


def _system_folder(name: str) -> list[str]:
    path = Path("/", name)
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.is_dir() else []


def _as_ordinary_user(stage: Path, binds: list) -> tuple[list[str], list]:
    """What root runs before bwrap, and the binds as the ordinary user reaches them."""
    drop = [_needed("setpriv"), f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}"]
    if all(_reachable(Path(source)) for source, _ in binds):
        return [*drop, "--clear-groups"], binds
    mounts, moved = [], []
    for number, (source, target) in enumerate(binds):
        place = stage / "mounts" / str(number)
        place.parent.mkdir(exist_ok=True)
        place.mkdir(exist_ok=True) if Path(source).is_dir() else place.touch()
        mounts += [str(source), str(place)]
        moved.append((place, target))
    if not _reachable(stage):  # a private TMPDIR: the places are shown where everybody may go
        shown = next(path for path in OPEN_FOLDERS if path.is_dir() and not path.is_symlink())
        mounts += [str(stage / "mounts"), str(shown)]
        moved = [(shown / place.name, target) for place, target in moved]
    unshare = [_needed("unshare"), "--mount", "--propagation", "private", "--"]
    return [*unshare, "/bin/sh", "-c", _BIND_AND_DROP, "sh", *mounts, "--"], moved


def _reachable(path: Path) -> bool:
    """Whether a user who owns nothing can read this file or enter this folder."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents) and bool(
        path.stat().st_mode & 0o004
    )


def _needed(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        package = "bubblewrap" if program == "bwrap" else "util-linux"
        raise SandboxUnavailable(
            f"{program} is not installed, and submissions are never run without it. "
            f"Install it with: apt install {package}"
        )
    return path
