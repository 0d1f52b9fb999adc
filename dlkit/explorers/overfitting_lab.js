// Overfitting lab: capacity, noise, weight decay and dropout against the two learning curves.
import { output, target, train, wavesAt } from "./overfitting_model.js";
import { axes, clipped, frame, line, number, path, picture, px, short, table, text } from "./svg.js";

const CURVE = axes({ left: 34, top: 30, width: 270, height: 210, xs: [-1, 1], ys: [-2.5, 2.5] });
const LOW = 0.001, HIGH = 10; // of the errors' axis
const GRID = Array.from({ length: 101 }, (_, i) => i / 50 - 1);

// underfitting: training ends more than 0.1 above the error of what the points were drawn from;
// overfitting: validation ends over 1.1 of its least
export function regime({ training, validation }, noise) {
  if (training.at(-1) > noise + 0.1) return "underfitting";
  return validation.at(-1) > 1.1 * Math.min(...validation) ? "overfitting" : "a good fit";
}

export const explorer = {
  about: ["waves", "noise", "lam", "drop", "epochs", "seed"],
  ask: "Predict first: does a model of so many waves underfit, fit well or overfit these fifteen points?",
  begin: (run) => ({ seen: trained(run) }),
  moved(names, run) {
    if (names.some((name) => name !== "guess")) run.memory.seen = trained(run);
  },
  truth: (run) => regime(run.memory.seen.run, run.memory.seen.errors[0]),
  scene(run) {
    const all = { ...run.memory.seen, ...run.values, hidden: run.hidden };
    const { training, validation, best } = all.run;
    return {
      pictures: [drawCurve(all), drawErrors(all)],
      table: numbers(all),
      sentence: inWords(all),
      state: run.hidden ? {} : {
        training: training.at(-1), validation: validation.at(-1), best_epoch: best.epoch,
        best_validation: best.error, regime: regime(all.run, all.errors[0]),
      },
    };
  },
};

function trained({ values: { waves, noise, lam, drop, epochs, seed }, data: { drawn } }) {
  const { x, z, xv, zv } = drawn[seed];
  const noisy = (places, normals) => places.map((place, i) => target(place) + noise * normals[i]);
  const points = { x, t: noisy(x, z), xv, tv: noisy(xv, zv) };
  const errors = [[x, points.t], [xv, points.tv]].map(([places, t]) =>
    places.reduce((sum, place, i) => sum + (target(place) - t[i]) ** 2, 0) / t.length);
  return { points, errors, run: train(points, waves, lam, drop, epochs, seed) };
}

function inWords({ run, waves, errors, epochs }) {
  const { training, validation, best } = run, name = regime(run, errors[0]);
  const seen = `This is ${name}: after ${epochs} epochs the error is ${short(training.at(-1))} on its ` +
    `points and ${short(validation.at(-1))} on others`;
  const least = `, smallest after epoch ${best.epoch} with ${short(best.error)}`;
  const why = {
    underfitting: `. ${waves} ${waves === 1 ? "wave" : "waves"}, so trained, cannot follow the points.`,
    overfitting: `${least}. What it has learnt since then is the noise.`,
    "a good fit": `${least}. More training would change little.`,
  };
  return seen + why[name];
}

function drawCurve({ points: { x, t }, run, waves, hidden }) {
  const place = ([a, b]) => [CURVE.x(a), CURVE.y(b)];
  const learnt = (w) => GRID.map((g) => place([g, output(w, wavesAt(g, waves))]));
  const marks = frame(CURVE, [-1, 0, 1], [-2, 0, 2], ["x", ""]) + text(169, 18, "points and what is learnt", "dlk-strong") +
    clipped(CURVE, path(GRID.map((g) => place([g, target(g)])), "dlk-track") +
      (hidden ? "" : path(learnt(run.best.w), "dlk-before") + path(learnt(run.w))) +
      x.map((value, i) => `<circle class="dlk-on" cx="${px(CURVE.x(value))}" cy="${px(CURVE.y(t[i]))}" r="5"/>`).join(""));
  const alt = `Fifteen points round a wave of one and a half periods` + (hidden
    ? ". What the model learns is hidden until you have predicted."
    : `, with the model's curve after the last epoch and, dashed, after epoch ${run.best.epoch}.`);
  return picture(marks, 320, 280, alt);
}

function drawErrors({ run: { training, validation, best }, epochs, hidden }) {
  const logs = [Math.log10(LOW), Math.log10(HIGH)];
  const at = axes({ left: 48, top: 30, width: 250, height: 210, xs: [0, epochs], ys: logs });
  const y = (error) => at.y(Math.min(logs[1], Math.max(logs[0], Math.log10(error))));
  const curve = (errors, kind) => path(errors.map((error, i) => [at.x(i + 1), y(error)]), kind);
  const ticks = [-3, -2, -1, 0, 1].map((power) =>
    text(at.left - 5, at.y(power) + 4, number(10 ** power), "dlk-small", "end")).join("");
  const end = (errors, words) => text(at.left + at.width - 4, y(errors.at(-1)) - 6, words, "dlk-small", "end");
  const marks = frame(at, [0, epochs / 2, epochs], [], ["epoch", ""]) + ticks +
    text(173, 18, "squared error", "dlk-strong") + (hidden ? text(173, 135, "?", "dlk-strong")
      : line(at.x(best.epoch), at.top, at.x(best.epoch), at.top + at.height, "dlk-guess") +
        curve(training, "dlk-line") + curve(validation, "dlk-slope") +
        end(training, "training") + end(validation, "validation"));
  const alt = hidden ? "The two learning curves are hidden until you have predicted."
    : `Squared errors over ${epochs} epochs: training ends at ${short(training.at(-1))}, validation at ` +
      `${short(validation.at(-1))} after a minimum of ${short(best.error)} at epoch ${best.epoch}.`;
  return picture(marks, 312, 280, alt);
}

function numbers({ run: { training, validation, best }, errors, hidden }) {
  const told = (value) => (hidden ? "?" : short(value));
  return table("Squared errors", ["", "last epoch", "best epoch", "of the thin line"], [
    ["training", told(training.at(-1)), told(training[best.epoch - 1]), short(errors[0])],
    ["validation", told(validation.at(-1)), told(best.error), short(errors[1])],
  ]);
}
