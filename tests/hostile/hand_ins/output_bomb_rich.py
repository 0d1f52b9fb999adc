# Attack: thousands of displays, each large, and a picture of a gigabyte.
# expect: base=right outcome=graded
# --- cell
from IPython.display import HTML, display
for _ in range(3000):
    display(HTML("<b>" + "x" * 2000 + "</b>"))
# --- last
import matplotlib.pyplot as plt
try:
    plt.figure(figsize=(400, 400), dpi=100)
    plt.show()
except (MemoryError, ValueError) as error:
    print(type(error).__name__)
