// Entropy explorer: two distributions, and lengths that add up to the cross-entropy.
import { axes, frame, number, picture, px, table, text } from "./svg.js";

const LETTERS = ["A", "B", "C"];
const BARS = axes({ left: 34, top: 30, width: 240, height: 190, xs: [0, 3], ys: [0, 1] });
const LONG = 300, TOP = { bits: 4, nats: 2.8 }; // pixels, and what they stand for

// Weights as probabilities; all 0 counts as all alike.
export function distribution(weights) {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (sum ? weight / sum : 1 / weights.length));
}

export function crossEntropy(p, q, unit = "bits") {
  const log = unit === "bits" ? Math.log2 : Math.log;
  return p.reduce((sum, share, i) => (share ? sum - share * log(q[i]) : sum), 0);
}

export function entropy(p, unit) {
  return crossEntropy(p, p, unit);
}

export function divergence(p, q, unit = "bits") {
  const log = unit === "bits" ? Math.log2 : Math.log;
  return p.reduce((sum, share, i) => (share ? sum + share * log(share / q[i]) : sum), 0);
}

export const explorer = {
  about: ["p1", "p2", "p3", "q1", "q2", "q3"],
  ask: "Predict first: which of the two divergences is larger, or are they equal? Choose, then press Show.",
  truth({ values }) {
    const { there, back } = measured(values);
    if (there === back || Math.abs(there - back) < 1e-9) return "both are equal";
    return there > back ? "D(p‖q) is larger" : "D(q‖p) is larger";
  },
  pointed(index, x, y, run) {
    if (index !== 0) return;
    const place = BARS.x.value(x), i = Math.floor(place);
    if (i < 0 || i > 2) return;
    const name = place - i < 0.5 ? "p" : "q", share = BARS.y.value(y);
    const others = [1, 2, 3].filter((k) => k !== i + 1)
      .reduce((sum, k) => sum + run.values[`${name}${k}`], 0);
    const wanted = share >= 1 ? 10 : (others * Math.max(0, share)) / (1 - share);
    const weight = Math.round(10 * Math.min(10, wanted)) / 10;
    run.values = { ...run.values, [`${name}${i + 1}`]: weight };
  },
  scene(run) {
    const seen = { ...measured(run.values), ...run };
    const { p, q, H, cross, there, back } = seen;
    return {
      pictures: [drawBars(seen), drawLengths(seen)],
      table: lengths(seen),
      sentence: inWords(seen),
      state: run.hidden ? { p, q } : { p, q, entropy: H, cross_entropy: cross, divergence: there, reverse: back },
    };
  },
};

function measured(values) {
  const [p, q] = ["p", "q"].map((name) => distribution([1, 2, 3].map((i) => values[name + i])));
  const { unit } = values;
  return {
    p, q, H: entropy(p, unit), cross: crossEntropy(p, q, unit),
    there: divergence(p, q, unit), back: divergence(q, p, unit),
  };
}

function inWords({ H, cross, there, values: { unit } }) {
  const [h, d, c] = [H, there, cross].map((value) => number(value, 3));
  const sum = `H(p) ${h} + D(p‖q) ${d} = H(p, q) ${c} ${unit}. `;
  if (cross === Infinity) return `${sum}Something happens for which q has no code: no message is long enough.`;
  if (there < 1e-9) return `${sum}q is p: nothing is wasted, the cross-entropy is as short as it can be.`;
  return `${sum}The wrong code costs ${number((100 * there) / cross, 0)} % of each message.`;
}

function drawBars({ p, q }) {
  const wide = BARS.width / 3, half = wide / 2 - 8;
  const bar = (kind, left, share) => `<rect class="${kind}" x="${px(left)}" y="${px(BARS.y(share))}" ` +
    `width="${px(half)}" height="${px(BARS.height * share)}"/>` +
    text(left + half / 2, BARS.y(share) - 5, number(share, 2), "dlk-small");
  const marks = frame(BARS, [], [0, 0.5, 1]) + LETTERS.map((letter, i) => {
    const left = BARS.left + i * wide + 6;
    return bar("dlk-plus", left, p[i]) + bar("dlk-hatched", left + half + 4, q[i]) +
      text(left + half + 2, BARS.top + BARS.height + 17, letter, "dlk-strong");
  }).join("") + text(154, 16, "p full, q framed: drag the tops", "dlk-strong");
  const list = (name, values) => `${name} gives ` +
    values.map((share, i) => `${LETTERS[i]} ${number(share, 2)}`).join(", ");
  return picture(marks, 290, 250, `Bars of two distributions: ${list("p", p)}; ${list("q", q)}.`);
}

function drawLengths({ H, there, cross, back, hidden, values: { unit } }) {
  const left = 12, scale = (value) => Math.min(LONG, (LONG * value) / TOP[unit]);
  const rows = [
    ["H(p)", [["dlk-plus", H]]],
    ["H(p) + D(p‖q)", [["dlk-plus", H], ["dlk-minus", there]]],
    ["H(p, q)", [["dlk-hatched", cross]]],
    ["D(p‖q)", [["dlk-minus", there]]],
    ["D(q‖p)", [["dlk-minus dlk-faint", back]]],
  ];
  const marks = rows.map(([name, parts], row) => {
    const y = 24 + row * 46, known = !hidden || row === 0;
    let x = left;
    const boxes = !known ? "" : parts.map(([kind, value]) => {
      const long = Math.min(scale(value), left + LONG - x), at = x;
      x += long;
      return `<rect class="${kind}" x="${px(at)}" y="${y}" width="${px(long)}" height="18"/>`;
    }).join("");
    const total = parts.reduce((sum, [, value]) => sum + value, 0);
    const told = known ? `${number(total, 3)} ${unit}` : "?";
    return text(left, y - 5, `${name}: ${told}`, "", "start") + boxes;
  }).join("");
  const alt = hidden ? `The entropy of p is ${number(H, 3)} ${unit}; the other lengths are hidden until you have predicted.`
    : `Lengths in ${unit}: H(p) ${number(H, 3)} and D(p‖q) ${number(there, 3)} end to end are as long as ` +
      `H(p, q) ${number(cross, 3)}; D(q‖p) is ${number(back, 3)}.`;
  return picture(marks, LONG + 24, 256, alt);
}

function lengths({ p, q, hidden, values: { unit } }) {
  const log = unit === "bits" ? Math.log2 : Math.log, long = (share) => number(0 - log(share), 2);
  const rows = LETTERS.map((letter, i) => [letter, number(p[i], 2), long(p[i]), number(q[i], 2), hidden ? "?" : long(q[i])]);
  return table(`Length of each outcome's message in ${unit}`, ["", "p", "−log p", "q", "−log q"], rows);
}
