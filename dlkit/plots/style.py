"""The colours, marks and lines that all figures share, after Okabe and Ito's palette.

What differs in colour differs in shape, fill or dashes as well. RED is darker than the palette's
vermilion, so that words in it can be read on white; INK and GREY are ours.
"""

from matplotlib.colors import LinearSegmentedColormap, to_rgb

INK = "#222222"
BLUE = "#0072b2"
RED = "#c44601"
PALE = "#cce3f0"  # BLUE at a fifth of its strength: where a unit fires
GREY = "#8c8c8c"

ORANGE = "#e69f00"
GREEN = "#009e73"
PURPLE = "#cc79a7"
SKY = "#56b4e9"

# how a point of each class looks: open circle, full circle, then other shapes
CLASS_MARKS = (
    {"marker": "o", "facecolor": "white", "edgecolor": INK, "linewidth": 1.6},
    {"marker": "o", "facecolor": BLUE, "edgecolor": "white", "linewidth": 1.0},
    {"marker": "s", "facecolor": ORANGE, "edgecolor": INK, "linewidth": 0.8},
    {"marker": "^", "facecolor": GREEN, "edgecolor": "white", "linewidth": 0.8},
    {"marker": "D", "facecolor": PURPLE, "edgecolor": INK, "linewidth": 0.8},
    {"marker": "v", "facecolor": SKY, "edgecolor": INK, "linewidth": 0.8},
    {"marker": "P", "facecolor": RED, "edgecolor": INK, "linewidth": 0.8},
    {"marker": "X", "facecolor": GREY, "edgecolor": INK, "linewidth": 0.8},
)

# how each curve of a figure looks
LINES = (
    {"color": BLUE, "linestyle": "-"},
    {"color": RED, "linestyle": "--"},
    {"color": GREEN, "linestyle": "-."},
    {"color": INK, "linestyle": ":"},
    {"color": PURPLE, "linestyle": (0, (8, 2))},
    {"color": ORANGE, "linestyle": (0, (4, 1, 1, 1, 1, 1))},
)

# numbers of both signs, 0 in the middle and white; numbers from 0 up, 0 white
BOTH_SIGNS = LinearSegmentedColormap.from_list("blue white red", [BLUE, "white", RED])
FROM_ZERO = LinearSegmentedColormap.from_list("white blue", ["white", BLUE])


def _mixed(colour, share):
    """So much of the colour, the rest white."""
    return tuple(1 - share + share * part for part in to_rgb(colour))


# the ground of each class's region; shades of one colour to colour-blind eyes differ in lightness
# (these shares are the best of a search over all, with BLUE's fixed; a test measures them)
_SHARES = (0, 0.2, 0.2, 0.3, 0.6, 0.6, 0.45, 0.75)
SHADES = tuple(
    _mixed(mark["facecolor"], share) for mark, share in zip(CLASS_MARKS, _SHARES, strict=True)
)
