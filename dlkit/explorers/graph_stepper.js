// Graph stepper: values forward and gradients backward through a small graph, node by node.
import { backward, formula, forward, operations, slopes, uses } from "./graph.js";
import { boxAt, draw } from "./graph_scene.js";
import { short, table } from "./svg.js";

const SLOW = 45; // frames a step while playing
// each range that can be guessed reaches from the one before to this
const BANDS = [["below −1", -1], ["−1 to −0.1", -0.1], ["−0.1 to 0", 0], ["exactly 0", 0],
  ["0 to 0.01", 0.01], ["0.01 to 0.1", 0.1], ["0.1 to 1", 1], ["above 1", Infinity]];

export function band(gradient) {
  if (gradient === 0) return "exactly 0";
  return BANDS.find(([words, end]) => words !== "exactly 0" && gradient < end)[0];
}

export const explorer = {
  about: ["graph", "shift"],
  ask: "Predict first: in which range does the gradient of the dashed box lie, that is, the " +
    "derivative of the last box by it? Then press Show, and step.",
  begin: () => ({ at: 0 }),
  truth(run) {
    const { asked, complete, gradients } = work(run);
    return complete[asked] ? band(gradients[asked]) : null;
  },
  moved(names, run) {
    if (!names.some((name) => explorer.about.includes(name))) return;
    run.playing = false;
    run.memory = { at: 0 };
  },
  pressed(name, run) {
    const { memory } = run;
    if (name === "step") memory.at += 1;
    else if (name === "back") memory.at -= 1;
    else if (name === "play") Object.assign(run, { playing: !run.playing, frames: 0 });
  },
  pointed(_index, x, y, run) {
    const { nodes, count, ops } = work(run), node = boxAt(nodes, x, y);
    if (run.hidden || node === null || !nodes[node].op) return;
    run.playing = false;
    const turn = ops.indexOf(node);
    run.memory.at = run.memory.at > count ? 2 * count - turn : turn + 1;
  },
  tick(run) {
    run.frames += 1;
    if (run.frames % SLOW) return;
    run.memory.at += 1;
    run.playing = run.memory.at < 2 * work(run).count;
  },
  ready: (run) => { run.memory.at = 2 * work(run).count; },
  scene(run) {
    const all = { ...run, ...work(run) };
    const { nodes, values, gradients, at, count, hidden, asked } = all;
    const byName = (list) => Object.fromEntries(nodes.map(({ name }, i) => [name, list[i]]));
    return {
      pictures: [draw(all)],
      table: hidden || !at ? "" : stepTable(all),
      sentence: inWords(all),
      disabled: resting(all),
      state: {
        step: at, steps: 2 * count, values: byName(values), gradients: byName(gradients),
        asked: nodes[asked].name,
      },
    };
  },
};

// The graph after `memory.at` steps: first one forward for each operation, then one backward each.
function work({ values: { graph, shift }, memory, data }) {
  const { asked, nodes: listed } = data.graphs[graph], { at } = memory;
  const nodes = listed.map((node, i) => (i === asked ? { ...node, value: node.value + shift } : node));
  const ops = operations(nodes), count = ops.length;
  const values = forward(nodes, at), { gradients, parts } = backward(nodes, values, Math.max(0, at - count));
  const wanted = uses(nodes), complete = nodes.map((_, i) => gradients[i] !== null && parts[i] === wanted[i]);
  const now = at === 0 ? null : at <= count ? ops[at - 1] : ops[2 * count - at];
  return { asked, nodes, ops, count, values, gradients, complete, now, at, back: at > count };
}

function resting({ hidden, at, count }) {
  if (hidden) return ["step", "back", "play"];
  return [...(at ? [] : ["back"]), ...(at < 2 * count ? [] : ["step", "play"])];
}

function inWords(all) {
  const { nodes, at, count, now, back, values, asked } = all, last = nodes.at(-1);
  if (!at) {
    return `The given values are there; ∂${last.name}/∂${nodes[asked].name} is looked for. ` +
      "Press Step to go forward.";
  }
  const named = formula(nodes[now], (i) => nodes[i].name).of;
  const filled = formula(nodes[now], (i) => bracketed(values[i])).of;
  if (!back) {
    const next = at === count ? ` This is the result, ${last.name}; now backward.` : "";
    return `Forward ${at} of ${count}: ${nodes[now].name} = ${named} = ${filled} = ${short(values[now], 4)}.${next}`;
  }
  const start = at === count + 1 ? `The derivative of ${last.name} by itself is 1. ` : "";
  const end = at === 2 * count ? ` ${check(all)}` : "";
  return `Backward ${at - count} of ${count}, through ${nodes[now].name} = ${named}: ${start}${passedOn(all)}${end}`;
}

// Who gets what in a step backward.
function passedOn({ nodes, now, values, gradients, at, count }) {
  const { inputs } = nodes[now], above = gradients[now];
  const before = backward(nodes, values, at - count - 1).gradients;
  const passed = slopes(nodes[now], values, values[now]);
  const gets = inputs.map((i, k) =>
    `${nodes[i].name} gets ${short(above)} × ${bracketed(passed[k], 3)} = ${short(above * passed[k])}`);
  const added = [...new Set(inputs)].filter((i) => before[i] !== null || inputs.indexOf(i) !== inputs.lastIndexOf(i));
  const sums = added.map((i) => `${nodes[i].name} has now ${short(gradients[i])}`).join(", ");
  const all = gets.length > 2 ? `each input gets ${short(above)} times its slope, as in the table` : gets.join(", ");
  return `${all}.${sums && ` Paths add: ${sums}.`}`;
}

// The slope measured without any graph, by moving the asked input a little.
function check({ nodes, asked, gradients }) {
  const h = 1e-4, last = nodes.at(-1).name, { name, value } = nodes[asked];
  const moved = (shift) => nodes.map((node, i) => (i === asked ? { name, value: value + shift } : node));
  const result = (shift) => forward(moved(shift)).at(-1);
  const measured = (result(h) - result(-h)) / (2 * h);
  const corner = Math.abs(measured - gradients[asked]) > 1e-3 ? ", as relu has a corner here" : "";
  return `Done: ∂${last}/∂${name} = ${short(gradients[asked])}; ` +
    `measured by moving ${name} a little: ${short(measured)}${corner}.`;
}

function stepTable({ nodes, now, back, values, gradients, complete }) {
  const node = nodes[now], words = formula(node, (i) => nodes[i].name);
  const passed = slopes(node, values, values[now]);
  const rows = node.inputs.map((i, k) => {
    const slope = short(passed[k]), how = words.slopes[k];
    const given = [nodes[i].name, short(values[i], 4), how === slope ? slope : `${how} = ${slope}`];
    if (!back) return given;
    return [...given, short(gradients[now] * passed[k]), `${short(gradients[i])}${complete[i] ? "" : " …"}`];
  });
  const heads = ["input", "value", "slope", ...(back ? ["passed on", "gradient"] : [])];
  return table(`${node.name} = ${words.of}${back ? `; from above: ${short(gradients[now])}` : ""}`, heads, rows);
}

function bracketed(value, digits = 4) {
  return value < 0 ? `(${short(value, digits)})` : short(value, digits);
}
