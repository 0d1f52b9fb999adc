"""MNIST and Fashion-MNIST: 70 000 pictures of 28×28 pixels each, fetched when first asked for."""

from contextlib import suppress

import numpy as np

from dlkit.datasets.download import Published, cache_folder, fetch
from dlkit.datasets.idx import read_idx
from dlkit.datasets.images import as_images
from dlkit.datasets.licences import licence
from dlkit.errors import DataError

CLOTHES = (
    "T-shirt/top", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip

_MNIST = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
_FASHION = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
# images and labels to learn from, images and labels to test with
FILES = {
    "mnist": (
        Published(
            "train-images-idx3-ubyte.gz",
            9912422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            _MNIST,
        ),
        Published(
            "train-labels-idx1-ubyte.gz",
            28881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            _MNIST,
        ),
        Published(
            "t10k-images-idx3-ubyte.gz",
            1648877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            _MNIST,
        ),
        Published(
            "t10k-labels-idx1-ubyte.gz",
            4542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            _MNIST,
        ),
    ),
    "fashion_mnist": (
        Published(
            "train-images-idx3-ubyte.gz",
            26421880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            _FASHION,
        ),
        Published(
            "train-labels-idx1-ubyte.gz",
            29515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            _FASHION,
        ),
        Published(
            "t10k-images-idx3-ubyte.gz",
            4422102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            _FASHION,
        ),
        Published(
            "t10k-labels-idx1-ubyte.gz",
            5148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            _FASHION,
        ),
    ),
}


def mnist(*, flat=False, dtype=np.float32):
    """Handwritten digits 0 to 9: 60 000 to learn from, 10 000 to test with, by other hands [1].

    The first call fetches 11 MiB into a folder for caches, or into $DLKIT_DATA where that is set,
    goes on where an earlier call broke off, and checks every byte by its SHA-256. Later calls need
    no network.

    Parameters
    ----------
    flat : bool
        Rows of 784 numbers instead of images.
    dtype : float type
        Of the images; as float32 they take 210 MiB.

    Returns
    -------
    (X_train, t_train), (X_test, t_test)
        X (N, 1, 28, 28), or (N, 784) if flat, from 0 (paper) to 1 (ink); t (N,) integers.

    Raises
    ------
    DownloadError
        without a network: the message says how to bring the files by hand.
    DataError
        if a file in the folder is damaged or another one.

    References
    ----------
    [1] LeCun, Bottou, Bengio & Haffner 1998, Gradient-Based Learning Applied to Document
        Recognition, Proceedings of the IEEE 86(11). Licence: licence("mnist").
    """
    return _load("mnist", flat, dtype)


def fashion_mnist(*, flat=False, dtype=np.float32):
    """Pictures of clothes: 60 000 to learn from, 10 000 to test with [1].

    Of the same form as MNIST, and harder. `CLOTHES` names the ten classes.
    The first call fetches 29 MiB; folder, resuming and checks are those of `mnist`.

    Parameters
    ----------
    flat : bool
        Rows of 784 numbers instead of images.
    dtype : float type
        Of the images; as float32 they take 210 MiB.

    Returns
    -------
    (X_train, t_train), (X_test, t_test)
        X (N, 1, 28, 28), or (N, 784) if flat, from 0 (ground) to 1; t (N,) integers.

    Raises
    ------
    DownloadError, DataError
        as `mnist`.

    References
    ----------
    [1] Xiao, Rasul & Vollgraf 2017, Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
        Learning Algorithms, arXiv:1708.07747. Licence: licence("fashion_mnist").
    """
    return _load("fashion_mnist", flat, dtype)


def _load(name, flat, dtype):
    folder = cache_folder() / name
    arrays = [read_idx(path) for path in fetch(FILES[name], folder)]
    notice = folder / "LICENCE.txt"
    if not notice.exists():
        with suppress(OSError):  # a folder of the whole class may be there to read only
            notice.write_text(licence(name), encoding="utf-8")
    train, test = arrays[:2], arrays[2:]
    for images, labels in (train, test):
        if images.ndim != 3 or images.dtype != np.uint8 or labels.shape != images.shape[:1]:
            raise DataError(
                f"{folder} expected images (N, H, W) of bytes and as many labels, got "
                f"{images.shape} of {images.dtype} and {labels.shape}."
            )
    return tuple(
        (as_images(images, 255, flat=flat, dtype=dtype), labels.astype(np.int64))
        for images, labels in (train, test)
    )
