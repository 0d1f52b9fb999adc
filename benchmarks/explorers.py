"""How fast explorers answer in JupyterLab, beside @interact with pyplot on the same content.

    python benchmarks/explorers.py [--moves 30] [--only activation]

A slider is moved by arrow keys in Chromium. `drawn` is the time from the key to the new picture in
the page (for what the browser computes: handler and DOM), `pixels` to the moment when the browser
presented the first frame that shows it, `first` from running the cell to the first picture. Medians
in milliseconds, with the 95th percentile behind them, of so many `moves` that changed the picture;
the ratio is that of the medians of `pixels`.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import click
from playwright.sync_api import sync_playwright

from dlkit import explorers
from tests import lab_server
from tests.browser.conftest import KERNEL_IDLE, NOTEBOOK, PATIENCE_MS, Lab
from tests.conftest import chromium
from tests.explorer_notebook import guess, write_notebook

GOAL = {"kernel": "≤ 0.35×", "browser": "≤ 16, ≤ 33"}
DRAW = """
import numpy as np
from ipywidgets import FloatSlider, interact
from matplotlib import pyplot as plt
from dlkit.explorers import explore
from dlkit.explorers.controls import slider

x = np.linspace(-6, 6, 400)

def draw(ax, a):
    y = 1 / (1 + np.exp(-a * x))
    ax.plot(x, y)
    ax.fill_between(x, 0, y * (1 - y) * a, alpha=0.3)
    ax.set(xlim=(-6, 6), ylim=(0, 1.05), xlabel="x", title=f"a = {a:.2f}")
    ax.grid(True)
    return f"The curve has the slope {a / 4:.3f} at 0."

print("ready")
"""
INTERACT = """
@interact(a=FloatSlider(min=0.1, max=4, step=0.05, value=1))
def show(a):
    fig, ax = plt.subplots(figsize=(6.4, 3.2))
    draw(ax, a)
    plt.show()
"""
EXPLORE = 'explore(draw, (slider("a", "a", 0.1, 4, 0.05), 1.0), title="The same")'

# tells of each key: when the picture had changed, and when the browser presented the frame with it,
# by Chromium's Element Timing; what is no image file is timed by a letter placed beside it
WATCH = """(place) => {
  window.moves = [];
  const seen = () => [...place.querySelectorAll("img, svg.dlk-picture, table")]
    .map((e) => e.src || e.outerHTML).join();
  let before = seen(), key = null, drawn = null, done = null;
  place.ownerDocument.addEventListener("keydown", () => {
    [key, drawn] = [performance.now(), null];
    window.shown = new Promise((resolve) => { done = resolve; });
  }, true);
  const letter = () => {
    const mark = Object.assign(document.createElement("span"), { textContent: "x" });
    mark.style = "position: fixed; left: 0; bottom: 0; font-size: 8px";
    document.querySelector("#timed")?.remove();
    mark.id = "timed";
    document.body.append(mark);
    return mark;
  };
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (drawn === null || entry.identifier !== String(key)) return;
    window.moves.push([drawn - key, entry.renderTime - key]);
    drawn = null;
    done();
  })).observe({ type: "element" });
  new MutationObserver(() => {
    const changed = performance.now(), now = seen();
    if (key === null || drawn !== null || !now || now === before) return;
    [before, drawn] = [now, changed];
    const timed = place.querySelector("img") ?? letter();
    timed.setAttribute("elementtiming", key);
  }).observe(place, { childList: true, subtree: true, attributes: true });
}"""
# waits without asking again and again, which would itself draw frames
SHOWN = """async () => {
  await Promise.race([window.shown, new Promise((resolve) => setTimeout(resolve, 1000))]);
  return window.moves.length;
}"""
WARM = 2  # the first moves are not counted


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure(page, place, control, moves):
    """[(drawn, pixels)] of so many key presses on a control, in milliseconds."""
    page.evaluate(WATCH, place.element_handle())
    control.focus()
    down = control.evaluate("(e) => e.tagName === 'SELECT'")
    keys = ("ArrowDown", "ArrowUp") if down else ("ArrowRight", "ArrowLeft")
    for turn in range(4 * moves):  # at its end a slider does not move
        page.wait_for_timeout(120)
        page.keyboard.press(keys[turn // 3 % 2])
        if page.evaluate(SHOWN) == WARM + moves:
            break
    return page.evaluate("window.moves")[WARM:]


def first_display(lab, cell, drawn):
    """Milliseconds from running a cell to its first picture, alone on the page as all others."""
    lab.page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    cell.locator(".cm-content").click()
    started = lab.page.evaluate("performance.now()")
    lab.page.keyboard.press("Control+Enter")
    cell.locator(drawn).first.wait_for()
    return lab.page.evaluate("performance.now()") - started


def print_row(name, kind, first, found, base):
    drawn, pixels = zip(*found, strict=True)
    cells = [
        f"{statistics.median(values):.1f} ({percentile(values, 0.95):.1f})"
        for values in (drawn, pixels)
    ]
    ratio = statistics.median(pixels) / base if base else 1
    print(
        f"{name:26}{kind:9}{first:8.0f}{cells[0]:>16}{cells[1]:>16}{len(found):6}{ratio:7.2f}  "
        f"{GOAL.get(kind, '')}",
        flush=True,
    )
    return statistics.median(pixels)


def run(lab, names, moves):
    words = (
        f"{'ms':26}{'drawn by':9}{'first':>8}{'drawn':>16}{'pixels':>16}{'moves':>6}{'ratio':>7}"
    )
    print(f"{words}  goal")
    cell = lab.scroll_to_cell(1)
    first = first_display(lab, cell, ".widget-interact img")
    control = cell.locator(".noUi-handle").first
    found = measure(lab.page, cell.locator(".widget-interact"), control, moves)
    base = print_row("@interact with pyplot", "kernel", first, found, None)
    rows = [("explore, the same", "kernel"), *((name, kind_of(name)) for name in names)]
    for number, (name, kind) in enumerate(rows, start=2):
        cell = lab.scroll_to_cell(number)
        first = first_display(lab, cell, ".dlk-scene :is(img, svg)")
        if name in names:
            guess(cell)
        lab.page.wait_for_timeout(500)
        sliders = cell.locator("input[type=range]:enabled")
        control = (sliders if sliders.count() else cell.locator("select:enabled")).first
        found = measure(lab.page, cell.locator(".dlk-scene"), control, moves)
        print_row(name, kind, first, found, base)


def kind_of(name):
    module = Path(explorers.__file__).with_name(f"{name}.js")
    return "browser" if module.exists() else "kernel"


@click.command(help=__doc__.splitlines()[0])
@click.option("--moves", default=30, show_default=True)
@click.option("--only", default="", help="Explorers whose name holds this.")
def main(moves, only):
    names = [name for name in explorers.__all__ if name != "explore" and only in name]
    if chromium() is None:
        print("No Chromium here: nothing to measure.")
        return
    house = Path(tempfile.mkdtemp(prefix="explorers-"))
    cells = [f"from dlkit.explorers import {name}\n{name}()" for name in names]
    try:
        lab_server.copy_project(house)
        write_notebook(house / "work" / "bench.ipynb", [DRAW, INTERACT, EXPLORE, *cells])
        port = str(lab_server.free_port())
        with (
            lab_server.running(house, "--port", port, "--expose-app-in-browser") as server,
            sync_playwright() as playwright,
        ):
            flags = ["--no-sandbox", "--disable-gpu"]
            browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
            lab = Lab(browser.new_page(viewport={"width": 1280, "height": 1000}), server, house)
            lab.page.set_default_timeout(PATIENCE_MS)
            lab.open("work/bench.ipynb")
            lab.page.wait_for_function(f"() => {NOTEBOOK}?.sessionContext.session?.kernel")
            lab.page.wait_for_function(KERNEL_IDLE)
            first_display(lab, lab.scroll_to_cell(0), ".jp-OutputArea-output:has-text('ready')")
            run(lab, names, moves)
            browser.close()
    finally:
        shutil.rmtree(house, ignore_errors=True)


if __name__ == "__main__":
    main()
