// Feature maps: what the layers of a trained LeNet make of a digit, what each map answers to.
import { bytes } from "./bytes.js";
import { drawBest, drawDigit, drawMaps, drawStrokes } from "./feature_maps_scene.js";
import { answers, strokes, weights } from "./lenet.js";
import { number } from "./svg.js";

const STROKES = ["vertical", "horizontal", "rising", "falling"], ALIKE = "all alike";
const CLEARLY = 1.08; // times the second best: what is less is alike
const BEST = 8; // digits shown that a map answers most to

export const explorer = {
  about: ["layer", "map"],
  ask: "Predict first: to which of four strokes does the ringed map answer most?",
  begin: (run) => (run.memory ? run.memory : network(run.data)), // its answers never change
  truth: (run) => choosy(toStrokes(run)) ?? ALIKE,
  moved(_names, run) {
    const count = run.memory.digits[0].maps[run.values.layer].length;
    if (run.values.map >= count) run.values = { ...run.values, map: count - 1 };
  },
  scene(run) {
    const all = { ...run, ...run.values, ...run.memory, ...seen(run), names: STROKES };
    all.told = reading(all);
    const more = { answers: Object.fromEntries(STROKES.map((name, k) => [name, all.strengths[k]])) };
    more.answers_most_to = choosy(all.strengths) ?? ALIKE;
    return {
      pictures: [drawDigit(all), drawMaps(all), ...(run.hidden ? [] : [drawStrokes(all), drawBest(all)])],
      sentence: inWords(all),
      state: {
        image: rows(all.image), maps: all.maps.map(rows), read_as: all.read, label: all.label,
        probability: all.chances[all.read], ...(run.hidden ? {} : more),
      },
    };
  },
};

// The network's answers to the unseen digits and to the strokes.
function network({ images, labels, params }) {
  const p = weights(params), pixels = bytes(images);
  const digits = labels.map((label, i) => {
    const image = Array.from(pixels.subarray(64 * i, 64 * i + 64), (level) => level / 16);
    return { label, image, ...answers(p, image) };
  });
  return { kernels: p["0.W"], digits, strokes: strokes().map((image) => ({ image, ...answers(p, image) })) };
}

// The digit that is looked at, the layer's maps, and what the chosen map answers to.
function seen(run) {
  const { digit, example, layer, map } = run.values, { digits } = run.memory;
  const looked = digits.filter(({ label }) => label === Number(digit))[example];
  const peaks = digits.map(({ maps }) => Math.max(...maps[layer][map]));
  const order = digits.map((_, i) => i).sort((a, b) => peaks[b] - peaks[a] || a - b);
  return {
    ...looked, maps: looked.maps[layer], strengths: toStrokes(run), best: order.slice(0, BEST).map((i) => digits[i]),
    read: looked.chances.indexOf(Math.max(...looked.chances)),
  };
}

// The strongest answer of the chosen map to each stroke.
function toStrokes({ values, memory }) {
  return memory.strokes.map(({ maps }) => Math.max(...maps[values.layer][values.map]));
}

// The stroke that is answered to clearly more than to the others, if there is one.
function choosy(strengths) {
  const [best, second] = [...strengths].sort((a, b) => b - a);
  return best > CLEARLY * second ? STROKES[strengths.indexOf(best)] : null;
}

function inWords({ layer, map, strengths, maps, label, told }) {
  const [best, second] = [...strengths].sort((a, b) => b - a), name = choosy(strengths);
  const most = number(best, 2), rest = number(second, 2), start = `Map ${map} of ${layer}`;
  const said = best === 0 ? `${start} is silent: none of the strokes wakes it. `
    : name ? `${start} is choosy: ${most} for ${name}, ${rest} for the next. `
      : `${start} answers to several strokes alike, at most ${most}. `;
  return `${said}For this ${label} it reaches ${number(Math.max(...maps[map]), 2)}. ${told}`;
}

function reading({ read, label, chances }) {
  const sure = (100 * chances[read]).toFixed(1);
  return `The network reads it ${read === label ? "rightly" : "wrongly"} as ${read}, with ${sure} %.`;
}

function rows(map) {
  const size = Math.sqrt(map.length);
  return Array.from({ length: size }, (_, i) => [...map.slice(i * size, (i + 1) * size)]);
}
