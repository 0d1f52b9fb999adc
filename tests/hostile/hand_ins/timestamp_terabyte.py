# Attack: a time stamp of a terabyte, and a secret that is a folder.
# expect: base=right outcome=graded
# --- folder
import os
(folder / "timestamp.txt").touch()
os.truncate(folder / "timestamp.txt", 2**40)
(folder / "submission_secret.txt").mkdir()
