# Attack: replaces `check` and what decides in dlkit, so that everything passes.
# expect: base=wrong outcome=graded
# --- cell
import dlkit.check
import dlkit.check.accept, dlkit.check.part, dlkit.check.report
check = dlkit.check.check = lambda *a, **k: print("✓ everything")
dlkit.check.accept.judge = lambda *a, **k: None
dlkit.check.part.PartCheck.verdict = lambda *a, **k: dlkit.check.part.Verdict(True)
dlkit.check.part.PartCheck.difference = lambda *a, **k: None
