// Convolution stepper: a kernel slides over a small picture, and the output is filled cell by cell.
import { around, gridAt, rule, shades, values } from "./grid.js";
import { number, picture, text } from "./svg.js";

const SLOW = 5; // frames a step while playing
const BRIGHT = 2; // the pictures' largest value

// Rows and columns of the output of a picture with n of them: rounded down.
export function outputSize(n, k, stride, padding) {
  return Math.floor((n + 2 * padding - k) / stride) + 1;
}

export function padded(image, padding) {
  const wide = image[0].length + 2 * padding, edge = Array(padding).fill(0);
  const blank = () => Array.from({ length: padding }, () => Array(wide).fill(0));
  return [...blank(), ...image.map((row) => [...edge, ...row, ...edge]), ...blank()];
}

// The window's pixels times the kernel, not yet summed, for the output at [row, column].
export function products(image, kernel, stride, padding, [row, column]) {
  const pixels = padded(image, padding);
  return kernel.map((weights, i) =>
    weights.map((w, j) => pixels[row * stride + i][column * stride + j] * w));
}

export function convolve(image, kernel, stride, padding) {
  const rows = outputSize(image.length, kernel.length, stride, padding);
  const columns = outputSize(image[0].length, kernel[0].length, stride, padding);
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) =>
    products(image, kernel, stride, padding, [i, j]).flat().reduce((a, b) => a + b)));
}

export const explorer = {
  about: ["picture", "kernel", "stride", "padding"],
  ask: "Predict first: multiply the nine or four pairs, add them up, choose the sum, then press Show.",
  // "Predict again" goes on to the next empty cell and keeps those that are filled
  begin(run) {
    const old = run.memory, next = old ? old.filled.indexOf(false) : -1;
    return next < 0 ? fresh(run) : { ...old, at: next, asked: next };
  },
  truth: ({ memory, ...run }) => (memory.at === memory.asked ? work(run).flat[memory.at] : null),
  moved(names, run) {
    if (!names.some((name) => explorer.about.includes(name))) return;
    run.playing = false;
    run.memory = fresh(run);
    if (!run.hidden) visit(run, 0);
  },
  pressed(name, run) {
    const { at, filled } = run.memory, count = filled.length;
    if (name === "reset") run.memory = fresh(run);
    else if (name === "show") visit(run, at);
    else if (name === "step") visit(run, (at + 1) % count);
    else if (name === "back") visit(run, (at + count - 1) % count);
    else if (name === "play") Object.assign(run, { playing: !run.playing, frames: 0 });
  },
  pointed(index, x, y, run) {
    const place = layout(run).out.find(x, y);
    if (index !== 2 || run.hidden || !place) return;
    run.playing = false;
    visit(run, place[0] * work(run).output[0].length + place[1]);
  },
  tick(run) {
    run.frames += 1;
    if (run.frames % SLOW) return;
    const next = run.memory.filled.indexOf(false);
    if (next < 0) run.playing = false;
    else visit(run, next);
  },
  ready(run) {
    for (let i = 0; i < 15; i += 1) visit(run, i);
  },
  scene(run) {
    const done = work(run), place = placeOf(run, done);
    const all = { ...run, ...done, place, at: layout(run) };
    return {
      pictures: [drawPicture(all), drawProducts(all), drawOutput(all)],
      sentence: inWords(all),
      disabled: resting(run),
      state: {
        output: run.hidden ? null : done.output, place, filled: count(run),
        window: done.window(place), value: run.hidden ? null : done.flat[run.memory.at],
      },
    };
  },
};

function work({ values: chosen, data }) {
  const image = data.pictures[chosen.picture], kernel = data.kernels[chosen.kernel];
  const { stride, padding } = chosen;
  const output = convolve(image, kernel, stride, padding);
  const window = ([row, column]) => kernel.map((weights, i) => weights.map((_, j) =>
    padded(image, padding)[row * stride + i][column * stride + j]));
  return { image, kernel, stride, padding, output, window, flat: output.flat() };
}

function fresh(run) {
  return { at: 0, asked: 0, filled: work(run).flat.map(() => false) };
}

function visit({ memory }, at) {
  memory.at = at;
  memory.filled[at] = true;
}

function placeOf({ memory }, { output }) {
  const wide = output[0].length;
  return [Math.floor(memory.at / wide), memory.at % wide];
}

function count({ memory }) {
  return memory.filled.filter(Boolean).length;
}

function resting({ hidden, memory }) {
  if (hidden) return ["step", "back", "play"];
  return memory.filled.includes(false) ? [] : ["play"];
}

function layout(run) {
  const { image, kernel, output, padding } = work(run);
  const wide = image.length + 2 * padding, cell = Math.min(26, Math.floor(270 / wide));
  return {
    image: gridAt(wide, wide, 8, 34, cell),
    products: gridAt(kernel.length, kernel.length, 8, 34, 66),
    out: gridAt(output.length, output.length, 8, 34, cell),
  };
}

function drawPicture({ image, kernel, stride, padding, place, at }) {
  const grid = at.image, pixels = padded(image, padding), n = image.length;
  const real = (i) => i >= padding && i < padding + n;
  const kind = (i, j) => (real(i) && real(j) ? "dlk-small" : "dlk-small dlk-faint");
  const [row, column] = place.map((p) => p * stride);
  const marks = text(8, 20, `picture ${n} × ${n}${padding ? `, padding ${padding}` : ""}`, "dlk-strong", "start") +
    shades(grid, pixels, BRIGHT) + rule(grid) + values(grid, pixels, 0, kind) +
    (padding ? around(grid, padding, padding, n, n, "dlk-before") : "") +
    around(grid, row, column, kernel.length, kernel.length);
  const alt = `A picture of ${n} by ${n} pixels${padding ? ` with ${padding} of padding round it` : ""}; ` +
    `the window begins at row ${row}, column ${column}.`;
  return picture(marks, grid.x(grid.columns) + 8, grid.y(grid.rows) + 8, alt);
}

function drawProducts({ hidden, committed, memory, kernel, place, window, flat, at }) {
  const grid = at.products, k = kernel.length, pixels = window(place), value = flat[memory.at];
  const pair = (i, j) => `${number(pixels[i][j])} × ${number(kernel[i][j])}`;
  const product = (i, j) => (hidden ? "= ?" : `= ${number(pixels[i][j] * kernel[i][j])}`);
  const cells = kernel.map((weights, i) => weights.map((_, j) => {
    const x = grid.x(j) + grid.cell / 2, y = grid.y(i) + grid.cell / 2;
    return text(x, y - 4, pair(i, j)) + text(x, y + 15, product(i, j), "dlk-strong");
  }).join("")).join("");
  const floor = grid.y(k), middle = (grid.left + grid.x(k)) / 2;
  const told = committed !== null && memory.at === memory.asked;
  const shaded = hidden ? "" : shades(grid, kernel.map((ws, i) => ws.map((w, j) => w * pixels[i][j])), 10);
  const marks = text(8, 20, "pixel × weight", "dlk-strong", "start") + shaded + rule(grid) + cells +
    text(middle, floor + 22, `sum: ${hidden ? "?" : number(value)}`, "dlk-strong") +
    (told ? text(middle, floor + 40, `your guess: ${number(committed)}`) : "");
  const listed = kernel.map((weights, i) => weights.map((_, j) => pair(i, j)).join(", ")).join("; ");
  const alt = `Pixel times weight in the window: ${listed}. ` +
    (hidden ? "The sum is hidden until you have predicted." : `The sum is ${number(value)}.`);
  return picture(marks, Math.max(150, grid.x(k) + 8), floor + 48, alt);
}

function drawOutput({ hidden, memory, output, place, at }) {
  const grid = at.out, [row, column] = place, wide = output[0].length;
  const largest = Math.max(1, ...output.flat().map(Math.abs));
  const seen = output.map((line, i) => line.map((value, j) =>
    (memory.filled[i * wide + j] && !(hidden && i === row && j === column) ? value : null)));
  const written = seen.map((line, i) => line.map((value, j) =>
    (hidden && i === row && j === column ? "?" : value)));
  const marks = text(8, 20, `output ${output.length} × ${wide}`, "dlk-strong", "start") +
    shades(grid, seen, largest) + rule(grid) + values(grid, written, 0) +
    around(grid, row, column, 1, 1);
  const lines = seen.map((line) => line.map((v) => (v === null ? "empty" : number(v))).join(" "));
  const alt = `The output, ${output.length} by ${wide}, row by row: ${lines.join("; ")}.`;
  return picture(marks, Math.max(120, grid.x(wide) + 8), grid.y(output.length) + 8, alt);
}

function inWords({ image, kernel, stride, padding, memory, output, place, flat, ...run }) {
  const n = image.length, k = kernel.length, size = output.length;
  const formula = `⌊(${n} + 2·${padding} − ${k}) / ${stride}⌋ + 1 = ${size}`;
  const against = size === n ? "as large as" : size < n ? "smaller than" : "larger than";
  const outside = zeros(place, n, k, stride, padding), left = (n + 2 * padding - k) % stride;
  return `y[${place.join(", ")}] = ${number(flat[memory.at])}` +
    (outside ? `; ${outside} of the window's ${k * k} pixels are padding. ` : ". ") +
    `The output is ${against} the picture: ${formula}. ` +
    (left ? `The stride leaves the last ${left === 1 ? "row and column" : `${left} rows and columns`} unseen. ` : "") +
    `Filled: ${count({ memory, ...run })} of ${flat.length} cells.`;
}

// How many of the window's pixels lie in the padding.
export function zeros(place, n, k, stride, padding) {
  const inside = place.map((p) => {
    const first = p * stride - padding;
    return Math.max(0, Math.min(n, first + k) - Math.max(0, first));
  });
  return k * k - inside[0] * inside[1];
}
