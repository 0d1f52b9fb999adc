"""What a student's test cell calls: `from dlkit.check import check`."""

from dlkit.check.student import CheckFailed, check

__all__ = ["CheckFailed", "check"]
