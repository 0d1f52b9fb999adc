# Attack: script in rich outputs, in reprs, in error texts and in links.
# expect: base=right outcome=graded
# --- cell
from IPython.display import HTML, Image, Javascript, Markdown, SVG, IFrame, display
script = "<script>alert('hostile-script')</script><img src=x onerror=hostile()>"
display(HTML(script), Javascript("hostile()"), Markdown(f"[x](javascript:hostile()) {script}"))
display(SVG(f'<svg xmlns="http://www.w3.org/2000/svg" onload="hostile()">{""}</svg>'), IFrame("http://hostile.example", 9, 9))
display({"text/html": script, "application/javascript": "hostile()", "text/latex": "\\href{javascript:hostile()}{x}"}, raw=True)
# --- cell
raise ValueError("</pre><script>alert('hostile-script')</script>")
# --- last
print("</pre></div><script>alert('hostile-script')</script>")
