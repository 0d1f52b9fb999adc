"""Errors that a person reads on the command line, each with its own exit code.

AutograderError            1  something expected went wrong; the message says what to do
├── SourceError            1  an author's file contradicts itself
├── NoVerdict              3  our fault: a submission could not be judged (retried, never a zero)
├── SandboxUnavailable     4  isolation does not work on this machine; nothing was run
└── ClassroomBusy          5  another process is writing to this classroom
"""

import click


class AutograderError(click.ClickException):
    exit_code = 1


class SourceError(AutograderError):
    pass


class NoVerdict(AutograderError):
    exit_code = 3


class SandboxUnavailable(AutograderError):
    exit_code = 4


class ClassroomBusy(AutograderError):
    exit_code = 5
