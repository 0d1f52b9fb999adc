# Oddity: a cell that takes almost all the time it may.
# expect: base=right outcome=graded
# --- cell
import time
time.sleep(1.2)
