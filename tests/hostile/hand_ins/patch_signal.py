# Attack: alarms and interrupts are disarmed before an endless answer.
# expect: base=right outcome=timeout lost=margin any
# --- cell
import signal
signal.setitimer = signal.alarm = lambda *a: 0
signal.signal = lambda *a: None
# --- answer margin
def margin(X, t, w, b):
    while True:
        pass
