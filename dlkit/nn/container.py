"""Container: a layer made of layers; their arrays are also its own, under dotted names."""

from dlkit.nn.layer import Layer


class Container(Layer):
    """Base of what is built from other layers: Sequential, Residual and the like.

    `params`, `grads` and `buffers` show those of all parts in one dict, as "0.W" for the W of the
    part called 0. The arrays are the parts' own: what is updated in place, or set by name, is
    updated there. Modes and types are passed on to all parts.

    Parameters
    ----------
    parts : dict of str to Layer
        The layers by their names; the names hold no dot. Each is there once, also inside of other
        parts, because a layer keeps the values of one forward only.

    Raises
    ------
    ValueError
        if a layer is there twice.
    """

    def __init__(self, parts):
        check_once(parts, type(self).__name__)
        self.parts = parts
        self.training = True
        self._needs_dx = True
        self._kept = None

    def __repr__(self):
        parts = ", ".join(f"{name}: {part}" for name, part in self.parts.items())
        return f"{type(self).__name__}({parts})"

    @property
    def params(self):
        return _Joined({name: part.params for name, part in self.parts.items()})

    @property
    def grads(self):
        return _Joined({name: part.grads for name, part in self.parts.items()})

    @property
    def buffers(self):
        return _Joined({name: part.buffers for name, part in self.parts.items()})

    @property
    def needs_dx(self):
        return self._needs_dx

    @needs_dx.setter
    def needs_dx(self, needed):
        self._needs_dx = needed
        for part in self._first_parts():
            part.needs_dx = needed

    def _first_parts(self):
        """The parts whose dx nobody needs when nobody needs the container's."""
        return ()

    def train(self):
        for part in self.parts.values():
            part.train()
        return super().train()

    def eval(self):
        for part in self.parts.values():
            part.eval()
        return super().eval()


class _Joined(dict):
    """The dicts of several parts as one, with dotted names; what is set here is set there."""

    def __init__(self, parts):
        super().__init__(
            (f"{part}.{name}", value)
            for part, values in parts.items()
            for name, value in values.items()
        )
        self._parts = parts

    def __setitem__(self, dotted, value):
        part, _, name = dotted.partition(".")
        self._parts[part][name] = value
        super().__setitem__(dotted, value)

    def update(self, values):  # dict's own would not call __setitem__, and change nothing there
        for dotted, value in values.items():
            self[dotted] = value


def check_once(parts, name):
    """A ValueError if a layer is among the parts, or inside of them, twice."""
    layers = [id(layer) for layer in everything_in(parts)]
    if len(set(layers)) < len(layers):
        raise ValueError(
            f"{name} expected each layer once, got one of them twice: it keeps the values of one "
            "forward only. Make a second layer."
        )


def everything_in(parts):
    """All layers of the dict, and those inside of them."""
    for layer in parts.values():
        yield layer
        yield from everything_in(getattr(layer, "parts", {}))
