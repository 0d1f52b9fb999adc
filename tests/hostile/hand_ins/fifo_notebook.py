# Attack: the notebook is a pipe that nobody ever writes to.
# expect: base=right outcome=missing|unreadable
# --- folder
import os
notebook.unlink()
os.mkfifo(notebook)
