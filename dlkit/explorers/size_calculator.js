// Output sizes and receptive fields of a stack of layers, and the pixels that one unit sees.
import { dependsOn, levels, overEdge, runs } from "./fields.js";
import { line, number, picture, px, table, text } from "./svg.js";

const MOST = 6; // layers
const PARTS = ["kernel", "stride", "padding"];
const WIDE = 344, EDGE = 8, HIGH = 46, BAR = 16;

export const explorer = {
  about: ["stack", "n", "layers", "kernel", "stride", "padding", "asked"],
  ask: "Predict first: work it out layer by layer, choose the number for the last layer, then press Show.",
  begin: (run) => run.memory ?? loaded(run),
  truth(run) {
    const { found, fits } = work(run);
    return fits ? found.at(-1)[run.values.asked === "output size" ? "size" : "field"] : null;
  },
  moved(names, run) {
    const { values, memory } = run;
    if (names.includes("stack") && values.stack !== "your own") load(run);
    else {
      const layer = Math.min(values.layer, values.layers), old = memory.layers[layer - 1];
      memory.layers[layer - 1] = PARTS.map((part, i) => (names.includes(part) ? values[part] : old[i]));
      if (names.some((name) => ["n", "layers", ...PARTS].includes(name))) own(run);
      select(run, layer);
    }
    clamp(run, run.memory.unit);
  },
  pressed(name, run) {
    if (name === "reset") load(run);
    if (name === "left") clamp(run, run.memory.unit - 1);
    if (name === "right") clamp(run, run.memory.unit + 1);
  },
  pointed(index, x, y, run) {
    const { found } = work(run), { start, jump } = found.at(-1);
    if (run.hidden || index !== 0) return;
    clamp(run, Math.round((across(found).value(x) - start) / jump));
  },
  ready(run) {
    run.values = { ...run.values, layers: run.values.layers - 1 };
    clamp(run, 1);
  },
  scene(run) {
    const done = work(run), { found, fits } = done, last = found.at(-1);
    return {
      pictures: [drawSection(run, done), drawSquare(run, done)],
      table: drawTable(run, done),
      sentence: inWords(run, done),
      disabled: run.hidden ? ["left", "right"] : [],
      state: {
        stack_of_layers: done.layers, unit: run.memory.unit, fits,
        sizes: run.hidden ? null : found.map(({ size }) => size),
        fields: run.hidden ? null : found.map(({ field }) => field),
        jump: run.hidden ? null : last.jump,
        seen: run.hidden ? null : done.seen[0],
      },
    };
  },
};

function work({ values: { n, layers: count }, memory }) {
  const layers = memory.layers.slice(0, count), found = levels(n, layers);
  return { n, layers, found, fits: found.length > count, seen: dependsOn(n, layers, memory.unit) };
}

// -- the stack: `memory.layers` has all of them, the controls show the chosen one --

function loaded({ values, data }) {
  const layers = data.stacks[values.stack].layers.map((layer) => [...layer]);
  while (layers.length < MOST) layers.push([3, 1, 1]);
  const { size } = levels(values.n, layers.slice(0, values.layers)).at(-1);
  return { layers, unit: Math.floor(size / 2) };
}

function load(run) {
  const { n, layers } = run.data.stacks[run.values.stack];
  run.values = { ...run.values, n, layers: layers.length };
  run.memory = loaded(run);
  select(run, 1);
}

function select(run, layer) {
  const [kernel, stride, padding] = run.memory.layers[layer - 1];
  run.values = { ...run.values, layer, kernel, stride, padding };
}

function own(run) {
  run.values = { ...run.values, stack: "your own" };
}

function clamp(run, unit) {
  run.memory.unit = Math.max(0, Math.min(unit, work(run).found.at(-1).size - 1));
}

// -- drawing --

// Pixels of the page for a place in the input, with room for what hangs over its ends.
function across(found) {
  const edges = found.flatMap(({ size, field, jump, start }) => {
    const half = Math.max(field, jump) / 2;
    return [start - half, start + (size - 1) * jump + half];
  });
  const low = Math.min(...edges), scale = (WIDE - 2 * EDGE) / (Math.max(...edges) - low);
  const x = (place) => EDGE + (place - low) * scale;
  x.value = (at) => low + (at - EDGE) / scale;
  x.scale = scale;
  return x;
}

function drawSection(run, { n, layers, found, seen }) {
  const height = (layers.length + 1) * HIGH + 6;
  const top = (level) => height - BAR - 6 - level * HIGH;
  const shown = run.hidden ? found.slice(0, 1) : found, x = across(shown);
  const bars = shown.map((level, i) => bar(level, x, top(i)) + (run.hidden ? "" : marked(level, seen[i], x, top(i))));
  const cones = run.hidden ? [] : shown.slice(1).map((level, i) =>
    cone(level, seen[i + 1], shown[i], layers[i], x, top(i + 1) + BAR, top(i)));
  const labels = layers.map((_, i) => label(i, run, found, layers, top(i + 1) - 5));
  const marks = cones.join("") + bars.join("") + labels.join("") +
    text(EDGE, top(0) - 5, `input: ${n} pixels side by side`, "dlk-small", "start");
  const alt = run.hidden
    ? `The input, ${n} pixels side by side, and ${layers.length} layers above it. Sizes and fields are hidden.`
    : `A cone from unit ${run.memory.unit} of the last layer down to ${pixels(seen[0])} of the input's ${n}. ` +
      `Units side by side, from the input up: ${found.map(({ size }) => size).join(", ")}.`;
  return picture(marks, WIDE, height, alt);
}

function label(i, { hidden }, found, layers, y) {
  const [kernel, stride, padding] = layers[i], level = found[i + 1];
  const made = `${i + 1}: kernel ${kernel}, stride ${stride}, padding ${padding}`;
  const told = hidden ? "" : level ? `; ${level.size} side by side, field ${level.field}` : "; does not fit";
  return text(EDGE, y, made + told, hidden || level ? "dlk-small" : "dlk-small dlk-strong", "start");
}

function bar({ size, jump, start }, x, y) {
  const left = x(start - jump / 2), wide = size * jump * x.scale, cell = jump * x.scale;
  let d = `M${px(left)} ${px(y)}h${px(wide)}v${BAR}h${px(-wide)}z`;
  for (let j = 1; j < size && cell > 4; j += 1) d += `M${px(left + j * cell)} ${px(y)}v${BAR}`;
  return `<path class="dlk-frame" d="${d}"/>`;
}

function marked({ jump, start }, units, x, y) {
  return shade(runs(units).map(([first, last]) => {
    const left = x(start + (first - 0.5) * jump), right = x(start + (last + 0.5) * jump);
    return rectangle(left, y, right - left, BAR);
  }));
}

// From the units of a layer to the windows below them, padding included.
function cone(upper, units, lower, [kernel, stride, padding], x, from, to) {
  if (!units.length) return "";
  const first = units[0], last = units.at(-1);
  const edge = (level, unit) => px(x(level.start + unit * level.jump));
  const low = first * stride - padding - 0.5, high = last * stride - padding + kernel - 0.5;
  return `<polygon class="dlk-fires" points="${edge(upper, first - 0.5)},${px(from)} ${edge(upper, last + 0.5)},${px(from)} ` +
    `${edge(lower, high)},${px(to)} ${edge(lower, low)},${px(to)}"/>`;
}

// The input as a square, with the pixels that the unit sees; row and column are the same.
function drawSquare(run, { n, seen, found }) {
  const size = 150, left = 10, top = 34, pixel = size / n, wide = seen[0].length, blocks = runs(seen[0]);
  const square = run.hidden ? "" : shade(blocks.flatMap(([y, toY]) => blocks.map(([x, toX]) =>
    rectangle(left + x * pixel, top + y * pixel, (toX - x + 1) * pixel, (toY - y + 1) * pixel))));
  const share = `${number((100 * wide ** 2) / n ** 2, 0)} % of the pixels`;
  const told = run.hidden ? "seen by one unit: ?" : `${wide} × ${wide} seen: ${share}`;
  const marks = text(left, 20, `input ${n} × ${n}`, "dlk-strong", "start") + square +
    `<rect class="dlk-frame" x="${left}" y="${top}" width="${size}" height="${size}"/>` +
    text(left, top + size + 18, told, "dlk-small", "start") +
    (n <= 16 ? lines(n, left, top, pixel) : "");
  const alt = run.hidden ? `The input, ${n} by ${n} pixels.`
    : `The unit at row and column ${run.memory.unit} of ${found.at(-1).size} sees, ` +
      `in rows and columns, ${pixels(seen[0])} of ${n}: ${share}.`;
  return picture(marks, 200, top + size + 26, alt);
}

function shade(rectangles) {
  return `<path class="dlk-plus" fill-opacity=".55" d="${rectangles.join("")}"/>`;
}

function rectangle(x, y, wide, high) {
  return `M${px(x)} ${px(y)}h${px(wide)}v${px(high)}h${px(-wide)}z`;
}

function pixels(seen) {
  if (!seen.length) return "no pixel";
  if (seen.length === 1) return `pixel ${seen[0]}`;
  const range = `pixels ${seen[0]} to ${seen.at(-1)}`;
  return runs(seen).length > 1 ? `${seen.length} of the ${range}` : range;
}

function lines(n, left, top, pixel) {
  return Array.from({ length: n - 1 }, (_, i) => (i + 1) * pixel).map((at) =>
    line(left + at, top, left + at, top + n * pixel, "dlk-frame") +
    line(left, top + at, left + n * pixel, top + at, "dlk-frame")).join("");
}

function drawTable({ values, hidden, committed }, { layers, found }) {
  const guessed = committed === null ? "" : `; your guess of the ${values.asked}: ${committed}`;
  const rows = layers.map(([kernel, stride, padding], i) => {
    const below = found[i], level = found[i + 1];
    if (hidden) return [i + 1, "?", "?", "?"];
    if (!level) return [i + 1, "does not fit", "–", "–"];
    return [i + 1, `⌊(${below.size} + 2·${padding} − ${kernel}) / ${stride}⌋ + 1 = ${level.size}`,
      `${below.field} + (${kernel} − 1)·${below.jump} = ${level.field}`, `${below.jump}·${stride} = ${level.jump}`];
  });
  return table(`Layer by layer${guessed}`, ["layer", "size", "field", "step"], rows);
}

function inWords({ memory }, { n, layers, found, fits, seen }) {
  const last = found.at(-1), wide = seen[0].length;
  if (!fits) {
    const [kernel, , padding] = layers[found.length - 1];
    return `Layer ${found.length} does not fit: a kernel of ${kernel} is larger than ` +
      `${last.size} + 2·${padding} = ${last.size + 2 * padding}.`;
  }
  const skips = layers.findIndex(([kernel, stride]) => stride > kernel);
  const { field, size, jump } = last, dropped = found.findIndex(({ left }) => left > 0);
  return `Each unit of the last layer sees ${field} × ${field} pixels; ` +
    (size > 1 ? `there are ${size} × ${size} of them, ${jump} ${jump === 1 ? "pixel" : "pixels"} apart. `
      : "there is only one. ") +
    (wide === 0 ? `Unit ${memory.unit} sees nothing but padding. `
      : wide === n ? `Unit ${memory.unit} sees the whole picture. `
        : `Unit ${memory.unit} sees ${pixels(seen[0])}${overEdge(last, memory.unit, n) ? " and looks over the edge" : ""}. `) +
    (skips >= 0 ? `Layer ${skips + 1}'s stride is larger than its kernel: pixels are skipped. ` : "") +
    (dropped > 0 ? `Layer ${dropped} rounds down: a rest of ${found[dropped].left} is left over.` : "");
}
