"""The explorers' browser side in Chromium, against a stand-in for the widget's model."""

import json

import pytest

from dlkit.explorers import gate_playground, perceptron_steps
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
  tell(name) { (this.heard[`change:${name}`] || []).forEach((listener) => listener()); }
  on(name, listener) { (this.heard[name] ||= []).push(listener); }
  off(name, listener) { this.heard[name] = this.heard[name].filter((one) => one !== listener); }
  save_changes() { window.saved += 1; }
  send(message) { window.sent.push(message); }
}
"""


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
        names = ["title", "controls", "values", "disabled", "scene", "sentence", "still"]
        states = [{name: getattr(e.widget, name) for name in names} for e in explorers]
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


def state(page, name):
    return page.evaluate(f"window.models[0].state[{name!r}]")


def test_a_slider_follows_the_keyboard_and_the_page_hears_no_key(open_panel):
    page = open_panel(gate_playground())
    page.get_by_label("weight w₁").focus()
    for key in ("ArrowLeft", "ArrowDown", "d", "d", "Tab"):
        page.keyboard.press(key)
    assert state(page, "values")["w1"] == 0.8
    assert page.evaluate("window.saved") == 2
    assert page.evaluate("window.escaped") == ["Tab"]


def test_numbers_beside_sliders_are_written_out(open_panel):
    page = open_panel(gate_playground())
    assert page.locator(".dlk-number").all_inner_texts() == ["1.0", "0.5", "−0.7"]


def test_two_panels_keep_their_labels_apart(open_panel):
    page = open_panel(gate_playground(), perceptron_steps())
    page.get_by_label("Predict: the first epoch").select_option("4")
    assert page.evaluate("window.models[1].state.values.guess") == "4"
    assert page.evaluate("[...document.querySelectorAll('[id]')].length") == 0


def test_ticks_choices_and_buttons_tell_python(open_panel):
    page = open_panel(gate_playground())
    page.get_by_label("(1, 1)").check()
    page.get_by_label("gate to build").select_option("XOR")
    page.get_by_role("button", name="Show").click()
    assert state(page, "values")["guess"] == [False, False, False, True]
    assert state(page, "values")["gate"] == "XOR"
    assert page.evaluate("window.sent") == [{"press": "show"}]


def test_a_button_at_rest_keeps_the_focus_and_sends_nothing(open_panel):
    page = open_panel(gate_playground())
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.evaluate("window.models[0].set('disabled', ['show'])")
    page.keyboard.press("Enter")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.textContent") == "Show"
    assert page.evaluate("window.sent") == [{"press": "show"}]
    assert page.evaluate("window.escaped") == []


def test_what_python_sends_is_drawn_once_and_said(open_panel):
    page = open_panel(gate_playground())
    drawn = page.evaluate(
        """async () => {
          const model = window.models[0], scene = document.querySelector(".dlk-scene");
          let drawn = 0;
          new MutationObserver(() => { drawn += 1; }).observe(scene, { childList: true });
          model.set("scene", "<b>new</b>");
          model.set("sentence", "All is new.");
          model.set("values", { ...model.get("values"), w1: -1.5 });
          model.set("disabled", ["show"]);
          await new Promise((done) => setTimeout(done, 50));
          return drawn;
        }"""
    )
    assert drawn == 1
    assert page.locator(".dlk-scene").inner_text() == "new"
    assert page.get_by_role("status").inner_text() == "All is new."
    assert page.get_by_label("weight w₁").input_value() == "-1.5"
    assert page.get_by_role("button", name="Show").is_disabled()
    assert page.get_by_role("button", name="Predict again").is_enabled()


def test_the_sentence_is_announced_and_controls_have_names(open_panel):
    page = open_panel(perceptron_steps())
    assert page.locator("[aria-live=polite]").count() == 1
    assert page.get_by_role("group", name="Perceptron learning, step by step").count() == 1
    nameless = "[...document.querySelectorAll('input, select')].filter((e) => !e.labels.length)"
    assert page.evaluate(f"{nameless}.length") == 0
    assert page.get_by_role("img").count() == 2


def test_the_still_picture_makes_room(open_panel):
    page = open_panel(gate_playground())
    assert not page.get_by_text("still", exact=True).is_visible()


@pytest.mark.parametrize("make", [gate_playground, perceptron_steps])
def test_a_narrow_window_needs_no_sideways_scrolling(open_panel, make):
    page = open_panel(make(), width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
