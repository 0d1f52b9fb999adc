"""The system calls that a student's code may not make, as a seccomp filter.

The namespaces are the wall. This filter takes away what could be used to climb it (new namespaces,
mounts, tracing, kernel interfaces with a history of holes) and memory that no limit counts.
"""

import ctypes
import errno
import os
import platform
import struct

# name: (number on x86_64, number on aarch64); None where the machine has no such call
DENIED = {
    # namespaces and mounts
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "open_tree_attr": (467, 467),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    # interfaces of the kernel that a notebook has no use for
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "fanotify_init": (300, 262), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "quotactl": (179, 60), "syslog": (103, 116), "vhangup": (153, 58), "iopl": (172, None),
    "ioperm": (173, None), "modify_ldt": (154, None), "personality": (135, 92),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162),
    # memory outside RLIMIT_AS: memory files, System V and POSIX queues
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180), "mbind": (237, 235), "move_pages": (279, 239),
    "migrate_pages": (256, 238),
}  # fmt: skip
CLONE3 = (435, 435)  # its flags lie in memory, where a filter cannot look: "not there"
CLONE = (56, 220)
SOCKET = (41, 198)
IOCTL = (16, 29)
MMAP = (9, 222)
SETSOCKOPT = (54, 208)

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW* flag
SOCKET_FAMILIES = (1, 2, 10)  # UNIX, INET, INET6
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
SO_SNDBUF = 7
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
X32 = 0x40000000

ALLOW, KILL = 0x7FFF0000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
PR_SET_SECCOMP, MODE_FILTER = 22, 2


def _refuse(number: int) -> int:
    return 0x00050000 | number


def program(machine: str) -> bytes:
    """The filter for "x86_64" or "aarch64" as BPF instructions."""
    column = 0 if machine == "x86_64" else 1
    eperm, enosys = _refuse(errno.EPERM), _refuse(errno.ENOSYS)
    code = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, AUDIT_ARCH[machine]), (_RETURN, 0, 0, KILL)]
    code += [(_LOAD, 0, 0, _NUMBER)]
    if machine == "x86_64":
        code += [(_AT_LEAST, 0, 1, X32), (_RETURN, 0, 0, enosys)]
    code += [(_EQUAL, 0, 1, CLONE3[column]), (_RETURN, 0, 0, enosys)]
    for numbers in DENIED.values():
        if numbers[column] is not None:
            code += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, eperm)]
    code += _when(CLONE[column], 0, [(_ANY_BIT, 0, 1, NEW_NAMESPACE), (_RETURN, 0, 0, eperm)])
    code += _when(
        IOCTL[column],
        1,
        [(_EQUAL, 1, 0, TIOCSTI), (_EQUAL, 0, 1, TIOCLINUX), (_RETURN, 0, 0, eperm)],
    )
    # shared memory without a file keeps its pages when no process has them mapped
    both = [(_ANY_BIT, 0, 2, MAP_ANONYMOUS), (_ANY_BIT, 0, 1, MAP_SHARED)]
    code += _when(MMAP[column], 3, [*both, (_RETURN, 0, 0, eperm)])
    code += _when(SETSOCKOPT[column], 2, [(_EQUAL, 0, 1, SO_SNDBUF), (_RETURN, 0, 0, eperm)])
    families = [(_EQUAL, len(SOCKET_FAMILIES) - i, 0, f) for i, f in enumerate(SOCKET_FAMILIES)]
    no_family = (_RETURN, 0, 0, _refuse(errno.EAFNOSUPPORT))
    code += _when(SOCKET[column], 0, [*families, no_family])
    code += [(_RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def _when(number: int, argument: int, steps: list) -> list:
    """`steps` for one call, with its argument loaded; whatever they do not refuse is allowed."""
    body = [(_LOAD, 0, 0, _ARGUMENT + 8 * argument), *steps, (_RETURN, 0, 0, ALLOW)]
    return [(_EQUAL, 0, len(body), number), *body]


def install() -> None:
    """Put the filter on this process and all that it starts; no_new_privs must be set."""
    if platform.machine() not in AUDIT_ARCH:
        raise OSError(f"no system-call filter is written for {platform.machine()} processors")
    code = program(platform.machine())
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    filter_program = Program(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(filter_program), 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f"installing the seccomp filter: {os.strerror(number)}")
