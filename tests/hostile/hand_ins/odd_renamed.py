# Oddity: the file has the name that a browser gave it, and a checkpoint folder lies beside.
# expect: base=right outcome=graded
# --- folder
notebook.rename(folder / "ch01_perceptron (1).ipynb")
(folder / ".ipynb_checkpoints").mkdir()
(folder / ".ipynb_checkpoints" / "ch01_perceptron-checkpoint.ipynb").write_text("{}")
(folder / "notes.docx").write_bytes(b"PK")
