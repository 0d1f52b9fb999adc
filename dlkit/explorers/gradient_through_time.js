// Gradient through time: the norm of a state forward, and of its gradient back, step by step.
import { bytes } from "./bytes.js";
import { drawEigenvalues, drawNorms, EDGE, times } from "./gradient_scene.js";
import { number } from "./svg.js";

const GUESSES = { vanishes: "less than a tenth", "keeps its size": "about as large", explodes: "more than ten times" };
const ACTIVATIONS = { // the function, and its slope in terms of what goes in and what comes out
  linear: [(s) => s, () => 1],
  tanh: [Math.tanh, (s, h) => 1 - h * h],
  ReLU: [(s) => Math.max(s, 0), (s) => Number(s > 0)],
};

// Norms of the states from h0 on, norms of their gradients back from dh, and the mean slope. W is rows of weights.
export function throughTime(W, h0, dh, activation, steps) {
  const [f, slopeOf] = ACTIVATIONS[activation], states = [h0], slopes = [];
  for (let t = 0; t < steps; t += 1) {
    const sums = W[0].map((_, to) => states[t].reduce((sum, h, from) => sum + h * W[from][to], 0));
    states.push(sums.map(f));
    slopes.push(sums.map((s, i) => slopeOf(s, states[t + 1][i])));
  }
  const gradients = [dh];
  for (const slope of [...slopes].reverse()) {
    const ds = gradients[0].map((d, i) => d * slope[i]);
    gradients.unshift(W.map((row) => row.reduce((sum, w, to) => sum + w * ds[to], 0)));
  }
  const all = slopes.flat();
  return {
    forward: states.map(norm), backward: gradients.map(norm), slope: all.reduce((a, b) => a + b) / all.length,
  };
}

export const explorer = {
  about: ["radius", "activation", "matrix", "steps", "seed"],
  ask: "Predict first: the state's norm is seen. What becomes of the gradient on its way back to the first " +
    "step? Choose it, then press Show.",
  begin: (run) => run.memory ?? unpacked(run.data),
  truth: (run) => GUESSES[work(run).regime],
  scene(run) {
    const done = work(run), { hidden } = run, { W, forward, backward, slope, factor, regime, eigenvalues } = done;
    const guess = Object.values(GUESSES).indexOf(run.committed);
    return {
      pictures: [drawNorms(done, hidden, guess), drawEigenvalues(eigenvalues)],
      sentence: inWords(run.values, done),
      state: { Wh: W, forward, ...(hidden ? {} : { backward, slope, factor, regime }) },
    };
  },
};

// Numbers out of base64: for each matrix and seed its weights (radius 1) and eigenvalues; for each seed the vectors
// to begin with.
function unpacked({ units, weights, eigenvalues, starts }) {
  const rows = (values, size) => Array.from({ length: values.length / size }, (_, i) =>
    [...values.subarray(i * size, (i + 1) * size)]);
  const each = (given, how) => Object.fromEntries(Object.entries(given).map(([name, one]) => [name, how(one)]));
  return {
    weights: each(weights, (one) => rows(new Float64Array(bytes(one).buffer), units)),
    eigenvalues: each(eigenvalues, (one) => rows(new Float32Array(bytes(one).buffer), 2)),
    starts: rows(new Float64Array(bytes(starts).buffer), units),
    units,
  };
}

function work({ values, memory }) {
  const { radius, activation, matrix, steps, seed } = values, { units } = memory;
  const of = (all) => all[matrix].slice(units * seed, units * (seed + 1)).map((row) => row.map((v) => v * radius));
  const W = of(memory.weights), [h0, dh] = memory.starts.slice(2 * seed, 2 * seed + 2);
  const found = throughTime(W, h0, dh, activation, steps), arrived = found.backward[0];
  const regime = arrived < 10 ** -EDGE ? "vanishes" : arrived > 10 ** EDGE ? "explodes" : "keeps its size";
  return { ...found, W, eigenvalues: of(memory.eigenvalues), regime, factor: arrived ** (1 / steps) };
}

function norm(vector) {
  return Math.hypot(...vector);
}

function inWords({ steps, radius, activation }, { backward, factor, slope, regime }) {
  if (backward[0] === 0) return "No gradient reaches the first step: every path has a unit that does not fire.";
  const told = `After ${steps} steps back the gradient is ${times(backward[0])} as large: it ${regime}. A step ` +
    `multiplies it by ${number(factor, 2)} on average, with a spectral radius of ${number(radius)}`;
  if (activation === "linear") return `${told}.`;
  return `${told} and a mean slope of ${activation} of ${number(slope, 2)}.`;
}
