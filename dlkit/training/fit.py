"""fit: trains a model on mini-batches, epoch by epoch, and writes down how it went."""

import math
from contextlib import nullcontext
from numbers import Real

import numpy as np

from dlkit.datasets.checks import check_count, check_rng
from dlkit.errors import NotFiniteError
from dlkit.optim.clipping import check_limit
from dlkit.progress import Progress
from dlkit.training.batches import check_pairs, in_order, minibatches
from dlkit.training.checkpoint import path_to_write, save_checkpoint
from dlkit.training.finite import is_finite
from dlkit.training.history import History
from dlkit.training.learner import learner_of
from dlkit.training.stopping import EarlyStopping


def fit(
    model,
    loss,
    optimizer,
    data,
    *,
    epochs,
    rng,
    batch_size=32,
    validation=None,
    metrics=None,
    schedule=None,
    clip_norm=None,
    clip_value=None,
    stopping=None,
    callbacks=(),
    history=None,
    checkpoint=None,
    progress=True,
):
    """Train the model in place; returns the History.

    In each epoch every row is used once, in an order that `rng` draws. For each mini-batch:
    scores = model(x), loss(scores, t), the backward pass, clipping, optimizer.step().
    Afterwards the model is in evaluation mode.

    Parameters
    ----------
    model, loss, optimizer
        Of dlkit.nn and dlkit.optim; or modules of torch (such as those of dlkit.torch_nn) and an
        optimizer of torch.optim, in which case autograd does the backward pass.
    data : (X, t), or a function
        Arrays with a row for each example. Or data(rng) → the epoch's batches (x, t), for what has
        no rows to shuffle, such as text that is read in time.
    epochs : int
        In all: with the history of 3 epochs, epochs=10 trains 7 more.
    rng : numpy.random.Generator
    batch_size : int
        The last batch holds what is left. (If that is one row, batch normalisation refuses it.)
    validation : (X, t), or a function
        Judged after each epoch in evaluation mode, never learnt from. A function takes no argument
        and returns batches, whose scores are joined along the first axis.
    metrics : dict
        Name → function of (scores, t) → number, such as {"accuracy": accuracy}. On training data
        they are taken on the way, while the weights change.
    schedule : function
        The rate before each step is schedule(t), t in epochs: 2.5 is the middle of the third.
    clip_norm, clip_value : float
        See dlkit.optim.clip_by_norm and clip_by_value; values first where both are given.
    stopping : EarlyStopping
        In the end the model has the best weights seen, whether or not it stopped early.
    callbacks : sequence of functions
        callback(model, history) after each epoch.
    history : History
        Of the epochs done, from `load_checkpoint`.
    checkpoint : path
        Saved after each epoch: where a killed run goes on from.
    progress : bool
        Whether a progress bar is shown.

    Returns
    -------
    History
        loss, lr, the metrics; val_loss and val_… of the metrics where there is validation.

    Raises
    ------
    NotFiniteError
        at the first loss that is nan or infinite; it names the layer whose output first was.
        Also where an epoch ends with such parameters; no checkpoint of them is written.
    ShapeError, ValueError, TypeError
        if the data or an argument does not fit, or the optimizer is that of another model.

    >>> from dlkit import nn, optim
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(100, 2))
    >>> model = nn.Linear(2, 1, rng=rng)
    >>> history = fit(model, nn.BinaryCrossEntropyWithLogits(), optim.SGD(model, lr=0.5),
    ...               (X, X[:, :1] > 0), epochs=5, rng=rng, progress=False)
    >>> history.epochs, history.last("loss") < history["loss"][0]
    (5, True)
    """
    check_count("epochs", epochs, least=0)
    check_count("batch_size", batch_size)
    check_rng(rng)
    _check_kinds(schedule=schedule, metrics=metrics, stopping=stopping, history=history)
    checkpoint = None if checkpoint is None else path_to_write(checkpoint)
    learner = learner_of(model, loss, optimizer)
    run = _Run(learner, metrics or {}, schedule, clip_norm, clip_value)
    batches = _training_batches(learner, data, batch_size, rng)
    judged = _validation_batches(learner, validation, batch_size)
    history = History() if history is None else history
    try:
        with Progress("epochs", max(epochs, 1), _count) if progress else nullcontext() as bar:
            while history.epochs < epochs and not (stopping and stopping.stops(history)):
                run.epoch(history, batches, judged, bar)
                if stopping:
                    stopping.update(history, run.snapshot)
                for callback in callbacks:
                    callback(model, history)
                if checkpoint is not None:
                    save_checkpoint(checkpoint, model, optimizer, rng, history, stopping)
    finally:
        learner.training(False)
    if stopping and stopping.best is not None:
        learner.load_arrays(stopping.best)
    return history


class _Run:
    """One call of fit: what stays the same over its epochs."""

    def __init__(self, learner, metrics, schedule, clip_norm, clip_value):
        self.learner, self.metrics, self.schedule = learner, metrics, schedule
        limits = {"clip_norm": clip_norm, "clip_value": clip_value}
        self.clipping = {n: check_limit(n, v, "fit") for n, v in limits.items() if v is not None}

    def epoch(self, history, batches, judged, bar):
        """Train on all batches, judge the model, and write both down."""
        row = self._train(history.epochs, *batches(), bar)
        self._check_parameters(history.epochs + 1)
        history.add(row | ({} if judged is None else self._validate(judged())))
        if bar:
            bar.to(history.epochs, history.summary())

    def _train(self, epoch, batches, count, bar):
        """Train on `count` batches; the epoch's row of the history."""
        learner, total, seen, kept = self.learner, 0.0, 0, []
        learner.training(True)
        for i, (x, t) in enumerate(batches):
            if self.schedule is not None:
                learner.set_lr(self.schedule(epoch + i / count))
            loss, scores = self._update(x, t, f"epoch {epoch + 1}, batch {i + 1}")
            total, seen = total + loss * np.size(t), seen + np.size(t)
            if self.metrics:
                kept.append((np.array(scores), t))
            if bar:
                bar.to(epoch + (i + 1) / count, f"loss {total / seen:.4g}")
        row = {"loss": total / seen, "lr": float(learner.get_lr())}
        return row | (self._measured(*_joined(kept)) if self.metrics else {})

    def _update(self, x, t, when):
        learner = self.learner
        states = learner.random_states()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # told in words below
            loss, scores = learner.update(x, t, **self.clipping)
            if not math.isfinite(loss):
                learner.load_random_states(states)  # the same masks once more
                raise NotFiniteError(f"The loss of {when} is {loss}. {_why(learner, x, t)}")
        return loss, scores

    def _check_parameters(self, epoch):
        """There may be no next loss to tell it, and a checkpoint would be written over."""
        values = self.learner.arrays()
        bad = [n for n, v in values.items() if n.startswith("params/") and not is_finite(v)]
        if bad:
            more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
            raise NotFiniteError(
                f"The last update of epoch {epoch} made {bad[0].removeprefix('params/')}{more} not "
                "finite. A smaller learning rate or clip_norm may help."
            )

    def _validate(self, batches):
        """The validation part of the row; the model is in evaluation mode meanwhile."""
        self.learner.training(False)
        pairs = [(np.array(self.learner.scores(x)), t) for x, t in batches]
        if not pairs:
            raise ValueError("fit expected batches from validation(), got none.")
        scores, t = _joined(pairs)
        row = {"loss": self.learner.loss_of(scores, t)} | self._measured(scores, t)
        return {f"val_{name}": value for name, value in row.items()}

    def _measured(self, scores, t):
        return {name: _number(name, f(scores, t)) for name, f in self.metrics.items()}

    def snapshot(self):
        return {name: np.array(value) for name, value in self.learner.arrays().items()}


_KINDS = {  # whether an argument is of its kind, and what that is
    "schedule": (callable, "a function of the time in epochs (a rate that stays is optimizer.lr)"),
    "metrics": (lambda m: isinstance(m, dict), 'a dict such as {"accuracy": accuracy}'),
    "stopping": (lambda s: isinstance(s, EarlyStopping), "an EarlyStopping"),
    "history": (lambda h: isinstance(h, History), "a History, as fit or load_checkpoint gave it"),
}


def _check_kinds(**arguments):
    for name, value in arguments.items():
        right, kind = _KINDS[name]
        if value is not None and not right(value):
            raise TypeError(f"fit expected {name} to be {kind}, got {type(value).__name__}.")


def _training_batches(learner, data, batch_size, rng):
    """A function: one epoch's (batches, their number)."""
    if callable(data):

        def batches():
            drawn = list(data(rng))
            if not drawn:
                raise ValueError("fit expected batches from data(rng), got none.")
            return ((learner.as_input(np.asarray(x)), t) for x, t in drawn), len(drawn)

        return batches
    X, t = check_pairs(*_pair(data, "data"), "fit")
    X = learner.as_input(X)
    return lambda: (minibatches(X, t, batch_size, rng), math.ceil(len(X) / batch_size))


def _validation_batches(learner, validation, batch_size):
    """A function that gives the batches to be judged, or None."""
    if validation is None:
        return None
    if callable(validation):
        return lambda: ((learner.as_input(np.asarray(x)), t) for x, t in validation())
    X, t = check_pairs(*_pair(validation, "validation"), "fit, validation")
    X = learner.as_input(X)
    return lambda: in_order(X, t, batch_size)


def _pair(data, name):
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(f"fit expected {name} to be a pair (X, t), or a function of batches.")
    return data


def _joined(pairs):
    """Scores and targets of all batches, joined along the first axis."""
    scores, targets = zip(*pairs, strict=True)
    return np.concatenate(scores), np.concatenate([np.asarray(t) for t in targets])


def _number(name, value):
    if not isinstance(value, Real) and np.shape(value) != ():
        raise TypeError(f"metric {name} expected one number, got shape {np.shape(value)}.")
    return float(value)


def _count(done, total):
    return f"{math.floor(done)} of {total}"


def _why(learner, x, t):
    if not is_finite(x):
        return "The batch itself holds nan or infinity: look at X."
    where = learner.where_not_finite(x)
    if where is not None:
        return f"{where} A smaller learning rate or clip_norm may help."
    if not is_finite(t):
        return "The model's scores are finite, the targets are not: look at t."
    return "The outputs of all layers are finite, so it is the loss itself: look at the targets."
