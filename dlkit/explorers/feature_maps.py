"""Feature maps: what the layers of a trained LeNet make of a digit, what each map answers to."""

import functools

import numpy as np

from dlkit.explorers import small_lenet
from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.cells import cells, frame
from dlkit.explorers.controls import GUESS_BUTTONS, choice, slider
from dlkit.svg import Picture, number, text

STROKES = ("vertical", "horizontal", "rising", "falling")
ALIKE = "all alike"
_CLEARLY = 1.08  # times the second best: what is less is alike
_BEST = 8  # digits shown that a map answers most to


def feature_maps():
    """The maps of a small LeNet that was trained on the digits of 8 × 8 pixels.

    It has C1 (six kernels of 3 × 3), the pooling S2, C3 (sixteen), the pooling S4, and two layers
    on top. The maps are seen after the ReLU; the layer's largest value has the strongest colour.
    What a map answers to is tried out with four strokes, of each the strongest answer anywhere in
    the map, and looked up among the 360 digits that the network was not trained on.

    What to try
    -----------
    - Predict first: to which stroke does this map answer most? For C1 its kernel tells; for deeper
      layers look at its answers to some digits.
    - C1: which map is strong at the left edges of strokes, which at their upper edges?
    - C1 and S2: what does the pooling keep, what does it lose?
    - C3 and S4: is it still to be seen where in the picture something was? And what it was?
    - A digit that the network reads wrongly: step through the examples until you find one.

    Returns an explorer: `.state` reads all that is seen, `.move(layer="C3", map=5)` and
    `.press("show")` act like a hand.
    """
    return FeatureMaps()


class FeatureMaps(Explorer):
    title = "Feature maps of a trained LeNet"
    controls = (
        choice("digit", "digit", map(str, range(10))),
        slider("example", "which one of them", 0, 28, 1),
        choice("layer", "layer", small_lenet.LAYERS),
        slider("map", "map", 0, 15, 1),
        choice("guess", "Predict: it answers most to a stroke that is", (*STROKES, ALIKE)),
        *GUESS_BUTTONS,
    )
    start = {"digit": "4", "example": 0, "layer": "C1", "map": 3, "guess": ALIKE}
    ask = "Predict first: to which of four strokes does the ringed map answer most?"
    about = ("layer", "map")

    def moved(self, names):
        count = _network().maps[self.values["layer"]].shape[1]
        if self.values["map"] >= count:
            self.widget.values = {**self.values, "map": count - 1}

    def truth(self):
        order = np.argsort(self._answers())
        best, second = self._answers()[order[:-3:-1]]
        return STROKES[order[-1]] if best > _CLEARLY * second else ALIKE

    def more_state(self):
        image, label, maps, chances = self._seen()
        known = {"image": image.tolist(), "maps": maps.tolist(), "read_as": int(chances.argmax())}
        known |= {"label": label, "probability": float(chances.max())}
        if self.hidden:
            return known
        answers = dict(zip(STROKES, self._answers().tolist(), strict=True))
        return known | {"answers": answers, "answers_most_to": self.truth()}

    def scene(self):
        pictures = [self._drawn_digit(), self._drawn_maps()]
        if not self.hidden:
            pictures += [self._drawn_strokes(), self._drawn_best()]
        return Scene(pictures, "", self._said())

    # -- what is seen --

    def _seen(self):
        """The image, its label, the layer's maps and the network's probabilities."""
        net, digit = _network(), int(self.values["digit"])
        rows = np.flatnonzero(net.labels == digit)
        i = rows[self.values["example"]]
        return net.images[i, 0], digit, net.maps[self.values["layer"]][i], net.chances[i]

    def _answers(self):
        """The strongest answer of the chosen map to each stroke."""
        maps = _network().strokes[self.values["layer"]]
        return maps[:, self.values["map"]].max(axis=(1, 2))

    def _best(self):
        """The digits that the chosen map answers most to: (row, place in the map) of each."""
        maps = _network().maps[self.values["layer"]][:, self.values["map"]]
        rows = np.argsort(-maps.max(axis=(1, 2)), kind="stable")[:_BEST]
        return [(i, np.unravel_index(maps[i].argmax(), maps[i].shape)) for i in rows]

    def _said(self):
        layer, k, truth = self.values["layer"], self.values["map"], self.truth()
        _image, label, maps, chances = self._seen()
        answers = self._answers()
        if not answers.any():
            told = f"Map {k} of {layer} is silent: none of the strokes wakes it. "
        elif truth == ALIKE:
            told = f"Map {k} of {layer} answers to several strokes alike, at most {_n(answers)}. "
        else:
            rest = number(np.sort(answers)[-2], 2)
            told = f"Map {k} of {layer} is choosy: {_n(answers)} for {truth}, {rest} for the next. "
        most = number(maps[k].max(), 2)
        return told + f"For this {label} it reaches {most}. {_reading(label, chances)}"

    # -- drawing --

    def _drawn_digit(self):
        image, label, _maps, chances = self._seen()
        layer, k = self.values["layer"], self.values["map"]
        marks = [text(6, 18, f"digit {label}", "dlk-strong", "start"), cells(image, 6, 28, 14, 1)]
        alt = f"A handwritten {label} of 8 by 8 pixels. {_reading(label, chances)}"
        if layer == "C1":
            kernel = _network().kernels[k, 0]
            marks.append(text(6, 166, f"kernel of map {k}", "dlk-strong", "start"))
            marks.append(cells(kernel, 6, 176, 36, np.abs(_network().kernels).max()))
            for (i, j), weight in np.ndenumerate(kernel):
                marks.append(text(24 + 36 * j, 198 + 36 * i, number(weight, 1)))
            rows = "; ".join(" ".join(number(w, 1) for w in row) for row in kernel)
            alt += f" The kernel of map {k}: {rows}."
        return Picture("".join(marks), 126, 292 if layer == "C1" else 148, alt)

    def _drawn_maps(self):
        _image, label, maps, _chances = self._seen()
        layer, chosen, size = self.values["layer"], self.values["map"], maps.shape[1]
        wide, side = (3, 56) if len(maps) == 6 else (4, 40)
        step, marks = (
            side + 24,
            [text(8, 18, f"{len(maps)} maps of {layer}", "dlk-strong", "start")],
        )
        for k, values in enumerate(maps):
            x, y = 8 + step * (k % wide), 28 + step * (k // wide)
            marks.append(cells(values, x, y, side / size, maps.max()))
            marks.append(text(x + side / 2, y + side + 14, str(k), "dlk-small"))
            if k == chosen:
                marks.append(frame(x - 3, y - 3, side + 6, side + 6, "dlk-ring"))
        height = 28 + step * -(-len(maps) // wide)
        peaks = ", ".join(number(values.max(), 1) for values in maps)
        alt = (
            f"The {len(maps)} maps of {layer} for this {label}, {size} by {size} each; "
            f"map {chosen} is ringed. Their largest values: {peaks}."
        )
        return Picture("".join(marks), 8 + step * wide, height, alt)

    def _drawn_strokes(self):
        answers, chosen = self._answers(), self.values["map"]
        marks = [text(6, 18, f"answers of map {chosen}", "dlk-strong", "start")]
        for k, (name, image) in enumerate(zip(STROKES, strokes(), strict=True)):
            y, long = 28 + 52 * k, 90 * answers[k] / (answers.max() or 1)
            marks.append(cells(image, 6, y, 5, 1))
            bar = f'<rect class="dlk-bar" x="54" y="{y + 8}" width="{long:.1f}" height="16"/>'
            mine = ", your guess" if name == self.committed else ""
            marks.append(bar + text(58 + long, y + 21, number(answers[k], 2), "dlk-small", "start"))
            marks.append(text(54, y + 39, name + mine, "dlk-small", "start"))
        told = ", ".join(f"{name} {_n(a)}" for name, a in zip(STROKES, answers, strict=True))
        alt = f"The strongest answer of map {chosen} to each stroke: {told}."
        return Picture("".join(marks), 190, 236, alt)

    def _drawn_best(self):
        net, layer, chosen = _network(), self.values["layer"], self.values["map"]
        marks = [text(6, 18, "digits it answers most to", "dlk-strong", "start")]
        labels = []
        for n, (i, place) in enumerate(self._best()):
            x, y = 6 + 62 * (n % 4), 30 + 62 * (n // 4)
            marks.append(cells(net.images[i, 0], x, y, 6, 1))
            (top, bottom), (left, right) = (window(layer, p) for p in place)
            size = 6 * (right - left + 1), 6 * (bottom - top + 1)
            marks.append(frame(x + 6 * left, y + 6 * top, *size, "dlk-ring"))
            labels.append(str(net.labels[i]))
        alt = (
            f"The {_BEST} unseen digits that map {chosen} of {layer} answers most to, each with "
            f"the window of the strongest answer: {', '.join(labels)}."
        )
        return Picture("".join(marks), 256, 152, alt)


def strokes():
    """Images (4, 8, 8) of the four strokes."""
    i, j = np.mgrid[:8, :8]
    tall, wide = (i >= 1) & (i <= 6), (j >= 1) & (j <= 6)
    both = tall & wide
    found = [tall & (abs(j - 3.5) < 1), wide & (abs(i - 3.5) < 1)]
    found += [both & (abs(i + j - 7) < 2), both & (abs(i - j) < 2)]
    return np.stack(found).astype(float)


def window(layer, place):
    """First and last row of the image that a unit in row `place` of a layer's map sees."""
    first = last = int(place)
    names = list(small_lenet.LAYERS)
    for name in names[names.index(layer) :: -1]:
        kernel, stride, padding, _place = small_lenet.LAYERS[name]
        first, last = first * stride - padding, last * stride - padding + kernel - 1
    return max(first, 0), min(last, 7)


class _Answers:
    """The network's answers to the unseen digits and to the strokes."""

    def __init__(self):
        from dlkit.datasets import digits
        from dlkit.nn import softmax

        model = small_lenet.small_lenet()
        _seen, (self.images, self.labels) = digits(dtype=np.float64)
        self.maps, scores = small_lenet.maps_of(model, self.images)
        self.chances = softmax(scores)
        self.strokes, _scores = small_lenet.maps_of(model, strokes()[:, None])
        self.kernels = model[0].params["W"]


@functools.cache
def _network():
    return _Answers()


def _reading(label, chances):
    read, sure = chances.argmax(), 100 * chances.max()
    verdict = "rightly" if read == label else "wrongly"
    return f"The network reads it {verdict} as {read}, with {sure:.1f} %."


def _n(answers):
    return number(np.max(answers), 2)
