"""Hostile, broken and odd hand-ins of chapter 1, graded with honest neighbours."""
