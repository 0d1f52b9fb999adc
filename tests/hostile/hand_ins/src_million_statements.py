# Attack: millions of statements to parse, and one definition of a megabyte that xor uses.
# expect: base=right outcome=graded|timeout lost=xor
# --- notebook
big = "def big():\n" + "".join(f"    a{i} = b{i} + [x for x in c]\n" for i in range(30_000))
own = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
nb["cells"].insert(0, {**own, "id": "wide", "source": "a;" * 3_000_000})
nb["cells"].insert(2, {**own, "id": "long", "source": big})
for cell in nb["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("grade_id") == "xor":
        cell["source"] = "".join(cell["source"]).replace("x2):\n", "x2):\n    big\n", 1)
