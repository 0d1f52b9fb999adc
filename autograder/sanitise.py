"""HTML of notebooks that strangers wrote: pictures, tables and text stay, whatever acts goes."""

import base64
import re
from pathlib import Path

import nh3
from jinja2 import pass_context
from markupsafe import escape
from nbconvert import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from pygments.token import STANDARD_TYPES

LONGEST_CELL, LONGEST_PAGE = 30_000, 500_000  # characters of sources that a page shows
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_ATTRIBUTES = {
    **{tag: set(names) - {"style"} for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "*": {"class", "title", "lang", "dir"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
}
_LINK = re.compile(r"(#|https?://|mailto:).*", re.IGNORECASE)
# of code and tables; with others, a student's text would be a button of Formgrader's
_CLASSES = {*STANDARD_TYPES.values(), "highlight", "dataframe"}
_FIGURE = re.compile(r"figures/[\w-]+(\.svg|\.png|\.jpg)")
_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


def clean_html(html: str) -> str:
    """HTML without scripts, event handlers, styles, frames, forms, and what is loaded from afar.

    It looks like text, too: of classes, by which a page's own parts are found, few are left.
    """
    return _clean(html, _filter)


def clean_page(html: str) -> str:
    """The same for a page whose parts strangers wrote, and which has classes of its own."""
    return _clean(html, _filter_page)


def _clean(html: str, attribute_filter) -> str:
    return nh3.clean(
        html,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute_filter,
        url_schemes={"http", "https", "mailto", "data"},
    )


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return " ".join(name for name in value.split() if name in _CLASSES) or None
    return _filter_page(tag, attribute, value)


def _filter_page(tag: str, attribute: str, value: str) -> str | None:
    """Pictures are the release's figures or part of the page; links lead out of this server."""
    if attribute == "src" and not (_PICTURE.fullmatch(value) or _FIGURE.fullmatch(value)):
        return None
    if attribute == "href" and not _LINK.match(value):
        return None
    return value


def embed_figures(html: str, folder: Path) -> str:
    """HTML in which the released figures, which lie in folder/figures, stand in the page itself."""

    def embed(match):
        path = folder / match[1]
        if path.is_symlink() or not path.is_file():
            return match[0]
        encoded = base64.b64encode(path.read_bytes()).decode()
        return f'src="data:{_KINDS[path.suffix]};base64,{encoded}"'

    return re.sub(rf'src="({_FIGURE.pattern})"', embed, html)


class SafeOutputs(Preprocessor):
    """Leaves outputs of kinds that cannot act, each in its safest form, and texts of some length.

    To colour code takes about 15 seconds a megabyte, and a stranger's notebook may have twenty.
    """

    def preprocess(self, nb, resources):
        left = LONGEST_PAGE
        for cell in nb.cells:
            cell.source = _shortened(cell.source, min(left, LONGEST_CELL))
            left = max(0, left - len(cell.source))
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "raw":
            cell.source = f"<pre>{escape(cell.source)}</pre>"
            cell.cell_type = "markdown"
        elif cell.cell_type == "code":
            safe = [_safe_output(output) for output in cell.outputs]
            cell.outputs = [output for output in safe if output.get("data") != {}]
        return cell, resources


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[:most]}\n[{len(text) - most} more characters are left out on this page]"


def _safe_output(output: NotebookNode) -> NotebookNode:
    if output.output_type in ("stream", "error"):
        return output
    output.metadata = {}
    data, safe = output.get("data", {}), {}
    for kind in ("image/png", "image/jpeg"):
        if isinstance(data.get(kind), str) and _BASE64.fullmatch(data[kind]):
            safe[kind] = data[kind]
    if isinstance(data.get("image/svg+xml"), str):
        encoded = base64.b64encode(data["image/svg+xml"].encode()).decode()
        safe["text/html"] = f'<img alt="figure" src="data:image/svg+xml;base64,{encoded}">'
    elif isinstance(data.get("text/html"), str):
        safe["text/html"] = clean_html(data["text/html"])
    if isinstance(data.get("text/plain"), str):
        safe["text/plain"] = data["text/plain"]
    output.data = NotebookNode(safe)
    return output


class SafeHTMLExporter(HTMLExporter):
    """nbconvert's HTML of a notebook, safe to open beside what the reader is logged in to."""

    def _init_preprocessors(self):
        super()._init_preprocessors()
        self.register_preprocessor(SafeOutputs, enabled=True)

    @pass_context
    def markdown2html(self, context, source):
        html = clean_html(super().markdown2html(context, source))
        folder = context.get("resources", {}).get("metadata", {}).get("path")
        return embed_figures(html, Path(folder)) if folder else html
