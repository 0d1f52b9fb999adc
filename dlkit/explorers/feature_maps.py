"""Feature maps: what the layers of a trained LeNet make of a digit, what each map answers to."""

from dlkit.explorers import small_lenet
from dlkit.explorers.browser import BrowserExplorer, base64_of
from dlkit.explorers.controls import GUESS_BUTTONS, choice, slider

_STROKES = ("vertical", "horizontal", "rising", "falling")
_ALIKE = "all alike"


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


class FeatureMaps(BrowserExplorer):
    module = "feature_maps"
    title = "Feature maps of a trained LeNet"
    controls = (
        choice("digit", "digit", map(str, range(10))),
        slider("example", "which one of them", 0, 28, 1),
        choice("layer", "layer", small_lenet.LAYERS),
        slider("map", "map", 0, 15, 1),
        choice("guess", "Predict: it answers most to a stroke that is", (*_STROKES, _ALIKE)),
        *GUESS_BUTTONS,
    )
    start = {"digit": "4", "example": 0, "layer": "C1", "map": 3, "guess": _ALIKE}

    @classmethod
    def data(cls):
        from dlkit.datasets import digits

        _seen, (images, labels) = digits(dtype="float64")
        params = small_lenet.small_lenet().params
        return {
            "images": base64_of(16 * images, "u1"),  # brightness in sixteenths, all that there are
            "labels": labels.tolist(),
            "params": {name: base64_of(value, "<f4") for name, value in params.items()},
            "layers": {name: list(layer[:3]) for name, layer in small_lenet.LAYERS.items()},
        }
