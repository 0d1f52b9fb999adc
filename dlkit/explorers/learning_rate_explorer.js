// Learning-rate explorer: thirty steps of gradient descent, what they do, and where the limits lie.
import { follow, STEPS } from "./descent.js";
import { draw, drawLosses, drawRuler, plotOf } from "./learning_rate_scene.js";
import { number, short, table } from "./svg.js";

export const explorer = {
  about: ["surface", "curvature", "start", "rate"],
  ask: "Predict first: from the curvature and the rate η, or from a first step worked out by hand, " +
    "say what thirty steps will do, then press Show.",
  truth: (run) => follow(run.values).regime,
  pointed(index, x, _y, run) {
    if (index !== 0) return;
    const at = plotOf(run.values).x.value(x);
    run.values = { ...run.values, start: Math.round(5 * Math.min(2.4, Math.max(-2.4, at))) / 5 };
  },
  scene(run) {
    const all = { ...run, ...run.values, ...follow(run.values) };
    const hide = (seen) => (run.hidden ? null : seen);
    return {
      pictures: [draw(all), drawLosses(all), drawRuler(all)],
      table: limits(all),
      sentence: inWords(all),
      disabled: all.surface === "wavy curve" ? ["curvature"] : [],
      state: {
        regime: hide(all.regime), path: hide(all.visited), losses: hide(all.losses),
        limits: hide(Object.fromEntries(all.floors.map((one) => [one.name, 2 / one.curvature]))),
      },
    };
  },
};

function inWords(all) {
  const { committed, losses, visited, floors, regime, rate } = all, taken = visited.length - 1;
  // with a guess, the sentence begins with the regime already
  const start = committed === null ? `${capital(regime)}. ` : "";
  const said = all.surface === "wavy curve" ? onTheCurve(all) : floors.map((one) => why(one, rate)).join(" ");
  const end = `after ${taken < STEPS ? "only " : ""}${taken} step${taken === 1 ? "" : "s"}`;
  return `${start}${said} Loss ${short(losses[0])} → ${short(losses.at(-1))} ${end}.`;
}

// What the steps do in one direction of a bowl or valley, and by which factor.
function why({ name, curvature }, rate) {
  const product = rate * curvature, factor = 1 - product, side = short(Math.abs(factor));
  const given = `${name === "bowl" ? "" : `${capital(name)}, `}η × ${curvature} = ${short(product)}: `;
  if (Math.abs(factor) < 1e-9) return `${given}one step lands on the floor.`;
  if (Math.abs(factor + 1) < 1e-9) return `${given}it bounces between two places for ever.`;
  if (factor > 0) return `${given}each step leaves ${side} of the way.`;
  return `${given}each step lands on the other side, ${side} times as far out` +
    `${factor < -1 ? ", as the product is over 2" : ""}.`;
}

function onTheCurve({ regime, floors, rate }) {
  if (regime === "diverges") {
    return "A step overshot so far that the slope was steeper there, and the next step longer still.";
  }
  const floor = floors.find((one) => one.regime), product = rate * floor.curvature;
  const where = `the ${floor.name}, x = ${number(floor.at)}`;
  if (regime === "creeps") return `The steps go towards ${where}, and have not arrived.`;
  if (regime === "converges") {
    return `The steps come to rest on ${where}, ` +
      `${floor.at < 0 ? "the lowest place of all." : "which is not the lowest place."}`;
  }
  return `The last step is near ${where}, where η × ${floor.curvature} = ${short(product)}: ` +
    `${product > 2 ? "over 2, so it finds no rest there." : "it jumps from side to side, ever closer."}`;
}

function limits({ hidden, floors, rate }) {
  const told = (seen) => (hidden ? "?" : seen);
  const rows = floors.map(({ name, curvature, regime }) => [
    name, curvature, told(short(1 / curvature)), told(short(2 / curvature)),
    told(short(rate * curvature)), told(regime ?? "–"),
  ]);
  const heads = ["", "c", "1/c", "2/c", "η × c", "steps"];
  return table(`c is the curvature, and η = ${number(rate)}`, heads, rows);
}

function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}
