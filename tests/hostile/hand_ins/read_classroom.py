# Attack: reads the gradebook, the secret, a neighbour's notebook and the reference.
# expect: base=right outcome=graded|timeout
# --- cell
import glob, os
for place in ("CLASSROOM", "ROOT", "HOME", "/root", "/home", "/etc", "/var", "/proc/1/root", "/proc/1/cwd",
              "../..", "/mnt", "/work", "/tmp"):
    for path in glob.glob(f"{place}/**", recursive=True)[:300]:
        try:
            print(path, open(path, errors="replace").read(3000))
        except OSError:
            pass
for path in ("CLASSROOM/secret", "CLASSROOM/canary.txt", "CLASSROOM/gradebook.db",
             "CLASSROOM/submitted/aaa_honest/ch01_perceptron/ch01_perceptron.ipynb",
             "ROOT/solutions/ch01_perceptron/exercises.py"):
    try:
        print(open(path, "rb").read()[:5000])
    except OSError as error:
        print(type(error).__name__)
