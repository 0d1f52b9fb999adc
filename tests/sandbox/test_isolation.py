"""Nothing of the host, of other submissions or of an earlier one is in reach."""

import os
import platform
import socket
import sys
from pathlib import Path

import pytest

from autograder.paths import ROOT
from autograder.sandbox import Sandbox
from autograder.sandbox.inside import seccomp
from autograder.sandbox.memory import family

from .conftest import SECRET, all_gone, printed, value

pytestmark = pytest.mark.sandbox

REFUSED = """
def refused(action, *arguments):
    try:
        action(*arguments)
    except (OSError, ImportError) as error:
        return True
    return False
"""


def test_the_working_directory_holds_the_chapters_files_and_is_writable(submission):
    found = value(
        submission,
        "import os; open('checks.json', 'a').close(); open('new', 'w').close(); os.remove('new')\n"
        "os.getcwd(), sorted(os.listdir('.')), os.listdir('figures')",
    )
    assert found == ("/scratch", ["checks.json", "figures"], ["a.txt"])


def test_no_file_of_the_host_is_there(submission, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("not for students")
    paths = ["/etc/passwd", "/etc/shadow", "/home", "/var", "/srv", "/run", "/sys", str(secret)]
    paths += [str(ROOT / name) for name in ("autograder", "solutions", "tests", ".git")]
    assert value(submission, f"import os; [p for p in {paths} if os.path.exists(p)]") == []


def test_the_home_of_the_judge_is_empty_but_for_its_interpreter(submission):
    home = str(Path.home())
    left = value(submission, f"import os; os.listdir({home!r}) if os.path.exists({home!r}) else []")
    inside = Path(sys.base_prefix)
    allowed = inside.relative_to(home).parts[:1] if inside.is_relative_to(home) else ()
    assert set(left) <= set(allowed)


def test_the_grading_pipeline_cannot_be_imported_and_dlkit_can(submission):
    code = f"import dlkit\n{REFUSED}\nrefused(__import__, 'autograder'), dlkit.__file__"
    assert value(submission, code) == (True, "/course/lib/dlkit/__init__.py")


def test_the_system_and_the_course_are_read_only(submission):
    folders = ["/", "/usr", "/course", "/course/files", "/course/lib/dlkit", "/dev", "/proc/sys"]
    code = f"{REFUSED}\n[p for p in {folders} if not refused(open, p + '/new', 'w')]"
    assert value(submission, code) == []


def test_the_environment_of_the_judge_is_gone(submission):
    names = value(submission, "import os; sorted(os.environ)")
    assert "SANDBOX_TEST_SECRET" not in names
    assert not [name for name in names if name.startswith(("SSH", "AWS", "GITHUB", "PYTEST"))]
    assert SECRET not in value(submission, "str(dict(os.environ))")


def test_every_process_to_be_seen_is_the_workers_own(warm):
    with warm.spawn() as worker, warm.spawn():
        seen = value(worker, "import os; [p for p in os.listdir('/proc') if p.isdigit()]")
        assert seen == ["1"]


def test_the_memory_and_environment_of_other_processes_are_closed(submission):
    code = f"""{REFUSED}
import os
others = [p for p in map(str, range(1, 300)) if p != str(os.getpid())]
kinds = ("mem", "environ", "maps", "root/usr", "fd/0")
paths = [f"/proc/{{p}}/{{k}}" for p in others for k in kinds]
[path for path in paths if not refused(os.open, path, os.O_RDONLY)]
"""
    assert value(submission, code) == []


def test_a_signal_reaches_no_process_of_another_submission(warm):
    with warm.spawn() as hostile, warm.spawn() as other:
        hostile.run_cell(
            "import os, signal\n"
            "for p in range(2, 400):\n"
            "    try: os.kill(p, signal.SIGKILL)\n"
            "    except OSError: pass\n"
            "try: os.kill(-1, signal.SIGKILL)\n"
            "except OSError: pass\n"
        )
        assert value(other, "1 + 1") == 2
    with warm.spawn() as later:
        assert value(later, "1 + 1") == 2


def test_there_is_no_network(submission):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"""{REFUSED}
import socket
def connect(host, port):
    socket.create_connection((host, port), timeout=0.5).close()
[refused(connect, "127.0.0.1", {port}), refused(connect, "192.0.2.1", 80)]
"""
        assert value(submission, code) == [True, True]


def test_loopback_is_down_in_a_warm_worker(worker):
    code = f"""{REFUSED}
import socket
server = socket.socket(); server.bind(("0.0.0.0", 0)); server.listen()
refused(socket.create_connection, ("127.0.0.1", server.getsockname()[1]), 0.5)
"""
    assert value(worker, code) is True


def test_abstract_sockets_of_the_host_are_out_of_reach(submission):
    with socket.socket(socket.AF_UNIX) as server:
        name = f"\0course-sandbox-test-{os.getpid()}"
        server.bind(name)
        server.listen()
        code = f"import socket\n{REFUSED}\nrefused(socket.socket(socket.AF_UNIX).connect, {name!r})"
        assert value(submission, code) is True


@pytest.mark.parametrize("mode", ["warm", "single"])
def test_two_submissions_at_a_time_share_no_folder_and_no_socket(mode, request):
    sandbox = request.getfixturevalue(mode)
    with sandbox.spawn() as first, sandbox.spawn() as second:
        first.run_cell(
            "import socket\n"
            "for folder in ('/scratch', '/tmp', '/dev/shm'): open(f'{folder}/mine', 'w').close()\n"
            "s = socket.socket(socket.AF_UNIX); s.bind('\\0sibling'); s.listen()\n"
            "t = socket.socket(); t.bind(('127.0.0.1', 45678)); t.listen()"
        )
        code = f"""{REFUSED}
import glob, socket
glob.glob("/scratch/mine") + glob.glob("/tmp/mine") + glob.glob("/dev/shm/mine"), [
    refused(socket.socket(socket.AF_UNIX).connect, "\\0sibling"),
    refused(socket.create_connection, ("127.0.0.1", 45678), 0.5),
]"""
        assert value(second, code) == ([], [True, True])


def test_a_submission_finds_the_interpreter_as_if_it_were_the_first(warm):
    with warm.spawn() as first:
        first.run_cell(
            "import builtins, os, sys, numpy as np\n"
            "np.array_equal = np.allclose = builtins.all = lambda *a, **k: True\n"
            "sys.modules['planted'] = sys; os.environ['PLANTED'] = '1'; planted = 1\n"
            "open('planted', 'w').close(); sys.path.insert(0, '/planted')"
        )
    with warm.spawn() as second:
        found = value(
            second,
            "import os, sys, numpy as np\n"
            "('planted' in sys.modules, 'PLANTED' in os.environ, 'planted' in globals(),"
            " os.path.exists('planted'), '/planted' in sys.path,"
            " np.array_equal([1], [2]), all([0]))",
        )
    assert found == (False,) * 7


def test_bytes_changed_in_memory_stay_with_the_submission_that_changed_them(warm):
    code = "import ctypes, numpy as np\nview = (ctypes.c_char * 8).from_address(id(np.pi) + 16)\n"
    with warm.spawn() as first:
        assert value(first, code + "view[:] = bytes(8); np.pi") == 0.0
    with warm.spawn() as second:
        assert value(second, "import numpy as np; np.pi") > 3.14


def test_a_daemon_dies_with_its_submission(warm):
    worker = warm.spawn()
    run = worker.run_cell(
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        while True: time.sleep(1)\n"
        "    os._exit(0)\n"
        "time.sleep(0.2)"
    )
    processes = family(worker.process.root())
    worker.close()
    assert run.status == "ok"
    assert len(processes) >= 2
    assert all_gone(processes)


@pytest.mark.parametrize("mode", ["warm", "single"])
def test_no_process_and_no_file_is_left_when_the_sandbox_closes(mode):
    with Sandbox(mode=mode) as sandbox:
        stage, worker = sandbox._stage, sandbox.spawn()
        worker.run_cell("import subprocess; subprocess.Popen(['sleep', '1000'])")
        processes = family(sandbox._parent.process.pid) + family(worker.process.root())
    assert all_gone(processes)
    assert not stage.exists()


def test_a_worker_has_no_privilege_and_cannot_get_one(submission):
    status = value(submission, "open('/proc/self/status').read().split('\\n')")
    found = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    assert found["CapEff"] == found["CapPrm"] == found["CapBnd"] == "0" * 16
    assert (found["NoNewPrivs"], found["Seccomp"]) == ("1", "2")
    assert "0" not in found["Uid"].split()


def test_every_descriptor_leads_nowhere_or_to_the_workers_own_files(submission):
    code = """
import os, stat
def leads(fd):
    try: return os.readlink(f"/proc/self/fd/{fd}")
    except OSError: return None
[leads(fd) for fd in range(64) if leads(fd)]
"""
    ours = ("/dev/null", "socket:", "/tmp/", "/proc/", "/#", "anon_inode:")
    assert [path for path in value(submission, code) if not path.startswith(ours)] == []


def test_every_denied_system_call_is_refused(submission):
    column = 0 if platform.machine() == "x86_64" else 1
    numbers = {name: n[column] for name, n in seccomp.DENIED.items() if n[column] is not None}
    code = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def errno_of(number):
    ctypes.set_errno(0)
    libc.syscall(number, 0, 0, 0, 0, 0, 0)
    return ctypes.get_errno()
{{name: errno_of(number) for name, number in {numbers}.items() if errno_of(number) != 1}}
"""
    assert value(submission, code) == {}


def test_new_namespaces_and_odd_sockets_are_refused(submission):
    code = """
import ctypes, platform, socket
libc = ctypes.CDLL(None, use_errno=True)
def errno_of(*arguments):
    ctypes.set_errno(0)
    libc.syscall(*arguments)
    return ctypes.get_errno()
clone = 56 if platform.machine() == "x86_64" else 220
def family(number):
    try: socket.socket(number, socket.SOCK_STREAM)
    except OSError as error: return error.errno
[errno_of(clone, 0x10000000 | 17, 0, 0, 0, 0), errno_of(435, 0, 0), family(40), family(16)]
"""
    assert value(submission, code) == [1, 38, 97, 97]


def test_memory_that_no_limit_counts_is_refused(submission):
    code = """
import mmap, os, socket
def refused(function, *arguments):
    try: function(*arguments)
    except OSError as error: return error.errno != 0
a, b = socket.socketpair()
zero = os.open("/dev/zero", os.O_RDWR)
[refused(mmap.mmap, -1, 4096), refused(mmap.mmap, zero, 4096),
 refused(a.setsockopt, socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)]
"""
    assert value(submission, code) == [True, True, True]


def test_memory_shared_through_files_and_private_memory_stay(submission):
    run = submission.run_cell(
        "import mmap, multiprocessing as mp, numpy as np\n"
        "from multiprocessing.shared_memory import SharedMemory\n"
        "private = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)\n"
        "block = SharedMemory(create=True, size=4096); block.close(); block.unlink()\n"
        "numbers = mp.Array('d', 100)\n"
        "print(np.memmap('map', dtype='f8', mode='w+', shape=10).sum() + len(numbers))"
    )
    assert printed(run) == "100.0\n"


def test_an_ordinary_child_process_and_thread_still_start(submission):
    run = submission.run_cell(
        "import subprocess, threading\n"
        "thread = threading.Thread(target=lambda: print('thread')); thread.start(); thread.join()\n"
        "print(subprocess.run(['echo', 'child'], capture_output=True, text=True).stdout)"
    )
    assert printed(run) == "thread\nchild\n\n"


def test_the_filter_of_the_other_machine_is_well_formed():
    for machine in seccomp.AUDIT_ARCH:
        code = seccomp.program(machine)
        assert len(code) % 8 == 0
        steps = len(code) // 8
        for index in range(steps):
            kind, true, false = code[8 * index], code[8 * index + 2], code[8 * index + 3]
            assert kind == 0x06 or index + 1 + max(true, false) < steps
