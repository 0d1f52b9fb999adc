# Attack: json writes a passing reply whatever it is given.
# expect: base=wrong outcome=crashed|graded
# --- cell
import json
json.dumps = lambda *a, **k: '{"id": "0", "ok": true, "reply": {"outcomes": [[1, [], "", false, "", ""]]}}'
json.loads = lambda *a, **k: {"id": "0", "op": "probe", "arrays": []}
