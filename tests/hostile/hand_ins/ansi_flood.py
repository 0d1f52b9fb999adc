# Attack: terminal control sequences and bidirectional marks that rewrite what the reader sees.
# expect: base=right outcome=graded
# --- cell
print("\x1b[2J\x1b]0;title\x07\x1b[31m" * 2000 + "\u202e hidden \u2066 \x00 \x08" * 2000)
# --- cell
raise ValueError("\x1b[8m" * 5000 + "\x1b]8;;http://hostile.example\x1b\\click")
