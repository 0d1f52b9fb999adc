"""Cases of the recurrent layers: whole sequences, states, several layers, both directions."""

from hypothesis import strategies as st

from tests.dlkit.cases import Case

STATES = {"RNN": 1, "GRU": 1, "LSTM": 2}


def recurrent(name, D=3, H=2, T=4, N=3, layers=1, both=False, states=False, **more):
    """A case; with `states`, first states go in and last states come out as well."""

    def build(package, rng, **place):
        sizes = {"num_layers": layers, "bidirectional": both}
        return getattr(package, name)(D, H, rng=rng, **sizes, **more, **place)

    def inputs(rng, batch):
        first = (layers * (1 + both), batch, H)
        return (
            rng.normal(size=(T, batch, D)),
            *(rng.normal(size=first) for _ in range(STATES[name] if states else 0)),
        )

    has_twin = name != "GRU" or more.get("reset_after")
    return Case(
        build,
        inputs=lambda rng, batch: inputs(rng, batch),
        batch_axis=1,
        known=(lambda torch: known(torch, name, D, H, layers, both)) if has_twin else None,
        unknown="" if has_twin else "torch.nn.GRU resets after the product",
        state=lambda p: torch_s(p, layers, both),
    )


def torch_s(p, layers, both):
    """torch.nn's names and layouts: transposed, and `bh` only where there is one."""
    found = {}
    for layer in range(layers):
        for ending in ["", "_reverse"][: 1 + both]:
            ours, theirs = (f"_{layer}" if layer else "") + ending, f"_l{layer}{ending}"
            found[f"layer.weight_ih{theirs}"] = p["Wx" + ours].T
            found[f"layer.weight_hh{theirs}"] = p["Wh" + ours].T
            found[f"layer.bias_ih{theirs}"] = p["b" + ours]
            if "bh" + ours in p:
                found[f"layer.bias_hh{theirs}"] = p["bh" + ours]
    return found


def known(torch, name, D, H, layers, both):
    """torch.nn's module with our calls; where we have one bias, its second one stays 0."""

    class Known(torch.nn.Module):
        def __init__(self):
            super().__init__()
            sizes = {"num_layers": layers, "bidirectional": both}
            self.layer = getattr(torch.nn, name)(D, H, **sizes)
            for key, p in self.layer.named_parameters():
                if "bias_hh" in key and name != "GRU":
                    torch.nn.init.zeros_(p).requires_grad_(False)

        def forward(self, x, *states):
            given = states if len(states) > 1 else states[0] if states else None
            y, last = self.layer(x, given)
            last = last if isinstance(last, tuple) else (last,)
            return (y, *last) if states else y

    return Known()


def many(name, **more):
    return st.builds(
        recurrent,
        st.just(name),
        D=st.integers(1, 3),
        H=st.integers(1, 3),
        T=st.integers(1, 4),
        N=st.integers(0, 3),
        layers=st.integers(1, 3),
        both=st.booleans(),
        states=st.booleans(),
        **more,
    )


CASES = {
    "RNN": recurrent("RNN"),
    "RNN, states, layers, directions": recurrent("RNN", layers=2, both=True, states=True),
    "GRU": recurrent("GRU"),
    "GRU, states": recurrent("GRU", states=True),
    "GRU, layers, directions": recurrent("GRU", layers=2, both=True),
    "GRU, reset after": recurrent("GRU", reset_after=True),
    "GRU, reset after, states, layers, directions": recurrent(
        "GRU", layers=2, both=True, states=True, reset_after=True
    ),
    "LSTM": recurrent("LSTM"),
    "LSTM, one step": recurrent("LSTM", T=1),
    "LSTM, three layers": recurrent("LSTM", layers=3),
    "LSTM, states, layers, directions": recurrent("LSTM", layers=2, both=True, states=True),
}

RANDOM = {
    "RNN": many("RNN"),
    "GRU": many("GRU", reset_after=st.booleans()),
    "LSTM": many("LSTM"),
}
