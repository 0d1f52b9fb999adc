# Attack: looks each answer up among the values stored for `check`.
# expect: base=wrong outcome=graded
# --- cell
import json
from dlkit.check.codec import from_text
stored = json.load(open("checks.json"))["exercises"]
def look_up(name):
    values = [from_text(text) if isinstance(text, str) else text for text in stored[name]["parts"][0]["expected"]]
    turn = iter(values * 5)
    def answer(*a, **k):
        value = next(turn)
        return getattr(value, "value", value)
    return answer
# --- answer perceptron
try: perceptron = look_up("perceptron")
except Exception as error: print(repr(error))
# --- answer decision_line
try: decision_line = look_up("decision_line")
except Exception as error: print(repr(error))
# --- answer perceptron_batch
try: perceptron_batch = look_up("perceptron_batch")
except Exception as error: print(repr(error))
# --- answer perceptron_update
try: perceptron_update = look_up("perceptron_update")
except Exception as error: print(repr(error))
# --- answer margin
try: margin = look_up("margin")
except Exception as error: print(repr(error))
