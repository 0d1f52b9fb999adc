"""Attention: each query's average of the values, weighted by fitting keys, on tensors."""

import math

import torch

from dlkit.nn.attention import check_attention, check_mask


class Attention(torch.nn.Module):
    """out = softmax(Q Kᵀ / √D) V, as dlkit.nn.Attention; `weights` holds the softmax's values.

    See dlkit.nn.Attention for shapes, the mask (True = may look) and errors.
    """

    def __init__(self):
        super().__init__()
        self.weights = None

    def forward(self, Q, K, V, mask=None):
        out, weights = attention(Q, K, V, mask)
        self.weights = weights.detach()
        return out


def attention(Q, K, V, mask=None):
    """Scaled dot-product attention without state, as dlkit.nn.attention: (out, weights)."""
    check_attention(Q.shape, K.shape, V.shape)
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    if mask is None:
        weights = torch.softmax(scores, dim=-1)
    else:
        check_mask(mask.shape, mask.dtype, scores.shape)
        # −∞ in a whole row gives NaN: a row with nothing to see is set to zeros before and after
        blind = ~mask.any(dim=-1, keepdim=True)
        scores = scores.masked_fill(~(mask | blind), -math.inf)
        weights = torch.softmax(scores, dim=-1).masked_fill(blind, 0)
    return weights @ V, weights
