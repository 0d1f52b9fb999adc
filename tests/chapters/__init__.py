"""Tests of what single chapters say and accept."""
