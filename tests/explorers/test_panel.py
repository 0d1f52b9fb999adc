"""The page's part of the explorers in Chromium, against a stand-in for the widget's model."""

import base64
import io
import json

import pytest
from PIL import Image

from dlkit.explorers import explore, gate_playground, kernel_lab, perceptron_steps
from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.controls import button, choice, numbers, scale, slider, ticks
from dlkit.svg import Picture
from tests.conftest import chromium

pytestmark = pytest.mark.browser

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
_FLAGS += ["--disable-background-networking", "--disable-component-update"]

_MODEL = """
window.escaped = []; window.sent = []; window.saved = 0;
document.addEventListener("keydown", (event) => window.escaped.push(event.key));
class Model {
  constructor(state) { this.state = state; this.heard = {}; }
  get(name) { return this.state[name]; }
  set(name, value) { this.state[name] = value; this.tell(name); }
  tell(name) { this.hear(`change:${name}`); }
  hear(name, ...what) { (this.heard[name] || []).forEach((listener) => listener(...what)); }
  on(name, listener) { (this.heard[name] ||= []).push(listener); }
  off(name, listener) { this.heard[name] = this.heard[name].filter((one) => one !== listener); }
  save_changes() { window.saved += 1; }
  send(message) { window.sent.push(message); }
}
"""


class Sample(Explorer):
    """One of each control, drawn by the kernel."""

    title = "Sample"
    controls = (
        slider("a", "slide a", -2, 2, 0.1),
        scale("lr", "learning rate", (0.01, 0.1, 1)),
        choice("kind", "kind of it", ("one", "two")),
        numbers("kernel", "the kernel", 4, 2, -5, 5, 0.5),
        ticks("guess", "Predict: which?", ("first", "second")),
        button("show", "Show"),
        button("predict", "Predict again"),
        button("reset", "Reset"),
    )
    start = {"a": 1.0, "lr": 0.1, "kind": "one", "kernel": [1, 2, 3, 4], "guess": [False, False]}
    ask = "Predict first: which?"

    def truth(self):
        return [True, False]

    def scene(self):
        words = "A square that is there to be looked at."
        return Scene([Picture("<rect/>", 100, 50, words)], "", "A square is seen.")


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=chromium(), args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_panel(browser):
    pages = []

    def open_panel(*explorers, width=900):
        page = browser.new_page(viewport={"width": width, "height": 800})
        pages.append(page)
        states = [shown_state(e.widget) for e in explorers]
        module = json.dumps(explorers[0].widget._esm)
        page.set_content(
            f"<style>{explorers[0].widget._css}</style><main></main><script>{_MODEL}</script>"
        )
        page.evaluate(
            """async ([source, states]) => {
              window.models = states.map((state) => new Model(state));
              const still = document.createElement("div");
              still.className = states[0].still; still.textContent = "still";
              document.body.append(still);
              for (const model of window.models) {
                // like a notebook: each panel loads the module for itself
                const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
                (await import(url)).default.render({ model, el: document.querySelector("main") });
              }
            }""",
            [json.loads(module), states],
        )
        return page

    yield open_panel
    for page in pages:
        page.close()


def shown_state(widget):
    """What the widget tells the page, but for its module and style sheet."""
    names = [name for name in widget.trait_names(sync=True) if not name.startswith(("_", "layout"))]
    return {name: getattr(widget, name) for name in names if name not in ("comm", "tabbable")}


def state(page, name):
    return page.evaluate(f"window.models[0].state[{name!r}]")


def test_a_slider_follows_the_keyboard_and_the_page_hears_no_key(open_panel):
    page = open_panel(Sample())
    saved = page.evaluate("window.saved")
    page.get_by_label("slide a").focus()
    for key in ("ArrowLeft", "ArrowDown", "d", "d", "Tab"):
        page.keyboard.press(key)
    assert state(page, "values")["a"] == 0.8
    assert page.evaluate("window.saved") == saved + 2
    assert page.evaluate("window.escaped") == ["Tab"]


def test_numbers_beside_sliders_are_written_out(open_panel):
    page = open_panel(Sample())
    page.get_by_label("slide a").fill("-0.7")
    assert page.locator(".dlk-number").all_inner_texts() == ["−0.7", "0.1"]


def test_a_scale_gives_its_values_in_turn(open_panel):
    page = open_panel(Sample())
    page.get_by_label("learning rate").focus()
    page.keyboard.press("ArrowLeft")
    assert state(page, "values")["lr"] == 0.01
    assert page.get_by_label("learning rate").get_attribute("aria-valuetext") == "0.01"


def test_fields_for_numbers_tell_what_is_in_range(open_panel):
    page = open_panel(Sample())
    field = page.get_by_role("group", name="the kernel").get_by_label("row 2, column 1")
    assert field.input_value() == "3"
    field.press("ArrowUp")
    assert state(page, "values")["kernel"] == [1, 2, 3.5, 4]
    field.press("ControlOrMeta+a")
    page.keyboard.type("-")
    assert field.get_attribute("aria-invalid") == "true"
    page.keyboard.type("2.5")
    assert state(page, "values")["kernel"] == [1, 2, -2.5, 4]
    page.keyboard.type("9e3")
    assert state(page, "values")["kernel"] == [1, 2, -2.59, 4]
    assert field.get_attribute("aria-invalid") == "true"
    page.keyboard.press("Tab")
    assert field.input_value() == "-2.59"
    assert field.get_attribute("aria-invalid") is None
    assert "9" not in page.evaluate("window.escaped")


def test_two_panels_keep_their_labels_apart(open_panel):
    page = open_panel(Sample(), perceptron_steps())
    page.get_by_label("Predict: the first epoch").select_option("4")
    assert page.evaluate("window.models[1].state.values.guess") == "4"
    assert page.evaluate("[...document.querySelectorAll('[id]')].length") == 0


def test_ticks_choices_and_buttons_tell_python(open_panel):
    page = open_panel(Sample())
    page.get_by_label("second").check()
    page.get_by_label("kind of it").select_option("two")
    page.get_by_role("button", name="Show").click()
    assert state(page, "values")["guess"] == [False, True]
    assert state(page, "values")["kind"] == "two"
    assert page.evaluate("window.sent") == [{"press": "show"}]


def test_a_button_at_rest_keeps_the_focus_and_sends_nothing(open_panel):
    page = open_panel(Sample())
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.evaluate("window.models[0].set('disabled', ['show'])")
    page.keyboard.press("Enter")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.textContent") == "Show"
    assert page.evaluate("window.sent") == [{"press": "show"}]
    assert page.evaluate("window.escaped") == []


def test_what_python_sends_is_drawn_once_and_said(open_panel):
    page = open_panel(Sample())
    drawn = page.evaluate(
        """async () => {
          const model = window.models[0], scene = document.querySelector(".dlk-scene");
          let drawn = 0;
          new MutationObserver(() => { drawn += 1; }).observe(scene, { childList: true });
          model.set("scene", "<b>new</b>");
          model.set("sentence", "All is new.");
          model.set("values", { ...model.get("values"), a: -1.5 });
          model.set("disabled", ["show"]);
          await new Promise((done) => setTimeout(done, 50));
          return drawn;
        }"""
    )
    assert drawn == 1
    assert page.locator(".dlk-scene").inner_text() == "new"
    assert page.get_by_role("status").inner_text() == "All is new."
    assert page.get_by_label("slide a").input_value() == "-1.5"
    assert page.get_by_role("button", name="Show").is_disabled()
    assert page.get_by_role("button", name="Predict again").is_enabled()


def test_a_picture_stays_where_only_a_control_changed(open_panel):
    page = open_panel(Sample())
    kept = page.evaluate(
        """async () => {
          const model = window.models[0], scene = document.querySelector(".dlk-scene");
          const picture = scene.firstElementChild;
          model.set("values", { ...model.get("values"), a: 0.3 });
          await null; await null;
          const kept = scene.firstElementChild === picture;
          model.set("scene", "<b>new</b>");
          await null; await null;
          return [kept, scene.firstElementChild === picture];
        }"""
    )
    assert kept == [True, False]
    assert page.get_by_label("slide a").input_value() == "0.3"


def test_pixels_follow_a_move(open_panel):
    page = open_panel(kernel_lab())
    page.get_by_role("button", name="Show").click()
    seen = page.evaluate(
        """async () => {
          const pixels = () => document.querySelectorAll("canvas")[1].toDataURL();
          const before = pixels();
          const model = window.models[0];
          model.set("values", { ...model.get("values"), display: "0 as mid grey" });
          await null; await null;
          return pixels() !== before;
        }"""
    )
    assert seen


def test_the_sentence_is_announced_and_controls_have_names(open_panel):
    page = open_panel(perceptron_steps())
    assert page.locator("[aria-live=polite]").count() == 1
    assert page.get_by_role("group", name="Perceptron learning, step by step").count() == 1
    nameless = "[...document.querySelectorAll('input, select')].filter((e) => !e.labels.length)"
    assert page.evaluate(f"{nameless}.length") == 0
    assert page.get_by_role("img").count() == 2


def test_the_still_picture_makes_room(open_panel):
    page = open_panel(Sample())
    assert not page.get_by_text("still", exact=True).is_visible()


def test_an_image_replaces_the_one_before_only_when_it_can_be_seen(open_panel):
    file = io.BytesIO()
    Image.new("RGB", (300, 300)).save(file, "png")
    source = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    page = open_panel(Sample())
    page.evaluate(
        """(source) => {
          const model = window.models[0];
          window.blank = false;
          new MutationObserver(() => {
            const image = document.querySelector(".dlk-scene img");
            window.blank ||= !image || !image.complete || !image.naturalWidth;
          }).observe(document.querySelector(".dlk-scene"), { childList: true });
          for (const width of [10, 20]) {
            model.set("scene", `<img alt="black" width="${width}" src="${source}">`);
          }
        }""",
        source,
    )
    page.locator(".dlk-scene img[width='20']").wait_for()
    assert not page.evaluate("window.blank")


def test_python_hears_that_the_page_is_dark(open_panel):
    page = open_panel(Sample())
    assert state(page, "dark") is False
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_function("window.models[0].state.dark")


def test_python_hears_how_fine_the_screen_is_and_draws_for_it(open_panel):
    page = open_panel(Sample())
    assert state(page, "dots") == page.evaluate("window.devicePixelRatio")
    line = explore(lambda ax, a: str(ax.plot([0, a])), (slider("a", "a", 1, 2, 1), 1), title="Line")
    sizes = []
    for dots in (1.0, 2.0):
        line.widget.dots = dots
        encoded = line.widget.scene.split("base64,")[1].split('"')[0]
        sizes.append(Image.open(io.BytesIO(base64.b64decode(encoded))).size)
    (width, height), twice = sizes
    assert twice == (2 * width, 2 * height)


@pytest.mark.parametrize("make", [Sample, gate_playground, perceptron_steps])
def test_a_narrow_window_needs_no_sideways_scrolling(open_panel, make):
    page = open_panel(make(), width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


# -- those that the browser computes --


def test_the_browser_draws_before_python_hears_of_the_move(open_panel):
    page = open_panel(gate_playground())
    page.get_by_role("button", name="Show").click()
    page.get_by_label("weight w₁").focus()
    seen = page.evaluate(
        """async () => {
          const input = document.activeElement, before = document.querySelector("svg").innerHTML;
          await new Promise((done) => setTimeout(done, 200));
          const saved = window.saved;
          input.value = "-1";
          input.dispatchEvent(new Event("input", { bubbles: true }));
          await null; await null;
          const drawn = document.querySelector("svg").innerHTML !== before;
          return [drawn, window.saved === saved];
        }"""
    )
    assert seen == [True, True]
    page.wait_for_function("window.models[0].state.values.w1 === -1")
    assert state(page, "seen")["outputs"] == [0, 0, 0, 0]
    assert page.evaluate("window.sent") == []


def test_python_moves_and_presses_what_the_browser_computes(open_panel):
    page = open_panel(gate_playground())
    page.evaluate("window.models[0].hear('msg:custom', { press: 'show' })")
    page.evaluate(
        "const model = window.models[0];"
        "model.set('values', { ...model.get('values'), w1: 0.5, gate: 'AND' })"
    )
    page.get_by_role("status").get_by_text("this unit is AND").wait_for()
    assert page.get_by_label("weight w₁").input_value() == "0.5"
    page.wait_for_function("window.models[0].state.seen.right === 4")


def test_explore_takes_a_function_that_draws(open_panel):
    def parabola(ax, a):
        ax.plot([-1, 0, 1], [a, 0, a])
        return f"The curve is at {a:g} where x is 1."

    explorer = explore(parabola, (slider("a", "factor a", 1, 3, 0.5), 2.0), title="Parabola")
    page = open_panel(explorer)
    assert page.get_by_role("img").get_attribute("alt") == "The curve is at 2 where x is 1."
    before = explorer.widget.scene
    explorer.move(a=3.0)
    assert explorer.widget.scene != before
    assert explorer.state == {"a": 3.0, "sentence": "The curve is at 3 where x is 1."}
    explorer.press("reset")
    assert explorer.widget.scene == before


def test_explore_draws_each_time_on_axes_like_new():
    seen = []

    def grow(ax, a):
        seen.append((len(ax.lines), len(ax.texts), ax.get_title(), ax.get_legend()))
        ax.plot([0, a], [0, a], label="line")
        ax.text(0, 0, "here")
        ax.set_title("grown")
        ax.legend()
        seen.append(ax.get_xlim()[1])
        return "A line that grows."

    explorer = explore(grow, slider("a", "a", 1, 10, 1), title="Grow")
    explorer.move(a=10)
    explorer.move(a=2)
    assert seen[::2] == [(0, 0, "", None)] * 3
    assert seen[1::2] == pytest.approx([1.05, 10.5, 2.1])
