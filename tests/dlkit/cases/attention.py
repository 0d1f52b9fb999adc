"""Cases of attention: one and several heads, masks, queries that see nothing."""

import numpy as np
from hypothesis import strategies as st

from tests.dlkit.cases import Case

ZEROS = "torch gives NaN where a query has nothing to see"


def drawn_mask(rng, shape, blind):
    """True and False; each query sees something, or, with `blind`, the first sees nothing."""
    mask = rng.random(shape) < 0.5
    mask[..., 0] = True
    if blind:
        mask[..., 0, :] = False
    return mask


def attention(leading=(), Tq=3, Tk=4, D=2, M=5, masked=False, blind=False):
    def inputs(rng, N):
        shapes = ((N, *leading, T, width) for T, width in ((Tq, D), (Tk, D), (Tk, M)))
        QKV = tuple(rng.normal(size=shape) for shape in shapes)
        return (*QKV, drawn_mask(rng, (Tq, Tk), blind)) if masked else QKV

    return Case(
        lambda package, rng, **place: package.Attention(),
        inputs=inputs,
        known=None if blind else known_attention,
        unknown=ZEROS if blind else "",
    )


def known_attention(torch):
    class Known(torch.nn.Module):
        def forward(self, Q, K, V, mask=None):
            return torch.nn.functional.scaled_dot_product_attention(Q, K, V, attn_mask=mask)

    return Known()


def heads(D=4, h=2, Tq=3, Tk=None, N=3, masked=False, blind=False, bias=True):
    """Self-attention, or with a number Tk of keys that attention to another sequence."""

    def build(package, rng, **place):
        return package.MultiHeadAttention(D, h, bias=bias, rng=rng, **place)

    def inputs(rng, batch):
        lengths = (Tq,) if Tk is None else (Tq, Tk, Tk)
        x = tuple(rng.normal(size=(T, batch, D)) for T in lengths)
        return (*x, drawn_mask(rng, (batch, Tq, Tk), blind)) if masked else x

    return Case(
        build,
        inputs=inputs,
        batch_axis=1,
        known=None if blind else lambda torch: known_heads(torch, D, h, bias),
        unknown=ZEROS if blind else "",
        state=torch_s,
    )


def torch_s(p):
    """torch.nn's names and layouts: transposed, and those of Q, K, V in one."""
    found = {
        "layer.in_proj_weight": np.concatenate([p["Wq"].T, p["Wk"].T, p["Wv"].T]),
        "layer.out_proj.weight": p["Wo"].T,
    }
    if "bo" in p:
        found["layer.in_proj_bias"] = np.concatenate([p["bq"], p["bk"], p["bv"]])
        found["layer.out_proj.bias"] = p["bo"]
    return found


def known_heads(torch, D, h, bias):
    class Known(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.MultiheadAttention(D, h, bias=bias)

        def forward(self, query, key=None, value=None, mask=None):
            key, value = (query, query) if key is None else (key, value)
            hidden = None if mask is None else ~mask.repeat_interleave(h, dim=0)
            return self.layer(query, key, value, attn_mask=hidden, need_weights=False)[0]

    return Known()


CASES = {
    "Attention": attention(),
    "Attention, mask, leading axes": attention(leading=(2,), masked=True),
    "Attention, nothing to see": attention(masked=True, blind=True),
    "MultiHeadAttention": heads(),
    "MultiHeadAttention, one head, no bias": heads(h=1, bias=False),
    "MultiHeadAttention, another sequence, mask": heads(Tk=5, masked=True),
    "MultiHeadAttention, nothing to see": heads(h=4, Tk=2, masked=True, blind=True),
}

few = st.integers(1, 4)
RANDOM = {
    "Attention": st.builds(
        attention,
        leading=st.sampled_from([(), (2,), (1, 3)]),
        Tq=st.integers(1, 4),
        Tk=few,
        D=few,
        M=few,
        masked=st.booleans(),
        blind=st.booleans(),
    ),
    "MultiHeadAttention": st.builds(
        lambda h, width, **more: heads(D=h * width, h=h, **more),
        h=few,
        width=few,
        Tq=few,
        Tk=few,
        masked=st.booleans(),
        blind=st.booleans(),
        bias=st.booleans(),
    ),
}
