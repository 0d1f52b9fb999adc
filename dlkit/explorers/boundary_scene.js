// What the decision-boundary playground shows: the output's map, those of the hidden units, and the loss.
import { sigmoid } from "./activations.js";
import { forward } from "./boundary_net.js";
import { zeroLine } from "./contour.js";
import { planeFrame, square } from "./plane.js";
import { axes, frame, number, path, picture, px, short, text } from "./svg.js";

const PLANE = square(-1.5, 1.5, 300), PIXELS = 48;
const TILE = 56, GAP = 8, COLUMNS = 4, COARSE = 2; // a small map takes every second pixel
const CEILING = 4; // of the loss
const BLUE = [0, 114, 178], RED = [196, 70, 1]; // where a value is above 0, and below

// The middles of the pixels, row by row from the top left.
const MIDDLES = Float64Array.from({ length: 2 * PIXELS * PIXELS }, (_, i) => {
  const pixel = i >> 1, share = (place) => -1.5 + (3 * (place + 0.5)) / PIXELS;
  return i % 2 ? -share(Math.floor(pixel / PIXELS)) : share(pixel % PIXELS);
});

// The map of the output and those of the hidden units.
export function drawNet(all) {
  const passed = all.hidden ? null : forward(all.memory.net, all.values.activation, MIDDLES);
  return [drawMap(all, passed), drawUnits(all, passed)];
}

// The output over the plane as colours, the line where it is ½, and the points.
function drawMap({ hidden, values, memory, sizes, right }, passed) {
  const start = PLANE.x(-1.5), wide = PLANE.x(1.5) - start, { t } = memory;
  const title = `${sizes.join("–")} net, ${values.activation}`;
  const z = passed && passed.at(-1).y;
  const marks = text(150, 22, hidden ? `${title}: ?` : title, "dlk-strong") +
    (z ? boundary(z, PIXELS, start, start, wide) : "") + planeFrame(PLANE, [-1, 0, 1]) +
    dots(memory, hidden, values);
  const shown = z ? [pixels(z.map((value) => 2 * sigmoid(value) - 1), PIXELS, start, start, wide)] : [];
  const alt = `${t.length} points of two classes, ${values.points}: triangles of class 1, circles of class 0. ` +
    (hidden ? "What the net makes of them is hidden until you have predicted."
      : `The ${title} has ${right} on the right side of its line; wrong ones are ringed.`);
  return picture(marks, 300, 300, alt, shown);
}

function dots({ net, x, t }, hidden, values) {
  const z = hidden ? null : forward(net, values.activation, x).at(-1).y;
  const place = (n) => [PLANE.x(x[2 * n]), PLANE.y(x[2 * n + 1])];
  const drawn = (kept, shape) => t.map((_, n) => (kept(n) ? shape(...place(n)) : "")).join("");
  const circle = (r) => (cx, cy) => `M${px(cx - r)} ${px(cy)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  const triangle = (cx, cy) => `M${px(cx)} ${px(cy - 5)}l4.8 8.4h-9.6z`;
  const wrong = (n) => z && Number(z[n] > 0) !== t[n];
  return `<path class="dlk-off" d="${drawn((n) => !t[n], circle(3.5))}"/>` +
    `<path class="dlk-on" d="${drawn((n) => t[n], triangle)}"/>` +
    `<path class="dlk-ring" d="${drawn(wrong, circle(7))}"/>`;
}

// A small map of each hidden unit, with the weight by which the output takes it.
function drawUnits({ hidden, values, memory }, passed) {
  const { units } = values, { net } = memory, layers = net.length - 1, out = [...net.at(-1).W];
  const tall = 26 + Math.ceil(units / COLUMNS) * (TILE + 20), shown = [];
  const layerMarks = (layer) => {
    const top = layer * tall, last = layer === layers - 1;
    return text(1, top + 16, `hidden layer ${layer + 1}`, "dlk-strong", "start") +
      (last ? text(112, top + 16, "× weight to the output", "dlk-small", "start") : "") +
      out.map((weight, j) => {
        const left = 1 + (j % COLUMNS) * (TILE + GAP), y = top + 26 + Math.floor(j / COLUMNS) * (TILE + 20);
        const words = hidden ? "?" : last ? `× ${number(weight, 2)}` : `unit ${j + 1}`;
        return (passed ? tile(passed[layer], j, left, y) : "") +
          `<rect class="dlk-frame" x="${left}" y="${y}" width="${TILE}" height="${TILE}"/>` +
          text(left + TILE / 2, y + TILE + 13, words, "dlk-small");
      }).join("");
  };
  const tile = ({ s, y }, j, left, top) => {
    const shades = signed(values.activation, coarse(y, j, units)), across = PIXELS / COARSE;
    shown.push(pixels(shades, across, left, top, TILE));
    return boundary(coarse(s, j, units), across, left, top, TILE);
  };
  const marks = Array.from({ length: layers }, (_, layer) => layerMarks(layer)).join("");
  const each = hidden ? "they are hidden until you have predicted"
    : `the output takes those of the last layer ${out.map((w) => number(w, 2)).join(", ")} times`;
  const alt = `Small maps of the hidden units, ${units} in each of ${layers === 1 ? "1 layer" : "2 layers"}; ${each}.`;
  return picture(marks, 2 + COLUMNS * TILE + (COLUMNS - 1) * GAP, layers * tall, alt, shown);
}

// Of values for all units and pixels, those of unit j at every second pixel across and down.
function coarse(values, j, units) {
  const across = PIXELS / COARSE, kept = new Float64Array(across * across);
  for (let i = 0; i < kept.length; i += 1) {
    const row = COARSE * Math.floor(i / across), column = COARSE * (i % across);
    kept[i] = values[(row * PIXELS + column) * units + j];
  }
  return kept;
}

// Outputs of a unit between −1 and 1, 0 where it is neither on nor off.
function signed(name, y) {
  if (name === "sigmoid") return y.map((value) => 2 * value - 1);
  const most = Math.max(1e-9, ...y.map(Math.abs));
  return name === "tanh" ? y : y.map((value) => value / most);
}

// The line where values on a square of pixels are 0.
function boundary(values, across, left, top, wide) {
  const at = (start) => (place) => start + ((place + 0.5) * wide) / across;
  return `<path class="dlk-line" fill="none" d="${zeroLine(values, across, across, at(left), at(top))}"/>`;
}

// Values between −1 and 1 as a grid of pixels, the stronger the further from 0.
function pixels(shades, across, x, y, wide) {
  const rgba = new Uint8ClampedArray(4 * shades.length);
  shades.forEach((shade, i) => {
    rgba.set(shade > 0 ? BLUE : RED, 4 * i);
    rgba[4 * i + 3] = 140 * Math.abs(shade);
  });
  return { x, y, width: wide, height: wide, columns: across, rows: across, rgba };
}

// The loss at each step so far; where it is above CEILING, along the top.
export function drawLoss({ hidden, memory, loss }, steps) {
  const losses = [...memory.losses, loss], largest = Math.max(...losses);
  const most = Math.min(CEILING, Math.max(0.8, largest));
  const at = axes({ left: 44, top: 26, width: 236, height: 110, xs: [0, steps], ys: [0, most] });
  const end = losses.length - 1;
  const points = losses.map((value, i) => [at.x(i), at.y(Math.min(most, value))]);
  const [x, y] = points[end];
  const peak = largest > CEILING ? `, largest ${short(largest, 2)}` : "";
  const marks = frame(at, [0, steps / 2, steps], [0, Number((most / 2).toPrecision(1))], ["step", ""]) +
    text(44, 16, hidden ? "loss: ?" : `loss: ${number(loss, 3)}${peak}`, "dlk-strong", "start") +
    (hidden ? "" : path(points) +
      `<circle class="dlk-on" cx="${px(x)}" cy="${px(y)}" r="5"/>`);
  const alt = hidden ? "The loss is hidden until you have predicted."
    : `The loss over ${end} steps: from ${number(losses[0], 3)} to ${number(loss, 3)}${peak}.`;
  return picture(marks, 300, 180, alt);
}
