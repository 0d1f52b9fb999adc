# Attack: IPython's run_cell, display hook and traceback are replaced.
# expect: base=wrong outcome=graded|crashed
# --- cell
import sys
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.run_cell = lambda *a, **k: None
InteractiveShell.showtraceback = lambda *a, **k: print("✓ all points")
sys.displayhook = lambda value: print("✓ perceptron  1 of 1 point")
get_ipython().__class__.run = lambda *a: None
