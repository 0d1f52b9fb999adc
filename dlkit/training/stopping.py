"""Early stopping: training ends when validation no longer improves, at the best weights seen."""

import math

from dlkit.datasets.checks import check_count


def early_stopping(val_losses, patience):
    """(best_epoch, stop_epoch), epochs from 0, for these losses on the validation set [1].

    It stops at the first epoch with epoch − best ≥ patience. A tie or a nan is no improvement. The
    best is that up to the stop; stop_epoch is None if it never stops.

    Raises
    ------
    ValueError
        if there is no loss, or patience is below 1.

    References
    ----------
    [1] Prechelt 1998, Early Stopping — But When?, in Neural Networks: Tricks of the Trade,
        Springer.

    >>> early_stopping([0.9, 0.5, 0.6, 0.7, 0.1], patience=2)
    (1, 3)
    """
    check_count("patience", patience)
    if not len(val_losses):
        raise ValueError("early_stopping expected at least one loss, got none.")
    best, least = 0, math.inf
    for epoch, loss in enumerate(val_losses):
        if loss < least:
            best, least = epoch, loss
        if epoch - best >= patience:
            return best, epoch
    return best, None


class EarlyStopping:
    """For `fit(…, stopping=EarlyStopping(patience=5))`; keeps the best weights.

    Parameters
    ----------
    patience : int
        Epochs without improvement, from 1.
    monitor : str
        A name of the history.
    largest : bool
        Whether more is better, as with an accuracy.

    Attributes
    ----------
    best : dict of str to ndarray, or None
        Parameters and buffers of the best epoch so far.
    """

    def __init__(self, patience, monitor="val_loss", *, largest=False):
        check_count("patience", patience)
        self.patience, self.monitor, self.largest = patience, monitor, largest
        self.best = None

    def stops(self, history):
        """Whether patience has run out in this history."""
        return history.epochs > 0 and self._judge(history)[1] is not None

    def update(self, history, snapshot):
        """Keep snapshot() if the last epoch is the best so far."""
        if self._judge(history)[0] == history.epochs - 1:
            self.best = snapshot()

    def _judge(self, history):
        if self.monitor not in history:
            raise ValueError(
                f"early stopping watches {self.monitor}, and the history has {', '.join(history)}. "
                "Does fit have validation data?"
            )
        sign = -1 if self.largest else 1
        return early_stopping([sign * value for value in history[self.monitor]], self.patience)
