"""Optimizer: what every update rule shares, from the model to what is kept from step to step."""

import math
from numbers import Real

import numpy as np

from dlkit.errors import OrderError, ShapeError


class Optimizer:
    """Changes a model's parameters in place by its gradients: `optimizer.step()` after `backward`.

    A rule is a subclass with the names of what it keeps in `slots`, and the update of one array in
    `_update`.

    Parameters
    ----------
    model : Layer
        Its `params` are changed, its `grads` read.
    lr : float
        Learning rate η, from 0. A schedule may set `optimizer.lr` before any step.
    weight_decay : float
        λ of the penalty (λ/2) Σ w² on all parameters, biases too: λw is added to each gradient.

    Attributes
    ----------
    t : int
        Steps done.
    state : dict of str to dict of str to ndarray
        By a parameter's name what the rule keeps for it, by the letter of its formula; zeros before
        the first step.

    Raises
    ------
    TypeError
        if `model` has no `params` and `grads`, or a number is none.
    ValueError
        if a number is out of range.
    OrderError
        if `step` runs before `backward`.
    """

    slots = ()
    settings = ("lr", "weight_decay")

    def __init__(self, model, lr, weight_decay=0.0):
        if not (hasattr(model, "params") and hasattr(model, "grads")):
            raise TypeError(
                f"{type(self).__name__} expected a layer with params and grads, got "
                f"{type(model).__name__}. Pass the model itself. (Modules of torch_nn learn by "
                "torch.optim.)"
            )
        self.model = model
        self.lr = lr
        self.weight_decay = self._number("weight_decay", weight_decay)
        self.t = 0
        self.state = {}

    def __repr__(self):
        numbers = ", ".join(f"{name}={getattr(self, name):g}" for name in self.settings)
        return f"{type(self).__name__}({numbers})"

    @property
    def lr(self):
        return self._lr

    @lr.setter
    def lr(self, lr):
        self._lr = self._number("lr", lr)

    def step(self):
        """Update every parameter once."""
        params, grads = self.model.params, self.model.grads
        self._check(params, grads)
        self.t += 1
        for name, w in params.items():
            if name not in self.state:
                self.state[name] = {slot: np.zeros_like(w) for slot in self.slots}
            self._update(w, self._penalised(w, grads[name]), self.state[name])

    def saved_state(self):
        """What `load_state` needs to go on from here: a copy, numbers and arrays apart."""
        arrays = {
            name: {slot: value.copy() for slot, value in kept.items()}
            for name, kept in self.state.items()
        }
        numbers = {name: getattr(self, name) for name in self.settings}
        return {"rule": type(self).__name__, "t": self.t, "numbers": numbers, "arrays": arrays}

    def load_state(self, saved):
        """Go on where the optimizer that gave `saved` stopped, with its numbers (lr, β, …), too.

        Raises
        ------
        ValueError
            if it was another rule.
        ShapeError
            if it had other parameters; nothing is changed then.
        """
        if saved["rule"] != type(self).__name__:
            raise ValueError(
                f"load_state expected a state of {type(self).__name__}, got one of "
                f"{saved['rule']}. Build the optimizer as it was."
            )
        numbers = {name: saved["numbers"][name] for name in self.settings}
        shapes = {name: w.shape for name, w in self.model.params.items()}
        for name, kept in saved["arrays"].items():
            for value in kept.values():
                if shapes.get(name) != value.shape:
                    raise ShapeError(
                        f"load_state got values for a parameter {name} of shape {value.shape}; "
                        f"the model's are {shapes}."
                    )
        absent = [name for name in shapes if saved["arrays"] and name not in saved["arrays"]]
        if absent:
            raise ShapeError(
                f"load_state got no values for the parameter {absent[0]}, only for "
                f"{', '.join(saved['arrays'])}: another model's optimizer was saved."
            )
        for name, value in numbers.items():
            setattr(self, name, value)
        self.t = saved["t"]
        self.state = {
            name: {slot: value.copy() for slot, value in kept.items()}
            for name, kept in saved["arrays"].items()
        }

    def _penalised(self, w, g):
        """g and the gradient λw of the penalty."""
        return g + self.weight_decay * w if self.weight_decay else g

    def _update(self, w, g, kept):
        """Change w in place by its gradient g, and what is kept for it."""
        raise NotImplementedError

    def _check(self, params, grads):
        missing = [name for name in params if name not in grads]
        if missing:
            raise OrderError(
                f"{type(self).__name__}.step needs a gradient of each parameter, and there is none "
                f"of {', '.join(missing)}. Call model.backward(loss.backward()) first."
            )
        for name, w in params.items():
            if np.shape(grads[name]) != w.shape:
                raise ShapeError(
                    f"{type(self).__name__}.step expected the gradient of {name} to have its "
                    f"shape {w.shape}, got {np.shape(grads[name])}."
                )

    def _number(self, name, value, below=math.inf):
        """`value` as a float (a NumPy float64 would turn float32 arrays into float64)."""
        return number(name, value, type(self).__name__, below=below)


def number(name, value, where, *, low=0.0, below=math.inf):
    """`value` as a float if low ≤ value < below; else an error that names it and the caller."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{where} expected {name} to be a number, got {type(value).__name__}.")
    if not low <= value < below:
        limit = "finite" if below == math.inf else f"below {below:g}"
        raise ValueError(f"{where} expected {name} from {low:g} and {limit}, got {value}.")
    return float(value)
