// A linear layer on K cosines of x, trained on all points at once: squared error, weight decay, dropout.

export const LR = 0.4;

// What the points are drawn from.
export function target(x) {
  return Math.sin(1.5 * Math.PI * x);
}

// cos(kπ(x + 1)/2) · 6/(6 + k), k = 0 … K − 1; the first is 1, so its weight is a bias. The faster a wave,
// the smaller it is: so slow ones are learnt first, as networks do.
export function wavesAt(x, K) {
  return Array.from({ length: K }, (_, k) =>
    (6 / (6 + k)) * Math.cos((k * Math.PI * (x + 1)) / 2));
}

export function output(w, features) {
  let sum = 0;
  for (let k = 0; k < w.length; k += 1) sum += w[k] * features[k];
  return sum;
}

export function meanSquaredError(w, rows, t) {
  return rows.reduce((sum, row, n) => sum + (output(w, row) - t[n]) ** 2, 0) / rows.length;
}

// Weights after one step of gradient descent; `keep` holds each row's masks, already divided by 1 − drop.
export function step(w, rows, t, lam, keep) {
  const dw = new Float64Array(w.length);
  rows.forEach((row, n) => {
    const kept = keep ? row.map((value, k) => value * keep[n][k]) : row;
    const d = (2 / rows.length) * (output(w, kept) - t[n]);
    for (let k = 0; k < dw.length; k += 1) dw[k] += d * kept[k];
  });
  return w.map((value, k) => value - LR * (dw[k] + lam * value));
}

// Masks of inverted dropout for `rows` rows; the bias is always kept.
export function masks(rows, K, drop, random) {
  return Array.from({ length: rows }, () =>
    Array.from({ length: K }, (_, k) => (k && random() < drop ? 0 : 1 / (k ? 1 - drop : 1))));
}

// Both errors after each epoch, the weights at the end, and those of the smallest validation error.
export function train({ x, t, xv, tv }, K, lam, drop, epochs, seed) {
  const rows = x.map((value) => wavesAt(value, K)), others = xv.map((value) => wavesAt(value, K));
  const random = generator(seed), training = [], validation = [];
  let w = new Float64Array(K), best = { epoch: 0, error: Infinity, w };
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    w = step(w, rows, t, lam, drop ? masks(rows.length, K, drop, random) : null);
    training.push(meanSquaredError(w, rows, t));
    const error = meanSquaredError(w, others, tv);
    validation.push(error);
    if (error < best.error) best = { epoch, error, w };
  }
  return { training, validation, w, best };
}

// Numbers from 0 to 1 that follow from the seed (mulberry32).
function generator(seed) {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
