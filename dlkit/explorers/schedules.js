// Schedules of the learning rate, as in dlkit.optim.schedules, and a small noisy run under each.
//
// The run has one weight, the loss ½ w² + ¼ w⁴ and a gradient with noise, as a mini-batch's has.

export const STEPS = 200;
const LEFT = 1e3; // no step is taken from further out
const LATE = 20; // the last steps, over which losses are averaged
const DAMPED = 1 / 3; // of what the full rate holds; without noise, so little of the first loss:
const ARRIVED = 1e-4;

// The rate at step t. `time` is the step at which the rate has halved, or is 0, or the warm-up ends.
export function rateAt(schedule, lr0, time, t) {
  const cosine = (done, total) => (done >= total ? 0 : (lr0 * (1 + Math.cos((Math.PI * done) / total))) / 2);
  switch (schedule) {
    case "step": return lr0 * 0.5 ** Math.floor(t / time);
    case "inverse": return lr0 / (1 + t / time);
    case "exponential": return lr0 * 0.5 ** (t / time);
    case "cosine": return cosine(t, time);
    case "warm-up, then cosine": return t < time ? (lr0 * t) / time : cosine(t - time, STEPS - time);
    default: return lr0;
  }
}

export function loss(w) {
  return (w * w) / 2 + (w * w * w * w) / 4;
}

// The weights visited under rates[t], the start first; fewer if one of them is far out.
export function train(start, rates, noise) {
  const visited = [start];
  for (let t = 0; t < rates.length && Math.abs(visited[t]) <= LEFT; t += 1) {
    const w = visited[t], dw = w + w * w * w + noise[t];
    visited.push(w - rates[t] * dw);
  }
  return visited;
}

// Runs with each row of noises: their weights, the mean loss after each step, and over the last ones
// (`end`); the same if the full rate is kept up (`kept`), and without noise (`calm`); what becomes of them.
export function experiment({ schedule, lr0, time, start, sigma }, noises) {
  const rates = Array.from({ length: STEPS }, (_, t) => rateAt(schedule, lr0, time, t));
  const scaled = noises.map((row) => row.map((one) => sigma * one));
  const full = rates.map(() => lr0);
  const runs = scaled.map((noise) => train(start, rates, noise));
  const losses = meanLosses(runs), constant = meanLosses(scaled.map((noise) => train(start, full, noise)));
  const kept = late(meanLosses(scaled.map((noise) => train(0, full, noise)))), end = late(losses);
  const calm = loss(train(start, rates, rates.map(() => 0)).at(-1));
  let fate = "settles";
  if (losses.length <= STEPS) fate = "blows up";
  else if (end > (kept ? DAMPED * kept : ARRIVED * loss(start))) fate = calm > end / 2 ? "falls short" : "rattles";
  return { rates, runs, losses, constant, end, kept, calm, fate };
}

// The mean over runs at each step, as far as all of them go.
function meanLosses(runs) {
  const length = Math.min(...runs.map((run) => run.length));
  return Array.from({ length }, (_, t) => runs.reduce((sum, run) => sum + loss(run[t]), 0) / runs.length);
}

function late(losses) {
  const last = losses.slice(-LATE);
  return last.reduce((sum, one) => sum + one, 0) / last.length;
}
