// What gradient_through_time shows: norms on an axis of powers of ten, and the eigenvalues.
import { axes, number, path, picture, px, short, tenTo, text } from "./svg.js";

export const EDGE = 1; // the power of ten beyond which a gradient explodes; below its inverse it vanishes
const LEFT = 46, TOP = 34, WIDE = 290, TALL = 190; // the plot's frame

// Both norms against the step; `guess` is 0, 1 or 2 for vanishing, keeping and exploding, or −1.
export function drawNorms({ forward, backward }, hidden, guess) {
  const powers = [...forward, ...(hidden ? [] : backward)].filter((value) => value > 0).map(Math.log10);
  const low = Math.max(Math.min(Math.floor(Math.min(...powers)), -3), -30);
  const high = Math.max(Math.ceil(Math.max(...powers)), 3), last = forward.length - 1;
  const at = axes({ left: LEFT, top: TOP, width: WIDE, height: TALL, xs: [0, last], ys: [low, high] });
  const curve = (norms, kind) => path(norms.map((value, t) => // it ends where it leaves the axis or is 0
    (value < 10 ** low ? [at.x(t), NaN] : [at.x(t), at.y(Math.log10(value))])), kind);
  const marks = bands(at, low, high) +
    `<rect class="dlk-frame" fill="none" x="${LEFT}.0" y="${TOP}.0" width="${WIDE}.0" height="${TALL}.0"/>` +
    scales(at, low, high, last) + text(LEFT, 14, "—  norm of the state", "dlk-small", "start") +
    curve(forward, "dlk-line") +
    (hidden ? "" : text(LEFT, 28, "┄  norm of the gradient, ← back", "dlk-small", "start") +
      curve(backward, "dlk-slope")) +
    (guess < 0 ? "" : drawGuess(at, [[-EDGE, low], [EDGE, -EDGE], [high, EDGE]][guess]));
  const state = `The norm of the state goes from 1 to ${times(forward.at(-1))} in ${last} steps`;
  const alt = hidden ? `${state}; that of the gradient is hidden until you have predicted.`
    : `${state}; that of the gradient goes back from 1 to ${times(backward[0])}.`;
  return picture(marks, LEFT + WIDE + 8, TOP + TALL + 40, alt);
}

function scales(at, low, high, last) {
  const every = Math.ceil((high - low) / 6);
  let marks = "";
  for (let p = Math.ceil(low / every) * every; p <= high; p += every) {
    marks += text(LEFT - 5, at.y(p) + 4, tenTo(p), "dlk-small", "end");
  }
  for (let k = 0; k <= 5; k += 1) {
    const step = Math.round((k * last) / 5);
    marks += text(at.x(step), TOP + TALL + 14, step, "dlk-small");
  }
  return marks + text(LEFT + WIDE / 2, TOP + TALL + 30, "step");
}

// Where a gradient at step 0 is called vanishing or exploding.
function bands(at, low, high) {
  return [["explodes", high, EDGE], ["vanishes", -EDGE, low]].map(([name, top, bottom]) => {
    if (top <= bottom) return "";
    const tall = at.y(bottom) - at.y(top);
    return `<rect class="dlk-fires" x="${LEFT}" y="${px(at.y(top))}" width="${WIDE}" height="${px(tall)}"/>` +
      text(LEFT + WIDE - 6, at.y(top) + tall / 2 + 4, name, "dlk-small", "end");
  }).join("");
}

// A dashed mark at step 0 over the range that the guess names.
function drawGuess(at, [top, bottom]) {
  const [from, to] = [at.y(top), at.y(bottom)];
  return `<path class="dlk-guess" d="M${LEFT + 3} ${px(from)}V${px(to)}"/>` +
    text(LEFT + 9, (from + to) / 2 + 4, "your guess", "dlk-small", "start");
}

// The eigenvalues in the plane of complex numbers, with the circle of radius 1.
export function drawEigenvalues(found) {
  const middle = 100, size = 84, sizes = found.map(([x, y]) => Math.hypot(x, y));
  const most = Math.max(...sizes), far = Math.max(1.15, most * 1.1);
  const beyond = (one) => one > 1 + 1e-6; // they are kept in 32 bits
  const dots = found.map(([x, y], i) => {
    const cx = middle + (size * x) / far, cy = 118 - (size * y) / far;
    return `<circle class="${beyond(sizes[i]) ? "dlk-bar" : "dlk-on"}" cx="${px(cx)}" cy="${px(cy)}" r="5"/>`;
  });
  const outside = sizes.filter(beyond).length;
  const marks = text(middle, 18, "eigenvalues of Wh", "dlk-strong") +
    `<path class="dlk-frame" d="M${middle - size} 118h${2 * size}M${middle} 34v${2 * size}"/>` +
    `<circle class="dlk-before" fill="none" cx="${middle}" cy="118" r="${px(size / far)}"/>` + dots.join("") +
    text(middle, 222, `${outside} outside the circle of radius 1`, "dlk-small");
  const alt = `${found.length} eigenvalues; the farthest is ${number(most, 2)} from 0, ${outside} are beyond 1.`;
  return picture(marks, 200, 232, alt);
}

// A factor in words of digits: 0.015, 12, 3.2·10⁸.
export function times(value) {
  if (value === 0 || (value >= 1e-3 && value < 1e4)) {
    return number(value, value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4);
  }
  return short(value, 2);
}
