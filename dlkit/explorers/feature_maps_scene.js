// What feature maps shows: the digit, the layer's maps, the answers to strokes, the digits answered to most.
import { seenFrom } from "./lenet.js";
import { number, picture, px, text } from "./svg.js";

const SHADES = 12;

export function drawDigit({ image, label, layer, map, kernels, told }) {
  const first = layer === "C1";
  const marks = text(6, 18, `digit ${label}`, "dlk-strong", "start") + cells(image, 6, 28, 14, 1);
  const alt = `A handwritten ${label} of 8 by 8 pixels. ${told}`;
  if (!first) return picture(marks, 126, 148, alt);
  const kernel = [...kernels.subarray(9 * map, 9 * map + 9)], words = kernel.map((w) => number(w, 1));
  const most = kernels.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const shown = text(6, 166, `kernel of map ${map}`, "dlk-strong", "start") + cells(kernel, 6, 176, 36, most) +
    words.map((word, k) => text(24 + 36 * (k % 3), 198 + 36 * Math.floor(k / 3), word)).join("");
  const rows = [0, 3, 6].map((at) => words.slice(at, at + 3).join(" ")).join("; ");
  return picture(marks + shown, 126, 292, `${alt} The kernel of map ${map}: ${rows}.`);
}

export function drawMaps({ maps, label, layer, map }) {
  const [wide, side] = maps.length === 6 ? [3, 56] : [4, 40], step = side + 24;
  const size = Math.sqrt(maps[0].length), peaks = maps.map((values) => Math.max(...values));
  const most = Math.max(...peaks);
  const drawn = maps.map((values, k) => {
    const x = 8 + step * (k % wide), y = 28 + step * Math.floor(k / wide);
    return cells(values, x, y, side / size, most) + text(x + side / 2, y + side + 14, k, "dlk-small") +
      (k === map ? box(x - 3, y - 3, side + 6, side + 6, "dlk-ring") : "");
  });
  const marks = text(8, 18, `${maps.length} maps of ${layer}`, "dlk-strong", "start") + drawn.join("");
  const alt = `The ${maps.length} maps of ${layer} for this ${label}, ${size} by ${size} each; ` +
    `map ${map} is ringed. Their largest values: ${peaks.map((peak) => number(peak, 1)).join(", ")}.`;
  return picture(marks, 8 + step * wide, 28 + step * Math.ceil(maps.length / wide), alt);
}

export function drawStrokes({ strokes, strengths, names, map, committed }) {
  const most = Math.max(...strengths) || 1;
  const drawn = strokes.map(({ image }, k) => {
    const y = 28 + 52 * k, long = (90 * strengths[k]) / most, mine = names[k] === committed ? ", your guess" : "";
    return cells(image, 6, y, 5, 1) +
      `<rect class="dlk-bar" x="54" y="${y + 8}" width="${px(long)}" height="16"/>` +
      text(58 + long, y + 21, number(strengths[k], 2), "dlk-small", "start") +
      text(54, y + 39, names[k] + mine, "dlk-small", "start");
  });
  const told = names.map((name, k) => `${name} ${number(strengths[k], 2)}`).join(", ");
  const marks = text(6, 18, `answers of map ${map}`, "dlk-strong", "start") + drawn.join("");
  return picture(marks, 190, 236, `The strongest answer of map ${map} to each stroke: ${told}.`);
}

export function drawBest({ best, layer, map, data }) {
  const drawn = best.map(({ image, maps }, n) => {
    const x = 6 + 62 * (n % 4), y = 30 + 62 * Math.floor(n / 4), values = maps[layer][map];
    const at = values.indexOf(Math.max(...values)), size = Math.sqrt(values.length);
    const [top, bottom] = seenFrom(data.layers, layer, Math.floor(at / size));
    const [left, right] = seenFrom(data.layers, layer, at % size);
    return cells(image, x, y, 6, 1) +
      box(x + 6 * left, y + 6 * top, 6 * (right - left + 1), 6 * (bottom - top + 1), "dlk-ring");
  });
  const marks = text(6, 18, "digits it answers most to", "dlk-strong", "start") + drawn.join("");
  const alt = `The ${best.length} unseen digits that map ${map} of ${layer} answers most to, each with ` +
    `the window of the strongest answer: ${best.map(({ label }) => label).join(", ")}.`;
  return picture(marks, 256, 152, alt);
}

// Values as shaded squares, blue above 0, red below; `most` is the strongest. Squares of one shade are one path.
function cells(values, x, y, cell, most) {
  const size = Math.sqrt(values.length), paths = new Map();
  values.forEach((value, at) => {
    const shade = Math.round(SHADES * Math.max(-1, Math.min(1, value / (most || 1))));
    const d = `M${px(x + cell * (at % size))} ${px(y + cell * Math.floor(at / size))}h${cell}v${cell}h${-cell}z`;
    if (shade) paths.set(shade, (paths.get(shade) ?? "") + d);
  });
  return [...paths].map(([shade, d]) => `<path class="${shade > 0 ? "dlk-plus" : "dlk-minus"}" ` +
    `fill-opacity="${((0.9 * Math.abs(shade)) / SHADES).toFixed(2)}" d="${d}"/>`).join("") +
    box(x, y, size * cell, size * cell, "dlk-frame");
}

function box(x, y, width, height, kind) {
  return `<rect class="${kind}" fill="none" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"/>`;
}
