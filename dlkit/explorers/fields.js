// Sizes and receptive fields through a stack of convolutions or poolings, in one dimension of the picture.
// A layer is [kernel, stride, padding].

// The input and each layer: how many units side by side, how many input pixels one of them sees (field), how far
// apart neighbours' fields lie (jump), and where the first one's centre is. Up to the layer that does not fit.
export function levels(n, layers) {
  const found = [{ size: n, field: 1, jump: 1, start: 0, left: 0 }];
  for (const [kernel, stride, padding] of layers) {
    const { size, field, jump, start } = found.at(-1), room = size + 2 * padding - kernel;
    if (room < 0) return found;
    found.push({
      size: Math.floor(room / stride) + 1,
      field: field + (kernel - 1) * jump,
      jump: jump * stride,
      start: start + ((kernel - 1) / 2 - padding) * jump,
      left: room % stride,
    });
  }
  return found;
}

// For the input and each layer, the units that one unit of the last layer depends on, from left to right. Padding is
// no unit, and a stride larger than the kernel leaves gaps.
export function dependsOn(n, layers, unit) {
  const sizes = levels(n, layers).map(({ size }) => size), found = [[unit]];
  for (let i = sizes.length - 2; i >= 0; i -= 1) {
    const [kernel, stride, padding] = layers[i], below = new Set();
    for (const above of found[0]) {
      for (let j = 0; j < kernel; j += 1) below.add(above * stride - padding + j);
    }
    found.unshift([...below].filter((j) => j >= 0 && j < sizes[i]).sort((a, b) => a - b));
  }
  return found;
}

// Neighbours joined: [first, last] of each block of units.
export function runs(units) {
  const found = [];
  units.forEach((unit) => {
    if (found.length && found.at(-1)[1] === unit - 1) found.at(-1)[1] = unit;
    else found.push([unit, unit]);
  });
  return found;
}

// Whether the field of a unit reaches out of the picture.
export function overEdge({ start, jump, field }, unit, n) {
  const middle = start + unit * jump, half = (field - 1) / 2;
  return middle - half < 0 || middle + half > n - 1;
}
