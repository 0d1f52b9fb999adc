// The browser's side of the review: shows the form that Python drew, and says what was chosen.

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "dlh dlh-review";
  root.setAttribute("aria-label", "Review");
  const heading = document.createElement("h3");
  heading.textContent = "Review: what you learned before";
  const place = document.createElement("div");
  place.setAttribute("aria-live", "polite");
  root.append(heading, place);

  let mine = false;  // whether what is drawn next follows from what was done here
  const draw = () => {
    place.innerHTML = model.get("html");
    // the form that had the focus is gone: without this the next key would go to the notebook
    if (mine) place.querySelector("[data-focus]")?.focus();
    mine = false;
  };
  const send = (content) => { mine = true; model.send(content); };

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ answer: Number(new FormData(event.target).get("choice")) });
  });
  root.addEventListener("click", (event) => {
    const name = event.target.dataset?.press;
    if (name) send({ press: name });
  });
  // JupyterLab listens for keys on the whole page: "d d" here must not delete the cell
  root.addEventListener("keydown", (event) => {
    const leaves = event.key === "Tab" || event.key === "Escape" || event.ctrlKey ||
      event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (!leaves) event.stopPropagation();
  });

  // a check has perhaps passed meanwhile, in another notebook
  const look = () => model.send({ look: true });
  const cell = () => root.closest(".jp-Cell");
  const seen = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && look());
  seen.observe(root);
  window.addEventListener("focus", look);
  const entered = () => look();
  requestAnimationFrame(() => cell()?.addEventListener("pointerenter", entered));

  model.on("change:html", draw);
  draw();
  el.append(root);
  return () => {
    seen.disconnect();
    window.removeEventListener("focus", look);
    cell()?.removeEventListener("pointerenter", entered);
    model.off("change:html", draw);
  };
}

export default { render };
