# Oddity: widgets, an animation and a progress bar, with nobody to show them to.
# expect: base=right outcome=graded
# --- cell
import ipywidgets as widgets
from IPython.display import clear_output, display
slider = widgets.IntSlider(3)
display(slider)
@widgets.interact(x=(0, 10))
def show(x=2):
    print(x)
out = widgets.Output()
with out:
    print("inside")
display(out, widgets.HBox([slider, widgets.Button(description="go")]))
clear_output(wait=True)
# --- last
gate_playground(); perceptron_steps()
