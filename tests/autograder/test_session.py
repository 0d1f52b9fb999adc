"""A submission's session keeps to its time and its page, however its workers behave."""

import itertools
from types import SimpleNamespace

import pytest

from autograder import session
from autograder.sandbox import CellRun, Limits, WorkerLost

LIMITS = Limits(notebook_s=100.0, page_bytes=1000)
PART = SimpleNamespace(cases=[], objects=("f",), probe="call", forbidden=())


class Worker:
    """A cell takes ten seconds and shows 400 characters; a probe takes all that it may."""

    def __init__(self, clock):
        self.clock, self.limits_s = clock, []

    def run_cell(self, source):
        self.clock.now += 10
        stream = {"output_type": "stream", "name": "stdout", "text": "x" * 400}
        return CellRun("ok", [stream], 10.0, None)

    def probe(self, request, arrays, timeout_s):
        self.limits_s.append(timeout_s)
        self.clock.now += timeout_s
        raise WorkerLost("timeout", "too long")

    def close(self):
        pass


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(session.time, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def workers(clock):
    return [Worker(clock) for _ in range(10)]


@pytest.fixture
def opened(workers):
    spawned = itertools.chain(workers)
    sandbox = SimpleNamespace(limits=LIMITS, spawn=lambda seed: next(spawned))
    with session.Session(sandbox, seed=1) as opened:
        yield opened


def test_slow_probes_leave_time_for_those_after_them(opened, workers):
    for _ in range(4):
        opened.probe(PART)
    assert [limit for worker in workers for limit in worker.limits_s] == [50.0, 25.0, 12.5, 6.25]


def test_a_replay_does_not_go_on_when_the_time_is_over(opened, clock):
    for number in range(6):
        opened.run_cell(f"cell {number}")
    opened.probe(PART)
    assert clock.now == 80
    opened.run_cell("last")
    assert clock.now == 100
    assert opened.given_up
    assert opened.run_cell("never").error == "NotRun"


def test_a_session_can_be_given_less_time(workers, clock):
    sandbox = SimpleNamespace(limits=LIMITS, spawn=lambda seed: workers[0])
    with session.Session(sandbox, 1, 15.0) as short:
        assert short.run_cell("one").status == "ok"
        assert short.run_cell("two").status == "ok"
        assert short.given_up


def test_what_a_notebook_shows_has_a_limit(opened):
    shown = [opened.run_cell("cell").outputs[0]["text"] for _ in range(4)]
    assert [text[:3] for text in shown] == ["xxx", "xxx", "[le", "[le"]
    assert "1000 bytes" in shown[2]
