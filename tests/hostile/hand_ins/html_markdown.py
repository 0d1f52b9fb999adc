# Attack: script, forms, style and remote pictures in Markdown, attachments and the written answer.
# expect: base=right outcome=graded
# --- notebook
bad = ("<script>alert('hostile-script')</script> <img src=x onerror=hostile()> <style>body{display:none}</style>"
       "<form action=http://hostile.example><input></form> ![x](http://hostile.example/x.png) [y](javascript:hostile())"
       "<iframe srcdoc='<script>hostile()</script>'></iframe> <svg onload=hostile()><base href=//hostile.example>")
nb["cells"].insert(1, {"cell_type": "markdown", "id": "bad", "metadata": {}, "source": bad,
    "attachments": {"x.svg": {"image/svg+xml": bad}, "../y.png": {"image/png": "x' onload='hostile()"}}})
for cell in nb["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("grade_id") == "written_ch01":
        cell["source"] = bad
