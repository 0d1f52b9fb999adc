"""The progress bar: over itself where a person watches, one line where a file takes it."""

import sys

import pytest

from dlkit import progress
from dlkit.progress import Progress


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
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
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
