"""Training: fit with its history, early stopping and checkpoints; batches, metrics and search."""

from dlkit.training.batches import kfold, minibatches
from dlkit.training.checkpoint import load_checkpoint, save_checkpoint
from dlkit.training.fit import fit
from dlkit.training.history import History
from dlkit.training.metrics import (
    accuracy,
    binary_accuracy,
    bits_per_token,
    confusion_matrix,
    label_log_probs,
    perplexity,
    precision_recall_f1,
    top_k_accuracy,
)
from dlkit.training.search import log_uniform, random_search, sample_log_uniform
from dlkit.training.stopping import EarlyStopping, early_stopping

__all__ = [
    "EarlyStopping",
    "History",
    "accuracy",
    "binary_accuracy",
    "bits_per_token",
    "confusion_matrix",
    "early_stopping",
    "fit",
    "kfold",
    "label_log_probs",
    "load_checkpoint",
    "log_uniform",
    "minibatches",
    "perplexity",
    "precision_recall_f1",
    "random_search",
    "sample_log_uniform",
    "save_checkpoint",
    "top_k_accuracy",
]
