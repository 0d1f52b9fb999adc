// A run of a browser-side explorer: its controls' values, what it remembers, and the guess made first.
//
// An explorer is an object with
//   begin(run)                 → memory: what is known besides the values, at the start and on reset
//   scene(run)                 → { pictures, table, sentence, disabled, state }
//   truth(run)                 → the guess that would be right, in the form of the control `guess`;
//                                null while it cannot be known yet; absent where nothing is asked
//   moved(names, run)          after controls moved        (optional, as all that follow)
//   pressed(name, run)         after a button was clicked
//   pointed(picture, x, y, run)  after a click or drag in a picture, in the picture's own pixels
//   tick(run)                  once a frame while run.playing
//   ready(run)                 brings a run to where a page without controls shows most
//   ask                        the sentence while a guess is awaited
//   about                      the controls whose move makes a guess outdated; all, if left out
// and `run` is { values, memory, data, hidden, committed, playing }: `hidden` until the student has
// committed to a guess, `committed` that guess as long as it is about what is seen.

import { number } from "./svg.js";

export function newRun(explorer, start, data) {
  const run = { start, data, values: { ...start }, hidden: "truth" in explorer, committed: null };
  return restart(explorer, run);
}

// All but the values and the guess from the beginning.
export function restart(explorer, run) {
  run.playing = false;
  run.memory = explorer.begin ? explorer.begin(run) : {};
  return run;
}

export function move(explorer, run, changes) {
  const names = Object.keys(changes).filter((name) => !same(changes[name], run.values[name]));
  if (!names.length) return;
  run.values = { ...run.values, ...changes };
  const { about } = explorer;
  if (names.some((name) => (about ? about.includes(name) : name !== "guess"))) run.committed = null;
  if (explorer.moved) explorer.moved(names, run);
}

export function press(explorer, run, name) {
  if (look(explorer, run).disabled.includes(name)) return;
  if (name === "show") {
    run.hidden = false;
    run.committed = run.values.guess;
  } else if (name === "predict" || name === "reset") {
    run.hidden = "truth" in explorer;
    run.committed = null;
    run.values = name === "reset" ? { ...run.start } : { ...run.values, guess: run.start.guess };
    restart(explorer, run);
  }
  if (explorer.pressed) explorer.pressed(name, run);
}

export function point(explorer, run, picture, x, y) {
  if (!explorer.pointed) return;
  const before = run.values;
  explorer.pointed(picture, x, y, run);
  const changes = run.values;
  run.values = before;
  move(explorer, run, changes);
}

// What is seen now: the explorer's scene with the guess beside the truth.
export function look(explorer, run) {
  const scene = { table: "", disabled: [], state: {}, ...explorer.scene(run) };
  if (!("truth" in explorer)) return scene;
  const truth = run.hidden ? null : explorer.truth(run);
  const told = run.committed === null || truth === null ? "" : verdict(run.committed, truth);
  const resting = run.hidden ? ["predict"] : ["guess", "show"];
  return {
    ...scene,
    sentence: run.hidden ? explorer.ask : told + scene.sentence,
    disabled: [...scene.disabled, ...resting],
    state: { ...scene.state, hidden: run.hidden, committed: run.committed },
  };
}

function verdict(guess, truth) {
  if (Array.isArray(guess)) {
    const agree = guess.filter((one, i) => one === truth[i]).length;
    return `You predicted ${agree} of ${guess.length} right. `;
  }
  const [mine, right] = [guess, truth].map((value) =>
    typeof value === "number" ? number(value) : value);
  return `You predicted ${mine}${same(guess, truth) ? ": right" : `; it is ${right}`}. `;
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
