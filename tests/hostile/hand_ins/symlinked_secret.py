# Attack: files beside the notebook link to the secret, and one is a named pipe.
# expect: base=right outcome=graded
# --- folder
import os
(folder / "timestamp.txt").symlink_to(classroom / "secret")
(folder / "submission_secret.txt").symlink_to(classroom / "canary.txt")
(folder / "figures").symlink_to(classroom)
os.mkfifo(folder / "data.ipynb")
(folder / "other.ipynb").symlink_to(classroom / "gradebook.db")
