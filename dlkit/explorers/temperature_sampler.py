"""Temperature sampler: the next character, its probabilities at a temperature, text from them."""

from html import escape

import numpy as np

from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.character_counts import LONGEST, at_temperature, draw, english_counts
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider
from dlkit.svg import Picture, number, table, text

_CONTEXTS = ("th", "wh", "stat", "x", "q", ".␣", "the␣")
_TENTHS = tuple(round(0.1 * k, 1) for k in range(1, 11))
_SHOWN = 10  # characters with a bar of their own
_LENGTH = 120  # characters that are sampled
_LEFT, _TOP, _WIDE, _ROW = 56, 30, 180, 22  # the bars


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


class TemperatureSampler(Explorer):
    title = "Temperature sampler"
    controls = (
        choice("context", "text so far", _CONTEXTS),
        slider("back", "characters looked back", 0, LONGEST, 1),
        slider("temperature", "temperature T", 0, 2, 0.1),
        slider("seed", "seed of the text", 0, 9, 1),
        scale("guess", "Predict: share of the likeliest, to the nearest tenth", _TENTHS),
        *GUESS_BUTTONS,
    )
    start = {"context": "th", "back": 4, "temperature": 0.5, "seed": 0, "guess": 0.1}
    ask = (
        "Predict first: the probabilities at temperature 1 are seen. What share will the likeliest "
        "character have at the chosen one? Choose it, then press Show."
    )
    about = ("context", "back", "temperature")

    def truth(self):
        share = self._at(self.values["temperature"]).max()
        return min(_TENTHS, key=lambda tenth: abs(tenth - share))

    def more_state(self):
        known = {"characters": self._model.vocab, "p": self._at(1).tolist()}
        if self.hidden:
            return known
        p = self._at(self.values["temperature"])
        known |= {"p_at_temperature": p.tolist(), "perplexity": perplexity(p)}
        return known | {"text": self._sampled(), "regime": self._regime()}

    def scene(self):
        return Scene([self._bars()], "" if self.hidden else self._text(), self._said())

    @property
    def _model(self):
        return english_counts()

    @property
    def _context(self):
        return self.values["context"].replace("␣", " ")

    def _at(self, temperature):
        """The next character's probabilities after the chosen text."""
        p = self._model.probabilities(self._context, self.values["back"])
        return at_temperature(np.log(p), temperature)

    def _sampled(self):
        """What follows the chosen text, one character after the other."""
        model, rng = self._model, np.random.default_rng(self.values["seed"])
        written = self._context
        for _ in range(_LENGTH):
            p = model.probabilities(written, self.values["back"])
            place = draw(at_temperature(np.log(p), self.values["temperature"]), rng)
            written += model.vocab[place]
        return written[len(self._context) :]

    def _regime(self):
        T = self.values["temperature"]
        if T in (0, 1):
            return {0: "always the likeliest", 1: "as the model has it"}[T]
        return "sharper" if T < 1 else "flatter"

    def _said(self):
        T, regime = self.values["temperature"], self._regime()
        own, p = self._at(1), self._at(T)
        best = _sign(self._model.vocab[int(p.argmax())])
        told = f"At temperature {number(T)}: {regime}. “{best}” has {number(p.max(), 2)}"
        if T == 1:
            return f"{told}; it is as if {number(perplexity(p), 1)} characters were equally likely."
        return (
            f"{told} instead of {number(own.max(), 2)}; it is as if {number(perplexity(p), 1)} "
            f"characters were equally likely instead of {number(perplexity(own), 1)}."
        )

    def _text(self):
        caption = f"Drawn at temperature {number(self.values['temperature'])}"
        drawn = escape(self._sampled()).replace("\n", "¶")
        return table(caption, ("begins", "goes on"), [[escape(self.values["context"]), drawn]])

    def _bars(self):
        own, p = self._at(1), self._at(self.values["temperature"])
        order = np.argsort(-own, kind="stable")[:_SHOWN]
        rows = [(_sign(self._model.vocab[i]), own[i], p[i]) for i in order]
        others = 1 - own[order].sum(), 1 - p[order].sum()
        rows.append(("others", *(max(0.0, float(rest)) for rest in others)))
        marks = [text(6, 18, self._title(), "dlk-strong", "start")]
        for k, row in enumerate(rows):
            marks.append(self._bar(_TOP + _ROW * k, *row))
        if self.committed is not None:
            x, floor = _LEFT + _WIDE * self.committed, _TOP + _ROW
            marks.append(f'<path class="dlk-guess" d="M{x:.1f} {_TOP - 2}V{floor}"/>')
            marks.append(text(x, floor + 12, "your guess", "dlk-small"))
        height = _TOP + _ROW * len(rows) + 8
        return Picture("".join(marks), 336, height, self._described(rows))

    def _title(self):
        back = self.values["back"]
        return f"after “{self.values['context'][-back:]}”" if back else "after anything"

    def _bar(self, y, sign, own, p):
        marks = [text(_LEFT - 8, y + 15, sign, "", "end"), _rectangle("dlk-frame", y + 3, own, 15)]
        end, said = own, number(own, 3)
        if not self.hidden:
            end, said = max(own, p), f"{number(p, 3)} ({said})"
            marks.append(_rectangle("dlk-plus", y + 6, p, 9))
        return "".join(marks) + text(_LEFT + _WIDE * end + 5, y + 15, said, "dlk-small", "start")

    def _described(self, rows):
        own = ", ".join(f"{sign} {number(share, 3)}" for sign, share, _p in rows)
        told = f"The next character {self._title()} at temperature 1: {own}."
        if self.hidden:
            return f"{told} At the chosen temperature it is hidden until you have predicted."
        now = ", ".join(f"{sign} {number(p, 3)}" for sign, _own, p in rows)
        return f"{told} At temperature {number(self.values['temperature'])}: {now}."


def _rectangle(kind, y, share, height):
    wide = _WIDE * share
    return f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{wide:.1f}" height="{height}"/>'


def perplexity(p):
    """How many equally likely characters are as uncertain: e to the entropy."""
    some = p[p > 0]
    return float(np.exp(-(some * np.log(some)).sum()))


def _sign(character):
    return {" ": "␣", "\n": "¶"}.get(character, character)
