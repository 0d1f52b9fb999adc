"""What every explorer is made of: controls, pictures, one sentence, a still picture, a guess first.

An explorer is a subclass of `Explorer` that says what its controls are, what `scene` the present
state gives, and what a button does; Python draws it. The page's part is panel.js. Where a move must
be seen at once, the browser computes and draws instead: browser.py.
"""

from dataclasses import dataclass, replace
from html import escape

import anywidget
import traitlets

from dlkit.explorers.controls import check_value
from dlkit.explorers.modules import panel_module, source
from dlkit.svg import CSS, image, number, standalone

_LATE = "@keyframes dlk-late { from { visibility: hidden; max-height: 0; overflow: hidden } }"


@dataclass(frozen=True)
class Scene:
    """What is seen now: pictures, an HTML table, one sentence, and which controls are at rest."""

    pictures: list
    table: str
    sentence: str
    disabled: tuple = ()


class BasePanel(anywidget.AnyWidget):
    """What the widgets of all explorers share: `values` are the controls', from either side."""

    _css = CSS + "\n" + source("panel.css")
    title = traitlets.Unicode().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)


class Panel(BasePanel):
    """The widget of an explorer that Python draws: the scene goes to the page."""

    _esm = panel_module()
    # the page, which says them, waits for no echo: one message comes, and one goes
    values = traitlets.Dict().tag(sync=True, echo_update=False)
    disabled = traitlets.List().tag(sync=True)
    scene = traitlets.Unicode().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)
    dots = traitlets.Float(1.5, min=0.5, max=4.0).tag(sync=True)  # of the screen, for each pixel


class Base:
    """Controls by name, and how an explorer is displayed: what both kinds of explorers share."""

    title = ""
    controls = ()
    start = {}

    def __init__(self, widget):
        self.widget = widget
        widget.title, widget.controls, widget.values = self.title, list(self.controls), self.start
        widget.still = f"dlk-still-{widget.model_id}"

    def still_scene(self):
        """The Scene for pages where nothing can be moved; nothing in it needs to wait."""
        raise NotImplementedError

    @property
    def values(self):
        """The controls' values by name."""
        return dict(self.widget.values)

    @property
    def sentence(self):
        """What is seen now, in words."""
        return self.widget.sentence

    def still(self):
        """The pictures as one SVG file that needs no style sheet."""
        return standalone(self.still_scene().pictures)

    def __repr__(self):
        return f"<{self.title}: {self.sentence}>"

    def _ipython_display_(self):
        # Two outputs: a still picture for pages without a kernel (exported, or opened again later),
        # which the live panel hides, and the panel itself.
        from IPython.display import display

        display({"text/html": self._still_html(), "text/plain": repr(self)}, raw=True)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": ""}, raw=True)

    def _control(self, name):
        for control in self.controls:
            if control["name"] == name:
                return control
        names = ", ".join(control["name"] for control in self.controls)
        raise ValueError(f"{self.title} has no control {name!r}; it has {names}")

    def _moved_to(self, values):
        """All values with these changed, if the controls can take them."""
        for name, value in values.items():
            check_value(self._control(name), value)
        return {**self.values, **values}

    def _check_button(self, name):
        if self._control(name)["kind"] != "button":
            raise ValueError(f"{name} is no button: use move({name}=…)")

    def _still_html(self):
        scene, name = self.still_scene(), self.widget.still
        # it stays out of sight for a moment, in which a live panel replaces it
        late = f".{name} {{ animation: dlk-late 1.5s step-end }} {_LATE}"
        return (
            f'<style>{late}</style><div class="{name}">'
            f"{image(scene.pictures)}"
            f"{scene.table}<p>{escape(scene.sentence)}</p></div>"
        )


class Explorer(Base):
    """Base of the explorers that Python draws: `title`, `controls`, `start`, `scene` are its own.

    `state` reads everything that is seen, `move(name=value)` does what a hand on a control does,
    and `press(name)` what a click on a button does.

    One that asks for a guess first has the words for it in `ask`, a control `guess`, the buttons
    `show`, `predict` and `reset`, and says in `truth` what the right guess would be. Then `hidden`
    is true until the student has committed to a guess, and `committed` is that guess as long as it
    is about what is seen: until a control in `about` moves (any, where that is None).
    """

    ask = ""
    about = None

    def __init__(self):
        super().__init__(Panel())
        self.hidden, self.committed = bool(self.ask), None
        self.begin()
        self.widget.observe(self._moved, "values")
        self.widget.observe(lambda _change: self._show(), ["dark", "dots"])
        self.widget.on_msg(lambda _widget, content, _buffers: self.press(content["press"]))
        self._show()

    # -- what a subclass says --

    def begin(self):
        """Sets what the explorer knows besides its values, at the start and on reset."""

    def scene(self):
        """The Scene of the present state."""
        raise NotImplementedError

    def truth(self):
        """The right guess, in the form of the control `guess`; None if it is not known yet."""
        raise NotImplementedError

    def moved(self, names):
        """Called after the controls in the set `names` moved, before the scene is drawn."""

    def pressed(self, name):
        """Called when the button `name` was clicked, before the scene is drawn."""

    def more_state(self):
        """What `state` says besides the controls' values."""
        return {}

    def still_scene(self):
        hidden, self.hidden = self.hidden, False
        try:
            return self.scene()
        finally:
            self.hidden = hidden

    # -- what Python sees --

    @property
    def state(self):
        """The controls' values and what follows from them, as a dict of plain values."""
        guess = {"hidden": self.hidden, "committed": self.committed} if self.ask else {}
        return {**self.values, **self.more_state(), **guess, "sentence": self.sentence}

    def move(self, **values):
        """Set controls from Python, as a student's hand would."""
        self.widget.values = self._moved_to(values)

    def press(self, name):
        """Click a button from Python; one that is at rest does nothing, as in the browser."""
        self._check_button(name)
        if name in self.widget.disabled:
            return
        if self.ask:
            self._guess_pressed(name)
        self.pressed(name)
        self._show()

    # -- inside --

    def _guess_pressed(self, name):
        if name == "show":
            self.hidden, self.committed = False, self.values["guess"]
        elif name in ("predict", "reset"):
            guess = {"guess": self.start["guess"]}
            self.widget.values = dict(self.start) if name == "reset" else {**self.values, **guess}
            self.hidden, self.committed = True, None
            self.begin()

    def _moved(self, change):
        old, new = change["old"], change["new"]
        names = {name for name in new if new[name] != old.get(name)}
        if names & set(self.about or names - {"guess"}):
            self.committed = None
        self.moved(names)
        self._show()

    def _show(self):
        scene = self.scene()
        if self.ask:
            scene = self._with_guess(scene)
        with self.widget.hold_sync():
            pictures = "".join(picture.inline() for picture in scene.pictures)
            self.widget.scene = pictures + scene.table
            self.widget.sentence = scene.sentence
            self.widget.disabled = list(scene.disabled)

    def _with_guess(self, scene):
        """The scene with the question, or with the guess beside the truth."""
        if self.hidden:
            return replace(scene, sentence=self.ask, disabled=(*scene.disabled, "predict"))
        said, truth = "", None if self.committed is None else self.truth()
        if truth is not None:
            said = _verdict(self.committed, truth)
        disabled = (*scene.disabled, "guess", "show")
        return replace(scene, sentence=said + scene.sentence, disabled=disabled)


def _verdict(guess, truth):
    if isinstance(guess, list):
        agree = sum(a == b for a, b in zip(guess, truth, strict=True))
        return f"You predicted {agree} of {len(guess)} right. "
    mine, right = (v if isinstance(v, str) else number(v) for v in (guess, truth))
    return f"You predicted {mine}{': right' if guess == truth else f'; it is {right}'}. "
