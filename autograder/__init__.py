"""The pipeline around nbgrader: release, prove, collect, grade, feedback, export, status."""

import sys

# jsonschema imports it, where it is installed, to check a format that no notebook has; that alone
# takes 0.7 s, in every process.
sys.modules.setdefault("rfc3987_syntax", None)
