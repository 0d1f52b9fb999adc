// An explorer on the page: native controls, pictures and one sentence, whoever computes them.
//
// `model` is the widget's own (the kernel draws) or one of browser.js (the browser draws), which can
// also `paint` pixels, take a `point` in a picture, and be closed.

export function render({ model, el }) {
  const root = make("div", { class: "dlk", role: "group", "aria-label": model.get("title") });
  const controls = root.appendChild(make("div", { class: "dlk-controls" }));
  const seen = root.appendChild(make("div", { class: "dlk-seen" }));
  const sentence = seen.appendChild(
    make("p", { class: "dlk-sentence", role: "status", "aria-live": "polite" }));
  const scene = seen.appendChild(make("div", { class: "dlk-scene" }));

  const show = drawControls(model, controls);
  const redraw = () => {
    replace(scene, model.get("scene"), model.paint);
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

  if (model.point) listenToPointers(scene, model.point);
  const stopWatching = watchPage(model);

  // the picture for pages without a kernel makes room for this panel
  const still = `.${model.get("still")}`;
  root.append(make("style", {},
    `${still} { display: none } .jp-OutputArea-child:has(${still}) { display: none }`));

  redraw();
  el.append(root);
  return () => {
    names.forEach((name) => model.off(`change:${name}`, soon));
    stopWatching();
    if (model.close) model.close();
  };
}

// New pictures in the place of the old ones; where they are image files, not before they have arrived,
// since the page would be blank in between.
function replace(scene, html, paint) {
  if (html === scene.dlkHtml) { // at most pixels changed
    if (paint) paint(scene);
    return;
  }
  scene.dlkHtml = html;
  const fresh = make("div", {});
  fresh.innerHTML = html;
  const swap = () => {
    if (scene.dlkFresh !== fresh) return; // a newer one has come meanwhile
    scene.replaceChildren(...fresh.childNodes);
    if (paint) paint(scene);
  };
  scene.dlkFresh = fresh;
  const coming = [...fresh.querySelectorAll("img")].filter((image) => !image.complete);
  if (coming.length) Promise.all(coming.map(arrived)).then(swap);
  else swap();
}

// When an image file is there. It is decoded with the frame that shows it (decoding="sync"): to wait
// for image.decode() would cost a frame more.
function arrived(image) {
  return new Promise((done) => { image.onload = image.onerror = done; });
}

// A press or drag in a picture, as its turn among the pictures and a place in its own pixels.
function listenToPointers(scene, point) {
  let index = null;
  const tell = (event) => {
    const svg = scene.querySelectorAll("svg.dlk-picture")[index];
    const box = svg.getBoundingClientRect(), { width, height } = svg.viewBox.baseVal;
    point(index, ((event.clientX - box.left) / box.width) * width,
      ((event.clientY - box.top) / box.height) * height);
  };
  scene.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest("svg.dlk-picture");
    if (!svg || event.button) return;
    index = [...scene.querySelectorAll("svg.dlk-picture")].indexOf(svg);
    scene.setPointerCapture(event.pointerId);
    event.preventDefault();
    tell(event);
  });
  scene.addEventListener("pointermove", (event) => { if (index !== null) tell(event); });
  ["pointerup", "pointercancel"].forEach((name) =>
    scene.addEventListener(name, () => { index = null; }));
}

// Tells Python whether the page is dark and how fine the screen is, for pictures that it makes of pixels.
function watchPage(model) {
  const tell = () => {
    const dark = document.body.dataset.jpThemeLight === "false";
    const dots = Math.min(Math.max(window.devicePixelRatio, 1), 3);
    if (dark === model.get("dark") && dots === model.get("dots")) return;
    model.set("dark", dark);
    model.set("dots", dots);
    model.save_changes();
  };
  if (model.paint) return () => {}; // drawn here, where style sheets choose
  const watcher = new MutationObserver(tell);
  watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  tell();
  return () => watcher.disconnect();
}

// Draws every control once; what comes back brings them all up to date.
function drawControls(model, place) {
  const draw = { slider, scale, choice, ticks, numbers };
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

// A slider over a list of values, for what is not spaced evenly.
function scale(control, place, set) {
  const row = labelled(control, place).appendChild(make("span", { class: "dlk-row" }));
  const { options } = control;
  const input = row.appendChild(
    make("input", { type: "range", min: 0, max: options.length - 1, step: 1 }));
  const number = row.appendChild(make("span", { class: "dlk-number", "aria-hidden": "true" }));
  const say = () => {
    number.textContent = String(options[input.value]).replace("-", "−");
    input.setAttribute("aria-valuetext", options[input.value]);
  };
  input.addEventListener("input", () => { say(); set(options[input.value]); });
  return (value, disabled) => { input.value = options.indexOf(value); input.disabled = disabled; say(); };
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

// Fields for numbers, in rows. What is no number in range is not told, and undone when the field is left.
function numbers(control, place, set) {
  const box = place.appendChild(make("fieldset", { class: "dlk-control" }));
  box.append(make("legend", {}, control.label));
  const { count, columns, min, max, step } = control;
  const grid = box.appendChild(make("div", { class: "dlk-numbers", style: `--columns: ${columns}` }));
  const given = (input) => (input.value === "" ? NaN : Number(input.value));
  let last = [];
  const fields = Array.from({ length: count }, (_, i) => {
    const label = `row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}`;
    const input = grid.appendChild(
      make("input", { type: "number", min, max, step, "aria-label": label }));
    input.addEventListener("input", () => {
      const value = given(input), fits = value >= min && value <= max;
      input.setAttribute("aria-invalid", !fits);
      if (fits) set(last.with(i, value));
    });
    input.addEventListener("change", () => {
      input.value = last[i];
      input.removeAttribute("aria-invalid");
    });
    return input;
  });
  return (value, disabled) => {
    last = value;
    box.disabled = disabled;
    fields.forEach((input, i) => {
      const typing = input === document.activeElement && input.getAttribute("aria-invalid") === "true";
      if (!typing && given(input) !== value[i]) input.value = value[i];
    });
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
