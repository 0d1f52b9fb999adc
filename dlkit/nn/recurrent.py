"""Recurrent: what RNN, GRU and LSTM share: the input's product, layers, directions, states."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.initialisers import uniform
from dlkit.nn.layer import Layer, as_float
from dlkit.nn.linear import flat


class Recurrent(Layer):
    """Base of the recurrent layers: one weight set goes over all steps of a sequence.

    What does not depend on the state, x Wx + b, is one product for all steps; `_run` then goes step
    by step. A second layer reads what the first puts out; a second direction reads the sequence
    from its end, and its outputs stand behind the first one's, at the same steps.

    Parameters
    ----------
    in_features, hidden_features : int
        D and H.
    num_layers : int
    bidirectional : bool
        Both directions, each with its own weights.
    rng : numpy.random.Generator
        Source of the initial weights, uniform between -1/√H and 1/√H; biases start at 0.

    Shapes
    ------
    x, dx : (T, N, D)    y, dy : (T, N, H), or (T, N, 2 H) with both directions
    a state, first or last, and its gradient : (layers · directions, N, H)
    Wx : (D, G H)    Wh : (H, G H)    b : (G H,)    for G gates, packed along the last axis

    The second layer's parameters are called Wx_1, Wh_1, b_1, and so on; those of the direction from
    the end Wx_reverse, Wx_1_reverse. From the second layer on, D is the y of the layer below.

    Calls
    -----
    y = layer(x), dx = layer.backward(dy)
        starts from states of zeros.
    y, last = layer(x, first), dx, dfirst = layer.backward(dy, dlast)
        with a state; an LSTM has two. Where `dlast` is left out, it is zero.
    """

    gates = 1
    states = ("h0",)

    def __init__(self, in_features, hidden_features, *, num_layers=1, bidirectional=False, rng):
        super().__init__()
        self.hidden_features = hidden_features
        self.passes = passes(num_layers, bidirectional)
        for layer, directions in enumerate(self.passes):
            D = hidden_features * len(directions) if layer else in_features
            for ending, _ in directions:
                own = self.initial(D, hidden_features, rng)
                self.names = list(own)
                self.params |= {name + ending: value for name, value in own.items()}

    def initial(self, D, H, rng):
        """The first parameters of one pass."""
        limit = 1 / np.sqrt(H)
        return {
            "Wx": uniform((D, self.gates * H), limit, rng=rng),
            "Wh": uniform((H, self.gates * H), limit, rng=rng),
            "b": np.zeros(self.gates * H),
        }

    def zero_states(self, N):
        """First states for a batch of N, as forward takes them behind x: a tuple of zeros."""
        shape = self._state_shape(N)
        return tuple(np.zeros(shape, self.params["Wh"].dtype) for _ in self.states)

    def forward(self, x, *states):
        x = as_float(x)
        name = type(self).__name__
        check_sequence(x.shape, self.params["Wx"].shape[0], name)
        check_count(len(states), self.states, name)
        firsts = [as_float(state) for state in states or self.zero_states(x.shape[1])]
        check_states([s.shape for s in firsts], self.states, self._state_shape(x.shape[1]), name)
        x = x.astype(np.result_type(x, *firsts), copy=False)

        runs, lasts = [], []
        for directions in self.passes:
            ys = []
            for ending, reverse in directions:
                p = self._own(ending)
                first = [state[len(runs)] for state in firsts]
                inputs = x[::-1] if reverse else x
                hs, last, cache = self._run(affine(inputs, p["Wx"], p["b"]), first, p)
                runs.append((inputs, cache))
                lasts.append(last)
                ys.append(hs[::-1] if reverse else hs)
            x = ys[0] if len(ys) == 1 else np.concatenate(ys, axis=-1)
        self._kept = runs, bool(states), x.shape
        if not states:
            return x
        return x, *(np.stack(state) for state in zip(*lasts, strict=True))

    def backward(self, dy, *dlasts):
        runs, with_states, shape = self._cached()
        dy = self._checked_dy(dy, shape)
        dlasts = self._checked_dlasts(dlasts, shape[1], dy.dtype)
        dfirsts = [None] * len(runs)
        self.grads = dict.fromkeys(self.params)
        H, k = self.hidden_features, len(runs)
        for directions in reversed(self.passes):
            k -= len(directions)
            wanted = k > 0 or self.needs_dx
            dx = 0
            for side, (ending, reverse) in enumerate(directions):
                dhs = dy[..., side * H : (side + 1) * H]
                dxs, dfirsts[k + side] = self._backward_pass(
                    dhs[::-1] if reverse else dhs, [d[k + side] for d in dlasts],
                    *runs[k + side], ending, wanted,
                )  # fmt: skip
                if wanted:
                    dx = dx + (dxs[::-1] if reverse else dxs)
            dy = dx if wanted else None
        if not with_states:
            return dy
        return dy, *(np.stack(dstate) for dstate in zip(*dfirsts, strict=True))

    def _backward_pass(self, dhs, dlast, x, cache, ending, wanted):
        """One pass back: sets the gradients of its parameters; dx where wanted, and dfirst."""
        p = self._own(ending)
        ds, dfirst, grads = self._run_back(dhs, dlast, cache, p)
        rows = flat(ds)
        grads |= {"Wx": flat(x).T @ rows, "b": rows.sum(axis=0)}
        self.grads |= {name + ending: value for name, value in grads.items()}
        dx = (rows @ p["Wx"].T).reshape(x.shape) if wanted else None
        return dx, dfirst

    def _run(self, s, first, p):
        """Over the steps of s = x Wx + b, which may be overwritten: (hs, last states, cache)."""
        raise NotImplementedError

    def _run_back(self, dhs, dlast, cache, p):
        """Back over the steps: (ds, gradients of the first states, those of Wh and what is its)."""
        raise NotImplementedError

    def _own(self, ending):
        """The parameters of one pass under their short names."""
        return {name: self.params[name + ending] for name in self.names}

    def _state_shape(self, N):
        return (sum(map(len, self.passes)), N, self.hidden_features)

    def _checked_dlasts(self, dlasts, N, dtype):
        shape = self._state_shape(N)
        if not dlasts:
            return [np.zeros(shape, dtype) for _ in self.states]
        dlasts = [as_float(dlast) for dlast in dlasts]
        if [dlast.shape for dlast in dlasts] != [shape] * len(self.states):
            raise ShapeError(
                f"{type(self).__name__}.backward expected dy alone, or with {len(self.states)} "
                f"gradients of last states of shape {shape}, got {[d.shape for d in dlasts]}: they "
                "have the shapes of the last states that the last forward returned."
            )
        return dlasts


def passes(num_layers, bidirectional):
    """For each layer, for each direction: (ending of the parameters' names, from the end?)."""
    if num_layers < 1:
        raise ValueError(f"expected num_layers of 1 or more, got {num_layers}.")
    directions = [("", False), ("_reverse", True)][: 2 if bidirectional else 1]
    return [
        [((f"_{layer}" if layer else "") + ending, reverse) for ending, reverse in directions]
        for layer in range(num_layers)
    ]


def affine(x, W, b):
    """x W + b for all steps in one product."""
    s = flat(x) @ W
    s += b
    return s.reshape(*x.shape[:2], W.shape[1])


def check_sequence(shape, D, name):
    """A ShapeError with the likely slip, unless x is (T, N, D)."""
    if len(shape) == 3 and shape[2] == D:
        return
    if len(shape) == 2:
        slip = "One sequence of shape (T, D) is x[:, None]; one step of a batch is x[None]."
    else:
        slip = "Its axes are time, batch and features, in this order."
    raise ShapeError(
        f"{name}.forward expected x of shape (T, N, {D}), got {tuple(shape)}: the last axis of x "
        f"must match the {D} rows of Wx. {slip}"
    )


def check_count(count, names, name):
    if count not in (0, len(names)):
        raise ShapeError(
            f"{name}.forward expected x alone, or x with {' and '.join(names)}, got x and {count} "
            f"{'state' if count == 1 else 'states'}."
        )


def check_states(shapes, names, shape, name):
    """A ShapeError unless every first state has this shape."""
    for given, letter in zip(shapes, names, strict=True):
        if tuple(given) != shape:
            raise ShapeError(
                f"{name}.forward expected {letter} of shape {shape}, got {tuple(given)}: layers "
                "times directions, batch, hidden features. For one layer, pass a state of shape "
                "(N, H) as state[None]."
            )
