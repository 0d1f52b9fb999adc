# Oddity: a notebook of the old format 3.
# expect: base=right outcome=graded
# --- bytes
import json, nbformat, warnings
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    old = nbformat.convert(nbformat.reads(data.decode(), as_version=4), 3)
data = json.dumps(old).encode()
