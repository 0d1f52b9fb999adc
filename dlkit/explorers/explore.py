"""What every explorer is made of: controls, a scene drawn in Python, one sentence, a still picture.

An explorer is a subclass of `Explorer` that says what its controls are, what `scene` the present
state gives, and what a button does. The browser's part is panel.js.
"""

from dataclasses import dataclass
from html import escape
from importlib.resources import files

import anywidget
import traitlets

from dlkit.explorers.controls import check_value
from dlkit.svg import CSS, image, standalone

_HERE = files(__package__)


_LATE = "@keyframes dlk-late { from { visibility: hidden; max-height: 0; overflow: hidden } }"


def _source(name):
    return _HERE.joinpath(name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Scene:
    """What is seen now: pictures, an HTML table, one sentence, and which controls are at rest."""

    pictures: list
    table: str
    sentence: str
    disabled: tuple = ()


class Panel(anywidget.AnyWidget):
    """The widget of an explorer: `values` come from the browser, the rest goes to it."""

    _esm = _source("panel.js")
    _css = CSS + "\n" + _source("panel.css")
    title = traitlets.Unicode().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    disabled = traitlets.List().tag(sync=True)
    scene = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)


class Explorer:
    """Base of the explorers; a subclass gives `title`, `controls`, `start`, `scene` and `press`.

    `state` reads everything that is seen, `move(name=value)` does what a hand on a control does,
    and `press(name)` what a click on a button does.
    """

    title = ""
    controls = ()
    start = {}

    def __init__(self):
        self.widget = Panel(title=self.title, controls=list(self.controls), values=dict(self.start))
        self.widget.still = f"dlk-still-{self.widget.model_id}"
        self.widget.observe(self._moved, "values")
        self.widget.on_msg(self._clicked)
        self._show()

    # -- what a subclass says --

    def scene(self):
        """The Scene of the present state."""
        raise NotImplementedError

    def still_scene(self):
        """The Scene for pages where nothing can be moved; nothing in it needs to wait."""
        return self.scene()

    def moved(self, names):
        """Called after the controls in the set `names` moved, before the scene is drawn."""

    def pressed(self, name):
        """Called when the button `name` was clicked, before the scene is drawn."""

    def more_state(self):
        """What `state` says besides the controls' values."""
        return {}

    # -- what Python sees --

    @property
    def values(self):
        return dict(self.widget.values)

    @property
    def state(self):
        """The controls' values and what follows from them, as a dict of plain values."""
        return {**self.values, **self.more_state(), "sentence": self.widget.sentence}

    def move(self, **values):
        """Set controls from Python, as a student's hand would."""
        for name, value in values.items():
            check_value(self._control(name), value)
        self.widget.values = {**self.values, **values}

    def press(self, name):
        """Click a button from Python; one that is at rest does nothing, as in the browser."""
        if self._control(name)["kind"] != "button":
            raise ValueError(f"{name} is no button: use move({name}=…)")
        if name not in self.widget.disabled:
            self.pressed(name)
            self._show()

    def still(self):
        """The present pictures as one SVG file that needs no style sheet."""
        return standalone(self.still_scene().pictures)

    def __repr__(self):
        return f"<{self.title}: {self.widget.sentence}>"

    def _ipython_display_(self):
        # Two outputs: a still picture for pages without a kernel (exported, or opened again later),
        # which the live panel hides, and the panel itself.
        from IPython.display import display

        display({"text/html": self._still_html(), "text/plain": repr(self)}, raw=True)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": ""}, raw=True)

    # -- inside --

    def _control(self, name):
        for control in self.controls:
            if control["name"] == name:
                return control
        names = ", ".join(control["name"] for control in self.controls)
        raise ValueError(f"{self.title} has no control {name!r}; it has {names}")

    def _moved(self, change):
        old, new = change["old"], change["new"]
        self.moved({name for name in new if new[name] != old.get(name)})
        self._show()

    def _clicked(self, _widget, content, _buffers):
        self.press(content["press"])

    def _show(self):
        scene = self.scene()
        with self.widget.hold_sync():
            pictures = "".join(picture.inline() for picture in scene.pictures)
            self.widget.scene = pictures + scene.table
            self.widget.sentence = scene.sentence
            self.widget.disabled = list(scene.disabled)

    def _still_html(self):
        scene, name = self.still_scene(), self.widget.still
        # it stays out of sight for a moment, in which a live panel replaces it
        late = f".{name} {{ animation: dlk-late 1.5s step-end }} {_LATE}"
        return (
            f'<style>{late}</style><div class="{name}">'
            f"{image(scene.pictures)}"
            f"{scene.table}<p>{escape(scene.sentence)}</p></div>"
        )
