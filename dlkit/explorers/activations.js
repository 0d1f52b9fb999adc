// Activation functions and their slopes, by name: those of dlkit.nn.
export const LEAK = 0.1; // the slope of the leaky ReLU below 0

// { value, slope }: two functions of one number.
export function activation(name) {
  return FUNCTIONS[name];
}

export function valuesAt(name, inputs) {
  return inputs.map(activation(name).value);
}

export function slopesAt(name, inputs) {
  return inputs.map(activation(name).slope);
}

export function sigmoid(x) {
  return Math.exp(Math.min(x, 0)) / (1 + Math.exp(-Math.abs(x))); // neither e overflows
}

const FUNCTIONS = {
  step: { value: (x) => Number(x > 0), slope: () => 0 },
  sigmoid: { value: (x) => sigmoid(x), slope: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  tanh: { value: (x) => Math.tanh(x), slope: (x) => 1 - Math.tanh(x) ** 2 },
  ReLU: { value: (x) => Math.max(x, 0), slope: (x) => Number(x > 0) },
  "leaky ReLU": { value: (x) => (x > 0 ? x : LEAK * x), slope: (x) => (x > 0 ? 1 : LEAK) },
  GELU: { value: (x) => 0.5 * x * (1 + Math.tanh(inner(x))), slope: geluSlope },
};

// GELU in its tanh form, y = ½ x (1 + tanh u), as dlkit and torch's approximate="tanh" have it.
function inner(x) {
  return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
}

function geluSlope(x) {
  const t = Math.tanh(inner(x)), du = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
  return 0.5 * (1 + t + x * (1 - t * t) * du);
}
