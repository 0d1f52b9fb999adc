"""A loss over two weights seen from above, and the paths of descents on it."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float
from dlkit.plots.axes import on_axes
from dlkit.plots.style import GREY, LINES

PLACES = 81  # of the grid, along each axis


@on_axes
def paths(ax, loss, named, xlim, ylim, levels=10):
    """Lines of equal loss, and one path a name: a dot for each point visited.

    Parameters
    ----------
    loss : function of (x, y) → loss
        Takes arrays of any shape.
    named : dict of str to array (n, 2)
        At most six paths. Only the part within the limits is seen.
    xlim, ylim : (float, float)
    levels : int or numbers
        How many lines of equal loss, closer together near the lowest place; or their losses.

    Raises
    ------
    TypeError
        if `named` is no dict.
    ShapeError
        if a path is not (n, 2).
    ValueError
        if there are more than six paths.
    """
    if not isinstance(named, dict):
        raise TypeError(f"paths expected a dict of names and paths, got {type(named).__name__}.")
    if len(named) > len(LINES):
        raise ValueError(f"paths expected at most six paths, got {len(named)}.")
    x, y = np.meshgrid(np.linspace(*xlim, PLACES), np.linspace(*ylim, PLACES))
    height = as_float(loss(x, y))
    if np.ndim(levels) == 0:
        low, high = height.min(), height.max()
        levels = low + (high - low) * (np.arange(1, levels + 1) / (levels + 1)) ** 2
    ax.contour(x, y, height, levels=levels, colors=GREY, linewidths=0.8)
    for (name, path), look in zip(named.items(), LINES, strict=False):
        path = as_float(path)
        if path.ndim != 2 or path.shape[1] != 2:
            raise ShapeError(f"path {name!r} expected shape (n, 2), got {path.shape}.")
        ax.plot(*path.T, marker="o", ms=3.5, lw=1.5, label=name, **look)
    ax.set(xlim=xlim, ylim=ylim, xlabel="x")
    ax.set_ylabel("y", rotation=0)
    if named:
        ax.legend(frameon=True, framealpha=0.9)
    return ax
