"""The colours that all figures share, from Okabe and Ito's palette, and the size of a mark."""

INK = "#222222"
BLUE = "#0072b2"
RED = "#c44601"
PALE = "#cce3f0"  # BLUE at a fifth of its strength: where a unit fires
GREY = "#8c8c8c"

# how a point of class 0 and one of class 1 look: open circle, full circle
CLASS_MARKS = (
    {"marker": "o", "facecolor": "white", "edgecolor": INK, "linewidth": 1.6},
    {"marker": "o", "facecolor": BLUE, "edgecolor": "white", "linewidth": 1.0},
)
