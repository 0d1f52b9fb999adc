"""Handwritten digits, 1797 real ones of 8×8 pixels, there without a network."""

from importlib.resources import files

import numpy as np

from dlkit.datasets.images import as_images
from dlkit.datasets.split import split


def digits(*, flat=False, dtype=np.float32):
    """Handwritten digits 0 to 9: 1437 to learn from and 360 to test with, always the same ones.

    Parts of the optical digits of UCI [1], as scikit-learn ships them: 13 people wrote them, and
    each pixel is the number of dark points, 0 to 16, in a square of a 32×32 scan; here divided by
    16. Both parts hold digits by all 13, so the test says nothing about a hand never seen.

    Parameters
    ----------
    flat : bool
        Rows of 64 numbers instead of images.
    dtype : float type
        Of the images.

    Returns
    -------
    (X_train, t_train), (X_test, t_test)
        X (N, 1, 8, 8), or (N, 64) if flat, from 0 (paper) to 1 (ink); t (N,) integers.

    References
    ----------
    [1] Alpaydin & Kaynak 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning
        Repository. Licence: CC BY 4.0.

    >>> (X, t), (X_test, t_test) = digits()
    >>> X.shape, t_test.shape
    ((1437, 1, 8, 8), (360,))
    """
    with np.load(files(__package__).joinpath("digits.npz")) as stored:
        images = as_images(stored["images"], 16, flat=flat, dtype=dtype)
        labels = stored["labels"].astype(np.int64)
    return split(images, labels, test=360 / 1797, rng=np.random.default_rng(0))
