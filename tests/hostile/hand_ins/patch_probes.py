# Attack: replaces the probes and the code that answers them by a claim of success.
# expect: base=wrong outcome=crashed|graded
# --- cell
import dlkit.check.calls as calls, dlkit.check.probes as probes, dlkit.check.remote as remote
yes = calls.Outcome(True)
for name in list(probes._PROBES):
    setattr(probes, name, lambda *a, **k: True)
probes.by_name = lambda name: (lambda *a, **k: True)
calls.run_case = lambda *a, **k: yes
remote.run_cases = lambda objects, probe, cases, *a: [yes] * len(cases)
