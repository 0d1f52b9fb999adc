// A small network for two classes, trained by gradient descent on all points at once: Linear, activation,
// …, Linear as in dlkit.nn, with the binary cross-entropy of the logit z as its loss.
import { activation, sigmoid } from "./activations.js";

// Layers { W, b, ins, outs } with W row by row, drawn as nn.Linear draws them: N(0, 2 / ins), b = 0.
export function newNet(sizes, normals) {
  let used = 0;
  return sizes.slice(1).map((outs, i) => {
    const ins = sizes[i], from = used, std = Math.sqrt(2 / ins);
    used += ins * outs;
    const W = Float64Array.from(normals.slice(from, used), (z) => std * z);
    return { W, b: new Float64Array(outs), ins, outs };
  });
}

// What goes into and comes out of each layer's units, for points one after another: [{ s, y }, …], where
// y = f(s) in the hidden layers and y = s, the logits, in the last.
export function forward(net, name, points) {
  const { value } = activation(name);
  let x = points;
  return net.map(({ W, b, ins, outs }, layer) => {
    const s = new Float64Array((x.length / ins) * outs);
    for (let n = 0, at = 0; n < x.length; n += ins) {
      for (let j = 0; j < outs; j += 1, at += 1) {
        let sum = b[j];
        for (let i = 0; i < ins; i += 1) sum += x[n + i] * W[i * outs + j];
        s[at] = sum;
      }
    }
    x = layer === net.length - 1 ? s : s.map(value);
    return { s, y: x };
  });
}

export function logits(net, name, points) {
  return forward(net, name, points).at(-1).y;
}

export function lossOf(z, t) {
  const each = (zn, n) => Math.max(zn, 0) + Math.log1p(Math.exp(-Math.abs(zn))) - zn * t[n];
  return z.reduce((sum, zn, n) => sum + each(zn, n), 0) / z.length;
}

// How many points lie on their own side: class 1 where z > 0.
export function rightOf(z, t) {
  return z.reduce((sum, zn, n) => sum + Number(Number(zn > 0) === t[n]), 0);
}

// The loss and its gradient by each layer's W and b, from the last layer to the first.
export function gradients(net, name, points, t) {
  const { slope } = activation(name), passed = forward(net, name, points), z = passed.at(-1).y;
  const grads = [];
  let ds = z.map((zn, n) => (sigmoid(zn) - t[n]) / z.length);
  for (let layer = net.length - 1; layer >= 0; layer -= 1) {
    const { W, ins, outs } = net[layer], x = layer ? passed[layer - 1].y : points;
    const dW = new Float64Array(ins * outs), db = new Float64Array(outs), dx = new Float64Array(x.length);
    for (let n = 0; n < ds.length / outs; n += 1) {
      for (let j = 0; j < outs; j += 1) {
        const d = ds[n * outs + j];
        db[j] += d;
        for (let i = 0; i < ins; i += 1) {
          dW[i * outs + j] += d * x[n * ins + i];
          dx[n * ins + i] += d * W[i * outs + j];
        }
      }
    }
    grads[layer] = { W: dW, b: db };
    if (layer) ds = dx.map((d, i) => d * slope(passed[layer - 1].s[i]));
  }
  return { loss: lossOf(z, t), grads };
}

// The net after one step against the gradient, and the loss before it.
export function step(net, name, points, t, lr) {
  const { loss, grads } = gradients(net, name, points, t);
  const moved = (values, g) => values.map((value, i) => value - lr * g[i]);
  const after = net.map((layer, i) =>
    ({ ...layer, W: moved(layer.W, grads[i].W), b: moved(layer.b, grads[i].b) }));
  return { net: after, loss };
}
