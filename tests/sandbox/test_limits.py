"""Each limit holds, costs the cell that broke it, and leaves the others as they are."""

import resource
import time

import pytest

from autograder.sandbox import Limits, Sandbox, WorkerLost

from .conftest import SMALL, printed, value

pytestmark = pytest.mark.sandbox

MIB = 2**20


@pytest.fixture(scope="module", params=["warm", "single"])
def submission(request):
    with request.getfixturevalue(request.param).spawn() as worker:
        yield worker


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np; np.ones(2**28)",
        "kept = []\nwhile True: kept.append(bytearray(2**20))",
        "import mmap; mmap.mmap(-1, 2**30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)",
    ],
)
def test_too_much_memory_in_one_process_is_an_error_of_its_cell(submission, source):
    run = submission.run_cell(source)
    submission.run_cell("kept = None")
    assert run.status == "error"
    assert run.error in ("MemoryError", "_ArrayMemoryError", "OSError")
    assert value(submission, "1 + 1") == 2


@pytest.mark.parametrize("mode", ["warm", "single"])
def test_too_much_memory_in_many_processes_ends_the_worker(mode, request):
    source = f"""
import os, time
for _ in range(6):
    if os.fork() == 0:
        kept = bytearray(b"x") * (100 * {MIB})
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""
    with request.getfixturevalue(mode).spawn() as worker:
        with pytest.raises(WorkerLost) as lost:
            worker.run_cell(source)
        assert lost.value.reason == "out_of_memory"
        assert "256 MiB" in lost.value.message
        with pytest.raises(WorkerLost) as again:
            worker.run_cell("1")
        assert "spawn another" in again.value.message


def test_children_that_share_the_warm_memory_are_not_counted_twice(warm):
    source = """
import os, time
children = []
for _ in range(10):
    pid = os.fork()
    if pid == 0:
        time.sleep(0.5); os._exit(0)
    children.append(pid)
for pid in children: os.waitpid(pid, 0)
"""
    with warm.spawn() as worker:
        assert worker.run_cell(source).status == "ok"


FORK_BOMB = """
import os, time
started = 0
try:
    while started < 1000:
        if os.fork() == 0:
            time.sleep(100); os._exit(0)
        started += 1
except OSError as error:
    print(type(error).__name__)
started
"""


@pytest.mark.parametrize("mode", ["warm", "single"])
def test_processes_stop_at_the_limit_and_a_sibling_still_starts_its_own(mode, request):
    sandbox = request.getfixturevalue(mode)
    with sandbox.spawn() as hostile, sandbox.spawn() as sibling:
        run = hostile.run_cell(FORK_BOMB)
        assert printed(run) == "BlockingIOError\n"
        assert 1 < int(run.outputs[-1]["data"]["text/plain"]) <= SMALL.processes
        assert printed(sibling.run_cell("!echo fine")) == "fine\n"


def test_one_file_stops_at_the_disk_limit(submission):
    run = submission.run_cell(f"with open('big', 'wb') as f: f.write(bytes(20 * {MIB}))")
    assert run.error == "OSError"
    assert value(submission, "import os; os.remove('big'); 1") == 1


def test_all_writable_folders_together_stop_at_the_disk_limit(worker):
    source = f"""
written = 0
try:
    for folder in ("/scratch", "/tmp", "/dev/shm"):
        for number in range(4):
            with open(f"{{folder}}/{{number}}", "wb") as file:
                written += file.write(bytes(2 * {MIB}))
except OSError as error:
    print(error.errno)
written / {MIB}
"""
    run = worker.run_cell(source)
    assert printed(run) == "28\n"
    assert float(run.outputs[-1]["data"]["text/plain"]) <= SMALL.disk_mib


def test_the_number_of_files_is_limited(worker):
    run = worker.run_cell("for n in range(1000): open(f'/scratch/{n}', 'w').close()")
    assert run.error == "OSError"
    assert value(worker, "import os; 100 < len(os.listdir('.')) <= 200") is True


@pytest.mark.parametrize(
    "source",
    [
        "print('x' * 10**7)",
        "for i in range(10**5): print(i)",
        "import os\nfor i in range(200): os.write(1, b'x' * 10**4)",
        "import sys\nsys.stderr.write('\\u0001' * 10**6)",
        "for i in range(10**3): display(i)",
        "'y' * 10**7",
        "for i in range(1000):\n    try: 1 / 0\n    except: get_ipython().showtraceback()",
    ],
)
def test_output_is_cut_with_a_line_that_says_so(worker, source):
    run = worker.run_cell(source)
    assert run.status == "ok", run.outputs
    assert "output cut here: a cell may show 100000 bytes" in run.outputs[-1]["text"]
    assert len(str(run.outputs)) < 5 * SMALL.output_bytes
    assert printed(worker.run_cell("print('next')")) == "next\n"


def test_an_endless_print_is_a_timeout_with_the_output_cut(worker):
    run = worker.run_cell("while True: print('again')", timeout_s=0.5)
    assert run.status == "timeout"
    assert "output cut here" in printed(run, "stderr")
    assert "stopped: this cell took longer than 0.5 s" in run.outputs[-1]["text"]


def test_a_picture_that_is_too_large_gives_way_and_its_text_stays(worker):
    run = worker.run_cell(
        "import numpy as np, matplotlib.pyplot as plt\n"
        "plt.imshow(np.random.rand(400, 400)); plt.show(); print('after')"
    )
    assert "image/png" not in str(run.outputs)
    assert "Figure size" in str(run.outputs)
    assert "output cut here" in run.outputs[-1]["text"]


def test_what_was_cleared_or_replaced_does_not_count(worker):
    run = worker.run_cell(
        "from IPython.display import clear_output\n"
        "handle = display('', display_id=True)\n"
        "for i in range(30):\n    handle.update(str(i) * 10**4)\n"
        "print('a' * 10**4)\n"
        "for i in range(30):\n    clear_output(wait=True); print(str(i) * 10**4)"
    )
    assert printed(run) == "29" * 10**4 + "\n"
    assert len(run.outputs) == 1


def test_limits_cannot_be_raised_again(submission):
    source = """
import resource
def raised(name):
    kind = getattr(resource, name)
    try:
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        return False
    return True
[n for n in ("RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU") if raised(n)]
"""
    assert value(submission, source) == []


def test_processor_time_is_limited_below_the_python_level(submission):
    source = "import resource; resource.getrlimit(resource.RLIMIT_CPU)"
    soft, hard = value(submission, source)
    assert soft == SMALL.notebook_s + 5
    assert hard == soft + 1 != resource.RLIM_INFINITY


def test_a_cell_that_is_too_long_is_not_run(worker):
    assert worker.run_cell("x = 1\n#" + "y" * 149_000).status == "ok"
    run = worker.run_cell("x = 2\n#" + "\ud800" * 10**6)
    assert (run.status, run.error) == ("error", "ValueError")
    assert value(worker, "x") == 1


# -- time --------------------------------------------------------------------------------------

STOPPED = {
    "endless loop": "while True: pass",
    "sleep": "import time; time.sleep(60)",
    "except Exception": "while True:\n    try: 1 / 0\n    except Exception: pass",
    "child process": "import subprocess; subprocess.run(['sleep', '60'])",
    "shell": "!sleep 60",
    "large integer": "while True: x = 3**100000",
    "await": "import asyncio; await asyncio.sleep(60)",
}

KILLED = {
    "ignores": "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)",
    "blocks": "import signal, time\n"
    "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\ntime.sleep(60)",
    "bare except": "import time\nwhile True:\n    try: time.sleep(0.01)\n    except: pass",
    "inside C": "sum(range(10**12))",
}


@pytest.mark.parametrize("source", STOPPED.values(), ids=STOPPED)
def test_a_slow_cell_is_stopped_and_the_names_live_on(worker, source):
    worker.run_cell("kept = 5")
    run = worker.run_cell(source, timeout_s=0.3)
    assert run.status == "timeout"
    assert run.seconds >= 0.3
    assert value(worker, "kept") == 5


@pytest.mark.parametrize("source", KILLED.values(), ids=KILLED)
def test_a_cell_that_does_not_stop_is_killed(worker, source):
    with pytest.raises(WorkerLost) as lost:
        worker.run_cell(source, timeout_s=0.3)
    assert lost.value.reason == "timeout"
    assert worker.ended["status"] == -9


def test_in_single_mode_a_slow_cell_is_stopped_or_killed_too(single):
    with single.spawn() as worker:
        assert worker.run_cell(STOPPED["endless loop"], timeout_s=0.3).status == "timeout"
        assert value(worker, "1") == 1
        with pytest.raises(WorkerLost) as lost:
            worker.run_cell(KILLED["ignores"], timeout_s=0.3)
    assert lost.value.reason == "timeout"


def test_an_interrupt_that_comes_late_does_not_stop_the_next_cell(worker):
    for _ in range(20):
        worker.process.interrupt()
        assert worker.run_cell("x = 1").status == "ok"


def test_all_cells_together_have_a_limit():
    with Sandbox(limits=Limits(notebook_s=0.6)) as sandbox, sandbox.spawn() as worker:
        assert worker.run_cell("import time; time.sleep(0.3)").status == "ok"
        assert worker.run_cell("time.sleep(60)").status == "timeout"
        assert worker.seconds >= 0.6
        started = time.monotonic()
        with pytest.raises(WorkerLost) as lost:
            worker.run_cell("1")
        assert lost.value.reason == "timeout"
        assert "0.6 s" in lost.value.message
        assert time.monotonic() - started < 5
        with sandbox.spawn() as another:
            assert value(another, "1") == 1
