"""Temperature sampler: the next character, its probabilities at a temperature, text from them."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.character_counts import LONGEST, stored_counts
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider

_CONTEXTS = ("th", "wh", "stat", "x", "q", ".␣", "the␣")
_TENTHS = tuple(round(0.1 * k, 1) for k in range(1, 11))
_SEEDS = range(10)
_LENGTH = 120  # characters that are sampled


def temperature_sampler():
    """What a small character model puts next, at a temperature, and text that is drawn from it.

    The model has counted which character follows which one to four characters, in English text
    about Python. Its logits are the logarithms of its probabilities p; at temperature T the next
    character is drawn from softmax(log p / T). The bars are these probabilities, the hollow ones
    those at T = 1; ␣ is a space, ¶ the end of a line.

    What to try
    -----------
    - Predict first: what share does the likeliest character have at this temperature? At T = 0.5
      each p is squared before all are divided by their sum.
    - Temperature 0: what do different seeds change? Read the text: what goes wrong?
    - "wh": two characters are nearly alike. What does cold do to them, and what temperature 0?
    - "q": how hot must it be before something else than u has a real chance?
    - Look back 0 characters, then 1, 2, 3, 4 at T = 1: from when on are there words?
    - Which temperature gives the text you like best? Would you say so of a program, or a poem?

    Returns an explorer: `.state` reads all that is seen, `.move(temperature=1.5)` and
    `.press("show")` act like a hand.
    """
    return TemperatureSampler()


class TemperatureSampler(BrowserExplorer):
    module = "temperature_sampler"
    title = "Temperature sampler"
    controls = (
        choice("context", "text so far", _CONTEXTS),
        slider("back", "characters looked back", 0, LONGEST, 1),
        slider("temperature", "temperature T", 0, 2, 0.1),
        slider("seed", "seed of the text", _SEEDS[0], _SEEDS[-1], 1),
        scale("guess", "Predict: share of the likeliest, to the nearest tenth", _TENTHS),
        *GUESS_BUTTONS,
    )
    start = {"context": "th", "back": 4, "temperature": 0.5, "seed": 0, "guess": 0.1}

    @classmethod
    def data(cls):
        draws = [np.random.default_rng(seed).random(_LENGTH).tolist() for seed in _SEEDS]
        return {"model": packed(stored_counts()), "draws": draws, "tenths": list(_TENTHS)}


def packed(counts):
    """Runs of characters in order, each told by how it differs from the one before; counts."""
    told, before = [], ""
    for run in counts:
        shared = next((i for i in range(LONGEST) if run[i] != before[i : i + 1]), LONGEST)
        told.append(f"{shared}{run[shared:]}")
        before = run
    return {"runs": "".join(told), "length": LONGEST + 1, "counts": list(counts.values())}
