"""What the sandbox costs: start, one worker, nineteen small cells, probes, one figure.

    python benchmarks/sandbox.py [--torch] [--count 30]

Wall times are medians in milliseconds. CPU is what one submission more costs in all processes
together: the difference between a run with few and a run with many submissions.
"""

import resource
import statistics
import time
from itertools import pairwise

import click
import numpy as np

from autograder.sandbox import Sandbox
from dlkit.check import remote

CELLS = [f"x{n} = {n}\nprint(x{n})\nx{n} + 1" for n in range(18)]
CELLS.append("def double(v):\n    return 2 * v")
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); plt.title('a figure')"
STEPS = ("spawn", "19 cells", "6 probes", "figure", "end")


def submission(sandbox: Sandbox, figure: bool) -> dict[str, float]:
    """Milliseconds of each step of one submission."""
    request, arrays = remote.request(["double"], "call", [((np.ones(8),), {})])
    marks = [time.perf_counter()]
    worker = sandbox.spawn()
    marks.append(time.perf_counter())
    for cell in CELLS:
        worker.run_cell(cell)
    marks.append(time.perf_counter())
    for _ in range(6):
        worker.probe(request, arrays)
    marks.append(time.perf_counter())
    if figure:
        worker.run_cell(FIGURE)
    marks.append(time.perf_counter())
    worker.close()
    marks.append(time.perf_counter())
    times = [1000 * (after - before) for before, after in pairwise(marks)]
    return dict(zip(STEPS, times, strict=True))


def cpu_s() -> float:
    """CPU seconds of this process and of all that it has waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))


def run(mode: str, modules: tuple[str, ...], count: int, figure: bool):
    """(CPU seconds of everything, seconds to start, the steps' times) of `count` submissions."""
    before, started = cpu_s(), time.perf_counter()
    options = {"isolated": False} if mode == "plain" else {"mode": mode}
    with Sandbox(modules, **options) as sandbox:
        start_s = time.perf_counter() - started
        steps = [submission(sandbox, figure) for _ in range(count)]
    return cpu_s() - before, start_s, steps


@click.command()
@click.option("--torch", is_flag=True, help="Import torch into the warm parent too.")
@click.option("--count", default=30, help="Submissions in the long run.")
def main(torch: bool, count: int) -> None:
    modules = ("numpy", "matplotlib.pyplot", "dlkit.check") + (("torch",) if torch else ())
    print(f"modules: {', '.join(modules)}; medians of {count}, wall in ms\n")
    print(f"{'mode':8}{'start':>8}" + "".join(f"{step:>10}" for step in STEPS) + f"{'CPU':>8}")
    for mode, figure in (("warm", False), ("warm", True), ("plain", False), ("single", False)):
        long = count if mode != "single" else max(6, count // 5)
        few, _, _ = run(mode, modules, 2, figure)
        many, start_s, steps = run(mode, modules, long, figure)
        times = [statistics.median(step[name] for step in steps) for name in STEPS]
        per_submission = 1000 * (many - few) / (long - 2)
        print(f"{mode:8}{1000 * start_s:8.0f}", end="")
        print("".join(f"{t:10.1f}" for t in times) + f"{per_submission:8.0f}", flush=True)


if __name__ == "__main__":
    main()
