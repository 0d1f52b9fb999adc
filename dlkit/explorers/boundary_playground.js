// Decision-boundary playground: a small network learns, step by step, to part two classes of points.
import { forward, lossOf, newNet, rightOf, step } from "./boundary_net.js";
import { drawLoss, drawNet } from "./boundary_scene.js";
import { number, table } from "./svg.js";

export const STEPS = 1000; // of a run
const FRAME = 10; // steps a frame while playing
const LATELY = 200; // steps by which a run is judged

const IN_WORDS = {
  untrained: "not yet trained.",
  separated: "this net separates the classes.",
  learning: "it is still learning.",
  stuck: `it is stuck: the loss has hardly moved for ${LATELY} steps.`,
  jumps: "the loss jumps up and down: the rate is too large.",
  dead: "a hidden layer is dead: it gives 0 for every point, and no gradient comes back through it.",
};

export const explorer = {
  ask: "Predict first: how many points will be right at the end of the run? Look at them, count the " +
    "hidden units, choose, then press Show.",
  begin(run) {
    const { points, targets } = run.data.points[run.values.points];
    const net = newNet(sizesOf(run.values), run.data.normals[run.values.seed]);
    const fewest = run.memory ? run.memory.fewest : {};
    return { net, x: Float64Array.from(points.flat()), t: targets, losses: [], fewest };
  },
  truth(run) {
    return ended(run.memory) ? band(judged(run).right / run.memory.t.length, run.data.bands) : null;
  },
  moved(names, run) {
    if (names.every((name) => name === "guess")) return;
    run.playing = false;
    run.memory = explorer.begin(run);
  },
  pressed(name, run) {
    if (name === "reset") run.memory.fewest = {};
    else if (name === "step") advance(run, 1);
    else if (name === "play") run.playing = !run.playing;
  },
  tick(run) {
    advance(run, FRAME);
    if (ended(run.memory)) run.playing = false;
  },
  ready(run) {
    advance(run, STEPS);
  },
  scene(run) {
    const { hidden, memory } = run, now = judged(run), all = { ...run, ...now, sizes: sizesOf(run.values) };
    const params = memory.net.map(({ W, b, outs }) => [rows([...W], outs), [...b]]);
    return {
      pictures: [...drawNet(all), drawLoss(all, STEPS)],
      table: numbers(all),
      sentence: inWords(all),
      disabled: [...(hidden || ended(memory) ? ["step", "play"] : [])],
      state: {
        steps: memory.losses.length, params, parameters: count(all.sizes), fewest: { ...memory.fewest },
        loss: hidden ? null : now.loss, right: hidden ? null : now.right, regime: hidden ? null : now.regime,
      },
    };
  },
};

// The layers' sizes, such as 2, 4, 4, 1 for two hidden layers of 4 units.
export function sizesOf({ layers, units }) {
  return [2, ...Array(layers).fill(units), 1];
}

export function count(sizes) {
  return sizes.slice(1).reduce((sum, outs, i) => sum + (sizes[i] + 1) * outs, 0);
}

// What a run looks like from its losses, oldest first, and what the net now gives.
export function regimeOf({ losses, right, total, dead }) {
  const now = losses.at(-1), before = losses.slice(-LATELY - 1);
  if (losses.length === 1) return "untrained";
  if (right === total) return "separated";
  if (dead) return "dead";
  const rises = before.filter((loss, i) => i && loss > before[i - 1]).length;
  if (rises > before.length / 10) return "jumps";
  return before.length > LATELY && now > 0.97 * before[0] ? "stuck" : "learning";
}

// The last band, [name, least], that the share reaches.
export function band(share, bands) {
  return bands.findLast(([, least]) => share >= least)[0];
}

function ended({ losses }) {
  return losses.length >= STEPS;
}

function advance({ values, memory }, steps) {
  const { x, t } = memory;
  for (let i = 0; i < steps && !ended(memory); i += 1) {
    const { net, loss } = step(memory.net, values.activation, x, t, values.lr);
    memory.losses.push(loss);
    memory.net = net;
  }
  const z = forward(memory.net, values.activation, x).at(-1).y, units = values.layers * values.units;
  if (rightOf(z, t) < t.length) return;
  memory.fewest[values.points] = Math.min(units, memory.fewest[values.points] ?? Infinity);
}

function judged({ values, memory }) {
  const { net, x, t, losses } = memory, passed = forward(net, values.activation, x);
  const z = passed.at(-1).y, right = rightOf(z, t), loss = lossOf(z, t);
  const dead = passed.slice(0, -1).some(({ y }) => y.every((value) => value === 0));
  const regime = regimeOf({ losses: [...losses, loss], right, total: t.length, dead });
  return { right, loss, regime };
}

function inWords({ memory, playing, right, loss, regime }) {
  const steps = memory.losses.length, total = memory.t.length;
  const has = `${right} of ${total} points are right`;
  if (!steps) return `Before the first step ${has}. Press Step, or Play.`;
  if (playing) return `Training: ${100 * Math.floor(steps / 100)} of ${STEPS} steps are done.`;
  return `After ${steps} of ${STEPS} steps ${has}, the loss is ${number(loss, 3)}: ${IN_WORDS[regime]}`;
}

function numbers({ data, memory, sizes, committed }) {
  const said = committed === null ? "" : ` You predicted: ${committed}.`;
  return table(`The net has ${count(sizes)} parameters.${said}`, ["points", "fewest units, all right"],
    Object.keys(data.points).map((kind) => [kind, memory.fewest[kind] ?? "–"]));
}

function rows(values, wide) {
  return Array.from({ length: values.length / wide }, (_, i) => values.slice(i * wide, (i + 1) * wide));
}
