// What the learning-rate explorer draws: the path on its surface, the losses, a ruler of rates.
import { gradient, loss, SHARE, STEPS } from "./descent.js";
import { arrow } from "./plane.js";
import { axes, clipped, frame, line, number, path, picture, px, short, text } from "./svg.js";

const XS = [-2.5, 2.5], YS = [-1.5, 1.5];
const RATES = [0.003, 0.6]; // of the ruler
const GROUND = {
  bowl: (curvature) => `The curve ½ · ${curvature} · x².`,
  valley: (curvature) => `Lines of equal loss of ½ (x² + ${curvature} y²), a valley.`,
  "wavy curve": () => "A wavy curve with a low floor at −1.5, a hilltop at 0.5, a higher floor at 1.5.",
};

export function plotOf({ surface, curvature }) {
  if (surface === "valley") return axes({ left: 36, top: 46, width: 285, height: 171, xs: XS, ys: YS });
  const ys = surface === "bowl" ? [0, (curvature * XS[1] ** 2) / 2] : [0, 10];
  return axes({ left: 36, top: 28, width: 285, height: 205, xs: XS, ys });
}

export function draw(all) {
  const { surface, curvature, hidden, steps, visited } = all, at = plotOf(all), valley = surface === "valley";
  const place = (w) => [at.x(w[0]), at.y(valley ? w[1] : loss(surface, curvature, w))];
  const spots = visited.slice(0, hidden ? 1 : steps + 1).map(place);
  const outside = ([x, y]) =>
    x < at.left || x > at.left + at.width || y < at.top || y > at.top + at.height;
  const out = spots.findIndex(outside), near = spots.filter((spot) => !outside(spot));
  const marks = frame(at, [-2, -1, 0, 1, 2], yMarks(all), ["x", ""]) +
    clipped(at, valley ? contours(at, curvature) : curve(at, surface, curvature)) +
    (hidden ? downhill(at, all, spots[0]) : clipped(at, path(spots, "dlk-track"))) + dots(near) +
    text(at.left, at.top - 12, valley ? "y; lines of equal loss" : "loss at x", "dlk-strong", "start") +
    (out > 0 ? text(321, at.top - 12, `step ${out} leaves the picture`, "dlk-small", "end") : "");
  const pair = (w) => w.map((one) => short(one)).join(", ");
  const alt = `${GROUND[surface](curvature)} The start is at ${pair(visited[0])}` +
    (hidden ? ", with an arrow downhill; the steps are hidden until you have predicted."
      : `; the first steps go to ${visited.slice(1, 4).map(pair).join("; then ")}.`);
  return picture(marks, 330, 268, alt);
}

function yMarks({ surface, curvature }) {
  if (surface === "valley") return [-1, 0, 1];
  if (surface === "wavy curve") return [0, 5, 10];
  return [0, 1, 2, 3].map((i) => 10 * i * Math.ceil(curvature / 10));
}

function curve(at, surface, curvature) {
  const xs = Array.from({ length: 101 }, (_, i) => XS[0] + (i * (XS[1] - XS[0])) / 100);
  return path(xs.map((x) => [at.x(x), at.y(loss(surface, curvature, [x]))]));
}

function contours(at, curvature) {
  return [0.1, 0.5, 1.5, 3, 5, 8, 12, 16].map((level) => {
    const rx = at.x(Math.sqrt(2 * level)) - at.x(0);
    const ry = at.y(0) - at.y(Math.sqrt((2 * level) / curvature));
    return `<ellipse class="dlk-frame" cx="${px(at.x(0))}" cy="${px(at.y(0))}" ` +
      `rx="${px(rx)}" ry="${px(ry)}"/>`;
  }).join("");
}

// An arrow from the start along the curve's tangent, or across the lines of equal loss.
function downhill(at, { surface, curvature, visited }, [x, y]) {
  const dw = gradient(surface, curvature, visited[0]), unit = at.x(1) - at.x(0);
  const rise = at.y(1) - at.y(0); // pixels: y grows downwards
  const [dx, dy] = surface === "valley" ? [-dw[0] * unit, -dw[1] * rise]
    : [-Math.sign(dw[0]) * unit, -Math.abs(dw[0]) * rise];
  const long = Math.hypot(dx, dy);
  return long ? arrow(x, y, x + (45 * dx) / long, y + (45 * dy) / long) : "";
}

// A dot for each place, hollow for the start, numbered as long as the numbers do not overlap.
function dots(spots) {
  let last = null;
  return spots.map(([x, y], i) => {
    const free = !last || Math.hypot(x - last[0], y - last[1]) > 18;
    if (free) last = [x, y];
    const toLeft = x > 270;
    return `<circle class="${i ? "dlk-on" : "dlk-off"}" cx="${px(x)}" cy="${px(y)}" r="${i ? 4 : 6}"/>` +
      (free ? text(x + (toLeft ? -9 : 9), y - 7, i || "start", "dlk-small", toLeft ? "end" : "start") : "");
  }).join("");
}

export function drawLosses({ hidden, losses, steps }) {
  const at = axes({ left: 44, top: 28, width: 200, height: 205, xs: [0, STEPS], ys: [-4, 4] });
  const shown = losses.slice(0, hidden ? 1 : steps + 1);
  const spots = shown.map((L, i) => [at.x(i), at.y(Math.log10(Math.max(L, 1e-12)))]);
  const marks = frame({ ...at, y: (mark) => at.y(Math.log10(mark)) }, [0, 10, 20, 30],
    [1e-4, 0.01, 1, 100, 1e4], ["step", ""]) +
    clipped(at, (hidden ? "" : path(spots, "dlk-track")) + spots.map(([x, y]) =>
      `<circle class="dlk-on" cx="${px(x)}" cy="${px(y)}" r="4"/>`).join("")) +
    text(at.left, 16, "loss after each step", "dlk-strong", "start") +
    (hidden ? text(at.x(15), at.y(0), "?", "dlk-strong") : "");
  const fifths = shown.filter((_, i) => i % 5 === 0).map((one) => short(one)).join(", ");
  const alt = hidden
    ? `The loss is ${short(losses[0])} at the start; the rest is hidden until you have predicted.`
    : `The loss on a logarithmic scale, every fifth step: ${fifths}.`;
  return picture(marks, 256, 268, alt);
}

// Which rates do what: a ruler of η for each floor, with the rate that is set.
export function drawRuler({ hidden, committed, floors, rate }) {
  const log = axes({ left: 10, top: 0, width: 380, height: 0, xs: RATES.map(Math.log10), ys: [0, 1] });
  const x = (eta) => log.x(Math.log10(Math.min(RATES[1], Math.max(RATES[0], eta))));
  const rulers = floors.map((floor, i) => ruler(floor, x, 38 + 58 * i, rate, hidden)).join("");
  const floor = 32 + 58 * floors.length;
  const marks = text(10, 14, "which rates η do what", "dlk-strong", "start") +
    (committed === null ? "" : text(390, 14, `your guess: ${committed}`, "", "end")) + rulers +
    line(x(rate), 34, x(rate), floor - 8, "dlk-arrow") +
    text(x(rate), floor + 6, `η = ${number(rate)}`, "dlk-strong", x(rate) > 360 ? "end" : "middle");
  const told = floors.map(({ name, curvature }) =>
    `${name}, from side to side above ${short(1 / curvature)}, no rest above ${short(2 / curvature)}`);
  const alt = `A ruler of rates with η = ${number(rate)}; ` +
    (hidden ? "the limits are hidden until you have predicted." : `${told.join("; ")}.`);
  return picture(marks, 400, floor + 14, alt);
}

function ruler({ name, at, curvature, regime }, x, top, rate, hidden) {
  const arrives = (1 - SHARE ** (0.5 / STEPS)) / curvature;
  const ends = [0, arrives, 1 / curvature, 2 / curvature, Infinity];
  const names = ["creeps", "converges", "oscillates", at ? "no rest here" : "diverges"];
  const zones = hidden ? [[0, Infinity, "?"]] : names.map((zone, i) => [ends[i], ends[i + 1], zone]);
  const drawn = zones.map(([from, to, zone]) => {
    const wide = x(to) - x(from), now = !hidden && regime && from < rate && rate <= to;
    if (wide < 1) return "";
    const box = (kind) => `<rect class="${kind}" x="${px(x(from))}" y="${top}" width="${px(wide)}" height="22"/>`;
    return (now ? box("dlk-fires") : "") + box("dlk-frame") +
      (wide > 45 ? text((x(from) + x(to)) / 2, top + 15, zone, "dlk-small") : "");
  }).join("");
  const limit = (eta) => (eta < RATES[1] ? text(x(eta), top + 34, short(eta), "dlk-small") : "");
  return text(10, top - 5, at || name !== "bowl" ? name : "", "dlk-small", "start") + drawn +
    (hidden ? "" : limit(1 / curvature) + limit(2 / curvature));
}
