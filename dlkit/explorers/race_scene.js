// What the optimizer race draws: the paths over lines of equal loss, the losses, and who is who.
import { zeroLine } from "./contour.js";
import { arrow } from "./plane.js";
import { gradient, loss, METHODS, SHARE, STEPS } from "./race.js";
import { axes, clipped, frame, line, path, picture, px, short, text } from "./svg.js";

export const MAP = axes({ left: 36, top: 28, width: 285, height: 228, xs: [-2.5, 2.5], ys: [-2, 2] });
const LEVELS = {
  "narrow valley": [0.5, 2, 5, 10, 16, 24, 34],
  "bent valley": [0.05, 0.3, 1, 3, 8, 20, 40],
  saddle: [0.02, 0.12, 0.3, 0.5, 0.9, 1.6, 2.6],
  "plain with a hole": [0.05, 0.25, 0.5, 0.75, 0.9, 0.97, 0.995],
};
// each rule's mark, from -1 to 1 both ways
const SHAPES = ["M-1 0a1 1 0 1 0 2 0a1 1 0 1 0 -2 0z", "M-1 .8h2l-1 -1.8z", "M-1 -.8h2l-1 1.8z", "M-.9 -.9h1.8v1.8h-1.8z",
  "M-1.2 0l1.2 -1.2l1.2 1.2l-1.2 1.2z", "M-1.1 -.4h.7v-.7h.8v.7h.7v.8h-.7v.7h-.8v-.7h-.7z"];
const contours = new Map();

export function draw(all) {
  const { surface, hidden, steps, runs, x, y } = all;
  const spot = ([a, b]) => [MAP.x(a), MAP.y(b)], start = spot([x, y]);
  const ways = hidden ? "" : shownRuns(all).map(({ visited, rank }) => {
    const spots = visited.slice(0, steps + 1).map(spot);
    return path(spots, `dlk-series-${rank} dlk-way`) + mark(rank, ...spots.at(-1));
  }).join("");
  const marks = clipped(MAP, lines(surface)) + frame(MAP, [-2, -1, 0, 1, 2], [-1, 0, 1], ["x", ""]) +
    clipped(MAP, ways) + (hidden ? downhill(surface, [x, y], start) : "") +
    `<circle class="dlk-off" cx="${px(start[0])}" cy="${px(start[1])}" r="6"/>` +
    text(MAP.left, 16, `y; lines of equal loss: ${surface}`, "dlk-strong", "start");
  const ends = runs.map(({ method, visited }) =>
    `${method} at ${visited[Math.min(steps, visited.length - 1)].map((one) => short(one)).join(", ")}`);
  const alt = `Lines of equal loss, ${surface}, with the start at ${short(x)}, ${short(y)}; ` +
    (hidden ? "an arrow points downhill, and the paths are hidden until you have predicted."
      : `after ${steps} steps ${ends.join("; ")}.`);
  return picture(marks, 330, 292, alt);
}

function shownRuns({ runs, shown }) {
  return runs.map((one, rank) => ({ ...one, rank })).filter(({ rank }) => shown[rank]);
}

function mark(rank, x, y) {
  return `<path class="dlk-series-${rank}" transform="translate(${px(x)} ${px(y)}) scale(5)" ` +
    `style="stroke: none" d="${SHAPES[rank]}"/>`;
}

// The lines of equal loss, made once for each surface.
function lines(surface) {
  if (!contours.has(surface)) contours.set(surface, LEVELS[surface].map((level) => isoline(surface, level)).join(""));
  return contours.get(surface);
}

function isoline(surface, level) {
  const columns = 61, rows = 49;
  const x = (column) => MAP.left + (column * MAP.width) / (columns - 1);
  const y = (row) => MAP.top + (row * MAP.height) / (rows - 1);
  const above = Array.from({ length: rows * columns }, (_, i) =>
    loss(surface, [MAP.x.value(x(i % columns)), MAP.y.value(y(Math.floor(i / columns)))]) - level);
  return `<path class="dlk-frame" d="${zeroLine(above, columns, rows, x, y)}"/>`;
}

function downhill(surface, w, [x, y]) {
  const [dx, dy] = gradient(surface, w), long = Math.hypot(dx, dy);
  return long ? arrow(x, y, x - (40 * dx) / long, y + (40 * dy) / long) : "";
}

export function drawLosses(all) {
  const { hidden, steps, runs } = all, first = runs[0].losses[0];
  const at = axes({ left: 48, top: 28, width: 194, height: 228, xs: [0, STEPS], ys: [-5, 2] });
  const y = (L) => at.y(Math.log10(Math.max(L, 1e-9)));
  const ways = hidden ? "" : shownRuns(all).map(({ losses, rank }) => {
    const spots = losses.slice(0, steps + 1).map((L, i) => [at.x(i), y(L)]);
    return path(spots, `dlk-series-${rank} dlk-way`) + mark(rank, ...spots.at(-1));
  }).join("");
  const goal = y(SHARE * first);
  const marks = frame({ ...at, y: (value) => y(value) }, [0, 50, 100], [1e-4, 0.01, 1, 100], ["step", ""]) +
    clipped(at, line(at.left, goal, at.left + at.width, goal, "dlk-before") + ways) +
    text(at.left + 5, goal + 14, "1 % of the first loss", "dlk-small", "start") +
    text(at.left, 16, "loss after each step", "dlk-strong", "start") +
    (hidden ? text(at.x(STEPS / 2), at.y(0), "?", "dlk-strong") : "");
  const ends = runs.map(({ method, losses }) => `${method} ${short(losses[Math.min(steps, losses.length - 1)])}`);
  const alt = `The loss is ${short(first)} at the start` + (hidden
    ? "; the rest is hidden until you have predicted." : ` and after ${steps} steps: ${ends.join(", ")}.`);
  return picture(marks, 256, 292, alt);
}

// Line and mark of each rule, and what becomes of it.
export function drawKey(all) {
  const { hidden, committed, runs, shown } = all;
  const rows = METHODS.map((method, rank) => {
    const y = 30 + 20 * rank;
    const said = hidden ? "?" : `${runs[rank].fate}${shown[rank] ? "" : " (not drawn)"}`;
    return path([[10, y - 4], [46, y - 4]], `dlk-series-${rank} dlk-way`) + mark(rank, 28, y - 4) +
      text(56, y, `${method}: ${said}`, "", "start") +
      (committed === method ? text(322, y, "← your guess", "dlk-strong", "end") : "");
  });
  const none = committed === "none" ? text(322, 12, "your guess: none", "dlk-strong", "end") : "";
  const alt = `What becomes of each: ${hidden ? "hidden until you have predicted"
    : runs.map(({ method, fate }) => `${method} ${fate}`).join(", ")}.`;
  return picture(text(10, 12, "who is who", "dlk-strong", "start") + none + rows.join(""), 330, 140, alt);
}
