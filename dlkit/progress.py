"""A progress bar in one line of text, for a terminal or a notebook."""

import sys
import time

WIDTH = 24  # characters of the bar itself
REDRAW_S = 0.1


class Progress:
    """How far something is: `with Progress("epochs", 20) as bar: bar.to(3, "loss 0.31")`.

    Written to stderr, in a terminal and in a notebook over itself; where a file or a pipe takes
    stderr, the last line alone is written.

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
        self._live = sys.stderr.isatty() or "ipykernel" in sys.modules
        self._drawn_s = float("-inf")
        self._line = ""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self._line:
            print(f"\r{self._line}" if self._live else self._line, file=sys.stderr, flush=True)

    def to(self, done, note=""):
        """Show that `done` of the total is done, with a few words at the end of the line."""
        share = min(max(done / self.total, 0.0), 1.0)
        full = int(WIDTH * share)
        bar = "#" * full + "-" * (WIDTH - full)
        line = f"{self.label} [{bar}] {share:4.0%}  {self.say(done, self.total)}  {note}".rstrip()
        self._line = line.ljust(len(self._line))  # covers what is left of a longer line
        if self._live and time.monotonic() - self._drawn_s >= REDRAW_S:
            self._drawn_s = time.monotonic()
            print(f"\r{self._line}", end="", file=sys.stderr, flush=True)
