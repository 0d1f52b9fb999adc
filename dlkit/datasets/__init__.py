"""Data of the course: real pictures and text, and small sets made on the spot.

Real sets come as `(X_train, t_train), (X_test, t_test)`, always parted in the same way. Images are
`(N, C, H, W)`, float32 from 0 (empty) to 1; with `flat=True` they are rows `(N, D)`. Labels are
integers `(N,)`. Made sets take an `rng` and come as `X (N, D), t (N,)` in float64; `split` parts
them. All but MNIST and Fashion-MNIST are there without a network. `licence(name)` says whose a set
is.
"""

from dlkit.datasets.digits import digits
from dlkit.datasets.licences import licence
from dlkit.datasets.mnist_family import CLOTHES, fashion_mnist, mnist
from dlkit.datasets.photographs import photograph
from dlkit.datasets.points import gate, moons, rings, spirals
from dlkit.datasets.ready_weights import digit_weights
from dlkit.datasets.series import sines
from dlkit.datasets.split import split
from dlkit.datasets.text import decode, encode, english, vocabulary

__all__ = [
    "CLOTHES",
    "decode",
    "digit_weights",
    "digits",
    "encode",
    "english",
    "fashion_mnist",
    "gate",
    "licence",
    "mnist",
    "moons",
    "photograph",
    "rings",
    "sines",
    "spirals",
    "split",
    "vocabulary",
]
