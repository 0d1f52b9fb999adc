// A JupyterLab extension without a build step: the map of the course is alive when it opens.
//
// JupyterLab loads this file and asks the container below for "./extension", as it asks the ones
// that webpack makes. It uses only the application, so it holds no version of JupyterLab's parts.

(() => {
  const PATH = "work/index.ipynb";
  const SOURCE = "from dlkit.home import home\n\nhome()";
  const SHOWN = "deep-learning-course:table-of-contents";
  const began = new WeakSet();

  // The map's own cell and no other is run, and only in work/: a stranger's folder might bring a
  // dlkit of its own.
  async function wake(app, panel) {
    if (panel?.context?.path !== PATH || began.has(panel)) return;
    began.add(panel);
    await panel.context.ready;
    await panel.sessionContext.ready;
    const cells = [...panel.content.model.cells];
    const place = cells.findIndex((cell) => cell.sharedModel.getSource().trim() === SOURCE);
    if (place < 0 || app.shell.currentWidget !== panel) return;
    panel.content.activeCellIndex = place;
    panel.content.deselectAll();
    await app.commands.execute("notebook:run-cell");
  }

  // Once in a browser: whoever closes it, or prefers the files, is not asked again.
  function showContents(app) {
    if (window.localStorage.getItem(SHOWN)) return;
    window.localStorage.setItem(SHOWN, "yes");
    app.shell.activateById("table-of-contents");
  }

  const plugin = {
    id: "deep-learning-course:home",
    description: "Runs the map's cell when the map opens.",
    autoStart: true,
    activate: (app) => {
      app.restored.then(() => {
        showContents(app);
        wake(app, app.shell.currentWidget);
        app.shell.currentChanged?.connect((_, { newValue }) => wake(app, newValue));
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB["deep-learning-course"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
