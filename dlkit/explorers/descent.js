// Gradient descent on a bowl, in a valley and on a wavy curve: the path, and what its steps do.

export const STEPS = 30;
const LEFT = 1e6; // no step is taken from further out
export const SHARE = 0.01; // of the loss: so much is left where steps have arrived
const HILLTOP = 0.5; // between the wavy curve's floors

// What a point's loss is. `curvature` is that of the bowl, or of the valley's steep direction.
export function loss(surface, curvature, [x, y]) {
  if (surface === "bowl") return (curvature * x * x) / 2;
  if (surface === "valley") return (x * x + curvature * y * y) / 2;
  return x ** 4 / 2 - x ** 3 / 3 - 2.25 * x * x + 2.25 * x + 4.78125;
}

export function gradient(surface, curvature, [x, y]) {
  if (surface === "bowl") return [curvature * x];
  if (surface === "valley") return [x, curvature * y];
  return [2 * x ** 3 - x * x - 4.5 * x + 2.25];
}

// The points visited, the start first; the last one may be far out.
export function descend(surface, curvature, start, rate) {
  const visited = [surface === "valley" ? [start, 1] : [start]];
  for (let i = 0; i < STEPS && visited[i].every((one) => Math.abs(one) <= LEFT); i += 1) {
    const w = visited[i], dw = gradient(surface, curvature, w);
    visited.push(w.map((one, k) => one - rate * dw[k]));
  }
  return visited;
}

// The floors that steps may lead to, each with the direction that it is the floor of.
export function floorsOf(surface, curvature) {
  if (surface === "bowl") return [{ name: "bowl", at: 0, curvature, along: 0 }];
  if (surface === "valley") {
    return [{ name: "across", at: 0, curvature, along: 1 },
      { name: "along", at: 0, curvature: 1, along: 0 }];
  }
  return [{ name: "left floor", at: -1.5, curvature: 12, along: 0 },
    { name: "right floor", at: 1.5, curvature: 6, along: 0 }];
}

// What steps do in one direction, from the places they visit and the loss above the floor at each.
export function regime(places, excess, quadratic) {
  const end = Math.abs(places.at(-1)), first = Math.abs(places[0]);
  if (end > LEFT || (quadratic && end > first * (1 + 1e-9))) return "diverges";
  const steps = places.slice(1).map((x, i) => x - places[i]).filter((s) => Math.abs(s) > 1e-12);
  const late = steps.slice(Math.floor(steps.length / 2));
  const turns = late.slice(1).filter((s, i) => s * late[i] < 0).length;
  const arrived = excess.at(-1) <= SHARE * Math.max(...excess);
  if (turns > (arrived ? (late.length - 1) / 2 : 0)) return "oscillates";
  return arrived ? "converges" : "creeps";
}

// All that follows from the controls: the path, and what becomes of each direction.
export function follow({ surface, curvature, start, rate }) {
  const visited = descend(surface, curvature, start, rate);
  const losses = visited.map((w) => loss(surface, curvature, w));
  const wavy = surface === "wavy curve";
  const floors = floorsOf(surface, curvature).map((floor) => {
    if (wavy && (visited.at(-1)[0] < HILLTOP) !== (floor.at < HILLTOP)) return { ...floor, regime: null };
    const places = visited.map((w) => w[floor.along]);
    const excess = wavy ? losses.map((L) => L - loss(surface, curvature, [floor.at]))
      : places.map((x) => (floor.curvature * x * x) / 2);
    return { ...floor, regime: regime(places, excess, !wavy) };
  });
  const order = ["diverges", "oscillates", "creeps", "converges"];
  const whole = order.find((name) => floors.some((floor) => floor.regime === name));
  return { visited, losses, floors, regime: whole };
}
