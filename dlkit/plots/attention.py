"""A map of attention: who looks where, and how much."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float
from dlkit.plots.axes import on_axes
from dlkit.plots.style import FROM_ZERO, INK

MOST_NUMBERS = 12  # rows or columns; in larger maps numbers could not be read


@on_axes
def attention(ax, weights, queries=None, keys=None):
    """The weights of attention: row i says how much query i looks at each key; dark is 1.

    In a small map each weight stands in its cell.

    Parameters
    ----------
    weights : array (T_q, T_k)
        Each row sums to 1, or to 0 where a query may see nothing.
    queries, keys : lists of words, optional
        What the rows and columns are called; `keys` is `queries` if it is left out and fits.

    Raises
    ------
    ShapeError
        if `weights` is not (T_q, T_k), or a list of words has another length.
    ValueError
        if a row is not made of weights.
    """
    weights = as_float(weights)
    if weights.ndim != 2 or weights.size == 0:
        slip = " One head or one example is weights[0]." if weights.ndim > 2 else ""
        raise ShapeError(
            f"attention expected weights of shape (T_q, T_k), got {weights.shape}.{slip}"
        )
    sums = weights.sum(axis=1)
    wrong = ~(np.isclose(sums, 1, atol=1e-3) | (sums == 0)) | (weights < 0).any(axis=1)
    if wrong.any():
        raise ValueError(
            f"attention expected rows of weights that sum to 1 (or to 0), but row "
            f"{wrong.argmax()} sums to {sums[wrong.argmax()]:.4g}. Pass what softmax gives over "
            "the keys, not the scores."
        )
    if keys is None and queries is not None and len(queries) == weights.shape[1]:
        keys = queries
    ax.imshow(weights, cmap=FROM_ZERO, vmin=0, vmax=1, aspect="equal")
    for axis, words, size in ((ax.yaxis, queries, len(weights)), (ax.xaxis, keys, len(weights.T))):
        _name(axis, words, size)
    ax.set(xlabel="is looked at (key)", ylabel="looks (query)")
    if max(weights.shape) <= MOST_NUMBERS:
        for (i, j), weight in np.ndenumerate(weights):
            colour = "white" if weight > 0.55 else INK
            ax.text(j, i, f"{weight:.2f}", ha="center", va="center", color=colour, fontsize="small")
    return ax


def _name(axis, words, size):
    """The words at the ticks of an axis with `size` cells."""
    if words is None:
        axis.get_major_locator().set_params(integer=True)
        return
    if len(words) != size:
        raise ShapeError(f"attention expected {size} words along an axis, got {len(words)}.")
    turned = {"rotation": 90} if axis.axis_name == "x" and max(map(len, words)) > 4 else {}
    axis.set_ticks(range(size), words, **turned)
