"""What goes on in the layers of a network: histograms of their values, sizes of their gradients."""

import numpy as np

from dlkit.datasets.checks import check_count
from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float
from dlkit.plots.axes import on_axes
from dlkit.plots.style import BLUE, GREY, INK, RED


@on_axes
def histograms(ax, layers, bins=60):
    """The distribution of each layer's values, the first layer on top, on one common scale.

    Each histogram is as high as the others, whatever its peak; the standard deviation stands at
    its right. Values that are nan or infinite are counted there.

    Parameters
    ----------
    layers : dict of str to array, or list of arrays
        The outputs, weights or gradients of each layer, of any shape.
    bins : int
        Bars over the whole scale, from 1.

    Raises
    ------
    ShapeError
        if there is no layer, or one is empty.
    """
    check_count("bins", bins)
    named = {name: values.ravel() for name, values in _named(layers, "histograms").items()}
    finite = {name: values[np.isfinite(values)] for name, values in named.items()}
    everything = np.concatenate(list(finite.values()))
    low, high = (everything.min(), everything.max()) if everything.size else (0.0, 1.0)
    if low == high:
        half = max(0.5, 0.1 * abs(low))
        low, high = low - half, high + half
    edges = np.linspace(low, high, bins + 1)
    for row, (name, values) in enumerate(finite.items()):
        counts, _ = np.histogram(values, edges)
        heights = -row + 0.85 * counts / max(counts.max(), 1)
        ax.stairs(heights, edges, baseline=-row, fill=True, color=BLUE, alpha=0.75, lw=0)
        ax.plot([low, high], [-row, -row], color=GREY, lw=0.8)
        words = [f"std {values.std():.3g}"] if values.size else []
        if values.size < named[name].size:
            words.append(f"{1 - values.size / named[name].size:.0%} not finite")
        ax.text(1.01, -row + 0.1, "\n".join(words), transform=ax.get_yaxis_transform(), color=INK)
    ax.set(xlabel="value", xlim=(low, high), ylim=(1 - len(named) - 0.15, 1))
    ax.set_yticks([0.1 - row for row in range(len(named))], list(named))
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return ax


@on_axes
def gradient_flow(ax, grads):
    """How large the gradients of each layer are, from the input (left) to the output.

    Circles are the mean of |gradient|, triangles the largest, on a logarithmic scale. Where all
    of a layer's gradients are 0 or one is not finite, a word stands in place of the mark.

    Parameters
    ----------
    grads : dict of str to array, or list of arrays
        One a layer, such as {"0.W": …, "2.W": …}, from `Layer.grads`.

    Raises
    ------
    ShapeError
        if there is no layer, or one is empty.
    """
    named = _named(grads, "gradient_flow")
    sizes = [np.abs(values) for values in named.values()]
    means, tops = np.array([s.mean() for s in sizes]), np.array([s.max() for s in sizes])
    shown = np.isfinite(tops) & (tops > 0)
    means, tops = (np.where(shown, values, np.nan) for values in (means, tops))
    at = np.arange(len(named))
    ax.plot(at, tops, "^", color=RED, mfc="white", ms=8, ls=":", label="largest |gradient|")
    ax.plot(at, means, "o", color=BLUE, ms=7, ls="-", label="mean |gradient|")
    ax.set_yscale("log")
    for i in np.flatnonzero(~shown):
        words = "all 0" if np.isfinite(sizes[i]).all() else "not finite"
        place = ax.get_xaxis_transform()
        ax.text(i, 0.02, words, transform=place, rotation=90, ha="center", va="bottom", color=RED)
    ax.set_xticks(at, list(named), rotation=30 if len(named) > 6 else 0)
    ax.set(
        xlabel="layer, from the input on",
        ylabel="size of the gradient",
        xlim=(-0.5, len(named) - 0.5),
    )
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    return ax


def _named(layers, where):
    """{name: array} of at least one layer; in a list, layers are called by their place."""
    if not isinstance(layers, dict):
        layers = {str(i): values for i, values in enumerate(layers, start=1)}
    named = {str(name): as_float(v).astype(np.float64, copy=False) for name, v in layers.items()}
    empty = [name for name, values in named.items() if values.size == 0]
    if not named or empty:
        which = f"layer {empty[0]!r} is empty" if empty else "there is none"
        raise ShapeError(f"{where} expected at least one value in each layer; {which}.")
    return named
