// How often which character follows: the small language model behind the temperature sampler.

// The model out of its runs of characters, in order, each told as how many characters it shares with the one
// before and the rest of it, and out of how often each occurs.
export function newModel({ runs, length, counts }) {
  const follow = new Map(), all = [];
  let at = 0, run = "";
  while (at < runs.length) {
    const shared = Number(runs[at]), rest = length - shared;
    run = run.slice(0, shared) + runs.slice(at + 1, at + 1 + rest);
    at += 1 + rest;
    all.push(run);
  }
  const vocab = [...new Set(all.join(""))].sort(), place = new Map(vocab.map((sign, i) => [sign, i]));
  all.forEach((one, k) => {
    const next = place.get(one.at(-1));
    for (let start = 0; start < length; start += 1) {
      const context = one.slice(start, -1), known = follow.get(context) ?? new Map();
      known.set(next, (known.get(next) ?? 0) + counts[k]);
      follow.set(context, known);
    }
  });
  return { vocab, longest: length - 1, follow, known: new Map() };
}

// Of each of `vocab` after the text `before`, of which `back` characters count. With no context, p = (count + 1) /
// (characters + V). Each character more of context mixes its own counts with what the shorter context says:
// p = (count + 2 · shorter p) / (occurrences + 2). So every character has some probability.
export function probabilities(model, before, back = model.longest) {
  const count = Math.min(model.longest, back, before.length);
  return after(model, before.slice(before.length - count));
}

function after(model, context) {
  const { vocab, follow, known } = model;
  if (!known.has(context)) {
    const p = context ? after(model, context.slice(1)).map((one) => 2 * one) : vocab.map(() => 1);
    (follow.get(context) ?? []).forEach((count, place) => { p[place] += count; });
    const sum = p.reduce((a, b) => a + b);
    known.set(context, p.map((one) => one / sum));
  }
  return known.get(context);
}

// softmax(log p / temperature); at 0 all on the first of the largest.
export function atTemperature(p, temperature) {
  const most = Math.max(...p);
  if (temperature === 0) return p.map((_, i) => Number(i === p.indexOf(most)));
  const powers = p.map((one) => Math.exp((Math.log(one) - Math.log(most)) / temperature));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((one) => one / sum);
}

// The place that a number from 0 to 1 falls on when places are as wide as p.
export function draw(p, number) {
  const target = number * p.reduce((a, b) => a + b);
  let sum = 0;
  return p.findIndex((one) => { sum += one; return sum > target; });
}

// How many equally likely characters are as uncertain: e to the entropy.
export function perplexity(p) {
  return Math.exp(-p.reduce((sum, one) => sum + (one > 0 ? one * Math.log(one) : 0), 0));
}
