"""The isolated interpreter in which a student's notebook runs.

>>> with Sandbox(modules=("numpy",)) as sandbox, sandbox.spawn(seed=0) as worker:  # doctest: +SKIP
...     worker.run_cell("1 + 1").outputs[0]["data"]
{'text/plain': '2'}
"""

from autograder.sandbox.client import CellRun, Worker, WorkerLost
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox, probe_host

__all__ = ["CellRun", "Limits", "Sandbox", "Worker", "WorkerLost", "probe_host"]
