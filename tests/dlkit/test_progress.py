"""The progress bar: over itself where a person watches, one line where nobody does."""

import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from autograder.sandbox import Limits, Sandbox
from dlkit import progress
from dlkit.progress import Progress

LAST = f"epochs [{'#' * 24}] 100%  9 of 9  loss 0"
CELL = """
import time
from dlkit.progress import Progress

print("before")
with Progress("epochs", 9) as bar:
    for k in range(1, 10):
        bar.to(k, f"loss {9 - k}" + " and more" * (k < 5))
        time.sleep(0.06)
print("after")
"""


def test_in_a_terminal_each_state_covers_the_one_before(monkeypatch, capsys):
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress("epochs", 4) as bar:
        bar.to(1, "loss 0.5 and more")
        clock[0] = 0.05
        bar.to(2, "too soon to be drawn")
        clock[0] = 0.2
        bar.to(3)
    err = capsys.readouterr().err
    first, second, last = err.removeprefix("\r").rstrip("\n").split("\r")
    assert first == "epochs [######------------------]  25%  1 of 4  loss 0.5 and more"
    assert second.rstrip() == "epochs [##################------]  75%  3 of 4"
    assert len(second) >= len(first)
    assert last == second
    assert err.endswith("\n")


def test_a_file_gets_the_last_state_alone(monkeypatch, capsys):
    with Progress("a.gz", 10, lambda done, total: f"{done}/{total} B") as bar:
        for done in range(11):
            bar.to(done)
    assert capsys.readouterr() == ("", f"a.gz [{'#' * 24}] 100%  10/10 B\n")


def test_nothing_done_says_nothing(capsys):
    with Progress("a", 1):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("done", "share"), [(-1, "  0%"), (20, "100%")])
def test_the_bar_keeps_its_ends(done, share, capsys):
    with Progress("a", 10) as bar:
        bar.to(done)
    assert share in capsys.readouterr().err


def test_an_error_leaves_the_line_whole(capsys):
    def interrupted():
        with Progress("a", 2) as bar:
            bar.to(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert capsys.readouterr().err.endswith("50%  1 of 2\n")


def test_a_notebook_run_without_a_front_end_keeps_one_clean_line():
    """As nbconvert --execute does, with a real kernel: nothing is left of earlier states."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    before, bar, after = notebook.cells[0].outputs
    assert (before.text, after.text) == ("before\n", "after\n")
    assert bar.output_type == "display_data"
    assert bar.data == {"text/plain": LAST}
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert page.count("epochs [") == 1


def test_a_notebook_that_is_graded_keeps_one_clean_line():
    with Sandbox(("numpy",), {}, Limits(), isolated=False) as sandbox, sandbox.spawn() as worker:
        run = worker.run_cell(CELL)
    assert run.status == "ok"
    assert [(o["output_type"], o["name"], o["text"]) for o in run.outputs] == [
        ("stream", "stdout", "before\n"),
        ("stream", "stderr", f"{LAST}\n"),
        ("stream", "stdout", "after\n"),
    ]
