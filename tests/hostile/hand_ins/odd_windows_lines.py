# Oddity: Windows line ends, in the file and in the sources, and tabs.
# expect: base=right outcome=graded
# --- notebook
for cell in nb["cells"]:
    text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    cell["source"] = text.replace("\n", "\r\n")
# --- bytes
data = data.replace(b"\n", b"\r\n")
