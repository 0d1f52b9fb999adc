// Activation explorer: a function and its slope, and what it makes of a thousand inputs.
import { activation, slopesAt, valuesAt } from "./activations.js";
import { axes, frame, line, number, path, picture, px, table, text } from "./svg.js";

export const FLAT = 0.05; // the function counts as flat where its slope is smaller
const BOUNDED = ["step", "sigmoid", "tanh"];
const XS = [-8, 8], BINS = 32;

// What the function makes of the inputs: outputs, their mean and spread, and how flat it is there.
export function passed(name, inputs) {
  const outputs = valuesAt(name, inputs), slopes = slopesAt(name, inputs);
  const flat = slopes.filter((slope) => Math.abs(slope) < FLAT).length / inputs.length;
  return { outputs, flat, ...spreadOf(outputs), meanSlope: mean(slopes) };
}

export function spreadOf(values) {
  const middle = mean(values);
  return { mean: middle, spread: Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) };
}

// The name of the first band, [name, end], that ends above the share; the last holds the rest.
export function band(share, bands) {
  return (bands.find(([, end]) => share < end) ?? bands.at(-1))[0];
}

export function regime(name, flat) {
  if (name === "step") return "no slope";
  const squeezes = BOUNDED.includes(name);
  if (flat === 1) return squeezes ? "saturated" : "dead";
  const how = squeezes ? "saturated" : "cut off";
  if (flat < 0.01) return "alive";
  return `${flat < 0.1 ? "hardly" : flat < 0.4 ? "partly" : flat < 0.6 ? "half" : "mostly"} ${how}`;
}

// How many of the values lie in each of so many bins; the outer ones hold all that lies beyond.
export function histogram(values, [low, high], bins) {
  const counts = Array(bins).fill(0);
  values.forEach((value) => {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))] += 1;
  });
  return counts;
}

export const explorer = {
  about: ["activation", "spread", "centre"],
  ask: `Predict first: for how many of the inputs is the slope under ${FLAT}? Move x to read ` +
    "slopes, look where the inputs lie, choose, then press Show.",
  truth: (run) => band(passed(run.values.activation, inputsOf(run)).flat, run.data.bands),
  pointed(index, x, y, run) {
    if (index !== 0) return;
    const at = plotOf(run.values.activation).x.value(x);
    run.values = { ...run.values, x: Math.round(10 * Math.min(XS[1], Math.max(XS[0], at))) / 10 };
  },
  scene(run) {
    const { activation: name, x } = run.values, inputs = inputsOf(run);
    const done = passed(name, inputs), { value, slope } = activation(name);
    const all = { ...run, name, x, inputs, ...done, value, slope };
    const hide = (seen) => (run.hidden ? null : seen);
    return {
      pictures: [draw(all), drawShare(all)],
      table: numbers(all),
      sentence: inWords(all),
      state: {
        y: value(x), slope: slope(x), flat: hide(done.flat), regime: hide(regime(name, done.flat)),
        mean: hide(done.mean), output_spread: hide(done.spread), mean_slope: hide(done.meanSlope),
      },
    };
  },
};

function inputsOf({ values, data }) {
  return data.normals.map((z) => values.centre + values.spread * z);
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function percent(share) {
  return `${number(100 * share, share > 0 && share < 0.1 ? 1 : 0)} %`;
}

function inWords({ name, flat, mean: middle, spread, meanSlope }) {
  const seen = `${percent(flat)} of the inputs lie where ${name} is flat: ${regime(name, flat)}. `;
  if (name === "step") return `${seen}No gradient passes it, so nothing before it can learn.`;
  const size = flat === 1 ? `${meanSlope ? "Hardly any" : "No"} gradient comes back through it.`
    : `A gradient passes with ${number(meanSlope, 2)} of its size on average.`;
  const out = `The outputs have mean ${number(middle, 2)} and spread ${number(spread, 2)}. `;
  return seen + out + size;
}

function plotOf(name) {
  const ys = BOUNDED.includes(name) ? [-1.25, 1.25] : [-1, 8];
  return axes({ left: 38, top: 28, width: 250, height: 190, xs: XS, ys });
}

function draw(all) {
  const { name, hidden, x, value, slope, inputs, outputs } = all, at = plotOf(name);
  const grid = Array.from({ length: 321 }, (_, i) => XS[0] + i / 20);
  const curve = (f, kind) => path(grid.map((g) => [at.x(g), at.y(f(g))]), kind);
  const under = { ...at, top: 272, height: 60 }, beside = { ...at, left: 302, width: 90 };
  const yMarks = BOUNDED.includes(name) ? [-1, 0, 1] : [0, 2, 4, 6, 8];
  const marks = (hidden ? "" : flatParts(at, grid, slope)) +
    frame(at, [-8, -4, 0, 4, 8], yMarks) +
    (hidden ? "" : curve(slope, "dlk-slope")) + curve(value, "dlk-line") + tangent(at, x, value, slope) +
    text(at.left, 16, hidden ? `${name}: y` : `${name}: y, and its slope (dashed)`, "dlk-strong", "start") +
    text(at.left, under.top - 10, "inputs x", "dlk-strong", "start") +
    standing(under, histogram(inputs, XS, BINS)) +
    text(beside.left, 16, "outputs y", "dlk-strong", "start") +
    (hidden ? text(beside.left + 45, at.top + 100, "?", "dlk-strong")
      : lying(beside, histogram(outputs, [at.y.value(at.top + at.height), at.y.value(at.top)], BINS)));
  return picture(marks, 400, 340, altOf(all));
}

// Shades the parts of the plot where the function is flat.
function flatParts(at, grid, slope) {
  const half = (grid[1] - grid[0]) / 2, flat = grid.map((g) => Math.abs(slope(g)) < FLAT);
  const edge = (g) => px(at.x(Math.min(XS[1], Math.max(XS[0], g))));
  const d = grid.map((g, i) => {
    if (!flat[i]) return "";
    return (flat[i - 1] ? "" : `M${edge(g - half)} ${at.top}v${at.height}`) +
      (flat[i + 1] ? "" : `H${edge(g + half)}v${-at.height}z`);
  });
  return `<path class="dlk-fires" d="${d.join("")}"/>`;
}

// The point looked at, with a piece of the tangent.
function tangent(at, x, value, slope) {
  const y = value(x), [from, to] = [Math.max(XS[0], x - 1.5), Math.min(XS[1], x + 1.5)];
  const end = (place) => [at.x(place), at.y(y + slope(x) * (place - x))];
  return line(...end(from), ...end(to), "dlk-arrow") +
    `<circle class="dlk-on" cx="${px(at.x(x))}" cy="${px(at.y(y))}" r="6"/>`;
}

function standing({ left, top, width, height }, counts) {
  const most = Math.max(...counts), wide = width / counts.length, floor = top + height;
  const bars = counts.map((count, i) => (count ? `M${px(left + i * wide + 0.5)} ${px(floor)}` +
    `v${px((-height * count) / most)}h${px(wide - 1)}V${px(floor)}z` : ""));
  return `<path class="dlk-bar" d="${bars.join("")}"/>${line(left, floor, left + width, floor, "dlk-frame")}`;
}

function lying({ left, top, width, height }, counts) {
  const most = Math.max(...counts), tall = height / counts.length, floor = top + height;
  const bars = counts.map((count, i) => (count ? `M${px(left)} ${px(floor - i * tall - 0.5)}` +
    `h${px((width * count) / most)}v${px(1 - tall)}H${px(left)}z` : ""));
  return `<path class="dlk-bar" d="${bars.join("")}"/>${line(left, top, left, floor, "dlk-frame")}`;
}

// A bar for all inputs, the flat part of it filled, and the band that was guessed.
function drawShare({ hidden, committed, name, flat, data: { bands } }) {
  const left = 38, width = 250, top = 22, tall = 18, x = (share) => left + share * width;
  const box = (how, from, to, grow) => `<rect ${how} x="${px(x(from))}" y="${top - grow}" ` +
    `width="${px(x(to) - x(from))}" height="${tall + 2 * grow}"/>`;
  const index = bands.findIndex(([words]) => words === committed);
  const guess = index < 0 ? "" :
    box('class="dlk-guess" fill="none"', index ? bands[index - 1][1] : 0, bands[index][1], 4) +
    text(left + width + 10, top + 14, "your guess", "dlk-small", "start");
  const told = hidden ? "?" : percent(flat);
  const marks = text(left, 13, `share of the inputs where it is flat: ${told}`, "dlk-strong", "start") +
    (hidden ? "" : box('class="dlk-bar"', 0, flat, 0)) + box('class="dlk-frame"', 0, 1, 0) + guess +
    [0, 0.5, 1].map((share) => text(x(share), top + tall + 17, percent(share), "dlk-small")).join("");
  const alt = hidden ? "The share of the inputs in flat parts is hidden until you have predicted."
    : `${name} is flat for ${told} of the inputs${index < 0 ? "" : `; your guess was ${committed}`}.`;
  return picture(marks, 400, 62, alt);
}

function altOf({ name, hidden, x, value, slope, inputs, mean: middle, spread }) {
  const given = spreadOf(inputs);
  const start = `The curve of ${name}; at x = ${number(x)} it is ${number(value(x), 3)} with slope ` +
    `${number(slope(x), 3)}. Below it, bars for 1000 inputs with mean ${number(given.mean, 2)} and ` +
    `spread ${number(given.spread, 2)}. `;
  return start + (hidden ? "The outputs are hidden until you have predicted."
    : `Its flat parts are shaded. Beside it, bars for the outputs, with mean ${number(middle, 2)} and ` +
      `spread ${number(spread, 2)}.`);
}

function numbers({ hidden, x, value, slope, inputs, mean: middle, spread }) {
  const given = spreadOf(inputs), told = (seen) => (hidden ? "?" : number(seen, 2));
  const rows = [["inputs", number(given.mean, 2), number(given.spread, 2)],
    ["outputs", told(middle), told(spread)]];
  return table(`At x = ${number(x, 1)}: y = ${number(value(x), 3)}, slope ${number(slope(x), 3)}`,
    ["", "mean", "spread"], rows);
}
