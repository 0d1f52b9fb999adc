"""MultiHeadAttention: several attentions side by side, on tensors."""

import torch

from dlkit import nn
from dlkit.nn.attention import check_mask
from dlkit.nn.multi_head_attention import check_inputs, of_three
from dlkit.torch_nn.attention import attention


class MultiHeadAttention(torch.nn.Module):
    """y = [head₁ … headₕ] Wo + bo, as dlkit.nn.MultiHeadAttention.

    See there for calls, shapes, the mask (True = may look) and errors; `dtype` and `device` are
    those of the parameters.
    """

    def __init__(self, features, num_heads, *, bias=True, rng, dtype=None, device=None):
        super().__init__()
        self.num_heads = num_heads
        self.weights = None
        initial = nn.MultiHeadAttention(features, num_heads, bias=bias, rng=rng)
        for name, value in initial.params.items():
            p = torch.tensor(value, dtype=dtype or torch.get_default_dtype(), device=device)
            self.register_parameter(name, torch.nn.Parameter(p))

    def forward(self, query, key=None, value=None, mask=None):
        inputs = of_three(query, key, value)
        check_inputs([x.shape for x in inputs], self.Wq.shape[0])
        if mask is not None:
            check_mask(mask.shape, mask.dtype, (query.shape[1], len(query), len(inputs[1])))
            mask = mask if mask.ndim < 3 else mask[:, None]
        Q, K, V = (
            self._affine(x, letter).unflatten(-1, (self.num_heads, -1)).permute(1, 2, 0, 3)
            for x, letter in zip(inputs, "qkv", strict=True)
        )
        heads, weights = attention(Q, K, V, mask)
        self.weights = weights.detach()
        return self._affine(heads.permute(2, 0, 1, 3).flatten(-2), "o")

    def _affine(self, x, letter):
        y = x @ getattr(self, f"W{letter}")
        return y + getattr(self, f"b{letter}") if hasattr(self, "bo") else y
