"""Kernel lab: nine weights to edit, a photograph, and what the convolution makes of it."""

import base64

import numpy as np

from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.controls import GUESS_BUTTONS, choice, numbers, scale
from dlkit.explorers.png import grey_png
from dlkit.svg import Picture, PixelPicture, number, text

_OWN = "your own"
# nine weights, row by row, and the number that divides them
PRESETS = {
    "identity": ([0, 0, 0, 0, 1, 0, 0, 0, 0], 1),
    "edge": ([-1, -1, -1, -1, 8, -1, -1, -1, -1], 1),
    "vertical edges": ([-1, 0, 1, -1, 0, 1, -1, 0, 1], 1),
    "horizontal edges": ([-1, -1, -1, 0, 0, 0, 1, 1, 1], 1),
    "sharpen": ([0, -1, 0, -1, 5, -1, 0, -1, 0], 1),
    "blur": ([1, 2, 1, 2, 4, 2, 1, 2, 1], 16),
    "emboss": ([-2, -1, 0, -1, 1, 1, 0, 1, 2], 1),
}
_SHOW = {
    "clipped to 0 … 1": lambda y: y,
    "0 as mid grey": lambda y: y / 2 + 0.5,
    "size without sign": np.abs,
}
_EVEN = ("below 0", "0", "darker", "unchanged", "brighter")
_ZOOM = 1.65  # pixels on the page for one of the photograph


def kernel_lab():
    """A photograph and its convolution with a 3 × 3 kernel that you edit.

    Each pixel of the result is the sum of nine pixels of the photograph times the nine weights,
    divided by the chosen number (`dlkit.nn.conv2d`, without padding). Brightness goes from 0,
    black, to 1, white; the result may leave this range, and you choose how that is shown.

    What to try
    -----------
    - Predict first: what becomes of an even area, all of brightness 0.5? The nine weights decide.
    - "Vertical edges": what does the roof of the pagoda do, what do its pillars do? Then exchange
      the left and the right column: what changes with "0 as mid grey"?
    - Make the smallest change to "edge" that turns it into a kernel that sharpens.
    - "Blur" without its division by 16: why is all white?
    - Emboss: where does the light seem to come from? Turn it round.

    Returns an explorer: `.state` reads all that is seen, `.move(preset="blur")` and
    `.press("show")` act like a hand.
    """
    return KernelLab()


class KernelLab(Explorer):
    title = "Kernel lab"
    controls = (
        choice("photo", "photograph", ("pagoda", "flower")),
        choice("preset", "kernel", (*PRESETS, _OWN)),
        numbers("kernel", "its nine weights", 9, 3, -9, 9, 0.5),
        scale("divide", "divided by", (1, 2, 4, 8, 9, 16)),
        choice("display", "result shown", _SHOW),
        choice("guess", "Predict: an even area of 0.5 becomes", _EVEN),
        *GUESS_BUTTONS,
    )
    start = {
        "photo": "pagoda",
        "preset": "edge",
        "kernel": PRESETS["edge"][0],
        "divide": 1,
        "display": "clipped to 0 … 1",
        "guess": "unchanged",
    }
    ask = "Predict first: what does this kernel make of an even area? Choose it, then press Show."
    about = ("preset", "kernel", "divide")

    def moved(self, names):
        values = self.values
        given = PRESETS.get(values["preset"])
        if given is None or given == (values["kernel"], values["divide"]):
            return
        if "preset" in names:
            new = dict(zip(("kernel", "divide"), given, strict=True))
        else:
            new = {"preset": _OWN}
        self.widget.values = {**values, **new}

    def truth(self):
        total = _total(self.kernel)
        if total in (0, 1):
            return {0: "0", 1: "unchanged"}[total]
        return "below 0" if total < 0 else "darker" if total < 1 else "brighter"

    @property
    def kernel(self):
        """The weights that are used, (3, 3): those in the fields, divided."""
        return np.reshape(self.values["kernel"], (3, 3)) / self.values["divide"]

    def result(self):
        """The convolution of the photograph with the kernel."""
        from dlkit.nn import conv2d

        return conv2d(_photograph(self.values["photo"])[None], self.kernel[None, None])[0, 0]

    def more_state(self):
        y = self.result()
        shown = {"sum": _total(self.kernel), "lowest": float(y.min()), "highest": float(y.max())}
        return {**shown, "outside": _outside(y)} if not self.hidden else {}

    def scene(self):
        photo, y = _photograph(self.values["photo"])[0], self.result()
        about = f"The photograph {self.values['photo']} in grey"
        right = _covered(y) if self.hidden else self._drawn(y)
        return Scene([_pixels(photo, f"{about}."), right], "", self._said(y))

    def _drawn(self, y):
        weights = "; ".join(" ".join(number(w, 3) for w in row) for row in self.kernel)
        alt = f"The result of the kernel {weights}, {self.values['display']}: {_range(y)}."
        return _pixels(_SHOW[self.values["display"]](y), alt)

    def _said(self, y):
        total, outside = _total(self.kernel), 100 * _outside(y)
        even = {
            "below 0": "even areas fall below 0",
            "0": "even areas become 0, and only changes remain",
            "darker": "even areas become darker",
            "unchanged": "even areas keep their brightness",
            "brighter": "even areas become brighter",
        }[self.truth()]
        rest = f"; {outside:.0f} % of it lies outside 0 … 1" if outside >= 0.5 else ""
        return (
            f"The weights sum to {number(total)}: {even}. {_kind(self.kernel)} {_range(y)}{rest}."
        )


def _photograph(name):
    from dlkit.datasets import photograph

    return photograph(name)


def _total(kernel):
    """The sum of the weights, without what a computer adds to sums of tenths."""
    return round(float(kernel.sum()), 9)


def _outside(y):
    """The share of pixels that are darker than black or brighter than white."""
    return float(((y < 0) | (y > 1)).mean())


def _kind(kernel):
    used = kernel[kernel != 0]
    if not used.size:
        return "All weights are 0."
    if used.size == 1:
        return "One pixel alone counts."
    verb = "averages" if used.min() > 0 or used.max() < 0 else "compares"
    return f"The kernel {verb} neighbours."


def _range(y):
    return f"The result goes from {number(y.min(), 2)} to {number(y.max(), 2)}"


def _size(image):
    return tuple(round(_ZOOM * n) for n in image.shape[::-1])


def _pixels(image, alt):
    return PixelPicture(base64.b64encode(grey_png(image)).decode(), *_size(image), alt)


def _covered(image):
    width, height = _size(image)
    frame = f'<rect class="dlk-frame" width="{width}" height="{height}"/>'
    mark = text(width / 2, height / 2 + 5, "?", "dlk-strong")
    return Picture(frame + mark, width, height, "The result is hidden until you have predicted.")
