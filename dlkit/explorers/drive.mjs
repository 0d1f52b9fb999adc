// Runs explorers without a page, for stills.py and tests: a list of jobs as JSON on stdin, results on
// stdout. A job is { module, call: [function, …arguments] } or { module, start, data, steps }, where a step is
// ["move", { … }], ["press", name], ["point", picture, x, y], ["tick", frames] or ["ready"].
import { readFileSync } from "node:fs";
import { look, move, newRun, point, press } from "./run.js";
import { alone } from "./svg.js";

const jobs = JSON.parse(readFileSync(0, "utf8"));
const results = [];
for (const job of jobs) {
  const module = await import(`./${job.module}.js`);
  results.push(job.call ? module[job.call[0]](...job.call.slice(1)) : walk(module.explorer, job));
}
process.stdout.write(JSON.stringify(results, (_key, value) =>
  ArrayBuffer.isView(value) ? [...value]
    : typeof value === "number" && !Number.isFinite(value) ? String(value) : value));

function walk(explorer, { start, data, steps }) {
  const run = newRun(explorer, start, data);
  const step = {
    move: (changes) => move(explorer, run, changes),
    press: (name) => press(explorer, run, name),
    point: (index, x, y) => point(explorer, run, index, x, y),
    tick: (frames) => { for (let i = 0; i < frames && run.playing; i += 1) explorer.tick(run); },
    ready: () => { run.hidden = false; if (explorer.ready) explorer.ready(run); },
  };
  const scenes = [seen(explorer, run)];
  for (const [kind, ...rest] of steps) {
    step[kind](...rest);
    scenes.push(seen(explorer, run));
  }
  return scenes;
}

function seen(explorer, run) {
  const { pictures, ...scene } = look(explorer, run);
  const drawn = pictures.map((picture) => {
    const { width, height, alt } = picture;
    return { marks: alone(picture), width, height, alt };
  });
  return { ...scene, pictures: drawn, values: run.values, playing: run.playing };
}
