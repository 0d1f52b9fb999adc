"""AdamW: Adam whose weight decay shrinks the weights directly, not through the gradient."""

from dlkit.optim.adam import Adam


class AdamW(Adam):
    """Adam with decoupled weight decay [1, Algorithm 2].

    w' = (1 − η λ) w − η m̂ / (√v̂ + ε), with m̂ and v̂ as in `Adam`, of the loss's gradient alone

    In Adam λw is added to the gradient and then divided by √v̂, so that weights with large gradients
    decay less. Here all shrink by the same share.

    Parameters
    ----------
    model : Layer
    lr : float
        η
    beta1, beta2 : float
        β₁ and β₂, from 0 and below 1
    eps : float
        ε
    weight_decay : float
        λ. As in torch, a step decays by η λ; [1] writes ηₜ λ, where its ηₜ is the schedule's factor
        and Adam's rate is ηₜ α, so its λ is ours times α.

    References
    ----------
    [1] Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization, ICLR, arXiv:1711.05101.
    """

    def __init__(self, model, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, *, weight_decay=1e-2):
        super().__init__(model, lr, beta1, beta2, eps, weight_decay=weight_decay)

    def _penalised(self, w, g):
        return g

    def _update(self, w, g, kept):
        w *= 1 - self.lr * self.weight_decay
        super()._update(w, g, kept)
