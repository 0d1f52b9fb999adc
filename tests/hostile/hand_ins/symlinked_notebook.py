# Attack: the notebook is a link to a neighbour's.
# expect: base=right outcome=unreadable
# --- folder
notebook.unlink()
notebook.symlink_to(classroom / "submitted/aaa_honest/ch01_perceptron/ch01_perceptron.ipynb")
