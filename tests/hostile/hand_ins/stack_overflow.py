# Attack: recursion that overflows the C stack.
# expect: base=right outcome=crashed|graded
# --- cell
import sys
sys.setrecursionlimit(10**9)
def deep(n):
    return [*map(deep, [n + 1])]
deep(0)
