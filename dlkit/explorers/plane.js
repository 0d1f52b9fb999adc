// A square of the plane with lines, half-planes and arrows, as in dlkit/svg.py.
import { line, number, px, text } from "./svg.js";

// low to high on both axes, drawn in size × size pixels; `x` and `y` give pixels.
export function square(low, high, size = 300, edge = 34) {
  const x = (value) => edge + ((value - low) / (high - low)) * (size - 2 * edge);
  return { low, high, size, x, y: (value) => size - x(value) };
}

export function planeFrame({ low, high, size, x, y }, marks, names = ["x₁", "x₂"]) {
  const start = x(low), end = x(high);
  return `<rect class="dlk-frame" x="${px(start)}" y="${px(start)}" width="${px(end - start)}" ` +
    `height="${px(end - start)}"/>` +
    marks.map((mark) => text(x(mark), end + 14, number(mark), "dlk-small") +
      text(start - 5, y(mark) + 4, number(mark), "dlk-small", "end")).join("") +
    text(size / 2, end + 28, names[0]) + text(start - 24, size / 2, names[1]);
}

// The part of the square where w·x + b > 0.
export function halfPlane(plane, w, b, kind = "dlk-fires") {
  const corners = cut(plane, w, b);
  if (!corners.length) return "";
  const places = corners.map(([x, y]) => `${px(plane.x(x))},${px(plane.y(y))}`);
  return `<polygon class="${kind}" points="${places.join(" ")}"/>`;
}

// The line w·x + b = 0 where it crosses the square; nothing when it does not.
export function lineAcross(plane, w, b, kind = "dlk-line") {
  const found = ends(plane, w, b);
  if (!found) return "";
  const [[x1, y1], [x2, y2]] = found;
  return line(plane.x(x1), plane.y(y1), plane.x(x2), plane.y(y2), kind);
}

// An arrow from the line towards the side that fires, in the direction of w.
export function normal(plane, w, b, length = 0.22) {
  const found = ends(plane, w, b);
  if (!found) return "";
  const span = ((plane.high - plane.low) * length) / Math.hypot(...w);
  const tail = [0, 1].map((i) => (found[0][i] + found[1][i]) / 2);
  const tip = [0, 1].map((i) => tail[i] + span * w[i]);
  return arrow(plane.x(tail[0]), plane.y(tail[1]), plane.x(tip[0]), plane.y(tip[1]));
}

// An arrow between two places in pixels.
export function arrow(x1, y1, x2, y2, kind = "dlk-arrow") {
  const long = Math.hypot(x2 - x1, y2 - y1);
  if (long < 1) return "";
  const dx = (x2 - x1) / long, dy = (y2 - y1) / long;
  const base = [x2 - 9 * dx, y2 - 9 * dy];
  const head = [[x2, y2], ...[1, -1].map((s) => [base[0] - s * 4.5 * dy, base[1] + s * 4.5 * dx])];
  return line(x1, y1, ...base, kind) +
    `<polygon class="${kind}" points="${head.map((p) => p.map(px).join(",")).join(" ")}"/>`;
}

// The two points where w·x + b = 0 enters and leaves the square, or null.
export function ends(plane, w, b) {
  const near =
    1e-9 * (Math.abs(w[0]) + Math.abs(w[1])) * Math.max(Math.abs(plane.low), Math.abs(plane.high));
  const onLine = cut(plane, w, b).filter((p) => Math.abs(w[0] * p[0] + w[1] * p[1] + b) <= near);
  const [first, last] = onLine;
  if (!(w[0] || w[1]) || onLine.length < 2 || (first[0] === last[0] && first[1] === last[1])) {
    return null;
  }
  return [first, last];
}

// The sum with its numbers, such as 1.5 x₁ − 0.5 x₂ − 1.
export function weightedSum(w, b, digits) {
  const rest = [[w[1], " x₂"], [b, ""]].map(([value, unit]) =>
    `${value < 0 ? "−" : "+"} ${number(Math.abs(value), digits)}${unit}`);
  return [`${number(w[0], digits)} x₁`, ...rest].join(" ");
}

// The square's corners where w·x + b > 0, with the points where the line cuts its edges.
function cut({ low, high }, w, b) {
  const corners = [[low, low], [high, low], [high, high], [low, high]];
  const height = corners.map((p) => w[0] * p[0] + w[1] * p[1] + b);
  const kept = [];
  corners.forEach((here, i) => {
    const before = (i + 3) % 4, there = corners[before];
    if ((height[i] > 0) !== (height[before] > 0)) {
      const share = height[i] / (height[i] - height[before]);
      kept.push(here.map((h, k) => h + share * (there[k] - h)));
    }
    if (height[i] > 0) kept.push(here);
  });
  return kept;
}
