"""Entropy explorer: two distributions whose entropy and divergence add up to the cross-entropy."""

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, slider

_LETTERS = ((1, "A"), (2, "B"), (3, "C"))
_GUESSES = ("D(p‖q) is larger", "D(q‖p) is larger", "both are equal")


def entropy_explorer():
    """What happens is drawn from p; the code was made for q. How long are the messages?

    Three outcomes have weights in p and in q; a probability is a weight's share of the sum. Move
    the sliders, or drag the tops of the bars. On the right are lengths: the entropy H(p) and the
    divergence D(p‖q), laid end to end, are as long as the cross-entropy H(p, q).

    What to try
    -----------
    - Predict first: which of the two divergences is larger? Look where one distribution gives
      little to what the other gives much.
    - Which p has the largest entropy? Which has none?
    - Keep p and make the cross-entropy as short as you can by moving q alone. Where does it end?
    - Set one weight of q to 0: what does that cost, and when does it cost nothing?
    - Bits and nats: which lengths change, and which ratios?

    Returns an explorer: `.state` reads all that is seen, `.move(p1=8)` and `.press("show")` act
    like a hand.
    """
    return EntropyExplorer()


class EntropyExplorer(BrowserExplorer):
    module = "entropy_explorer"
    title = "Entropy explorer"
    controls = (
        *(slider(f"p{i}", f"weight of {letter} in p", 0, 10, 0.1) for i, letter in _LETTERS),
        *(slider(f"q{i}", f"weight of {letter} in q", 0, 10, 0.1) for i, letter in _LETTERS),
        choice("unit", "unit", ("bits", "nats")),
        choice("guess", "Predict: which divergence is larger?", _GUESSES),
        *GUESS_BUTTONS,
    )
    start = {"p1": 9, "p2": 0.5, "p3": 0.5, "q1": 4, "q2": 3, "q3": 3, "unit": "bits"}
    start = {**start, "guess": _GUESSES[2]}
