"""Output sizes and receptive fields of a stack of layers, and which pixels one unit sees."""

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import button, choice, scale, slider

# for each stack the input's size and its layers (kernel, stride, padding), from the input on
STACKS = {
    "LeNet-5": {"n": 32, "layers": [(5, 1, 0), (2, 2, 0), (5, 1, 0), (2, 2, 0), (5, 1, 0)]},
    "three of 3 × 3": {"n": 16, "layers": [(3, 1, 1)] * 3},
    "one of 7 × 7": {"n": 16, "layers": [(7, 1, 3)]},
    "AlexNet's first five": {
        "n": 227,
        "layers": [(11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0), (3, 1, 1)],
    },
    "strides alone": {"n": 64, "layers": [(3, 2, 1)] * 4},
}
SIZES = (6, 8, 12, 16, 28, 32, 64, 128, 224, 227)


def size_calculator():
    """Sizes and receptive fields through a stack of up to six convolutions or poolings.

    The section shows one dimension of the picture: the input at the bottom, a bar for each layer
    above it, every unit over the middle of the pixels that it sees. The blue cone leads from one
    unit of the last layer to its pixels; point at another unit, or move left and right.

    What to try
    -----------
    - Predict first: the receptive field of the last layer, or its output size. Work it out layer
      by layer, choose, then show.
    - Three layers of 3 × 3 and one of 7 × 7: which sees more? How many weights has each, for one
      channel in and out?
    - LeNet-5: which layer is the first whose units see more than half of the picture's width?
    - A stride in the first layer or in the last: which makes the field grow more?
    - Find a kernel, a stride and a padding where a row of pixels is left over. Which pixels does
      no unit see?

    Returns an explorer: `.state` reads all that is seen, `.move(layer=2, kernel=3)` and
    `.press("left")` act like a hand.
    """
    return SizeCalculator()


class SizeCalculator(BrowserExplorer):
    module = "size_calculator"
    title = "Output sizes and receptive fields"
    controls = (
        choice("stack", "stack of layers", (*STACKS, "your own")),
        scale("n", "input, pixels side by side", SIZES),
        slider("layers", "number of layers", 1, 6, 1),
        slider("layer", "layer to change", 1, 6, 1),
        slider("kernel", "its kernel", 1, 11, 1),
        slider("stride", "its stride", 1, 4, 1),
        slider("padding", "its padding", 0, 5, 1),
        choice("asked", "to predict, of the last layer", ("receptive field", "output size")),
        slider("guess", "Predict: side by side, how many?", 1, 100, 1),
        button("show", "Show"),
        button("left", "One left"),
        button("right", "One right"),
        button("predict", "Predict again"),
        button("reset", "Reset"),
    )
    start = {
        "stack": "LeNet-5",
        "n": 32,
        "layers": 5,
        "layer": 1,
        "kernel": 5,
        "stride": 1,
        "padding": 0,
        "asked": "receptive field",
        "guess": 1,
    }

    @classmethod
    def data(cls):
        return {"stacks": STACKS}
