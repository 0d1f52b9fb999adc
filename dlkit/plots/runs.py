"""Results of several runs: what each gave, their mean, and how sure the mean is."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float
from dlkit.plots.axes import on_axes
from dlkit.plots.style import BLUE, GREY, INK


@on_axes
def runs(ax, named):
    """A row for each name: a cross a run, a dot at their mean, and a bar of one standard error.

    The standard error is the deviation of the runs (divided by n − 1) over √n; a single run has
    none. A line stands at 0, since most often the numbers are differences.

    Parameters
    ----------
    named : dict of str to numbers
        Name → the results of its runs.

    Raises
    ------
    TypeError
        if `named` is no dict.
    ShapeError
        if there is no name, or the results of one are not a list of finite numbers.
    """
    if not isinstance(named, dict):
        raise TypeError(
            f"runs expected a dict of names and results, got {type(named).__name__}. For one name: "
            '{"dropout": errors}.'
        )
    rows = {name: as_float(values) for name, values in named.items()}
    wrong = [n for n, v in rows.items() if v.ndim != 1 or v.size == 0 or not np.isfinite(v).all()]
    if wrong or not rows:
        which = f"those of {wrong[0]!r} are not" if wrong else "there are none"
        raise ShapeError(f"runs expected each name's results as a list of finite numbers; {which}.")
    ax.axvline(0, color=GREY, lw=1)
    for row, values in enumerate(rows.values()):
        ax.plot(values, np.full(len(values), row - 0.22), "x", color=GREY, ms=6)
        error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else None
        ax.errorbar(values.mean(), row, xerr=error, fmt="o", color=BLUE, ms=7, lw=2.5, capsize=5)
    ax.set_yticks(range(len(rows)), list(rows), color=INK)
    ax.set_ylim(len(rows) - 0.5, -0.6)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax
