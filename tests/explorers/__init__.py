"""Tests of what explorers compute, say and draw: in Python, under Node and in Chromium."""
