// Loss surfaces: squared error and cross-entropy of the same sigmoid unit, over its weight and bias.
import { axes, clipped, frame, number, path, picture, px, short, table, text } from "./svg.js";

const KINDS = { mse: "squared error", ce: "cross-entropy" };
const AT = axes({ left: 34, top: 30, width: 220, height: 220, xs: [-8, 8], ys: [-8, 8] });
const CELLS = 44, BANDS = 12, TOP = { mse: 0.8, ce: 8 }; // the cost that is drawn darkest
const FLAT = 0.05; // a gradient shorter than this leads nowhere soon

function sigmoid(z) {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

// The mean cost at (w, b) and its gradient [dw, db].
export function costAt(kind, w, b, points) {
  let cost = 0, dw = 0, db = 0;
  points.forEach(([x, t]) => {
    const z = w * x + b, y = sigmoid(z);
    const dz = kind === "mse" ? 2 * (y - t) * y * (1 - y) : y - t;
    cost += kind === "mse" ? (y - t) ** 2
      : Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z)));
    dw += dz * x;
    db += dz;
  });
  return { cost: cost / points.length, gradient: [dw / points.length, db / points.length] };
}

// The places [w, b] of gradient descent, the start included.
export function descend(kind, start, lr, steps, points) {
  const places = [start];
  for (let step = 0; step < steps; step += 1) {
    const [w, b] = places[step], { gradient: [dw, db] } = costAt(kind, w, b, points);
    places.push([w - lr * dw, b - lr * db]);
  }
  return places;
}

export function rightOf([w, b], points) {
  return points.filter(([x, t]) => Number(w * x + b > 0) === t).length;
}

export const explorer = {
  about: ["w", "b"],
  ask: "Predict first: both walks start at the ring. How much longer is the first step under the " +
    "cross-entropy? Choose, then press Show.",
  truth(run) {
    const ratio = ratioOf(run);
    if (ratio <= 10) return "up to 10 times as long";
    return ratio <= 100 ? "10 to 100 times as long" : "over 100 times as long";
  },
  pointed(_index, x, y, run) {
    const half = (value) => Math.round(2 * Math.min(8, Math.max(-8, value))) / 2;
    run.values = { ...run.values, w: half(AT.x.value(x)), b: half(AT.y.value(y)) };
  },
  scene(run) {
    const walks = walksOf(run);
    return {
      pictures: Object.keys(KINDS).map((kind) => draw(kind, walks[kind], run)),
      table: numbers(walks, run),
      sentence: inWords(walks, run),
      state: run.hidden ? {} : { ...walks, ratio: ratioOf(run) },
    };
  },
};

function ratioOf({ values: { w, b }, data: { points } }) {
  const [mse, ce] = ["mse", "ce"].map((kind) => Math.hypot(...costAt(kind, w, b, points).gradient));
  return ce / mse;
}

function walksOf({ values: { w, b, lr, steps }, data: { points } }) {
  return Object.fromEntries(Object.keys(KINDS).map((kind) => {
    const places = descend(kind, [w, b], lr, steps, points), end = places.at(-1);
    const first = costAt(kind, w, b, points), last = costAt(kind, ...end, points);
    const slope = Math.hypot(...first.gradient);
    return [kind, { places, end, slope, start: first.cost, cost: last.cost, right: rightOf(end, points) }];
  }));
}

function inWords({ mse, ce }, { values: { steps }, data: { points } }) {
  const one = (name, walk) => `${name} has ${walk.right} of ${points.length} points right`;
  const ground = mse.slope < FLAT ? "The squared error starts on a flat part" : "Both start on a slope";
  return `${ground}: its gradient is ${short(mse.slope)}, the cross-entropy's ${short(ce.slope)}` +
    `, ${short(ce.slope / mse.slope, 2)} times as long. After ${steps} ${steps === 1 ? "step" : "steps"} ` +
    `${one("the squared error", mse)}, ${one("the cross-entropy", ce)}.`;
}

function draw(kind, { places, end, cost }, { values: { w, b }, data: { points }, hidden }) {
  const dot = ([x, y], mark, r) =>
    `<circle class="${mark}" cx="${px(AT.x(x))}" cy="${px(AT.y(y))}" r="${r}"/>`;
  const walk = hidden ? "" : path(places.map(([x, y]) => [AT.x(x), AT.y(y)])) + dot(end, "dlk-on", 6);
  const marks = frame(AT, [-8, -4, 0, 4, 8], [-8, -4, 0, 4, 8], ["weight w", ""]) +
    text(14, 44, "b") + text(144, 18, KINDS[kind], "dlk-strong") +
    clipped(AT, walk + dot([w, b], "dlk-ring", 8));
  const start = `w = ${number(w)}, b = ${number(b)}`;
  const alt = `The ${KINDS[kind]} over w and b as shades, with the start at ${start}` +
    (hidden ? ". The walk is hidden until you have predicted." :
      ` and a walk that ends at w = ${number(end[0], 2)}, b = ${number(end[1], 2)}, cost ${short(cost)}.`);
  return picture(marks, 274, 290, alt, [shades(kind, points)]);
}

// The cost in bands of one colour, the darker the larger.
function shades(kind, points) {
  const rgba = [];
  for (let row = 0; row < CELLS; row += 1) {
    const b = 8 - ((row + 0.5) * 16) / CELLS;
    for (let column = 0; column < CELLS; column += 1) {
      const { cost } = costAt(kind, -8 + ((column + 0.5) * 16) / CELLS, b, points);
      const band = Math.min(BANDS, Math.floor((BANDS * cost) / TOP[kind]));
      rgba.push(0, 114, 178, Math.round((210 * band) / BANDS));
    }
  }
  return { x: AT.left, y: AT.top, width: AT.width, height: AT.height, columns: CELLS, rows: CELLS, rgba };
}

function numbers(walks, { hidden }) {
  const told = (value) => (hidden ? "?" : value);
  const rows = Object.entries(walks).map(([kind, walk]) => [KINDS[kind], short(walk.start),
    told(short(walk.slope)), told(short(walk.cost)), told(walk.right)]);
  return table("Each cost has its own scale", ["", "cost at start", "gradient there", "cost at end", "right"], rows);
}
