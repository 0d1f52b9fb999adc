// L1 and L2 contours: two weights between the data's loss and a penalty.
import { axes, clipped, frame, number, path, picture, px, table, text } from "./svg.js";

const AT = axes({ left: 36, top: 30, width: 300, height: 300, xs: [-2.5, 2.5], ys: [-2.5, 2.5] });
const LEVELS = [0.05, 0.2, 0.5, 1, 2, 4];

// The matrix of the data loss: eigenvalues 1 and 1/stretch², turned by tilt degrees.
export function curvature(stretch, tilt) {
  const c = Math.cos((tilt * Math.PI) / 180), s = Math.sin((tilt * Math.PI) / 180);
  const small = 1 / stretch ** 2;
  return [[s * s + small * c * c, (small - 1) * s * c], [(small - 1) * s * c, c * c + small * s * s]];
}

export function dataLoss(A, m, w) {
  const [x, y] = [w[0] - m[0], w[1] - m[1]];
  return 0.5 * (A[0][0] * x * x + 2 * A[0][1] * x * y + A[1][1] * y * y);
}

export function penaltyOf(kind, lam, w) {
  return kind === "L1" ? lam * (Math.abs(w[0]) + Math.abs(w[1])) : (lam / 2) * (w[0] ** 2 + w[1] ** 2);
}

// The weights where data loss and penalty together are smallest.
export function best(kind, lam, A, m) {
  const [[a, b], [, d]] = A, pull = [a * m[0] + b * m[1], b * m[0] + d * m[1]]; // A m
  if (kind === "L2") {
    const det = (a + lam) * (d + lam) - b * b;
    return [((d + lam) * pull[0] - b * pull[1]) / det, ((a + lam) * pull[1] - b * pull[0]) / det];
  }
  // one weight after the other, each at its best for the other one, until nothing moves
  const shrunk = (value, by) => Math.sign(value) * Math.max(0, Math.abs(value) - by);
  let w = [...m];
  for (let round = 0; round < 1000; round += 1) {
    const first = shrunk(pull[0] - b * w[1], lam) / a;
    const next = [first, shrunk(pull[1] - b * first, lam) / d];
    if (Math.abs(next[0] - w[0]) + Math.abs(next[1] - w[1]) < 1e-15) break;
    w = next;
  }
  return w.map((value) => value || 0);
}

const ZERO = 1e-9;

export const explorer = {
  ask: "Predict first: how many of the two weights will be exactly 0 at the best place? Choose, then press Show.",
  truth: (run) => ["none", "one of them", "both"][zerosOf(solved(run).w)],
  pointed(_index, x, y, run) {
    const tenth = (value) => Math.round(10 * Math.min(2, Math.max(-2, value))) / 10;
    run.values = { ...run.values, m1: tenth(AT.x.value(x)), m2: tenth(AT.y.value(y)) };
  },
  scene(run) {
    const seen = { ...run.values, ...solved(run), hidden: run.hidden };
    return {
      pictures: [draw(seen)],
      table: numbers(seen),
      sentence: inWords(seen),
      state: run.hidden ? {} : { w: seen.w, zeros: zerosOf(seen.w), data_loss: seen.loss, penalty_value: seen.cost },
    };
  },
};

function solved({ values: { penalty, lam, m1, m2, stretch, tilt } }) {
  const A = curvature(stretch, tilt), m = [m1, m2], w = best(penalty, lam, A, m);
  return { A, m, w, loss: dataLoss(A, m, w), cost: penaltyOf(penalty, lam, w) };
}

function zerosOf(w) {
  return w.filter((value) => Math.abs(value) < ZERO).length;
}

function inWords({ penalty, lam, w, m, loss, cost }) {
  const place = `The best weights are (${number(w[0], 3)}, ${number(w[1], 3)})`;
  const sum = `data loss ${number(loss, 3)} + penalty ${number(cost, 3)}`;
  if (lam === 0) return `${place}: without a penalty they are the data's own.`;
  const zeros = zerosOf(w), own = zerosOf(m);
  const sparse = zeros === 2 ? "both are exactly 0" : zeros ? "one of them is exactly 0" : "none is exactly 0";
  const why = penalty === "L2" && zeros === own ? " (L2 shrinks, it does not drop)"
    : zeros > own ? " (L1 drops what the data pulls with less than λ)" : "";
  return `${place}: ${sum}; ${sparse}${why}.`;
}

function draw({ penalty, lam, A, m, w, hidden }) {
  const dot = ([x, y], kind, r) => `<circle class="${kind}" cx="${px(AT.x(x))}" cy="${px(AT.y(y))}" r="${r}"/>`;
  const marks = frame(AT, [-2, -1, 0, 1, 2], [-2, -1, 0, 1, 2], ["weight w₁", ""]) + text(14, 44, "w₂") +
    text(186, 18, `data loss and ${penalty}, λ = ${number(lam, 2)}`, "dlk-strong") +
    clipped(AT, (hidden ? "" : region(penalty, w)) + cross() + LEVELS.map((level) => ellipse(A, m, level)).join("") +
      (hidden ? "" : way(penalty, lam, A, m)) + dot(m, "dlk-ring", 7) + (hidden ? "" : dot(w, "dlk-on", 6)));
  const alt = `Ellipses of equal data loss round (${number(m[0])}, ${number(m[1])})` + (hidden
    ? ". The penalty and the best weights are hidden until you have predicted."
    : `, the ${penalty === "L1" ? "diamond" : "disc"} of ${penalty} that touches them at the best weights, ` +
      `(${number(w[0], 2)}, ${number(w[1], 2)}).`);
  return picture(marks, 350, 370, alt);
}

function cross() {
  const places = (points) => path(points.map(([x, y]) => [AT.x(x), AT.y(y)]), "dlk-frame");
  return places([[-2.5, 0], [2.5, 0]]) + places([[0, -2.5], [0, 2.5]]);
}

// All weights that the penalty charges no more for than for w.
function region(penalty, w) {
  const radius = penalty === "L1" ? Math.abs(w[0]) + Math.abs(w[1]) : Math.hypot(...w);
  if (penalty === "L2") {
    return `<circle class="dlk-fires" cx="${px(AT.x(0))}" cy="${px(AT.y(0))}" r="${px(AT.x(radius) - AT.x(0))}"/>`;
  }
  const corners = [[radius, 0], [0, radius], [-radius, 0], [0, -radius]];
  return `<polygon class="dlk-fires" points="${corners.map(([x, y]) => `${px(AT.x(x))},${px(AT.y(y))}`).join(" ")}"/>`;
}

// Where the data loss has this value: directions from m, each as far as it takes.
function ellipse(A, m, level) {
  const points = Array.from({ length: 73 }, (_, i) => {
    const angle = (i * Math.PI) / 36, to = [Math.cos(angle), Math.sin(angle)];
    const far = Math.sqrt(level / dataLoss(A, [0, 0], to));
    return [AT.x(m[0] + far * to[0]), AT.y(m[1] + far * to[1])];
  });
  return path(points, "dlk-track");
}

// The best weights for growing λ, up to the present one.
function way(penalty, lam, A, m) {
  const points = Array.from({ length: 61 }, (_, i) => best(penalty, lam * (i / 60) ** 2, A, m));
  return path(points.map(([x, y]) => [AT.x(x), AT.y(y)]), "dlk-before");
}

function numbers({ m, w, hidden }) {
  const rows = [0, 1].map((i) => [["w₁", "w₂"][i], number(m[i], 2), hidden ? "?" : number(w[i], 4)]);
  return table("The two weights", ["", "data alone", "with penalty"], rows);
}
