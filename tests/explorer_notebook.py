"""A notebook of explorers, and the hand that makes a guess: for tests and benchmarks."""

import nbformat


def write_notebook(path, sources):
    """A notebook of code cells that knows its kernel, so that JupyterLab does not ask for one."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)


def guess(panel):
    """Commit to whatever guess comes first."""
    control = panel.get_by_label("Predict").first
    if panel.locator("fieldset", has_text="Predict").count():
        panel.locator("fieldset", has_text="Predict").get_by_role("checkbox").first.check()
    elif control.evaluate("(e) => e.tagName") == "SELECT":
        control.select_option(index=1)
    show = panel.get_by_role("button", name="Show", exact=True)
    if show.count():
        show.click()
