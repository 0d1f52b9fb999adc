"""Makes the numbers that explorers have in files: python -m dlkit.explorers.stored (for authors).

In seconds, with Python 3.11: other Pythons have other sentences to count.
"""

from importlib.resources import files

import numpy as np

from dlkit.explorers import character_counts, small_lenet


def main():
    weights = small_lenet.train().params
    small = {name: value.astype(np.float32) for name, value in weights.items()}
    for file, arrays in (
        (small_lenet.FILE, small),
        (character_counts.FILE, character_counts.counted()),
    ):
        np.savez_compressed(files(__package__).joinpath(file), **arrays)


if __name__ == "__main__":
    main()
