// Optimizer race: six update rules from one start, their paths and losses side by side.
import { METHODS, race, STEPS } from "./race.js";
import { draw, drawKey, drawLosses, MAP } from "./race_scene.js";
import { short } from "./svg.js";

const SLOW = 3; // frames a step while playing

export const explorer = {
  about: ["surface", "x", "y", "lr", "own", "beta"],
  ask: "Predict first: look at the surface, the start and the rates, and say who will be the first to " +
    "come under 1 % of the first loss, and stay there. Then press Show.",
  truth: (run) => work(run).winner,
  pressed(name, run) {
    if (name !== "play") return;
    if (!run.playing && run.values.steps >= STEPS) run.values = { ...run.values, steps: 0 };
    Object.assign(run, { playing: !run.playing, frames: 0 });
  },
  pointed(index, x, y, run) {
    if (index !== 0) return;
    const near = (value, most) => Math.round(5 * Math.min(most, Math.max(-most, value))) / 5;
    run.values = { ...run.values, x: near(MAP.x.value(x), 2.4), y: near(MAP.y.value(y), 1.8) };
  },
  tick(run) {
    run.frames += 1;
    if (run.frames % SLOW) return;
    run.values = { ...run.values, steps: run.values.steps + 1 };
    run.playing = run.values.steps < STEPS;
  },
  scene(run) {
    const { runs, winner } = work(run), { steps, shown } = run.values;
    const all = { ...run, ...run.values, runs, winner };
    const hide = (seen) => (run.hidden ? null : seen);
    const of = (seen) => hide(Object.fromEntries(runs.map((one) => [one.method, seen(one)])));
    return {
      pictures: [draw(all), drawLosses(all), drawKey(all)],
      sentence: inWords(all),
      disabled: run.hidden ? ["play"] : [],
      state: {
        winner: hide(winner), arrived: of(({ arrived }) => arrived), fate: of(({ fate }) => fate),
        place: of(({ visited }) => visited[Math.min(steps, visited.length - 1)]),
        loss: of(({ losses }) => losses[Math.min(steps, losses.length - 1)]),
        shown: METHODS.filter((_, i) => shown[i]),
      },
    };
  },
};

function work({ values: { surface, x, y, lr, own, beta } }) {
  return race(surface, [x, y], { lr, own, beta });
}

function inWords({ runs, winner, steps }) {
  if (runs[0].losses[0] === 0) return "The start is the lowest place: nobody has to move.";
  const listed = (some, words) => some.map(words).join(", ");
  if (steps < STEPS) {
    const there = runs.filter(({ arrived }) => arrived !== null && arrived <= steps);
    return `After ${steps} of ${STEPS} steps ` + (there.length
      ? `have arrived: ${listed(there, ({ method, arrived }) => `${method} (step ${arrived})`)}.`
      : "nobody has arrived.");
  }
  const others = runs.filter(({ method }) => method !== winner);
  const first = runs.find(({ method }) => method === winner);
  const start = first ? `${winner} arrives first, at step ${first.arrived}. `
    : `Nobody comes under 1 % of the first loss, ${short(runs[0].losses[0])}, and stays there. `;
  return `${start}${listed(others, ({ method, arrived, fate }) =>
    `${method} ${arrived === null ? fate : `at ${arrived}`}`)}.`;
}
