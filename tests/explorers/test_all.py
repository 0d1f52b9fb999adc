"""What holds for every explorer: a still picture with words, something to try, a guess first, moves
that are checked."""

import base64
import re
import subprocess
from xml.etree import ElementTree

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from dlkit import explorers
from dlkit.explorers.modules import browser_module, panel_module
from dlkit.explorers.stills import HERE, browser_explorers, still, walk
from tests.explorers.steps import SHOW

MAKERS = [getattr(explorers, name) for name in explorers.__all__ if name != "explore"]
MODULES = browser_explorers()


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def make(request):
    return request.param


def test_the_still_picture_is_svg_with_words(make):
    root = ElementTree.fromstring(make().still())
    assert root.get("role") == "img"
    assert len(root.get("aria-label")) > 30
    assert root.find(".//{*}style") is not None
    assert "Predict first" not in make().still_scene().sentence


def test_the_docstring_says_what_to_try(make):
    assert "What to try\n" in make.__doc__
    assert "Predict first" in make.__doc__


def test_there_is_a_guess_to_make_and_a_way_back(make):
    explorer = make()
    assert "guess" in explorer.start
    assert explorer.controls[-1]["name"] == "reset"
    assert explorer.sentence.startswith("Predict first")


def test_it_displays_without_a_front_end(make):
    shell = InteractiveShell.instance()
    shell.user_ns["explorer"] = make()
    with capture_output() as captured:
        result = shell.run_cell("explorer")
    InteractiveShell.clear_instance()
    assert result.success
    still, live = (output.data for output in captured.outputs)
    assert "application/vnd.jupyter.widget-view+json" in live
    picture = re.search(
        r'<img alt="[^"]{20,}" src="data:image/svg\+xml;base64,([^"]+)"', still["text/html"]
    )
    ElementTree.fromstring(base64.b64decode(picture[1]))
    assert shell.user_ns["explorer"].widget.still in still["text/html"]


@pytest.mark.parametrize("make", [make for make in MAKERS if make.__name__ not in MODULES])
def test_every_picture_that_python_draws_has_words(make):
    explorer = make()
    pictures = re.findall(r"<(?:svg|img)[^>]*>", explorer.widget.scene)
    assert pictures
    assert all(re.search(r'(?:aria-label|alt)="[^"]{20,}"', tag) for tag in pictures)


@pytest.mark.parametrize("make", [make for make in MAKERS if make.__name__ not in MODULES])
def test_a_move_on_the_page_is_answered_by_no_more_than_one_message(make, monkeypatch):
    widget, sent = make().widget, []
    control = next(c for c in widget.controls if c["kind"] in ("slider", "scale", "choice"))
    other = control["options"][-1] if "options" in control else control["max"]
    monkeypatch.setattr(widget, "_send", lambda message, buffers=None: sent.append(message))
    widget.set_state({"values": {**widget.values, control["name"]: other}})
    assert len(sent) <= 1  # none where what is seen stays the same
    assert all("scene" in message["state"] for message in sent)


def test_a_wrong_move_is_explained_and_changes_nothing(make):
    explorer = make()
    before = explorer.state
    for wrong in ({"no_such_control": 1}, {explorer.controls[0]["name"]: object()}):
        with pytest.raises(ValueError, match="has no control|is one of|expected|goes from"):
            explorer.move(**wrong)
    with pytest.raises(ValueError, match="use press"):
        explorer.move(reset=True)
    with pytest.raises(ValueError, match="no button"):
        explorer.press("guess")
    assert explorer.state == before


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"w3": 1}, "has no control 'w3'; it has w1, w2, b"),
        ({"w1": 5}, "w1 goes from -2 to 2, got 5"),
        ({"w1": "1"}, "expected a number"),
        ({"w1": float("nan")}, "goes from"),
        ({"gate": "MAYBE"}, "gate is one of AND, NAND"),
        ({"guess": [1, 0, 0, 1]}, "list of 4 booleans"),
    ],
)
def test_what_a_control_takes_is_said(values, says):
    with pytest.raises(ValueError) as error:
        explorers.gate_playground().move(**values)
    assert says in str(error.value)


# -- those that run in the browser --


@pytest.mark.node
@pytest.mark.parametrize("name", MODULES)
def test_the_still_picture_is_what_the_module_draws(name):
    assert (HERE / "stills" / f"{name}.json").read_text(encoding="utf-8") == still(MODULES[name])


def test_no_still_picture_is_left_over():
    assert sorted(path.stem for path in (HERE / "stills").iterdir()) == sorted(MODULES)


@pytest.mark.node
@pytest.mark.parametrize("name", ["panel", *MODULES])
def test_the_joined_module_is_javascript(name):
    text = panel_module() if name == "panel" else browser_module(name)
    command = ["node", "--input-type=module", "--check"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.node
@pytest.mark.parametrize("name", MODULES)
def test_a_module_hides_until_the_guess_and_its_pictures_have_words(name):
    start, shown, back = walk(MODULES[name], SHOW, ("press", "reset"))
    assert start["sentence"].startswith("Predict first")
    assert start["state"]["hidden"]
    assert not shown["state"]["hidden"]
    assert start["pictures"] != shown["pictures"] or start["disabled"] != shown["disabled"]
    assert back == start
    for seen in (start, shown):
        assert all(len(picture["alt"]) >= 20 for picture in seen["pictures"])


@pytest.mark.node
@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_says_is_plain_data(name):
    seen = walk(MODULES[name], SHOW)[-1]
    assert set(seen["disabled"]) <= {control["name"] for control in MODULES[name].controls}
    assert set(MODULES[name].start) == set(seen["values"])
