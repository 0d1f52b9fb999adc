"""Metrics: what a trained model is reported by, which need no gradient."""

import numpy as np

from dlkit.datasets.checks import check_count
from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float, as_integers
from dlkit.nn.one_hot import check_range
from dlkit.nn.softmax import log_softmax


def accuracy(scores, labels):
    """Share of rows whose largest score is that of the label; the first wins a tie.

    A row with nan counts as wrong.

    Parameters
    ----------
    scores : array (…, K)
    labels : integers (…)
        Classes 0 … K−1.

    Raises
    ------
    ShapeError
        if the shapes do not fit (one-hot targets: pass t.argmax(axis=-1)), or there is no row.

    >>> accuracy([[0.1, 0.9], [0.8, 0.2], [0.5, 0.5]], [1, 1, 0])
    0.6666666666666666
    """
    scores, labels = _checked(scores, labels, "accuracy")
    hits = (scores.argmax(axis=-1) == labels) & ~np.isnan(scores).any(axis=-1)
    return float(_mean(hits, "accuracy"))


def binary_accuracy(z, t):
    """Share of logits on the right side of 0: above it for t = 1, else for t = 0.

    z and t have the same shape. 0 itself counts as class 0: a threshold unit does not fire there;
    nan counts as wrong.
    """
    z, t = as_float(z), np.asarray(t)
    if z.shape != t.shape:
        raise ShapeError(f"binary_accuracy expected t of the shape of z, {z.shape}, got {t.shape}.")
    return float(_mean(((z > 0) == (t > 0.5)) & ~np.isnan(z), "binary_accuracy"))


def top_k_accuracy(scores, labels, k=5):
    """Share of rows where fewer than k classes have a larger score than the label.

    A row with nan counts as wrong.
    """
    check_count("k", k)
    scores, labels = _checked(scores, labels, "top_k_accuracy")
    own = np.take_along_axis(scores, labels[..., None], axis=-1)
    hits = ((scores > own).sum(axis=-1) < k) & ~np.isnan(scores).any(axis=-1)
    return float(_mean(hits, "top_k_accuracy"))


def confusion_matrix(predicted, labels, num_classes):
    """Counts (K, K): row = true class, column = predicted class.

    Parameters
    ----------
    predicted, labels : integers, of one shape
        `predicted` is scores.argmax(axis=-1).

    >>> confusion_matrix([0, 1, 1, 2], [0, 1, 2, 2], 3)
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 1, 1]])
    """
    check_count("num_classes", num_classes)
    predicted, labels = as_integers(predicted, "predicted"), as_integers(labels, "labels")
    if predicted.shape != labels.shape:
        raise ShapeError(
            f"confusion_matrix expected predictions and labels of one shape, got {predicted.shape} "
            f"and {labels.shape}. Scores become predictions with scores.argmax(axis=-1)."
        )
    check_range(predicted, num_classes, "predicted", "classes")
    check_range(labels, num_classes, "labels", "classes")
    cells = labels.ravel() * num_classes + predicted.ravel()
    return np.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)


def precision_recall_f1(matrix):
    """Of each class, from a confusion matrix: three arrays (K,); 0 where nothing is to divide.

    precision = hits / predicted,   recall = hits / true,   F₁ = 2 · hits / (predicted + true)
    """
    matrix = as_float(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ShapeError(f"precision_recall_f1 expected a matrix (K, K), got {matrix.shape}.")
    hits, true, predicted = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    pairs = ((hits, predicted), (hits, true), (2 * hits, predicted + true))
    return tuple(
        np.divide(above, below, out=np.zeros_like(hits), where=below > 0) for above, below in pairs
    )


def label_log_probs(scores, labels):
    """ln of the softmax probability of each row's label; an array of the labels' shape."""
    scores, labels = _checked(scores, labels, "label_log_probs")
    return np.take_along_axis(log_softmax(scores), labels[..., None], axis=-1)[..., 0]


def perplexity(log_probs):
    """exp(−mean) of each token's natural log probability: among how many tokens a model wavers.

    >>> perplexity(label_log_probs(np.zeros((4, 26)), [0, 5, 9, 25]))
    26.000000000000004
    """
    with np.errstate(over="ignore"):  # infinity is the right answer then
        return float(np.exp(-_mean(log_probs, "perplexity")))


def bits_per_token(log_probs):
    """−mean / ln 2 of each token's natural log probability."""
    return float(-_mean(log_probs, "bits_per_token") / np.log(2))


def _mean(values, where):
    """The mean, or a ShapeError where there is nothing to take it of."""
    values = as_float(values)
    if values.size == 0:
        raise ShapeError(f"{where} expected at least one value, got shape {values.shape}.")
    return values.mean()


def _checked(scores, labels, where):
    scores, labels = as_float(scores), as_integers(labels, "labels")
    if scores.ndim == 0 or scores.shape[:-1] != labels.shape:
        slip = ""
        if scores.shape == labels.shape:
            slip = " One-hot targets become labels with t.argmax(axis=-1)."
        raise ShapeError(
            f"{where} expected scores (…, K) and labels (…), got {scores.shape} and "
            f"{labels.shape}.{slip}"
        )
    check_range(labels, scores.shape[-1], "labels", "classes")
    return scores, labels
