"""one_hot: labels as rows with a single 1."""

import numpy as np

from dlkit.nn.layer import as_integers


def one_hot(labels, num_classes):
    """Rows of zeros with a 1 at the label: (N,) of whole numbers → (N, K) of float64.

    Labels of any shape get one more axis at the end.

    Raises
    ------
    ValueError
        if a label is not from 0 to num_classes − 1; negative ones do not count from the end.
    DtypeError
        if the labels are not whole numbers.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    labels = as_integers(labels, "labels")
    check_range(labels, num_classes, "labels", "classes")
    return (labels[..., None] == np.arange(num_classes)).astype(np.float64)


def check_range(numbers, count, what, of):
    """A ValueError unless all numbers are from 0 to count − 1; for arrays and tensors."""
    if 0 in numbers.shape or not ((numbers < 0) | (numbers >= count)).any():
        return
    low, high = int(numbers.min()), int(numbers.max())
    slip = " Do they count from 1? Subtract 1." if low > 0 and high == count else ""
    raise ValueError(
        f"expected {what} from 0 to {count - 1}, one of {count} {of}, got {low} to {high}.{slip}"
    )
