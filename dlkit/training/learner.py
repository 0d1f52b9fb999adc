"""Learner: what `fit` and checkpoints need of a NumPy model; dlkit.torch_nn.learner is its twin."""

import numpy as np

from dlkit.nn.layer import Layer
from dlkit.optim import clip_by_norm, clip_by_value
from dlkit.training.finite import Stage, first_not_finite, named_layers


class Learner:
    """A model of dlkit.nn, its loss and its optimizer.

    Parameters
    ----------
    model : Layer
    loss : Loss, optional
    optimizer : Optimizer, optional
        What only describes or restores a model needs neither.
    """

    def __init__(self, model, loss=None, optimizer=None):
        self.model, self.loss, self.optimizer = model, loss, optimizer
        theirs = getattr(optimizer, "model", model)  # the whole model, or a part of it
        check_shared(model.params.values(), theirs.params.values())
        self._needs_dx = model.needs_dx

    def as_input(self, x):
        """x with floats of the parameters' type, so that a float32 model computes in float32."""
        dtypes = {value.dtype for value in self.model.params.values()}
        if x.dtype.kind == "f" and len(dtypes) == 1:
            return x.astype(dtypes.pop(), copy=False)
        return x

    def update(self, x, t, clip_norm=None, clip_value=None):
        """One step of training: (loss, scores) before it."""
        scores = self.model(x)
        value = self.loss(scores, t)
        if np.isfinite(value):
            self.model.backward(self.loss.backward())
            self._clip(clip_norm, clip_value)
            self.optimizer.step()
        return value, scores

    def _clip(self, clip_norm, clip_value):
        grads = self.model.grads
        clipped = grads
        if clip_value is not None:
            clipped = clip_by_value(clipped, clip_value)
        if clip_norm is not None:
            clipped, _ = clip_by_norm(clipped, clip_norm)
        for name, g in clipped.items():
            grads[name] = g

    def scores(self, x):
        """What the model says of x, as an array."""
        return self.model(x)

    def loss_of(self, scores, t):
        """The loss of such scores."""
        return float(self.loss(scores, t))

    def set_lr(self, lr):
        self.optimizer.lr = lr

    def get_lr(self):
        return self.optimizer.lr

    def training(self, on):
        """Training mode, in which nobody needs the dx of the first layer; or back from it."""
        self.model.train() if on else self.model.eval()
        self.model.needs_dx = self._needs_dx and not on

    def arrays(self):
        """Parameters and buffers by name, the model's own arrays."""
        return {f"params/{name}": value for name, value in self.model.params.items()} | {
            f"buffers/{name}": value for name, value in self.model.buffers.items()
        }

    def load_arrays(self, values):
        """Write such values into the model."""
        for name, value in self.arrays().items():
            value[...] = values[name]

    def random_states(self):
        """States of the layers' generators by name."""
        return {name: rng.bit_generator.state for name, rng in self._generators().items()}

    def load_random_states(self, states):
        for name, rng in self._generators().items():
            rng.bit_generator.state = states[name]

    def _generators(self):
        return {
            f"{name}.{attribute}": value
            for name, layer in named_layers(self.model)
            for attribute, value in vars(layer).items()
            if isinstance(value, np.random.Generator)
        }

    def where_not_finite(self, x):
        """In words, where a forward of x first gives nan or infinity; None if it does not."""
        stages = [
            Stage(f"layer {name}, {layer}", layer.params, layer)
            for name, layer in named_layers(self.model)
        ]
        return first_not_finite(stages, lambda: self.model(x), watch)

    def optimizer_state(self):
        return self.optimizer.saved_state()

    def load_optimizer_state(self, saved):
        self.optimizer.load_state(saved)


def check_shared(own, theirs):
    """A ValueError unless the optimizer's parameters and the model's have one in common."""
    own, theirs = {id(value) for value in own}, {id(value) for value in theirs}
    if own and theirs.isdisjoint(own):
        raise ValueError(
            "the optimizer was built for another model, and this one would not learn. A new model "
            "needs a new optimizer: build it after the model, from the same variable."
        )


def watch(layer, see):
    """Call see(outputs) after each forward of the layer; returns what undoes it."""
    forward = layer.forward

    def watched(*inputs):
        outputs = forward(*inputs)
        see(outputs if isinstance(outputs, tuple) else (outputs,))
        return outputs

    layer.forward = watched  # on this object, in front of its class's
    return lambda: delattr(layer, "forward")


def learner_of(model, loss=None, optimizer=None):
    """The Learner for this kind of model.

    Raises
    ------
    TypeError
        if the model is neither of dlkit.nn nor a module of torch.
    ValueError
        if the optimizer was built for another model.
    """
    if isinstance(model, Layer):
        return Learner(model, loss, optimizer)
    if any(kind.__module__.startswith("torch.nn") for kind in type(model).__mro__):
        from dlkit.torch_nn.learner import TorchLearner  # torch is loaded already

        return TorchLearner(model, loss, optimizer)
    raise TypeError(
        f"expected a layer of dlkit.nn or a module of torch, got {type(model).__name__}."
    )
