"""Explorers whose numbers and pictures are made in the browser, so that a move is seen at once.

What such an explorer does stands in a module NAME.js (run.js says what it holds); Python names the
controls, hands over data, and reads what the page says of itself. Its still picture, for pages
where nothing runs, is drawn by the same module beforehand (stills.py).
"""

import base64
import json

import numpy as np
import traitlets

from dlkit.explorers.base import Base, BasePanel, Scene
from dlkit.explorers.modules import browser_module, source
from dlkit.svg import Picture


class BrowserPanel(BasePanel):
    """The widget: `values` go both ways, `data` to the browser, `seen` comes from it."""

    _esm = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    seen = traitlets.Dict().tag(sync=True, echo_update=False)


class BrowserExplorer(Base):
    """Base of these explorers; a subclass gives `module`, `title`, `controls`, `start`, `data`.

    `state` reads what is seen on the page, a moment after a move; without a page, what is seen at
    the start.
    """

    module = ""

    def __init__(self):
        self._still = json.loads(source(f"stills/{self.module}.json"))
        esm, seen = browser_module(self.module), self._still["start"]
        super().__init__(BrowserPanel(_esm=esm, data=self.data(), seen=seen))

    @classmethod
    def data(cls):
        """Plain values that the module works on besides the controls', such as points."""
        return {}

    @property
    def sentence(self):
        return self.widget.seen["sentence"]

    @property
    def state(self):
        """The controls' values and what the page shows of them, as a dict of plain values."""
        return {**self.values, **self.widget.seen}

    def move(self, **values):
        """Set controls from Python, as a student's hand would."""
        self.widget.values = self._moved_to(values)

    def press(self, name):
        """Click a button from Python; one that is at rest does nothing, as in the browser."""
        self._check_button(name)
        self.widget.send({"press": name})

    def still_scene(self):
        still = self._still
        pictures = [Picture(**picture) for picture in still["pictures"]]
        return Scene(pictures, still["table"], still["sentence"])


def base64_of(values, kind):
    """Numbers as bytes for `data`, shorter than in digits; `kind` is such as "u1" or "<f4"."""
    return base64.b64encode(np.asarray(values).astype(kind).tobytes()).decode()
