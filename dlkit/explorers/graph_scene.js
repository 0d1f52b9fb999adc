// What the graph stepper draws: a box for each value, wires, and the step that is being taken.
import { arrow } from "./plane.js";
import { line, picture, px, short, text } from "./svg.js";

const EDGE = 8, TOP = 24, HIGH = 50, PITCH = 56, BETWEEN = 32; // pixels

// The box of a node: its middle and its width; more columns make narrower boxes.
function boxOf(nodes, node) {
  const wide = nodes.at(-1).column > 3 ? 70 : 78;
  const x = EDGE + wide / 2 + node.column * (wide + BETWEEN);
  return { x, y: TOP + HIGH / 2 + node.row * PITCH, wide };
}

// Which node's box lies at a place in pixels, or null.
export function boxAt(nodes, x, y) {
  const found = nodes.findIndex((node) => {
    const box = boxOf(nodes, node);
    return Math.abs(x - box.x) <= box.wide / 2 && Math.abs(y - box.y) <= HIGH / 2;
  });
  return found < 0 ? null : found;
}

export function draw(all) {
  const { nodes } = all, boxes = nodes.map((node) => boxOf(nodes, node));
  const rows = Math.max(...nodes.map(({ row }) => row)), last = boxes.at(-1);
  const width = last.x + last.wide / 2 + EDGE;
  const marks = wires(all, boxes) + nodes.map((_, i) => box(all, i, boxes[i])).join("") +
    text(EDGE, 14, legend(all), "dlk-strong", "start") +
    (all.committed === null ? "" : text(width - EDGE, 14, `your guess: ${all.committed}`, "", "end"));
  return picture(marks, width, TOP + HIGH + rows * PITCH + EDGE, inWords(all));
}

function legend({ hidden, at, back, nodes, asked }) {
  const wanted = `∂${nodes.at(-1).name}/∂${nodes[asked].name}`;
  if (hidden) return `${wanted} = ?`;
  return at ? (back ? "← backward" : "forward →") : `looking for ${wanted}`;
}

// From each input to what is computed from it; the present step's with arrows in its direction.
function wires({ nodes, now, back }, boxes) {
  return nodes.map(({ inputs = [] }, i) => inputs.map((input, k) => {
    const from = boxes[input], to = boxes[i];
    const start = [from.x + from.wide / 2, from.y];
    const end = [to.x - to.wide / 2, to.y + 11 * (k - (inputs.length - 1) / 2)];
    if (i !== now) return line(...start, ...end, "dlk-frame");
    return back ? arrow(...end, ...start) : arrow(...start, ...end);
  }).join("")).join("");
}

function box({ nodes, asked, now, values, gradients, complete }, i, { x, y, wide }) {
  const { name, op } = nodes[i], left = x - wide / 2, top = y - HIGH / 2;
  const frame = (kind, grow = 0) => `<rect class="${kind}" fill="none" x="${px(left - grow)}" y="${px(top - grow)}" ` +
    `width="${px(wide + 2 * grow)}" height="${HIGH + 2 * grow}" rx="5"/>`;
  const gradient = gradients[i] === null ? "" : `∂ ${short(gradients[i])}${complete[i] ? "" : " …"}`;
  const value = values[i] === null ? "?" : short(values[i], 4);
  return frame("dlk-ground") + frame(op ? "dlk-fires" : "dlk-frame") + frame("dlk-frame") +
    (i === asked ? frame("dlk-guess", 4) : "") + (i === now ? frame("dlk-ring", 1) : "") +
    text(x, top + 15, op ? `${name} = ${op}` : name, "dlk-strong") + text(x, top + 30, value) +
    text(x, top + 45, i === asked && !gradient ? "∂ ?" : gradient, "dlk-small");
}

function inWords({ nodes, values, gradients, asked, hidden }) {
  const told = nodes.map(({ name, op, inputs = [] }, i) => {
    const how = op ? `${name} is ${op} of ${inputs.map((k) => nodes[k].name).join(", ")}` : name;
    const value = values[i] === null ? "" : `: ${short(values[i], 4)}`;
    return how + value + (gradients[i] === null ? "" : `, gradient ${short(gradients[i])}`);
  });
  return `A graph. ${told.join("; ")}. ${hidden ? `The gradient of ${nodes[asked].name} is asked for.` : ""}`.trim();
}
