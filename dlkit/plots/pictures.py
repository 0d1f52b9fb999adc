"""Many small pictures on one Axes: images, filters of a convolution, feature maps."""

import numpy as np
from matplotlib.patches import Rectangle

from dlkit.datasets.checks import check_count
from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float
from dlkit.plots.axes import on_axes
from dlkit.plots.style import BOTH_SIGNS, GREY, INK


@on_axes
def images(ax, X, labels=None, columns=None, cmap="gray_r"):
    """Images side by side, grey or in colours.

    Parameters
    ----------
    X : array (N, C, H, W), C 1 or 3, or (N, H, W)
        Grey values are drawn from the least to the greatest; colours lie between 0 and 1.
    labels : N words or numbers, optional
        What stands above each image.
    columns : int, optional
        Images in a row; about a square of images if it is left out.
    cmap : str
        How grey values look: "gray_r" draws 1 as ink, "gray" as light, for photographs.

    Raises
    ------
    ShapeError
        if X has another shape, or there are not as many labels.
    ValueError
        if a colour is not between 0 and 1.
    """
    X = as_float(X)
    X = X[:, None] if X.ndim == 3 else X
    if X.ndim != 4 or X.shape[1] not in (1, 3) or X.size == 0:
        slip = {
            2: "Rows become images with X.reshape(-1, 1, H, W); one image is X[None].",
            4: "Channels stand before height and width: try X.transpose(0, 3, 1, 2).",
        }.get(X.ndim, "")
        raise ShapeError(f"images expected X of shape (N, 1 or 3, H, W), got {X.shape}. {slip}")
    if labels is not None and len(labels) != len(X):
        raise ShapeError(f"images expected {len(X)} labels, one an image, got {len(labels)}.")
    if X.shape[1] == 3 and ((X < 0) | (X > 1)).any():
        raise ValueError(
            f"images expected colours between 0 and 1, got {X.min():.4g} to {X.max():.4g}. Bytes "
            "become such numbers with X / 255."
        )
    tiles = X.transpose(0, 2, 3, 1) if X.shape[1] == 3 else X[:, 0]
    return _show(ax, tiles, columns, labels, cmap=cmap)


@on_axes
def filters(ax, W, columns=None):
    """The filters of a convolution: blue is negative, white 0, red positive; a bar has the numbers.

    With one input channel the filters stand about in a square. With several, a row is a filter and
    a column an input channel.

    Parameters
    ----------
    W : array (C_out, C_in, kH, kW)
        The weights of a layer's units over an image are such filters, too:
        W.T.reshape(-1, 1, H, W).
    columns : int, optional
        Filters in a row, where there is one input channel.

    Raises
    ------
    ShapeError
        if W has another shape.
    """
    W = as_float(W)
    if W.ndim != 4 or W.size == 0:
        slip = " The columns of (H·W, M) become filters with W.T.reshape(-1, 1, H, W)."
        raise ShapeError(
            f"filters expected W of shape (C_out, C_in, kH, kW), got {W.shape}."
            f"{slip if W.ndim == 2 else ''}"
        )
    several = W.shape[1] > 1
    reach = np.abs(W[np.isfinite(W)]).max(initial=0.0) or 1.0
    tiles = W.reshape(-1, *W.shape[2:])
    look = {"cmap": BOTH_SIGNS, "vmin": -reach, "vmax": reach}
    _show(ax, tiles, W.shape[1] if several else columns, frames=True, **look)
    if several:
        ax.set_axis_on()
        ax.set(xlabel="input channel", ylabel="filter", xticks=(), yticks=())
        ax.spines[:].set_visible(False)
    ax.figure.colorbar(ax.images[-1], ax=ax, shrink=0.8)
    return ax


@on_axes
def feature_maps(ax, maps, columns=None):
    """What each channel of a convolution puts out for one image, with the channel's number.

    All are on one scale: white is the greatest value, black the least.

    Parameters
    ----------
    maps : array (C, H, W)
    columns : int, optional
        Maps in a row.

    Raises
    ------
    ShapeError
        if `maps` has another shape.
    """
    maps = as_float(maps)
    if maps.ndim != 3 or maps.size == 0:
        slip = " That of one image is maps[0]." if maps.ndim == 4 else ""
        raise ShapeError(f"feature_maps expected maps of shape (C, H, W), got {maps.shape}.{slip}")
    return _show(ax, maps, columns, range(len(maps)), cmap="gray")


def _show(ax, tiles, columns, labels=None, frames=False, **look):
    """Tiles (n, H, W) or (n, H, W, 3) in rows, with a gap between them, and frames if wanted."""
    if columns is not None:
        check_count("columns", columns)
    n, H, W = tiles.shape[:3]
    columns = min(columns or int(np.ceil(np.sqrt(n * H / W))), n)
    rows = -(-n // columns)
    gap = max(1, min(H, W) // 12)
    above = 0 if labels is None else max(2, round(0.3 * H))  # room for a label
    tall, wide = H + gap + above, W + gap
    shape = (rows * tall - gap, columns * wide - gap, *tiles.shape[3:])
    sheet = np.full(shape, 1.0 if tiles.ndim == 4 else np.nan)
    for i, tile in enumerate(tiles):
        top, left = i // columns * tall + above, i % columns * wide
        sheet[top : top + H, left : left + W] = tile
        if frames:
            corner = (left - 0.5, top - 0.5)
            ax.add_patch(Rectangle(corner, W, H, fill=False, edgecolor=GREY, lw=0.8, clip_on=False))
        if labels is not None:
            ax.text(
                left + W / 2 - 0.5, top - 0.08 * H - 0.5, str(labels[i]), ha="center", va="bottom",
                color=INK, fontsize="small",
            )  # fmt: skip
    ax.imshow(sheet, interpolation="nearest", **look)
    ax.set_axis_off()
    return ax
