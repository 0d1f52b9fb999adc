// Kernel lab: nine weights to edit, a photograph, and what the convolution makes of it.
import { bytes } from "./bytes.js";
import { number, picture, text } from "./svg.js";

const OWN = "your own";
const ZOOM = 1.65; // pixels on the page for one of the photograph
const SHOW = {
  "clipped to 0 … 1": (y) => y,
  "0 as mid grey": (y) => y / 2 + 0.5,
  "size without sign": Math.abs,
};
const EVEN = {
  "below 0": "even areas fall below 0",
  0: "even areas become 0, and only changes remain",
  darker: "even areas become darker",
  unchanged: "even areas keep their brightness",
  brighter: "even areas become brighter",
};

// The convolution of bytes, `columns` a row, with nine weights that are then divided, without padding:
// brightness, in which byte 255 is 1. Whole weights give no rounding, so that an even area gives 0 exactly.
export function convolve(pixels, columns, weights, divide) {
  const rows = pixels.length / columns - 2, wide = columns - 2, y = new Float64Array(rows * wide);
  weights.forEach((w, k) => {
    if (!w) return;
    for (let i = 0; i < rows; i += 1) {
      const from = (i + Math.floor(k / 3)) * columns + (k % 3), to = i * wide;
      for (let j = 0; j < wide; j += 1) y[to + j] += w * pixels[from + j];
    }
  });
  return y.map((sum) => sum / (255 * divide));
}

export const explorer = {
  about: ["preset", "kernel", "divide"],
  ask: "Predict first: what does this kernel make of an even area? Choose it, then press Show.",
  begin: (run) => run.memory ?? Object.fromEntries(Object.entries(run.data.photos)
    .map(([name, photo]) => [name, bytes(photo)])),
  truth: ({ values }) => becomes(total(values)),
  // a preset sets the weights, and other weights are no preset any more
  moved(names, run) {
    const { values, data } = run, given = data.presets[values.preset];
    if (!given || (given[1] === values.divide && given[0].every((w, i) => w === values.kernel[i]))) return;
    run.values = names.includes("preset") ? { ...values, kernel: given[0], divide: given[1] }
      : { ...values, preset: OWN };
  },
  scene(run) {
    const { values, data, memory, hidden } = run, { columns } = data, pixels = memory[values.photo];
    const y = convolve(pixels, columns, values.kernel, values.divide), found = summary(y);
    const photo = { values: pixels, level: (byte) => byte, columns };
    const about = `The photograph ${values.photo} in grey.`;
    return {
      pictures: [grey(photo, about), hidden ? covered(y, columns - 2) : drawn(y, columns - 2, values, found)],
      sentence: inWords(values, found),
      state: hidden ? {} : { sum: total(values), ...found },
    };
  },
};

// The sum of the weights, without what a computer adds to sums of tenths.
function total({ kernel, divide }) {
  return Number((kernel.reduce((a, b) => a + b) / divide).toFixed(9));
}

function becomes(sum) {
  if (sum === 0) return "0";
  if (sum === 1) return "unchanged";
  return sum < 0 ? "below 0" : sum < 1 ? "darker" : "brighter";
}

// The ends of the result, and the share of it that is darker than black or brighter than white.
function summary(y) {
  let lowest = Infinity, highest = -Infinity, outside = 0;
  for (const value of y) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    outside += value < 0 || value > 1;
  }
  return { lowest, highest, outside: outside / y.length };
}

function range({ lowest, highest }) {
  return `The result goes from ${number(lowest, 2)} to ${number(highest, 2)}`;
}

function inWords(values, found) {
  const sum = total(values), share = 100 * found.outside;
  const rest = share >= 0.5 ? `; ${share.toFixed(0)} % of it lies outside 0 … 1` : "";
  return `The weights sum to ${number(sum)}: ${EVEN[becomes(sum)]}. ${kind(values.kernel)} ${range(found)}${rest}.`;
}

function kind(kernel) {
  const used = kernel.filter((w) => w);
  if (!used.length) return "All weights are 0.";
  if (used.length === 1) return "One pixel alone counts.";
  const alike = Math.min(...used) > 0 || Math.max(...used) < 0;
  return `The kernel ${alike ? "averages" : "compares"} neighbours.`;
}

function drawn(y, columns, { kernel, divide, display }, found) {
  const rows = [0, 3, 6].map((at) =>
    kernel.slice(at, at + 3).map((w) => number(w / divide, 3)).join(" "));
  const alt = `The result of the kernel ${rows.join("; ")}, ${display}: ${range(found)}.`;
  // halves are rounded up; a millionth more, since sums of decimals may fall a hair short of them
  const level = (value) => Math.floor(Math.min(1, Math.max(0, SHOW[display](value))) * 255 + 0.5 + 1e-6);
  return grey({ values: y, level, columns }, alt);
}

function size(count, columns) {
  return [columns, count / columns].map((side) => Math.round(ZOOM * side));
}

// Values as grey pixels.
function grey({ values, level, columns }, alt) {
  const [width, height] = size(values.length, columns), rgba = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, i) => {
    rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = level(value);
    rgba[4 * i + 3] = 255;
  });
  const grid = { x: 0, y: 0, width, height, columns, rows: values.length / columns, rgba };
  return picture("", width, height, alt, [grid]);
}

function covered(y, columns) {
  const [width, height] = size(y.length, columns);
  const frame = `<rect class="dlk-frame" width="${width}" height="${height}"/>`;
  const mark = text(width / 2, height / 2 + 5, "?", "dlk-strong");
  return picture(frame + mark, width, height, "The result is hidden until you have predicted.");
}
