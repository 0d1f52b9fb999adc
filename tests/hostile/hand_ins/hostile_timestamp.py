# Attack: a time stamp of another world, and one that is no text.
# expect: base=right outcome=graded
# --- folder
(folder / "timestamp.txt").write_bytes(b"9999-99-99 \xff\xfe \x00 <script>")
