# Attack: the notebook's name holds bytes of no encoding, a line's end and markup.
# expect: base=right outcome=graded
# --- folder
import os
os.rename(notebook, os.fsencode(folder) + b"/\xff\xfe\n<script>hostile()<(script)>.ipynb")
