"""History: what training wrote down after each epoch."""

import math


class History(dict):
    """Name → list of numbers, one an epoch: `history["loss"]`, `history["val_loss"]`, …

    A plain dict otherwise, so a plot needs no more than `ax.plot(history["loss"])`.

    >>> history = History()
    >>> history.add({"loss": 0.7, "val_loss": 0.8})
    >>> history.add({"loss": 0.4, "val_loss": 0.9})
    >>> history.epochs, history.last("loss"), history.best_epoch("val_loss")
    (2, 0.4, 0)
    """

    @property
    def epochs(self):
        """Epochs done."""
        return len(self["loss"]) if self else 0

    def add(self, row):
        """Append one epoch's numbers, the same names each time."""
        if self and set(row) != set(self):
            raise ValueError(
                f"a history of {', '.join(self)} cannot go on with {', '.join(row)}: continue with "
                "the same metrics and validation, or start a new history."
            )
        for name, value in row.items():
            self.setdefault(name, []).append(value)

    def last(self, name):
        """The newest number."""
        return self[name][-1]

    def best_epoch(self, name="val_loss", largest=False):
        """The epoch, from 0, of the least (or largest) number; nan counts as the worst."""
        sign = -1 if largest else 1
        worth = [math.inf if math.isnan(v) else sign * v for v in self[name]]
        return worth.index(min(worth))

    def summary(self):
        """The last epoch in one line."""
        return "  ".join(f"{name} {self.last(name):.4g}" for name in self if name != "lr")
