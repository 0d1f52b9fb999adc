"""ES modules of the explorers joined into one text, since a widget is given one file.

Each module stays a file of its own that Node and a browser can load: it imports with lines of the
form `import { a, b } from "./name.js";` and exports functions, classes and constants by name.
"""

import functools
import re
from importlib.resources import files

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|function|class) (\w+))", re.MULTILINE)


def source(name):
    """The text of one of the package's files."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@functools.cache
def panel_module():
    """The module of an explorer that the kernel draws."""
    return f"{joined('panel')}export default {{ render: $panel.render }};\n"


@functools.cache
def browser_module(name):
    """The module of an explorer that the browser computes and draws, from NAME.js."""
    model = f"$browser.inBrowser(model, ${name}.explorer)"
    render = f"({{ model, el }}) => $panel.render({{ model: {model}, el }})"
    return f"{joined('panel', 'browser', name)}export default {{ render: {render} }};\n"


def joined(*names):
    """These modules and all that they import, each a constant $NAME with what it exports."""
    parts = {}

    def add(name):
        if name in parts:
            return
        text = source(f"{name}.js")
        for _names, other in _IMPORT.findall(text):
            add(other)
        body = _IMPORT.sub(r"const {\1} = $\2;\n", text)
        exported = ", ".join(_EXPORT.findall(body))
        body = _EXPORT.sub("", body)
        parts[name] = f"const ${name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"

    for name in names:
        add(name)
    return "".join(parts.values())
