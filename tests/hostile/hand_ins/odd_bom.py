# Oddity: the file begins with a byte order mark.
# expect: base=right outcome=graded
# --- bytes
data = b"\xef\xbb\xbf" + data
