"""Tests of the sandbox: what it closes off, what it limits, what it believes."""
