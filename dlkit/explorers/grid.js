// Grids of numbers as squares: blue above 0, red below, the stronger the further from 0.
import { number, px, text } from "./svg.js";

// Where a grid lies: `rows` × `columns` squares of `cell` pixels from (left, top).
export function gridAt(rows, columns, left, top, cell) {
  return {
    rows, columns, left, top, cell,
    x: (column) => left + column * cell,
    y: (row) => top + row * cell,
    // the square that a place in pixels lies in, or null
    find(x, y) {
      const row = Math.floor((y - top) / cell), column = Math.floor((x - left) / cell);
      return row >= 0 && row < rows && column >= 0 && column < columns ? [row, column] : null;
    },
  };
}

// The squares' shades; `most` is the value of the strongest. An entry that is null stays empty.
export function shades(at, values, most) {
  const squares = new Map();
  values.forEach((row, i) => row.forEach((value, j) => {
    if (!value) return;
    const share = Math.min(1, Math.abs(value) / most).toFixed(2);
    const key = `${value > 0 ? "dlk-plus" : "dlk-minus"}" fill-opacity="${(0.65 * share).toFixed(2)}`;
    squares.set(key, `${squares.get(key) || ""}M${px(at.x(j))} ${px(at.y(i))}${side(at.cell)}`);
  }));
  return [...squares].map(([kind, d]) => `<path class="${kind}" d="${d}"/>`).join("");
}

// The values written into the squares, with so many digits.
export function values(at, rows, digits, kind = () => "dlk-small") {
  return rows.map((row, i) => row.map((value, j) => (value === null ? "" : text(
    at.x(j) + at.cell / 2, at.y(i) + at.cell / 2 + 4, typeof value === "string" ? value : number(value, digits),
    kind(i, j)))).join("")).join("");
}

// The lines between the squares.
export function rule(at) {
  const right = at.x(at.columns), floor = at.y(at.rows);
  let d = "";
  for (let i = 0; i <= at.rows; i += 1) d += `M${px(at.left)} ${px(at.y(i))}H${px(right)}`;
  for (let j = 0; j <= at.columns; j += 1) d += `M${px(at.x(j))} ${px(at.top)}V${px(floor)}`;
  return `<path class="dlk-frame" d="${d}"/>`;
}

// A frame round some squares, from `row` and `column` on.
export function around(at, row, column, rows, columns, kind = "dlk-ring") {
  return `<rect class="${kind}" fill="none" x="${px(at.x(column))}" y="${px(at.y(row))}" ` +
    `width="${px(columns * at.cell)}" height="${px(rows * at.cell)}"/>`;
}

function side(cell) {
  return `h${px(cell)}v${px(cell)}h${px(-cell)}z`;
}
