"""RNN: a hidden state that each step renews from its input and from what it was."""

import numpy as np

from dlkit.nn.layer import as_float
from dlkit.nn.linear import flat
from dlkit.nn.recurrent import Recurrent


def rnn_step(x, h, Wx, Wh, b):
    """One step: h' = tanh(x Wx + h Wh + b).

    Shapes: x (N, D), h and h' (N, H), Wx (D, H), Wh (H, H), b (H,).

    >>> rnn_step([[1.0]], [[0.5]], [[2.0]], [[-4.0]], [0.0])
    array([[0.]])
    """
    x, h, Wx, Wh, b = map(as_float, (x, h, Wx, Wh, b))
    return np.tanh(x @ Wx + h @ Wh + b)


class RNN(Recurrent):
    """The plain recurrent layer [1]: hₜ = tanh(xₜ Wx + hₜ₋₁ Wh + b), y = the hₜ of all steps.

    Parameters, calls, several layers and both directions as in `Recurrent`, with G = 1.
    `torch.nn.RNN` has two biases, which are only ever added; b is their sum.

    Shapes
    ------
    x, dx : (T, N, D)    y, dy : (T, N, H)    h0, hT : (1, N, H)
    Wx : (D, H)    Wh : (H, H)    b : (H,)

    Gradients
    ---------
    Backpropagation through time [2]: from the last step to the first, with dhₜ from above,
    dsₜ = (dhₜ + dsₜ₊₁ Whᵀ) ⊙ (1 − hₜ²) is the gradient of what stands in the tanh, and

    dxₜ = dsₜ Wxᵀ,   dh₀ = ds₁ Whᵀ,   dWx = Σₜ xₜᵀ dsₜ,   dWh = Σₜ hₜ₋₁ᵀ dsₜ,   db = Σₜₙ dsₜₙ

    Raises
    ------
    ShapeError
        if x is not (T, N, D), a state is not (layers · directions, N, H), or a gradient has another
        shape than its value.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Elman 1990, Finding Structure in Time, Cognitive Science.
    [2] Werbos 1990, Backpropagation Through Time: What It Does and How to Do It, Proceedings of the
        IEEE.

    >>> layer = RNN(3, 2, rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 4, 3))).shape
    (5, 4, 2)
    """

    def _run(self, s, first, p):
        h, hs = first[0], s  # hₜ takes the place of xₜ Wx + b
        for t in range(len(s)):
            h = np.tanh(s[t] + h @ p["Wh"], out=hs[t])
        return hs, (h,), (first[0], hs)

    def _run_back(self, dhs, dlast, cache, p):
        h0, hs = cache
        dh, WhT = dlast[0], np.ascontiguousarray(p["Wh"].T)
        ds = np.empty_like(hs)
        for t in reversed(range(len(hs))):
            ds[t] = (dh + dhs[t]) * (1 - hs[t] * hs[t])
            dh = ds[t] @ WhT
        return ds, (dh,), {"Wh": flat(before(h0, hs)).T @ flat(ds)}


def before(h0, hs):
    """The state that each step starts from: h₀, h₁, … hₜ₋₁."""
    return np.concatenate([h0[None], hs])[:-1]
