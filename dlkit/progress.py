"""A progress bar in one line of text, for a terminal or a notebook."""

import sys
import time

WIDTH = 24  # characters of the bar itself
REDRAW_S = 0.1


class Progress:
    """How far something is: `with Progress("epochs", 20) as bar: bar.to(3, "loss 0.31")`.

    In a terminal the line is written over itself, to stderr. In a notebook it is one output that
    changes: a notebook that was run without a front end keeps each `\\r` and every line before
    it. Anywhere else (a file, a pipe) stderr gets the last line alone.

    Parameters
    ----------
    label : str
        Stands before the bar.
    total : number
        What `to` is told at the end; above 0.
    say : function, optional
        Makes words of what is done and of the total: say(done, total).
    """

    def __init__(self, label, total, say="{} of {}".format):
        self.label, self.total, self.say = label, total, say
        self._draw = _place()
        self._drawn_s = float("-inf")
        self._line = ""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self._line:
            self._draw(self._line, last=True)

    def to(self, done, note=""):
        """Show that `done` of the total is done, with a few words at the end of the line."""
        share = min(max(done / self.total, 0.0), 1.0)
        full = int(WIDTH * share)
        bar = "#" * full + "-" * (WIDTH - full)
        words = f"{self.label} [{bar}] {share:4.0%}  {self.say(done, self.total)}  {note}"
        self._line = words.rstrip()
        if time.monotonic() - self._drawn_s >= REDRAW_S:
            self._drawn_s = time.monotonic()
            self._draw(self._line, last=False)


def _place():
    """The function (line, last) that draws where people look."""
    if sys.stderr.isatty():
        return _Terminal()
    ipython = sys.modules.get("IPython")
    if ipython and hasattr(ipython.get_ipython(), "kernel"):
        return _Notebook()
    return _last_line


class _Terminal:
    """Each line covers the one before."""

    def __init__(self):
        self._widest = 0

    def __call__(self, line, last):
        self._widest = max(self._widest, len(line))
        end = "\n" if last else ""
        print(f"\r{line.ljust(self._widest)}", end=end, file=sys.stderr, flush=True)


class _Notebook:
    """One output of the cell, as text, whose content is replaced."""

    def __init__(self):
        self._shown = None

    def __call__(self, line, last):
        from IPython.display import display  # a kernel has loaded it already

        content = {"text/plain": line}
        if self._shown is None:
            self._shown = display(content, raw=True, display_id=True)
        else:
            self._shown.update(content, raw=True)


def _last_line(line, last):
    if last:
        print(line, file=sys.stderr, flush=True)
