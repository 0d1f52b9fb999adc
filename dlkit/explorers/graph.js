// A computational graph: its values forward, its gradients backward, one node at a time.
//
// A node is { name, value } if it is given, else { name, op, inputs } with the places of its inputs
// in the list of nodes; each node stands after its inputs, and the result comes last.

// What an operation computes, and its slope by each of its inputs.
const OPS = {
  "+": { of: ([a, b]) => a + b, slopes: () => [1, 1] },
  "−": { of: ([a, b]) => a - b, slopes: () => [1, -1] },
  "×": { of: ([a, b]) => a * b, slopes: ([a, b]) => [b, a] },
  "Σ": {
    of: (all) => pairs(all).reduce((sum, [w, x]) => sum + w * x, 0),
    slopes: (all) => pairs(all).flatMap(([w, x]) => [x, w]),
  },
  "σ": { of: ([z]) => 1 / (1 + Math.exp(-z)), slopes: (_, y) => [y * (1 - y)] },
  relu: { of: ([z]) => Math.max(z, 0), slopes: ([z]) => [Number(z > 0)] },
  "½( )²": { of: ([y, t]) => (y - t) ** 2 / 2, slopes: ([y, t]) => [y - t, t - y] },
};

// What they are called in formulas of the inputs' names.
const WORDS = {
  "+": ([a, b]) => ({ of: `${a} + ${b}`, slopes: ["1", "1"] }),
  "−": ([a, b]) => ({ of: `${a} − ${b}`, slopes: ["1", "−1"] }),
  "×": ([a, b]) => ({ of: `${a} × ${b}`, slopes: [b, a] }),
  "Σ": (all) => ({
    of: pairs(all).map(([w, x]) => `${w} × ${x}`).join(" + "),
    slopes: pairs(all).flatMap(([w, x]) => [x, w]),
  }),
  "σ": ([z], y) => ({ of: `σ(${z})`, slopes: [`${y} (1 − ${y})`] }),
  relu: ([z]) => ({ of: `relu(${z})`, slopes: [`1 if ${z} > 0, else 0`] }),
  "½( )²": ([y, t]) => ({ of: `½ (${y} − ${t})²`, slopes: [`${y} − ${t}`, `${t} − ${y}`] }),
};

// Every node's value, in order; only the given ones and the first `steps` operations, the rest null.
export function forward(nodes, steps = Infinity) {
  const values = [];
  let done = 0;
  nodes.forEach(({ op, inputs, value }) => {
    if (!op) values.push(value);
    else if (done < steps) { values.push(OPS[op].of(inputs.map((i) => values[i]))); done += 1; }
    else values.push(null);
  });
  return values;
}

export function slopes({ op, inputs }, values, own) {
  return OPS[op].slopes(inputs.map((i) => values[i]), own);
}

export function formula({ op, inputs, name }, nameOf) {
  return WORDS[op](inputs.map(nameOf), name);
}

// The gradients after so many operations have been walked through from the result back; null where
// nothing has arrived yet. `parts` holds how many contributions each node has got so far.
export function backward(nodes, values, steps = Infinity) {
  const gradients = nodes.map(() => null), parts = nodes.map(() => 0);
  const walk = operations(nodes).reverse().slice(0, steps);
  if (walk.length) gradients[nodes.length - 1] = 1;
  walk.forEach((at) => {
    slopes(nodes[at], values, values[at]).forEach((slope, k) => {
      const input = nodes[at].inputs[k];
      gradients[input] = (gradients[input] ?? 0) + gradients[at] * slope;
      parts[input] += 1;
    });
  });
  return { gradients, parts };
}

// The places of the nodes that are computed, in order.
export function operations(nodes) {
  return nodes.map((_, i) => i).filter((i) => nodes[i].op);
}

// How often each node is used as an input.
export function uses(nodes) {
  return nodes.map((_, i) => nodes.flatMap(({ inputs = [] }) => inputs).filter((j) => j === i).length);
}

function pairs(all) {
  return all.filter((_, i) => i % 2 === 0).map((w, i) => [w, all[2 * i + 1]]);
}
