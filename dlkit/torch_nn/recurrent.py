"""Recurrent: what RNN, GRU and LSTM share on tensors: layers, directions, states."""

import warnings

import torch

from dlkit.nn.recurrent import check_count, check_sequence, check_states, passes


class Recurrent(torch.nn.Module):
    """Base of the recurrent layers: the parameters, shapes and calls of the NumPy ones.

    A class says with `numpy` which one it is the twin of, and with `step` what one step does. On a
    GPU, where each small operation waits for its turn, all steps are one call of `fused`, torch's
    own function for the same formula, where there is one.
    """

    numpy = None
    fused = None

    def __init__(
        self,
        in_features,
        hidden_features,
        *,
        num_layers=1,
        bidirectional=False,
        rng,
        dtype=None,
        device=None,
        **more,
    ):
        super().__init__()
        self.hidden_features = hidden_features
        self.passes = passes(num_layers, bidirectional)
        shape = {"num_layers": num_layers, "bidirectional": bidirectional}
        initial = self.numpy(in_features, hidden_features, rng=rng, **shape, **more)
        self.names = initial.names
        for name, value in initial.params.items():
            p = torch.tensor(value, dtype=dtype or torch.get_default_dtype(), device=device)
            self.register_parameter(name, torch.nn.Parameter(p))

    def zero_states(self, N):
        """First states for a batch of N: a tuple of zeros."""
        shape = self._state_shape(N)
        return tuple(self.Wh.new_zeros(shape) for _ in self.numpy.states)

    def forward(self, x, *states):
        name = type(self).__name__
        check_sequence(tuple(x.shape), self.Wx.shape[0], name)
        check_count(len(states), self.numpy.states, name)
        firsts = states or self.zero_states(x.shape[1])
        shapes = [tuple(first.shape) for first in firsts]
        check_states(shapes, self.numpy.states, self._state_shape(x.shape[1]), name)
        lasts = []
        for directions in self.passes:
            ys = []
            for ending, reverse in directions:
                p = {name: getattr(self, name + ending) for name in self.names}
                first = tuple(state[len(lasts)] for state in firsts)
                hs, last = self._run(x.flip(0) if reverse else x, first, p)
                lasts.append(last)
                ys.append(hs.flip(0) if reverse else hs)
            x = torch.cat(ys, dim=-1)
        if not states:
            return x
        return x, *(torch.stack(state) for state in zip(*lasts, strict=True))

    def _run(self, x, states, p):
        """One pass over the steps: the hidden states of all, and the last states."""
        if x.is_cuda and self.fused and len(x):
            return self._run_fused(x, states, p)
        hs = []
        for s in (x @ p["Wx"] + p["b"]).unbind():
            states = self.step(s, *states, p)
            hs.append(states[0])
        return torch.stack(hs) if hs else x.new_zeros((0, *states[0].shape)), states

    def _run_fused(self, x, states, p):
        bh = p["bh"] if "bh" in p else torch.zeros_like(p["b"])  # torch keeps two biases
        weights = [p["Wx"].T.contiguous(), p["Wh"].T.contiguous(), p["b"], bh]
        firsts = tuple(state.unsqueeze(0) for state in states)
        firsts = firsts if len(firsts) > 1 else firsts[0]
        with warnings.catch_warnings():  # that the weights are not one block of memory
            warnings.simplefilter("ignore")
            # with biases, one layer, no dropout, gradients, one direction, time first
            hs, *lasts = self.fused(x, firsts, weights, True, 1, 0.0, True, False, False)
        return hs, tuple(last[0] for last in lasts)

    def step(self, s, *states_and_p):
        """The next states from s = x Wx + b of this step, the states and the parameters."""
        raise NotImplementedError

    def _state_shape(self, N):
        return (sum(map(len, self.passes)), N, self.hidden_features)
