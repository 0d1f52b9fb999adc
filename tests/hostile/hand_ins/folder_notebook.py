# Attack: the notebook is a folder of that name.
# expect: base=right outcome=missing|unreadable
# --- folder
notebook.unlink()
notebook.mkdir()
(notebook / "x.ipynb").symlink_to(classroom / "secret")
