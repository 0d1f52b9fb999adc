// Schedule explorer: the learning rate over time, and what a small noisy run does under it.
import { experiment, loss, rateAt, STEPS } from "./schedules.js";
import { axes, clipped, frame, line, number, path, picture, short, table, text } from "./svg.js";

const SPAN = { left: 46, width: 232, xs: [0, STEPS] }; // all plots are as wide
const FORMULAS = {
  constant: () => "η = η₀",
  step: (time) => `η = η₀ · ½^⌊t / ${time}⌋`,
  inverse: (time) => `η = η₀ / (1 + t / ${time})`,
  exponential: (time) => `η = η₀ · e^(−k t), k = ln 2 / ${time}`,
  cosine: (time) => `η = ½ η₀ (1 + cos(π t / ${time})), and 0 from step ${time}`,
  "warm-up, then cosine": (time) => `η = η₀ · t / ${time} up to step ${time}, then half a cosine to 0`,
};

export const explorer = {
  about: ["schedule", "lr0", "time", "start", "sigma"],
  ask: "Predict first: does the rate leave the run enough time to arrive, and does it become small " +
    "enough in the end for the noise? Then press Show.",
  truth: (run) => work(run).fate,
  pointed(_index, x, _y, run) {
    const t = Math.round(axes({ ...SPAN, top: 0, height: 1, ys: [0, 1] }).x.value(x));
    run.values = { ...run.values, t: Math.min(STEPS, Math.max(0, t)) };
  },
  ready(run) {
    run.values = { ...run.values, schedule: "warm-up, then cosine", lr0: 0.3, time: 20 };
  },
  scene(run) {
    const all = { ...run, ...run.values, ...work(run) };
    const { schedule, lr0, time, t, seed } = all, w = all.runs[seed][t];
    const hide = (seen) => (run.hidden ? null : seen);
    return {
      pictures: [drawRun(all), drawLosses(all)],
      table: numbers(all),
      sentence: inWords(all),
      disabled: schedule === "constant" ? ["time"] : [],
      state: {
        rate: rateAt(schedule, lr0, time, t), w: hide(w ?? null), mean_loss: hide(all.losses[t] ?? null),
        end_loss: hide(all.fate === "blows up" ? null : all.end), full_rate_loss: hide(all.kept),
        fate: hide(all.fate),
      },
    };
  },
};

// What follows from the controls, computed anew when one of them that matters has moved.
function work({ values, memory, data }) {
  const key = explorer.about.map((name) => values[name]).join();
  if (memory.key !== key) Object.assign(memory, { key, found: experiment(values, data.noises) });
  return memory.found;
}

function inWords({ committed, fate, start, lr0, losses, end, kept, calm }) {
  // with a guess, the sentence begins with the name already
  const begin = committed === null ? `${fate[0].toUpperCase()}${fate.slice(1)}. ` : "";
  if (fate === "blows up") {
    return `${begin}The start w = ${number(start)} has curvature ${number(1 + 3 * start * start)}: the steps ` +
      `overshoot, further each time, and after ${losses.length - 1} steps a run is lost.`;
  }
  if (fate === "falls short") {
    return `${begin}The runs have not arrived: even without noise a loss of ${short(calm)} would be left of ` +
      `the first ${short(losses[0])}.`;
  }
  if (!kept) return `${begin}Of the first loss ${short(losses[0])}, ${short(end)} is left, and there is no noise.`;
  return `${begin}Noise leaves a loss of ${short(end)}; the full rate ${number(lr0)}, kept up, leaves ${short(kept)}.`;
}

function numbers({ schedule, lr0, time, t, seed, hidden, runs, losses }) {
  const told = (seen) => (hidden ? "?" : seen === undefined ? "lost" : short(seen));
  const steps = [...new Set([0, t, STEPS])].sort((a, b) => a - b);
  const rows = steps.map((s) => {
    const w = runs[seed][s];
    return [s, short(rateAt(schedule, lr0, time, s)), told(w), told(w === undefined ? w : loss(w)), told(losses[s])];
  });
  return table(`${FORMULAS[schedule](time)}, with η₀ = ${number(lr0)}`,
    ["step t", "rate η", "w", "its loss", "mean loss"], rows);
}

// -- pictures --

// The rate above, the weight of one run below, over the same steps.
function drawRun(all) {
  const { schedule, lr0, time, t, seed, start, hidden, committed, runs, rates, fate } = all;
  const rate = axes({ ...SPAN, top: 28, height: 96, ys: [0, 1.15 * lr0] }), high = 1.3 * start;
  const weight = axes({ ...SPAN, top: 172, height: 106, ys: [-high, high] });
  const curve = Array.from({ length: 4 * STEPS + 1 }, (_, i) => i / 4)
    .map((s) => [rate.x(s), rate.y(rateAt(schedule, lr0, time, s))]);
  const way = runs[seed].map((w, s) => [weight.x(s), weight.y(w)]);
  const zero = line(SPAN.left, weight.y(0), SPAN.left + SPAN.width, weight.y(0), "dlk-frame");
  const marks = frame(rate, [0, 100, 200], [0, lr0]) + clipped(rate, cursor(rate, t) + path(curve)) +
    text(SPAN.left, 16, "rate η", "dlk-strong", "start") +
    (committed === null ? "" : text(278, 16, `your guess: ${committed}`, "", "end")) +
    frame(weight, [0, 100, 200], [-start, 0, start], ["step t", ""]) +
    clipped(weight, zero + cursor(weight, t) + (hidden ? "" : path(way, "dlk-series-1 dlk-way"))) +
    text(SPAN.left, 160, `weight w, run ${seed}`, "dlk-strong", "start") +
    (hidden ? text(weight.x(100), weight.y(0) - 8, "?", "dlk-strong") : "");
  const shown = [0, 50, 100, 150].map((s) => `${short(rates[s])} at ${s}`).join(", ");
  const alt = `The rate of the schedule ${schedule}: ${shown}. Below, the weight of run ${seed}: ` +
    (hidden ? "hidden until you have predicted."
      : `from ${number(start)} to ${short(runs[seed].at(-1))}${fate === "blows up" ? ", lost" : ""}.`);
  return picture(marks, 290, 336, alt);
}

function cursor(at, t) {
  return line(at.x(t), at.top, at.x(t), at.top + at.height, "dlk-track");
}

// The mean losses of the runs under this schedule and under the full rate.
function drawLosses({ hidden, losses, constant, t }) {
  const at = axes({ ...SPAN, top: 28, height: 250, ys: [-5, 2] });
  const y = (L) => at.y(Math.log10(Math.max(L, 1e-9))), way = (list) => list.map((L, s) => [at.x(s), y(L)]);
  const drawn = hidden ? "" : path(way(constant), "dlk-before") + path(way(losses), "dlk-series-1 dlk-way");
  const key = (left, kind, words) => path([[left, 326], [left + 26, 326]], kind) +
    text(left + 32, 330, words, "dlk-small", "start");
  const marks = frame({ ...at, y }, [0, 100, 200], [1e-4, 0.01, 1, 100], ["step t", ""]) +
    clipped(at, cursor(at, t) + drawn) +
    text(at.left, 16, "mean loss of 20 runs", "dlk-strong", "start") +
    key(46, "dlk-series-1 dlk-way", "this schedule") + key(166, "dlk-before", "full rate, kept up") +
    (hidden ? text(at.x(100), y(0.03), "?", "dlk-strong") : "");
  const alt = hidden ? "The mean losses are hidden until you have predicted."
    : `Mean loss of 20 runs on a logarithmic scale: ${short(losses[0])} at the start, ${short(losses.at(-1))} at ` +
      `step ${losses.length - 1}; with the full rate ${short(constant.at(-1))} at step ${constant.length - 1}.`;
  return picture(marks, 290, 336, alt);
}
