"""The pipeline around nbgrader: release, prove, collect, grade, feedback, export, status."""
