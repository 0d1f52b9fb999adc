"""A worker's own world: namespaces, private folders, limits and no privileges (Linux only).

`fork_worker` forks twice. The first child enters new user, process, network, mount, IPC, host-name
and cgroup namespaces; its child is process 1 there, becomes the worker and never returns.
"""

import ctypes
import os
import resource
import shutil
import signal
import socket
import struct
from pathlib import Path

from . import seccomp

SCRATCH = "/scratch"
COURSE = "/course"  # what bwrap mounts: files of the chapter, font list, packages

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
ALL_NEW = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID
    | CLONE_NEWNET
)  # fmt: skip
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = (
    1, 2, 4, 8, 4096, 16384, 1 << 18,
)  # fmt: skip
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER = 1, 4, 24, 36
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
CAPABILITY_VERSION_3 = 0x20080522


def fork_worker(become_worker) -> int:
    """Start `become_worker()` as process 1 of new namespaces; its process id as seen from here."""
    reader, writer = os.pipe()
    helper = os.fork()
    if helper == 0:
        try:
            os.close(reader)
            _unshare_all()
            worker = os.fork()
            if worker == 0:
                os.close(writer)
                become_worker()
            os.write(writer, struct.pack("!i", worker))
        finally:
            os._exit(0)
    os.close(writer)
    answer = os.read(reader, 4)
    os.close(reader)
    os.waitpid(helper, 0)
    if len(answer) < 4:
        raise OSError("new namespaces inside the sandbox are refused")
    return struct.unpack("!i", answer)[0]


def be_subreaper() -> None:
    """Become the parent of workers whose first parent has gone, to learn how they ended."""
    _check(_libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "becoming a subreaper")


def _unshare_all() -> None:
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(ALL_NEW), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def mount_private_folders(limits: dict) -> None:
    """Fresh /scratch, /tmp and /dev/shm that share one limit of size, and a /proc of our own."""
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    size = f"size={limits['disk_mib']}m,nr_inodes={limits['files']},mode=700"
    _mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, size)
    for name, target in (("s", SCRATCH), ("m", "/dev/shm"), ("t", "/tmp")):
        os.mkdir(f"/tmp/{name}")
        _mount(f"/tmp/{name}", target, None, MS_BIND)
    try:
        _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2,subset=pid")
    except OSError:  # refused where parts of the outer /proc are covered: then there is none
        _mount("tmpfs", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k,nr_inodes=2")


def fill_scratch() -> None:
    """Go to /scratch and put writable copies of the chapter's files there."""
    os.chdir(SCRATCH)
    shutil.copytree(f"{COURSE}/files", SCRATCH, dirs_exist_ok=True, copy_function=shutil.copyfile)


def copy_fonts() -> None:
    """Matplotlib's list of fonts, where matplotlib looks for it and may write."""
    shutil.copytree(f"{COURSE}/matplotlib", os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)


def keep_only(channel: socket.socket) -> None:
    """Close every descriptor but the channel; 0 to 2 lead nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.set_inheritable(channel.fileno(), False)
    os.closerange(3, channel.fileno())
    os.closerange(channel.fileno() + 1, os.sysconf("SC_OPEN_MAX"))


def set_limits(limits: dict) -> None:
    """Limits of each process; sizes come on top of what the warm interpreter already takes."""
    used = _pages("/proc/self/statm")
    allowance = limits["memory_mib"] * 2**20
    cpu_s = int(limits["notebook_s"]) + 5
    for kind, soft, hard in (
        (resource.RLIMIT_AS, used["size"] + allowance, None),
        (resource.RLIMIT_DATA, used["data"] + allowance, None),
        (resource.RLIMIT_FSIZE, limits["disk_mib"] * 2**20, None),
        (resource.RLIMIT_NPROC, limits["processes"], None),
        (resource.RLIMIT_NOFILE, 256, None),  # a socket holds up to 200 KB that nobody counts
        (resource.RLIMIT_CORE, 0, None),
        (resource.RLIMIT_MEMLOCK, 2**20, None),
        (resource.RLIMIT_CPU, cpu_s, cpu_s + 1),
    ):
        resource.setrlimit(kind, (soft, hard or soft))


def _pages(path: str) -> dict[str, int]:
    fields = [int(n) * os.sysconf("SC_PAGE_SIZE") for n in Path(path).read_text().split()]
    return {"size": fields[0], "data": fields[5]}


def drop_privileges() -> None:
    """No capability, none to be won by running a program, and the system-call filter."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            break
    _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = struct.pack("=II", CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, bytes(24)), "dropping capabilities")
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "setting no_new_privs")
    seccomp.install()


def become_isolated(channel: socket.socket, limits: dict, *, nested: bool) -> None:
    """All steps of a worker inside bwrap; `nested` where it has namespaces of its own."""
    if nested:
        mount_private_folders(limits)
        copy_fonts()
    os.setsid()
    keep_only(channel)
    fill_scratch()
    set_limits(limits)
    drop_privileges()


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends."""
    _check(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "tying to the parent")


def hide_memory() -> None:
    """Close this process's memory to others of the same user."""
    _check(_libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "hiding memory")


def _mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    arguments = [text.encode() if text else None for text in (source, target, kind)]
    _check(_libc.mount(*arguments, flags, data.encode() or None), f"mounting {target}")


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
