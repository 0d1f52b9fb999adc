"""GRU: one gate mixes the old state with a candidate, one decides what the candidate sees."""

import numpy as np

from dlkit.nn.layer import as_float
from dlkit.nn.linear import flat
from dlkit.nn.recurrent import Recurrent
from dlkit.nn.rnn import before
from dlkit.nn.sigmoid import sigmoid


def gru_step(x, h, Wx, Wh, b, bh=None):
    """One step: h' = (1 − z) ⊙ n + z ⊙ h, with the gates r, z and the candidate n packed so.

    r, z = σ(x W + h U + b) with their own columns of Wx, Wh and b,
    n = tanh(x Wn + (r ⊙ h) Un + bn)   reset before the product [1], or, with a second bias bh,
    n = tanh(x Wn + bn + r ⊙ (h Un + bhn))   reset after it, as torch does; r, z add bh to b.

    Shapes: x (N, D), h and h' (N, H), Wx (D, 3 H), Wh (H, 3 H), b and bh (3 H,).

    References: [1] Cho et al. 2014, arXiv:1406.1078; z there is 1 − z in some later papers.

    >>> gru_step([[1.0]], [[0.5]], np.zeros((1, 3)), np.zeros((1, 3)), [0.0, 40.0, 0.0])
    array([[0.5]])
    """
    x, h, Wx, Wh, b = map(as_float, (x, h, Wx, Wh, b))
    H = h.shape[-1]
    from_x = x @ Wx + b
    if bh is None:
        r, z = np.split(sigmoid(from_x[..., : 2 * H] + h @ Wh[:, : 2 * H]), 2, axis=-1)
        n = np.tanh(from_x[..., 2 * H :] + (r * h) @ Wh[:, 2 * H :])
    else:
        from_h = h @ Wh + as_float(bh)
        r, z = np.split(sigmoid((from_x + from_h)[..., : 2 * H]), 2, axis=-1)
        n = np.tanh(from_x[..., 2 * H :] + r * from_h[..., 2 * H :])
    return (1 - z) * n + z * h


class GRU(Recurrent):
    """The gated recurrent unit [1]; y = the hₜ of all steps.

    Each step is `gru_step`. Parameters, calls, several layers and both directions as in
    `Recurrent`, with G = 3 gates in the order r, z, n.

    Parameters
    ----------
    reset_after : bool
        False: the reset gate r is applied to h before the product with Un, as first published.
        True: to the product, as `torch.nn.GRU` does; there is a second bias, bh (3 H,), then,
        because r scales a part of it. One product with h for all three gates makes this form
        the faster one.

    Shapes
    ------
    x, dx : (T, N, D)    y, dy : (T, N, H)    h0, hT : (1, N, H)
    Wx : (D, 3 H)    Wh : (H, 3 H)    b, bh : (3 H,)

    Gradients
    ---------
    From the last step to the first, with dh the gradient of hₜ so far and a the sum in each gate:

    dan = dh ⊙ (1 − z) ⊙ (1 − n²),   daz = dh ⊙ (hₜ₋₁ − n) ⊙ z (1 − z),   dar = dr ⊙ r (1 − r)

    before: dr = hₜ₋₁ ⊙ (dan Unᵀ),   dh' = dh ⊙ z + r ⊙ (dan Unᵀ) + dar Urᵀ + daz Uzᵀ
    after:  dr = dan ⊙ (hₜ₋₁ Un + bhn),   dh' = dh ⊙ z + (dan ⊙ r) Unᵀ + dar Urᵀ + daz Uzᵀ

    dh' goes to the step before; the parameters have their gradients as in RNN.

    Raises
    ------
    ShapeError
        if x is not (T, N, D), a state is not (layers · directions, N, H), or a gradient has another
        shape than its value.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder for Statistical
        Machine Translation, EMNLP, arXiv:1406.1078.

    >>> layer = GRU(3, 2, reset_after=True, rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 4, 3))).shape, list(layer.params)
    ((5, 4, 2), ['Wx', 'Wh', 'b', 'bh'])
    """

    gates = 3

    def __init__(self, in_features, hidden_features, *, reset_after=False, rng, **more):
        self.reset_after = reset_after
        super().__init__(in_features, hidden_features, rng=rng, **more)

    def initial(self, D, H, rng):
        params = super().initial(D, H, rng)
        return params | {"bh": np.zeros(3 * H)} if self.reset_after else params

    def _run(self, s, first, p):
        h, H = first[0], self.hidden_features
        hs, reset = (np.empty((*s.shape[:2], H), s.dtype) for _ in range(2))
        step = _step_after if self.reset_after else _step_before
        for t in range(len(s)):
            rz, n = s[t, :, : 2 * H], s[t, :, 2 * H :]
            reset[t] = step(rz, n, h, p)
            h = np.add(n, rz[:, H:] * (h - n), out=hs[t])
        return hs, (h,), (s, reset, before(first[0], hs))

    def _run_back(self, dhs, dlast, cache, p):
        gates, reset, olds = cache
        H, dh = self.hidden_features, dlast[0]
        UrzT, UnT = (np.ascontiguousarray(U.T) for U in np.split(p["Wh"], [2 * H], axis=1))
        da = np.empty_like(gates)
        for t in reversed(range(len(gates))):
            r, z, n = unpacked(gates[t])
            dar, daz, dan = unpacked(da[t])
            dh = dh + dhs[t]
            np.multiply(dh * (1 - z), 1 - n * n, out=dan)
            np.multiply(dh * (olds[t] - n), z * (1 - z), out=daz)
            if self.reset_after:
                dr = dan * reset[t]
                dn_from_h = (dan * r) @ UnT
            else:
                from_n = dan @ UnT
                dr = from_n * olds[t]
                dn_from_h = from_n * r
            np.multiply(dr, r * (1 - r), out=dar)
            dh = dh * z + dn_from_h + da[t, :, : 2 * H] @ UrzT
        return da, (dh,), self._grads(da, gates, reset, olds)

    def _grads(self, da, gates, reset, olds):
        """The gradients of Wh and bh."""
        H = self.hidden_features
        if not self.reset_after:
            dUrz = flat(olds).T @ flat(da)[:, : 2 * H]
            return {"Wh": np.hstack([dUrz, flat(reset).T @ flat(da)[:, 2 * H :]])}
        from_h = da.copy()
        from_h[..., 2 * H :] *= gates[..., :H]
        return {"Wh": flat(olds).T @ flat(from_h), "bh": flat(from_h).sum(axis=0)}


def _step_before(rz, n, h, p):
    """The gates in the place of their sums x W + b; returns r ⊙ h, which Un is applied to."""
    H = h.shape[1]
    rz += h @ p["Wh"][:, : 2 * H]
    sigmoid_in_place(rz)
    reset = rz[:, :H] * h
    n += reset @ p["Wh"][:, 2 * H :]
    np.tanh(n, out=n)
    return reset


def _step_after(rz, n, h, p):
    """The gates in the place of their sums x W + b; returns h Un + bhn, which r is applied to."""
    H = h.shape[1]
    from_h = h @ p["Wh"]
    from_h += p["bh"]
    rz += from_h[:, : 2 * H]
    sigmoid_in_place(rz)
    reset = from_h[:, 2 * H :]
    n += rz[:, :H] * reset
    np.tanh(n, out=n)
    return reset


def sigmoid_in_place(s):
    """σ(s) = ½ tanh(½ s) + ½ in the place of s."""
    s *= 0.5
    np.tanh(s, out=s)
    s *= 0.5
    s += 0.5


def unpacked(s):
    """The three gates, views of the columns of s (N, 3 H)."""
    H = s.shape[1] // 3
    return s[:, :H], s[:, H : 2 * H], s[:, 2 * H :]
