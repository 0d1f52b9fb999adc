"""Two photographs for trying kernels on, there without a network."""

from importlib.resources import files

import numpy as np

from dlkit.datasets.images import float_type

NAMES = ("pagoda", "flower")


def photograph(name="pagoda", *, grey=True, dtype=np.float64):
    """A photograph of 120×160 pixels.

    "pagoda" has edges in all directions and fine patterns, "flower" soft shades before a dark
    ground. Both were cropped and made smaller for the course.

    Parameters
    ----------
    name : str
        "pagoda" or "flower".
    grey : bool
        One channel of brightness, 0.299 R + 0.587 G + 0.114 B [1], instead of red, green, blue.
    dtype : float type

    Returns
    -------
    array (C, H, W) from 0 (black) to 1; C is 1, or 3 in colour. A batch of one is photo[None], and
    what matplotlib's imshow shows is photo.transpose(1, 2, 0).

    References
    ----------
    [1] ITU-R 2011, Recommendation BT.601-7.
    "pagoda": photograph by danielbuechele (flickr.com/photos/danielbuechele/6061409035),
    "flower": by vultilion (flickr.com/photos/vultilion/6056698931). Licence of both: CC BY 2.0.

    >>> photograph("flower", grey=False).shape
    (3, 120, 160)
    """
    if name not in NAMES:
        raise ValueError(f"photograph has {' and '.join(NAMES)}, not {name!r}.")
    dtype = float_type(dtype)
    with np.load(files(__package__).joinpath("photographs.npz")) as stored:
        colours = stored[name].transpose(2, 0, 1) / 255.0
    if grey:
        colours = np.tensordot([[0.299, 0.587, 0.114]], colours, axes=1)
    return colours.astype(dtype)
