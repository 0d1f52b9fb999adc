# Attack: a segmentation fault through ctypes.
# expect: base=right outcome=crashed
# --- cell
import ctypes
ctypes.string_at(0)
