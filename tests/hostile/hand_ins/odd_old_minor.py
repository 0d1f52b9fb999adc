# Oddity: nbformat 4.2 without cell ids, another kernel's name, and unknown keys.
# expect: base=right outcome=graded
# --- notebook
nb["nbformat_minor"] = 2
nb["metadata"]["kernelspec"] = {"name": "conda-env-x", "display_name": "My Python", "language": "python"}
nb["my_editor"] = {"x": 1}
for cell in nb["cells"]:
    cell.pop("id", None)
    cell["my_editor"] = True
