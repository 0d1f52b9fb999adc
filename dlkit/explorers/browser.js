// Runs an explorer in the browser: a model like the kernel's, whose scenes are drawn on the spot.
import { look, move, newRun, point, press } from "./run.js";
import { inline, paint } from "./svg.js";

const SYNC_MS = 100; // Python hears of a move that soon, and at most so often

// What panel.js draws from: values, scene, sentence and disabled come from the run, the rest from Python.
export function inBrowser(model, explorer) {
  const run = newRun(explorer, model.get("values"), model.get("data"));
  const heard = [];
  let seen = look(explorer, run), timer = null, frame = null, telling = false, gone = false;

  const tell = () => {
    timer = null;
    if (gone) return;
    telling = true;
    model.set("values", run.values);
    telling = false;
    model.set("seen", { ...seen.state, sentence: seen.sentence });
    model.save_changes();
  };
  const changed = () => {
    seen = look(explorer, run);
    heard.forEach((listener) => listener());
    timer ??= setTimeout(tell, SYNC_MS);
    if (run.playing) frame ??= requestAnimationFrame(play);
  };
  const play = () => {
    frame = null;
    if (gone || !run.playing) return;
    explorer.tick(run);
    changed();
  };

  const fromPython = () => {
    if (telling) return;
    move(explorer, run, model.get("values"));
    changed();
  };
  const message = (content) => { if (content.press) { press(explorer, run, content.press); changed(); } };
  model.on("change:values", fromPython);
  model.on("msg:custom", message);
  timer = setTimeout(tell, 0);

  const local = {
    values: () => run.values,
    scene: () => seen.pictures.map(inline).join("") + seen.table,
    sentence: () => seen.sentence,
    disabled: () => seen.disabled,
  };
  return {
    get: (name) => (name in local ? local[name]() : model.get(name)),
    set: (name, value) => { move(explorer, run, value); changed(); },
    save_changes: () => {},
    send: (content) => message(content),
    on: (name, listener) => { if (!heard.includes(listener)) heard.push(listener); },
    off: (name, listener) => { if (heard.includes(listener)) heard.splice(heard.indexOf(listener), 1); },
    paint: (place) => paint(seen.pictures, place),
    point: explorer.pointed && ((index, x, y) => { point(explorer, run, index, x, y); changed(); }),
    close: () => {
      gone = true;
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      model.off("change:values", fromPython);
      model.off("msg:custom", message);
    },
  };
}
