// Temperature sampler: the next character, its probabilities at a temperature, text from them.
import { atTemperature, draw, newModel, perplexity, probabilities } from "./character_counts.js";
import { escaped, number, picture, px, table, text } from "./svg.js";

const SHOWN = 10; // characters with a bar of their own
const LEFT = 56, TOP = 30, WIDE = 180, ROW = 22; // the bars

export const explorer = {
  about: ["context", "back", "temperature"],
  ask: "Predict first: the probabilities at temperature 1 are seen. What share will the likeliest character " +
    "have at the chosen one? Choose it, then press Show.",
  begin: (run) => run.memory ?? newModel(run.data.model),
  truth(run) {
    const share = Math.max(...at(run, run.values.temperature)), tenths = run.data.tenths;
    return tenths.reduce((best, one) => (Math.abs(one - share) < Math.abs(best - share) ? one : best));
  },
  scene(run) {
    const { values, memory, hidden } = run, own = at(run, 1), p = at(run, values.temperature);
    const known = { characters: memory.vocab, p: own };
    if (hidden) return { pictures: [drawBars(run, own, p)], state: known };
    const written = sampled(run), regime = regimeOf(values.temperature);
    return {
      pictures: [drawBars(run, own, p)],
      table: drawText(values, written),
      sentence: inWords(memory.vocab, values.temperature, own, p),
      state: { ...known, p_at_temperature: p, perplexity: perplexity(p), text: written, regime },
    };
  },
};

// The next character's probabilities after the chosen text.
function at({ values, memory }, temperature) {
  return atTemperature(probabilities(memory, spaced(values.context), values.back), temperature);
}

// What follows the chosen text, one character after the other.
function sampled({ values, memory, data }) {
  const { context, back, temperature, seed } = values, start = spaced(context);
  const shares = new Map(); // of contexts that were met before
  let written = start;
  for (const drawn of data.draws[seed]) {
    const p = probabilities(memory, written, back);
    if (!shares.has(p)) shares.set(p, atTemperature(p, temperature));
    written += memory.vocab[draw(shares.get(p), drawn)];
  }
  return written.slice(start.length);
}

function spaced(context) {
  return context.replaceAll("␣", " ");
}

function sign(character) {
  return { " ": "␣", "\n": "¶" }[character] ?? character;
}

function regimeOf(temperature) {
  if (temperature === 0) return "always the likeliest";
  if (temperature === 1) return "as the model has it";
  return temperature < 1 ? "sharper" : "flatter";
}

function inWords(vocab, temperature, own, p) {
  const most = Math.max(...p), best = sign(vocab[p.indexOf(most)]);
  const told = `At temperature ${number(temperature)}: ${regimeOf(temperature)}. “${best}” has ${number(most, 2)}`;
  const alike = (shares) => number(perplexity(shares), 1);
  if (temperature === 1) return `${told}; it is as if ${alike(own)} characters were equally likely.`;
  return `${told} instead of ${number(Math.max(...own), 2)}; it is as if ${alike(p)} characters were equally ` +
    `likely instead of ${alike(own)}.`;
}

function drawText({ temperature, context }, written) {
  const drawn = escaped(written).replaceAll("\n", "¶");
  return table(`Drawn at temperature ${number(temperature)}`, ["begins", "goes on"], [[escaped(context), drawn]]);
}

function drawBars(run, own, p) {
  const { values, memory, hidden, committed } = run, { context, back, temperature } = values;
  const order = own.map((_, i) => i).sort((a, b) => own[b] - own[a] || a - b).slice(0, SHOWN);
  const rows = order.map((i) => [sign(memory.vocab[i]), own[i], p[i]]);
  const rest = (shares) => Math.max(0, 1 - order.reduce((sum, i) => sum + shares[i], 0));
  rows.push(["others", rest(own), rest(p)]);
  const title = back ? `after “${context.slice(-back)}”` : "after anything", x = LEFT + WIDE * committed;
  const marks = text(6, 18, title, "dlk-strong", "start") +
    rows.map((row, k) => bar(TOP + ROW * k, row, hidden)).join("") +
    (committed === null ? "" : `<path class="dlk-guess" d="M${px(x)} ${TOP - 2}V${TOP + ROW}"/>` +
      text(x, TOP + ROW + 12, "your guess", "dlk-small"));
  const listed = (k) => rows.map((row) => `${row[0]} ${number(row[k], 3)}`).join(", ");
  const alt = `The next character ${title} at temperature 1: ${listed(1)}. ` +
    (hidden ? "At the chosen temperature it is hidden until you have predicted."
      : `At temperature ${number(temperature)}: ${listed(2)}.`);
  return picture(marks, 336, TOP + ROW * rows.length + 8, alt);
}

function bar(y, [name, own, p], hidden) {
  const box = (kind, top, share, height) =>
    `<rect class="${kind}" x="${LEFT}" y="${top}" width="${px(WIDE * share)}" height="${height}"/>`;
  const end = hidden ? own : Math.max(own, p);
  const said = hidden ? number(own, 3) : `${number(p, 3)} (${number(own, 3)})`;
  return text(LEFT - 8, y + 15, name, "", "end") + box("dlk-frame", y + 3, own, 15) +
    (hidden ? "" : box("dlk-plus", y + 6, p, 9)) +
    text(LEFT + WIDE * end + 5, y + 15, said, "dlk-small", "start");
}
