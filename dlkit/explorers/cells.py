"""Grids of numbers as shaded squares: blue above 0, red below, the stronger the further from 0."""

import numpy as np

_SHADES = 12


def cells(values, x, y, cell, most):
    """Marks for a grid `values` (rows, columns), `cell` pixels a square, from (x, y) on.

    `most` is the size of the strongest value. Squares of one shade are one path, so that large
    grids stay small in the page.
    """
    rows, columns = np.shape(values)
    shades = np.rint(np.clip(np.asarray(values) / (most or 1), -1, 1) * _SHADES).astype(int)
    marks = []
    for shade in np.unique(shades[shades != 0]):
        squares = "".join(
            f"M{x + cell * j:.1f} {y + cell * i:.1f}h{cell}v{cell}h{-cell}z"
            for i, j in np.argwhere(shades == shade)
        )
        kind, opacity = "dlk-plus" if shade > 0 else "dlk-minus", abs(shade) / _SHADES
        marks.append(f'<path class="{kind}" fill-opacity="{0.9 * opacity:.2f}" d="{squares}"/>')
    marks.append(frame(x, y, columns * cell, rows * cell))
    return "".join(marks)


def frame(x, y, width, height, kind="dlk-frame"):
    """A rectangle that is not filled."""
    return (
        f'<rect class="{kind}" fill="none" x="{x:.1f}" y="{y:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}"/>'
    )
