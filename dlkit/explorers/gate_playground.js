// Gate playground: one threshold unit on the four inputs of a gate.
import { ends, halfPlane, lineAcross, normal, planeFrame, square, weightedSum } from "./plane.js";
import { picture, px, table, text } from "./svg.js";

const PLANE = square(-0.5, 1.5, 290);

// What the unit gives for each input. The sliders move in tenths: a sum that is 0 on paper is 0 here.
export function outputs({ w1, w2, b }, inputs) {
  return inputs.map(([x1, x2]) => Number(w1 * x1 + w2 * x2 + b > 1e-6));
}

export const explorer = {
  about: ["w1", "w2", "b"],
  ask: "Predict first: tick the inputs for which this unit fires, then press Show.",
  begin: (run) => ({ best: run.memory ? run.memory.best : {} }),
  truth: (run) => outputs(run.values, run.data.inputs).map(Boolean),
  pressed(name, run) {
    if (name === "reset") run.memory.best = {};
    remember(run);
  },
  moved: (names, run) => remember(run),
  scene(run) {
    const { gate } = run.values, rows = rowsOf(run);
    const right = rows.filter(({ y, t }) => y === t).length;
    return {
      pictures: [draw(run, rows)],
      table: truthTable(run, rows),
      sentence: inWords(run, rows, right),
      state: { outputs: rows.map(({ y }) => y), right, best: { ...run.memory.best }, gate },
    };
  },
};

function rowsOf({ values, data }) {
  const y = outputs(values, data.inputs), t = data.gates[values.gate];
  return data.inputs.map((x, i) => ({ x, y: y[i], t: t[i] }));
}

function remember(run) {
  if (run.hidden) return;
  const right = rowsOf(run).filter(({ y, t }) => y === t).length, { best } = run.memory;
  best[run.values.gate] = Math.max(right, best[run.values.gate] ?? 0);
}

function inWords({ values }, rows, right) {
  const { w1, w2, b, gate } = values;
  if (right === 4) return `4 of 4 rows right: this unit is ${gate}.`;
  const said = `${right} of 4 rows right for ${gate}; `;
  if (!ends(PLANE, [w1, w2], b)) {
    return `${said}no line crosses the picture: the unit fires ` +
      `${rows[0].y ? "everywhere" : "nowhere"} in it.`;
  }
  const wrong = rows.filter(({ y, t }) => y !== t).map(({ x }) => `(${x.join(", ")})`);
  const last = wrong.pop();
  const points = wrong.length ? `${wrong.join(", ")} and ${last}` : last;
  return `${said}the line has ${points} on the wrong side.`;
}

function draw({ values, hidden }, rows) {
  const w = [values.w1, values.w2], { b, gate } = values;
  const cut = hidden ? "" : halfPlane(PLANE, w, b) + lineAcross(PLANE, w, b) + normal(PLANE, w, b);
  const marks = planeFrame(PLANE, [0, 1]) + cut + rows.map((row) => dot(row, hidden)).join("") +
    text(145, 22, `fires where ${weightedSum(w, b, 1)} > 0`, "dlk-strong");
  const alt = hidden
    ? "The four inputs of the gate. The line is hidden until you have predicted."
    : `The line ${weightedSum(w, b, 1)} = 0 over the four inputs of ${gate}: ` +
      `${rows.map(({ x, y, t }) => `(${x.join(", ")}) gives ${y}, should be ${t}`).join("; ")}.`;
  return picture(marks, 290, 290, alt);
}

function dot({ x: input, y: output, t }, hidden) {
  const x = PLANE.x(input[0]), y = PLANE.y(input[1]), words = `should be ${t}`;
  if (hidden) return text(x, y + 6, "?", "dlk-strong") + text(x, y + 24, words, "dlk-small");
  const circle = (kind, r) => `<circle class="${kind}" cx="${px(x)}" cy="${px(y)}" r="${r}"/>`;
  const wrong = output !== t;
  return circle(output ? "dlk-on" : "dlk-off", 8) + (wrong ? circle("dlk-ring", 14) : "") +
    text(x, y + 29, wrong ? `✗ ${words}` : words, "dlk-small");
}

function truthTable({ values, memory, hidden, committed }, rows) {
  const { gate } = values, best = memory.best[gate];
  const heads = ["x₁", "x₂", gate, "unit", ...(committed ? ["your guess"] : [])];
  const lines = rows.map(({ x, y, t }, i) => [
    ...x, t, hidden ? "?" : `${y} ${y === t ? "✓ right" : "✗ wrong"}`,
    ...(committed ? [Number(committed[i])] : []),
  ]);
  return table(`${gate}, ${best === undefined ? "truth table" : `most rows so far: ${best}`}`,
    heads, lines);
}
