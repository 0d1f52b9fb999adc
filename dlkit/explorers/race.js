// Six update rules race down a surface, with the formulas of dlkit.optim.

export const METHODS = ["SGD", "momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam"];
export const STEPS = 100;
export const SHARE = 0.01; // of the loss at the start: who has so little left has arrived
const LEFT = 1e6; // no step is taken from further out
const RHO = 0.9, BETA1 = 0.9, BETA2 = 0.999, EPS = 1e-8;

// Losses of a point and their gradients; the lowest place of each has loss 0.
const SURFACES = {
  "narrow valley": {
    loss: ([x, y]) => (x * x + 20 * y * y) / 2,
    gradient: ([x, y]) => [x, 20 * y],
  },
  "bent valley": {
    loss: ([x, y]) => (x - 1.5) ** 2 / 4 + 3 * (y - x * x / 2 + 1) ** 2,
    gradient: ([x, y]) => {
      const off = 6 * (y - x * x / 2 + 1);
      return [(x - 1.5) / 2 - off * x, off];
    },
  },
  saddle: {
    loss: ([x, y]) => (x * x - y * y + 1) / 2 + y ** 4 / 8,
    gradient: ([x, y]) => [x, y ** 3 / 2 - y],
  },
  "plain with a hole": {
    loss: ([x, y]) => 1 - Math.exp(-(x * x + 2 * y * y) / 2),
    gradient: ([x, y]) => {
      const e = Math.exp(-(x * x + 2 * y * y) / 2);
      return [x * e, 2 * y * e];
    },
  },
};

export function loss(surface, w) {
  return SURFACES[surface].loss(w);
}

export function gradient(surface, w) {
  return SURFACES[surface].gradient(w);
}

// One step for each coordinate: from w and what the rule keeps to the next w; `grad` is a function.
const RULES = {
  SGD: (w, grad, kept, { lr }) => minus(w, grad(w), () => lr),
  momentum: (w, grad, kept, { lr, beta }) => {
    kept.v = blend(kept.v, beta, grad(w), -lr);
    return plus(w, kept.v);
  },
  Nesterov: (w, grad, kept, { lr, beta }) => {
    const ahead = w.map((one, k) => one + beta * kept.v[k]);
    kept.v = blend(kept.v, beta, grad(ahead), -lr);
    return plus(w, kept.v);
  },
  AdaGrad: (w, grad, kept, { own }) => {
    const g = grad(w);
    kept.s = blend(kept.s, 1, square(g), 1);
    return minus(w, g, (k) => own / (Math.sqrt(kept.s[k]) + EPS));
  },
  RMSprop: (w, grad, kept, { own }) => {
    const g = grad(w);
    kept.s = blend(kept.s, RHO, square(g), 1 - RHO);
    return minus(w, g, (k) => own / (Math.sqrt(kept.s[k]) + EPS));
  },
  Adam: (w, grad, kept, { own }) => {
    const g = grad(w);
    kept.t += 1;
    kept.v = blend(kept.v, BETA1, g, 1 - BETA1);
    kept.s = blend(kept.s, BETA2, square(g), 1 - BETA2);
    const mean = kept.v.map((one) => one / (1 - BETA1 ** kept.t));
    return minus(w, mean, (k) => own / (Math.sqrt(kept.s[k] / (1 - BETA2 ** kept.t)) + EPS));
  },
};

const plus = (a, b) => a.map((one, k) => one + b[k]);
const minus = (w, g, rate) => w.map((one, k) => one - rate(k) * g[k]);
const blend = (a, keep, b, add) => a.map((one, k) => keep * one + add * b[k]);
const square = (g) => g.map((one) => one * one);

// The points that a rule visits, the start first; the last one may be far out.
export function travel(method, surface, start, rates) {
  const visited = [start], kept = { v: [0, 0], s: [0, 0], t: 0 };
  const grad = (w) => gradient(surface, w);
  for (let i = 0; i < STEPS && visited[i].every((one) => Math.abs(one) <= LEFT); i += 1) {
    visited.push(RULES[method](visited[i], grad, kept, rates));
  }
  return visited;
}

// Every rule's path, losses, step of arrival (from there on it stays under 1 % of the first loss; null:
// never) and what else becomes of it; and who arrives first ("none": nobody).
export function race(surface, start, rates) {
  const first = loss(surface, start);
  const runs = METHODS.map((method) => {
    const visited = travel(method, surface, start, rates), losses = visited.map((w) => loss(surface, w));
    const there = losses.map((L) => L <= SHARE * first), away = there.lastIndexOf(false) + 1;
    const arrived = first > 0 && away < losses.length ? away : null;
    return { method, visited, losses, arrived, fate: fateOf(losses, there, arrived) };
  });
  const arrivals = runs.filter(({ arrived }) => arrived !== null);
  arrivals.sort((a, b) => a.arrived - b.arrived || a.losses[a.arrived] - b.losses[b.arrived]);
  return { runs, winner: arrivals.length ? arrivals[0].method : "none" };
}

function fateOf(losses, there, arrived) {
  if (arrived !== null) return `arrives at step ${arrived}`;
  if (losses[0] === 0) return "starts on the floor";
  if (losses.length <= STEPS || losses.at(-1) > losses[0]) return "diverges";
  return there.includes(true) ? "passes and does not stay" : "not there yet";
}
