"""Values asked of a student's objects: small data as JSON, arrays as bytes, time from outside."""

import time

import numpy as np
import pytest

from autograder.sandbox import WorkerLost
from dlkit.check import remote

from .conftest import value

pytestmark = pytest.mark.sandbox

# the course's side of a probe, replaced by one that shows what arrives
ECHO = """
import time, numpy as np
import dlkit.check.remote as p
p.serve = lambda namespace, request, arrays: ({**request, "name": namespace["x"]}, arrays)
p.prepare = lambda namespace, request, arrays: lambda: (time.sleep(request["s"]), arrays[0] * 2)[1]
p.finish = lambda result: ({"shape": list(result.shape)}, [result])
x = 5
"""


@pytest.fixture
def echo(worker):
    assert worker.run_cell(ECHO).status == "ok"
    return worker


@pytest.mark.parametrize("dtype", ["?", "i1", "i8", "u2", "f2", "f4", "f8", "c8", "c16", ">f8"])
@pytest.mark.parametrize("shape", [(), (0, 3), (4,), (2, 3, 4)])
def test_arrays_come_back_as_they_were(echo, dtype, shape):
    sent = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    reply, (array,) = echo.probe({"a": [1, None, "é"]}, [sent])
    assert reply == {"a": [1, None, "é"], "name": 5}
    assert array.dtype == sent.dtype.newbyteorder("<")
    assert array.flags.writeable
    np.testing.assert_array_equal(array, sent)


def test_infinities_and_nan_come_back_as_they_were(echo):
    reply, (array,) = echo.probe({"v": [float("inf"), float("nan")]}, [np.array([np.nan, -np.inf])])
    assert reply["v"][0] == float("inf")
    assert np.isnan(reply["v"][1])
    assert np.isnan(array[0])
    assert array[1] == -np.inf


def test_strided_and_fortran_arrays_arrive_with_their_values(echo):
    sent = np.arange(12.0).reshape(3, 4)
    _, arrays = echo.probe({}, [sent[:, ::2], np.asfortranarray(sent)])
    np.testing.assert_array_equal(arrays[0], sent[:, ::2])
    np.testing.assert_array_equal(arrays[1], sent)


def test_a_bool_of_another_byte_is_an_ordinary_true(echo):
    echo.run_cell("p.serve = lambda *a: ({}, [np.array([0, 1, 7], np.uint8).view(bool)])")
    _, (array,) = echo.probe({}, [])
    assert array.view(np.uint8).tolist() == [0, 1, 1]


def test_the_courses_own_probes_answer(worker):
    worker.run_cell("def double(v): return 2 * v")
    request, arrays = remote.request(["double"], "call", [((np.arange(3.0),), {})])
    reply, found = worker.probe(request, arrays)
    (outcome,) = remote.outcomes(reply, found)
    np.testing.assert_array_equal(outcome.value, [0, 2, 4])
    seconds, around, reply, found = worker.time_probe(request, arrays)
    assert seconds > 0
    assert around > 0
    np.testing.assert_array_equal(remote.outcomes(reply, found)[0].value, [0, 2, 4])


def test_what_a_probe_prints_is_thrown_away(echo):
    echo.run_cell("p.serve = lambda *a: (print('printed'), ({}, []))[1]")
    echo.probe({}, [])
    assert echo.run_cell("print('cell')").outputs[0]["text"] == "cell\n"


BROKEN = {
    "raises": ("p.serve = lambda *a: 1 / 0", "ZeroDivisionError: division by zero"),
    "exits": ("import sys; p.serve = lambda *a: sys.exit()", "SystemExit"),
    "no JSON": ("p.serve = lambda *a: ({'a': {1, 2}}, [])", "not JSON serializable"),
    "objects": ("p.serve = lambda *a: ({}, [np.array([p])])", "dtype object cannot be sent"),
    "texts": ("p.serve = lambda *a: ({}, [np.array(['a'])])", "cannot be sent"),
    "too large": ("p.serve = lambda *a: ({}, [np.zeros(9 * 10**6)])", "more than 64000000"),
    "too long": ("p.serve = lambda *a: ({'a': 'x' * 3 * 10**6}, [])", "more than 2000000"),
    "deep": ("d = []\nfor _ in range(99): d = [d]\np.serve = lambda *a: ({'d': d}, [])", "nested"),
    "gone": ("import os; p.serve = lambda *a: os._exit(0)", "exit status 0"),
}


@pytest.mark.parametrize(("source", "says"), BROKEN.values(), ids=BROKEN)
def test_a_probe_that_fails_loses_the_worker_and_says_why(echo, source, says):
    echo.run_cell(source)
    with pytest.raises(WorkerLost) as lost:
        echo.probe({}, [])
    assert lost.value.reason == "crashed"
    assert says in lost.value.message


def test_a_probe_without_end_is_a_timeout(echo):
    echo.run_cell("def serve(*a):\n    while True: pass\np.serve = serve")
    with pytest.raises(WorkerLost) as lost:
        echo.probe({}, [], timeout_s=0.3)
    assert lost.value.reason == "timeout"


def test_a_request_too_large_to_send_is_the_judges_own_error(echo):
    with pytest.raises(ValueError, match="more than 64000000"):
        echo.probe({}, [np.zeros(9 * 10**6)])
    assert value(echo, "1") == 1


def test_a_timed_call_is_measured_from_outside_and_gives_its_values(echo):
    seconds, _, reply, (array,) = echo.time_probe({"s": 0.05}, [np.ones(3)], repeat=2)
    assert seconds >= 0.05
    assert reply == {"shape": [3]}
    np.testing.assert_array_equal(array, [2, 2, 2])


def test_a_clock_that_the_student_stops_does_not_stop_the_judges(echo):
    echo.run_cell("import time; pause = time.sleep; time.perf_counter = time.time = lambda: 0.0")
    seconds, _, _, _ = echo.time_probe({"s": 0.05}, [np.ones(3)], repeat=1)
    assert seconds >= 0.05


def test_what_is_calculated_before_or_after_the_call_is_measured_too(echo):
    echo.run_cell("import time; done, p_finish = p.prepare, p.finish")
    echo.run_cell("p.prepare = lambda *a: (time.sleep(0.05), done(*a))[1]")
    assert echo.time_probe({"s": 0}, [np.ones(3)])[1] >= 0.05
    echo.run_cell("p.prepare = done; p.finish = lambda *a: (time.sleep(0.07), p_finish(*a))[1]")
    assert echo.time_probe({"s": 0}, [np.ones(3)])[1] >= 0.07


def test_a_timed_call_that_answers_early_is_refused(echo):
    echo.run_cell("import dlkit.check.remote as p\nimport os, stat, threading, struct")
    echo.run_cell(
        "fd = next(n for n in range(3, 64) if os.path.exists(f'/proc/self/fd/{n}')"
        " and stat.S_ISSOCK(os.fstat(n).st_mode))\n"
        'done = b\'{"id": "guessed", "ok": true, "arrays": []}\'\n'
        "done = struct.pack('!I', len(done)) + done\n"
        "p.prepare = lambda *a: (threading.Timer(0.05, os.write, [fd, done]).start(),"
        " lambda: time.sleep(1))[1]"
    )
    with pytest.raises(WorkerLost) as lost:
        echo.time_probe({}, [np.ones(3)])
    assert lost.value.reason == "crashed"


def test_a_probe_after_the_notebooks_time_is_a_timeout(echo):
    echo.seconds = echo.limits.notebook_s + 1
    started = time.monotonic()
    with pytest.raises(WorkerLost) as lost:
        echo.probe({}, [])
    assert lost.value.reason == "timeout"
    assert time.monotonic() - started < 5
