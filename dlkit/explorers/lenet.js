// The small LeNet of feature maps: what its layers make of a picture of 8 × 8 pixels.
// A map is its values row by row; a layer is [kernel, stride, padding].
import { bytes } from "./bytes.js";

// The weights by name, out of base64 of numbers of 32 bits.
export function weights(params) {
  return Object.fromEntries(Object.entries(params).map(([name, given]) =>
    [name, new Float32Array(bytes(given).buffer)]));
}

// The maps after C1, S2, C3 and S4, and the probability of each digit.
export function answers(p, image) {
  const C1 = convolve([Float64Array.from(image)], 8, p["0.W"], p["0.b"]), S2 = pool(C1, 8);
  const C3 = convolve(S2, 4, p["3.W"], p["3.b"]), S4 = pool(C3, 4);
  const top = dense(S4.flatMap((map) => [...map]), p["7.W"], p["7.b"]).map((sum) => Math.max(sum, 0));
  return { maps: { C1, S2, C3, S4 }, chances: softmax(dense(top, p["9.W"], p["9.b"])) };
}

// Kernels of 3 × 3 over maps of `size` rows, with one pixel of padding, then the ReLU.
function convolve(maps, size, W, b) {
  return Array.from(b, (bias, to) => {
    const y = new Float64Array(size * size).fill(bias);
    maps.forEach((x, from) => {
      for (let k = 0; k < 9; k += 1) {
        const w = W[9 * (to * maps.length + from) + k], down = Math.floor(k / 3) - 1, right = (k % 3) - 1;
        for (let i = Math.max(0, -down); i < Math.min(size, size - down); i += 1) {
          for (let j = Math.max(0, -right); j < Math.min(size, size - right); j += 1) {
            y[i * size + j] += w * x[(i + down) * size + j + right];
          }
        }
      }
    });
    return y.map((sum) => Math.max(sum, 0));
  });
}

// The largest of each 2 × 2.
function pool(maps, size) {
  const half = size / 2;
  return maps.map((x) => Float64Array.from({ length: half * half }, (_, at) => {
    const first = 2 * Math.floor(at / half) * size + 2 * (at % half);
    return Math.max(x[first], x[first + 1], x[first + size], x[first + size + 1]);
  }));
}

function dense(x, W, b) {
  return Array.from(b, (bias, to) => x.reduce((sum, value, from) => sum + value * W[from * b.length + to], bias));
}

function softmax(scores) {
  const most = Math.max(...scores), powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

// First and last row of the picture that a unit in row `place` of a layer's map sees.
export function seenFrom(layers, layer, place) {
  let first = place, last = place;
  const names = Object.keys(layers);
  for (let at = names.indexOf(layer); at >= 0; at -= 1) {
    const [kernel, stride, padding] = layers[names[at]];
    first = first * stride - padding;
    last = last * stride - padding + kernel - 1;
  }
  return [Math.max(first, 0), Math.min(last, 7)];
}

// Four strokes of 8 × 8 pixels: vertical, horizontal, rising and falling.
export function strokes() {
  const inside = (place) => place >= 1 && place <= 6;
  const rules = [
    (i, j) => inside(i) && Math.abs(j - 3.5) < 1, (i, j) => inside(j) && Math.abs(i - 3.5) < 1,
    (i, j) => inside(i) && inside(j) && Math.abs(i + j - 7) < 2,
    (i, j) => inside(i) && inside(j) && Math.abs(i - j) < 2,
  ];
  return rules.map((rule) => Array.from({ length: 64 }, (_, at) => Number(rule(Math.floor(at / 8), at % 8))));
}
