// LSTM and GRU with one unit of memory, gate by gate; any gate can be held open (1) or shut (0).

export const GATES = { LSTM: ["i", "f", "o"], GRU: ["r", "z"] };
const PACKED = { LSTM: ["i", "f", "g", "o"], GRU: ["r", "z", "n"] };

export function sigmoid(s) {
  return s >= 0 ? 1 / (1 + Math.exp(-s)) : Math.exp(s) / (1 + Math.exp(s));
}

// One step from memory c (the GRU's is h) and output h: the gates, the candidate, and what follows.
// `held` gives the gates that are held, such as { f: 1 }.
export function step(cell, x, { h, c }, { Wx, Wh, b }, held = {}) {
  const sum = (k) => x.reduce((total, value, d) => total + value * Wx[d][k], b[k]);
  const place = (name) => PACKED[cell].indexOf(name);
  const gates = {};
  for (const name of GATES[cell]) {
    const k = place(name);
    gates[name] = held[name] ?? sigmoid(sum(k) + h * Wh[0][k]);
  }
  if (cell === "LSTM") {
    const k = place("g"), candidate = Math.tanh(sum(k) + h * Wh[0][k]);
    const memory = gates.f * c + gates.i * candidate;
    return { gates, candidate, before: c, memory, output: gates.o * Math.tanh(memory) };
  }
  const k = place("n"), candidate = Math.tanh(sum(k) + gates.r * h * Wh[0][k]);
  const memory = (1 - gates.z) * candidate + gates.z * h;
  return { gates, candidate, before: h, memory, output: memory };
}

// All steps of a sequence, from an empty memory.
export function steps(cell, xs, weights, held) {
  const found = [];
  let state = { h: 0, c: 0 };
  for (const x of xs) {
    found.push(step(cell, x, state, weights, held));
    state = { h: found.at(-1).output, c: found.at(-1).memory };
  }
  return found;
}

// What is left in the last memory of each step's candidate; together they are that memory.
export function left(cell, done) {
  let kept = 1;
  const found = [];
  for (const { gates, candidate } of [...done].reverse()) {
    const [write, keep] = cell === "LSTM" ? [gates.i, gates.f] : [1 - gates.z, gates.z];
    found.unshift(kept * write * candidate);
    kept *= keep;
  }
  return found;
}
