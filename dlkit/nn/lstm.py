"""LSTM: a cell that keeps what it holds, and gates that write to it, erase it and read it."""

import numpy as np

from dlkit.nn.layer import as_float
from dlkit.nn.linear import flat
from dlkit.nn.recurrent import Recurrent
from dlkit.nn.sigmoid import sigmoid


def lstm_step(x, h, c, Wx, Wh, b):
    """One step: (h', c'), with the gates i, f, g, o packed in this order.

    i, f, o = σ(x W + h U + b) with their own columns of Wx, Wh and b,   g = tanh(…) likewise,
    c' = f ⊙ c + i ⊙ g,   h' = o ⊙ tanh(c')

    Shapes: x (N, D), h, c, h', c' (N, H), Wx (D, 4 H), Wh (H, 4 H), b (4 H,).

    >>> h, c = lstm_step([[1.0]], [[0.0]], [[8.0]], np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4))
    >>> c  # half of it is kept
    array([[4.]])
    """
    x, h, c, Wx, Wh, b = map(as_float, (x, h, c, Wx, Wh, b))
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


class LSTM(Recurrent):
    """Long short-term memory [1] with a forget gate [2]; y = the hₜ of all steps.

    Each step is `lstm_step`. Parameters, calls, several layers and both directions as in
    `Recurrent`, with G = 4 gates in the order i, f, g, o and two states: y, hT, cT = layer(x, h0,
    c0). The forget gate's bias starts at 1: a new cell keeps what it holds [3]. `torch.nn.LSTM` has
    two biases, which are only ever added; b is their sum.

    Shapes
    ------
    x, dx : (T, N, D)    y, dy : (T, N, H)    h0, c0, hT, cT : (1, N, H)
    Wx : (D, 4 H)    Wh : (H, 4 H)    b : (4 H,)

    Gradients
    ---------
    From the last step to the first, with dh and dc the gradients of hₜ and cₜ so far:

    dc += dh ⊙ o ⊙ (1 − tanh²cₜ)
    di = dc ⊙ g,   df = dc ⊙ cₜ₋₁,   dg = dc ⊙ i,   do = dh ⊙ tanh cₜ

    times each gate's own derivative is ds, the gradient of the packed sums; then dh = ds Whᵀ and
    dc ⊙ f go to the step before, and the parameters have their gradients as in RNN.

    Raises
    ------
    ShapeError
        if x is not (T, N, D), a state is not (layers · directions, N, H) or there is only one, or a
        gradient has another shape than its value.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Hochreiter & Schmidhuber 1997, Long Short-Term Memory, Neural Computation.
    [2] Gers, Schmidhuber & Cummins 2000, Learning to Forget: Continual Prediction with LSTM,
        Neural Computation.
    [3] Jozefowicz, Zaremba & Sutskever 2015, An Empirical Exploration of Recurrent Network
        Architectures, ICML.

    >>> layer = LSTM(3, 2, rng=np.random.default_rng(0))
    >>> y, h, c = layer(np.ones((5, 4, 3)), *layer.zero_states(4))
    >>> y.shape, h.shape, c.shape
    ((5, 4, 2), (1, 4, 2), (1, 4, 2))
    """

    gates = 4
    states = ("h0", "c0")

    def initial(self, D, H, rng):
        params = super().initial(D, H, rng)
        params["b"][H : 2 * H] = 1
        return params

    def _run(self, s, first, p):
        T, N, H = len(s), s.shape[1], self.hidden_features
        hs, cs = (np.empty((T + 1, N, H), s.dtype) for _ in range(2))
        tanh_cs = np.empty((T, N, H), s.dtype)
        hs[0], cs[0] = first
        # σ(s) = ½ tanh(½ s) + ½: one tanh serves all four gates
        scale = np.repeat(np.array([0.5, 0.5, 1, 0.5], s.dtype), H)
        shift = 1 - scale
        for t in range(T):
            gates = s[t]
            gates += hs[t] @ p["Wh"]
            gates *= scale
            np.tanh(gates, out=gates)
            gates *= scale
            gates += shift
            i, f, g, o = unpacked(gates)
            np.multiply(f, cs[t], out=cs[t + 1])
            cs[t + 1] += i * g
            np.tanh(cs[t + 1], out=tanh_cs[t])
            np.multiply(o, tanh_cs[t], out=hs[t + 1])
        return hs[1:], (hs[-1], cs[-1]), (s, hs, cs, tanh_cs)

    def _run_back(self, dhs, dlast, cache, p):
        gates, hs, cs, tanh_cs = cache
        dh, dc = dlast
        WhT = np.ascontiguousarray(p["Wh"].T)
        ds = np.empty_like(gates)
        for t in reversed(range(len(gates))):
            i, f, g, o = unpacked(gates[t])
            di, df, dg, do = unpacked(ds[t])
            dh = dh + dhs[t]
            dc = dc + dh * o * (1 - tanh_cs[t] * tanh_cs[t])
            np.multiply(dc, g, out=di)
            np.multiply(dc, cs[t], out=df)
            np.multiply(dc, i, out=dg)
            np.multiply(dh, tanh_cs[t], out=do)
            slope = gates[t] * (1 - gates[t])
            unpacked(slope)[2][...] = 1 - g * g
            ds[t] *= slope
            dh = ds[t] @ WhT
            dc = dc * f
        return ds, (dh, dc), {"Wh": flat(hs[:-1]).T @ flat(ds)}


def unpacked(s):
    """The four gates, views of the columns of s (N, 4 H)."""
    H = s.shape[1] // 4
    return s[:, :H], s[:, H : 2 * H], s[:, 2 * H : 3 * H], s[:, 3 * H :]
