# Attack: gives itself marks in the gradebook and in the results.
# expect: base=wrong outcome=graded
# --- cell
import os, sqlite3
os.makedirs("CLASSROOM/results/ch01_perceptron", exist_ok=True)
for path in ("CLASSROOM/results/ch01_perceptron/write_gradebook.json", "CLASSROOM/hostile-was-here",
             "ROOT/hostile-was-here", "/tmp/hostile-was-here", "/dev/shm/hostile-was-here"):
    try:
        open(path, "w").write('{"score": 31}')
    except OSError as error:
        print(error)
try:
    base = sqlite3.connect("CLASSROOM/gradebook.db")
    base.execute("update grade set auto_score = 99")
    base.commit()
except Exception as error:
    print(error)
