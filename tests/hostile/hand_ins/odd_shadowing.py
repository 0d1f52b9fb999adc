# Oddity: own variables called like modules, builtins and the checker's words.
# expect: base=right outcome=graded
# --- last
list = [1]; sum = 3; str = "x"; type = 1; check = None; In = 3; _ = 4; signal = 5; json = 6; len = 7; print = 8
