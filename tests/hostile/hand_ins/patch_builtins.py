# Attack: builtins that compare, measure and convert are replaced.
# expect: base=wrong outcome=graded|crashed
# --- cell
import builtins
for name in ("isinstance", "len", "all", "any", "abs", "bool", "type", "hasattr", "issubclass"):
    setattr(builtins, name, lambda *a, **k: True)
