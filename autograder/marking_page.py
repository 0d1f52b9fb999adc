"""Formgrader's page on which a hand-in is marked: harmless, complete without the internet."""

from jinja2 import DictLoader, pass_context
from traitlets import Bool, default

from autograder.formulas import draw_formulas
from autograder.sanitise import SafeHTMLExporter

# nbgrader's template loads MathJax from afar here. Its script waits for MathJax before it learns
# the keys and goes to the box that it was left at; without an answer it would do neither.
_IN_PLACE_OF_MATHJAX = """
{%- macro mathjax() -%}
<script>
var MathJax = {Hub: {Startup: {signal: {Interest: function (tell) {
  $(document).one("ajaxStop", function () {  // marks and comments have been filled in
    var open = $(".needs_manual_grade").first();
    if (open.length && !location.search) { formgrader.last_selected = open; }
    tell("End");
  });
}}}}};

// The answer to one box's saving fills in its neighbours, too: what is being typed there stays.
document.addEventListener("input", function (e) { $(e.target).data("typing", true); }, true);
document.addEventListener("change", function (e) { $(e.target).data("typing", false); }, true);
[GradeUI, CommentUI].forEach(function (view) {
  view.prototype.render = _.wrap(view.prototype.render, function (render) {
    var box = this.$el.find(":focus"), typed = box.val();
    render.call(this);
    if (box.data("typing")) { box.val(typed); }
  });
});
</script>
<style>
#notebook img { border: none; max-width: 100%; }
#notebook td, #notebook th { padding: 0.1em 0.6em; }
#notebook summary { display: list-item; }
/* Prev and Next beside the title in a narrow frame, too, where it lay over them */
.navbar .col-md-2, .navbar .col-md-8 { float: left; width: 10%; }
.navbar .col-md-8 { width: 80%; }
</style>
{%- endmacro -%}
"""


class MarkingPageExporter(SafeHTMLExporter):
    """What Formgrader shows of an autograded notebook, opened at what a person has to mark."""

    exclude_anchor_links = Bool(True)

    @default("extra_loaders")
    def _default_extra_loaders(self):
        return [DictLoader({"mathjax.html.j2": _IN_PLACE_OF_MATHJAX})]

    @pass_context
    def markdown2html(self, context, source):
        return draw_formulas(super().markdown2html(context, source))
