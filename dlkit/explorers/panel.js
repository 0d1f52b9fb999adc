// The browser's side of an explorer: native controls, the picture that Python drew, one sentence.

function render({ model, el }) {
  const root = make("div", { class: "dlk", role: "group", "aria-label": model.get("title") });
  const controls = root.appendChild(make("div", { class: "dlk-controls" }));
  const seen = root.appendChild(make("div", { class: "dlk-seen" }));
  const sentence = seen.appendChild(
    make("p", { class: "dlk-sentence", role: "status", "aria-live": "polite" }));
  const scene = seen.appendChild(make("div", { class: "dlk-scene" }));

  const show = drawControls(model, controls);
  const redraw = () => {
    scene.innerHTML = model.get("scene");
    if (sentence.textContent !== model.get("sentence")) sentence.textContent = model.get("sentence");
    show();
  };
  // one message from Python may change several of these: draw once, after the last of them
  const names = ["scene", "sentence", "values", "disabled"];
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; redraw(); });
  };
  names.forEach((name) => model.on(`change:${name}`, soon));

  // JupyterLab listens for keys on the whole page: "d d" here must not delete the cell
  root.addEventListener("keydown", (event) => {
    const leaves = event.key === "Tab" || event.key === "Escape" || event.ctrlKey ||
      event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (!leaves) event.stopPropagation();
  });

  // the picture for pages without a kernel makes room for this panel
  const still = `.${model.get("still")}`;
  root.append(make("style", {},
    `${still} { display: none } .jp-OutputArea-child:has(${still}) { display: none }`));

  redraw();
  el.append(root);
  return () => names.forEach((name) => model.off(`change:${name}`, soon));
}

// Draws every control once; what comes back brings them all up to date.
function drawControls(model, place) {
  const draw = { slider, choice, ticks };
  const buttons = make("div", { class: "dlk-buttons" });
  const shows = model.get("controls").map((control) => {
    if (control.kind === "button") {
      const button = buttons.appendChild(make("button", { type: "button" }, control.label));
      // at rest it keeps the focus: the next key would go to the notebook if it lost it
      const rests = () => button.getAttribute("aria-disabled") === "true";
      button.addEventListener("click", () => rests() || model.send({ press: control.name }));
      return (_, disabled) => button.setAttribute("aria-disabled", disabled);
    }
    const set = (value) => {
      model.set("values", { ...model.get("values"), [control.name]: value });
      model.save_changes();
    };
    return draw[control.kind](control, place, set);
  });
  place.append(buttons);
  return () => model.get("controls").forEach(({ name }, i) =>
    shows[i](model.get("values")[name], model.get("disabled").includes(name)));
}

function slider(control, place, set) {
  const row = labelled(control, place).appendChild(make("span", { class: "dlk-row" }));
  const { min, max, step } = control;
  const input = row.appendChild(make("input", { type: "range", min, max, step }));
  const number = row.appendChild(make("span", { class: "dlk-number", "aria-hidden": "true" }));
  const digits = (String(step).split(".")[1] || "").length;
  const say = () => { number.textContent = Number(input.value).toFixed(digits).replace("-", "−"); };
  input.addEventListener("input", () => { say(); set(Number(input.value)); });
  return (value, disabled) => { input.value = value; input.disabled = disabled; say(); };
}

function choice(control, place, set) {
  const select = labelled(control, place).appendChild(make("select", {}));
  control.options.forEach((option) => select.append(make("option", { value: option }, option)));
  select.addEventListener("change", () => set(select.value));
  return (value, disabled) => { select.value = value; select.disabled = disabled; };
}

function ticks(control, place, set) {
  const box = place.appendChild(make("fieldset", { class: "dlk-control" }));
  box.append(make("legend", {}, control.label));
  const row = box.appendChild(make("div", { class: "dlk-ticks" }));
  const boxes = control.options.map((option) => {
    const label = row.appendChild(make("label", {}));
    const input = label.appendChild(make("input", { type: "checkbox" }));
    label.append(` ${option}`);
    input.addEventListener("change", () => set(boxes.map((one) => one.checked)));
    return input;
  });
  return (value, disabled) => {
    box.disabled = disabled;
    boxes.forEach((one, i) => { one.checked = value[i]; });
  };
}

// A label round its control needs no id, of which two panels could have the same.
function labelled(control, place) {
  const label = place.appendChild(make("label", { class: "dlk-control" }));
  label.append(make("span", {}, control.label));
  return label;
}

function make(tag, attributes, words) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  if (words !== undefined) element.textContent = words;
  return element;
}

export default { render };
