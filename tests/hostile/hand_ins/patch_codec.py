# Attack: the packer marks every value as the type and value that is wanted.
# expect: base=wrong outcome=graded|crashed
# --- cell
import dlkit.check.codec as codec, dlkit.check.calls as calls, dlkit.check.remote as remote
codec.pack = calls.pack = remote.pack = lambda value: ([[True, [], "", False, "", ""]] * 60, [])
