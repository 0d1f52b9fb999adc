// Gate explorer: the gates and the memory of an LSTM or GRU over a sequence, each gate free, open or shut.
import { GATES, left, steps } from "./gates.js";
import { number, picture, px, table, text } from "./svg.js";

const WIDE = 346, START = 92, COLUMN = 25;
const NAMES = { i: "input i", f: "forget f", o: "output o", r: "reset r", z: "keep z" };
const HELD = { "open (1)": 1, "shut (0)": 0 };

export const explorer = {
  about: ["cell", "weights", "sequence", "i", "f", "o", "r", "z"],
  ask: "Predict first: gates and candidates are seen. What will the memory hold after the last step? Choose it, then press Show.",
  truth: (run) => nearestHalf(work(run).done.at(-1).memory),
  pointed(index, x, y, run) {
    const t = Math.floor((x - START) / COLUMN);
    if (t >= 0 && t < work(run).xs.length) run.values = { ...run.values, step: t };
  },
  scene(run) {
    const seen = work(run), { cell } = run.values, { done, rest } = seen, last = done.at(-1);
    const foreign = Object.keys(NAMES).filter((name) => !GATES[cell].includes(name));
    return {
      pictures: [draw(run, seen)],
      table: run.hidden ? "" : drawTable(run, seen),
      sentence: inWords(run, seen),
      disabled: foreign,
      state: {
        gates: done.map(({ gates }) => gates), candidates: done.map(({ candidate }) => candidate),
        memory: run.hidden ? null : done.map(({ memory }) => memory),
        outputs: run.hidden ? null : done.map(({ output }) => output),
        left: run.hidden ? null : rest,
        regime: run.hidden ? null : regime(rest, last.memory).name,
      },
    };
  },
};

function work({ values, data }) {
  const { cell, weights, sequence } = values, xs = data.sequences[sequence];
  const held = Object.fromEntries(GATES[cell].filter((name) => values[name] in HELD)
    .map((name) => [name, HELD[values[name]]]));
  const done = steps(cell, xs, data.weights[weights][cell], held);
  return { xs, held, done, rest: left(cell, done) };
}

// The slider's value that is nearest; halves up.
function nearestHalf(value) {
  return Math.max(-4, Math.min(4, Math.round(2 * value) / 2)) + 0;
}

// What the last memory is made of, by name.
function regime(rest, memory) {
  const sizes = rest.map(Math.abs), all = sizes.reduce((a, b) => a + b, 0), most = Math.max(...sizes);
  const t = sizes.indexOf(most), last = rest.length - 1;
  if (all < 0.05) return { name: "empty", words: "nothing is left of any step" };
  if (most < 0.8 * all) return { name: "mixes", words: "it mixes several steps" };
  const of = `${number(rest[t], 2)} of ${number(memory, 2)} comes from step ${t}`;
  return t === last ? { name: "forgets", words: `it knows the last step only: ${of}` }
    : { name: "keeps", words: `it keeps one step: ${of}` };
}

function inWords({ values }, { done, rest }) {
  const { cell, step: t } = values, { gates, candidate, before, memory } = done[t];
  const last = done.at(-1).memory, letter = cell === "LSTM" ? "c" : "h", n = (v) => number(v, 2);
  const made = cell === "LSTM" ? `${n(gates.f)} · ${n(before)} + ${n(gates.i)} · ${n(candidate)}`
    : `${n(1 - gates.z)} · ${n(candidate)} + ${n(gates.z)} · ${n(before)}`;
  return `The last memory is ${n(last)}: ${regime(rest, last).words}. Step ${t}: ${letter} = ${made} = ${n(memory)}.`;
}

// -- drawing: a row for each quantity, a column for each step --

function draw(run, { xs, held, done, rest }) {
  const { cell, step: looked } = run.values, { hidden, committed } = run;
  const memory = done.map((one) => one.memory), most = (row, least) => Math.max(least, ...row.map(Math.abs));
  const high = Math.max(most(memory, 1), most(rest, 1), committed === null ? 0 : Math.abs(committed));
  const rows = [
    signed("value", 54, xs.map(([value]) => value), 1),
    marks(xs, 92),
    ...GATES[cell].map((name, k) => gate(name, 104 + 38 * k, done.map(({ gates }) => gates[name]), held)),
  ];
  let top = 104 + 38 * GATES[cell].length + 20;
  rows.push(signed(cell === "LSTM" ? "candidate g" : "candidate n", top, done.map((one) => one.candidate), 1));
  if (!hidden) {
    rows.push(signed(cell === "LSTM" ? "memory c" : "memory h", top + 56, memory, high, "dlk-bar"));
    rows.push(signed("left at the end", top + 110, rest, high));
    if (cell === "LSTM") rows.push(signed("output h", top + 164, done.map((one) => one.output), 1));
    rows.push(guessed(committed, top + 56, high, xs.length));
  }
  const height = top + (hidden ? 34 : cell === "LSTM" ? 198 : 144) + 14;
  const column = `<rect class="dlk-fires" x="${px(START + looked * COLUMN)}" y="22" width="${COLUMN}" height="${height - 26}"/>`;
  const labels = xs.map((_, t) => text(START + (t + 0.5) * COLUMN, 16, String(t), "dlk-small")).join("");
  return picture(column + text(4, 16, "step", "dlk-small", "start") + labels + rows.join(""), WIDE, height,
    described(run, xs, done));
}

function described({ values, hidden }, xs, done) {
  const list = (row) => row.map((value) => number(value, 2)).join(", ");
  const gates = GATES[values.cell].map((name) => `${NAMES[name]}: ${list(done.map((one) => one.gates[name]))}`);
  const memory = hidden ? "The memory is hidden until you have predicted" : `Memory: ${list(done.map((one) => one.memory))}`;
  return `${values.cell} over ${xs.length} steps. Values: ${list(xs.map(([value]) => value))}. ` +
    `${gates.join(". ")}. Candidates: ${list(done.map((one) => one.candidate))}. ${memory}.`;
}

// Bars up and down from `middle`, 20 pixels for the largest.
function signed(label, middle, row, most, kind = "dlk-plus") {
  const bars = row.map((value, t) => {
    const tall = (20 * Math.min(Math.abs(value), most)) / most;
    return rectangle(kind, t, value > 0 ? middle - tall : middle, tall);
  }).join("");
  return text(4, middle + 4, label, "dlk-small", "start") + base(middle, row.length) + bars;
}

// Bars from 0 to 1 inside a frame; a held gate says so.
function gate(name, top, row, held) {
  const frame = `<rect class="dlk-frame" x="${START}" y="${top}" width="${row.length * COLUMN}" height="26"/>`;
  const said = name in held ? `${NAMES[name]} = ${held[name]}` : NAMES[name];
  return text(4, top + 17, said, `dlk-small${name in held ? " dlk-strong" : ""}`, "start") + frame +
    row.map((value, t) => rectangle("dlk-plus", t, top + 26 * (1 - value), 26 * value)).join("");
}

// What a step says besides its value: write, read.
function marks(xs, y) {
  return text(4, y, "signals", "dlk-small", "start") + xs.map(([, write, read], t) =>
    text(START + (t + 0.5) * COLUMN, y, write ? "write" : read ? "read" : "·", "dlk-small")).join("");
}

function guessed(committed, middle, most, count) {
  if (committed === null) return "";
  const y = px(middle - (20 * committed) / most), from = START + (count - 1) * COLUMN - 4;
  return `<path class="dlk-guess" d="M${from} ${y}h${COLUMN + 8}"/>` +
    text(4, middle + 18, "┄ your guess", "dlk-small", "start");
}

function rectangle(kind, t, y, tall) {
  return `<rect class="${kind}" x="${px(START + t * COLUMN + 5)}" y="${px(y)}" width="${COLUMN - 10}" height="${px(tall)}"/>`;
}

function base(y, count) {
  return `<path class="dlk-frame" d="M${START} ${px(y)}h${count * COLUMN}"/>`;
}

function drawTable({ values, committed }, { done, held }) {
  const { cell, step: t } = values, { gates, candidate, before, memory, output } = done[t], n = (v) => number(v, 3);
  const rows = GATES[cell].map((name) => [NAMES[name], n(gates[name]), name in held ? "held" : "computed"]);
  const made = cell === "LSTM" ? `${n(gates.f)} · ${n(before)} + ${n(gates.i)} · ${n(candidate)}`
    : `(1 − ${n(gates.z)}) · ${n(candidate)} + ${n(gates.z)} · ${n(before)}`;
  rows.push([cell === "LSTM" ? "candidate g" : "candidate n", n(candidate), "computed"]);
  rows.push([cell === "LSTM" ? "memory c" : "memory h", n(memory), made]);
  if (cell === "LSTM") rows.push(["output h", n(output), `${n(gates.o)} · tanh(${n(memory)})`]);
  const guess = committed === null ? "" : `; your guess for the last memory: ${number(committed)}`;
  return table(`Step ${t}${guess}`, ["quantity", "value", "how"], rows);
}
