"""Makes digits.npz and photographs.npz from the copies in scikit-learn's folder.

python -m dlkit.datasets.files        (an author's tool: needs scikit-learn and Pillow)
"""

import gzip
import importlib.util
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SOURCES = {"pagoda": "china.jpg", "flower": "flower.jpg"}
HEIGHT, WIDTH = 120, 160


def sklearn_data():
    """The folder of scikit-learn's data sets, found without importing it."""
    return Path(importlib.util.find_spec("sklearn").origin).parent / "datasets"


def digits():
    """images (1797, 8, 8) from 0 to 16 and labels (1797,), as bytes."""
    with gzip.open(sklearn_data() / "data" / "digits.csv.gz") as table:
        rows = np.loadtxt(table, delimiter=",", dtype=np.uint8)
    return {"images": rows[:, :64].reshape(-1, 8, 8), "labels": rows[:, 64]}


def photographs():
    """Each photograph's middle, 4 to 3, made smaller: bytes (HEIGHT, WIDTH, 3)."""
    from PIL import Image

    smaller = {}
    for name, file in SOURCES.items():
        with Image.open(sklearn_data() / "images" / file) as picture:
            width = picture.height * WIDTH // HEIGHT
            left = (picture.width - width) // 2
            middle = picture.crop((left, 0, left + width, picture.height))
            smaller[name] = np.asarray(middle.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    return smaller


if __name__ == "__main__":
    np.savez_compressed(HERE / "digits.npz", **digits())
    np.savez_compressed(HERE / "photographs.npz", **photographs())
