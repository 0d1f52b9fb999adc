"""Errors of dlkit that a student can read: what was expected, what came, and the likely slip.

DlkitError
├── ShapeError       (also a ValueError)        an array has the wrong shape
├── DtypeError       (also a TypeError)         an array holds no numbers, or the wrong kind of them
├── NotFiniteError   (also an ArithmeticError)  training went to nan or infinity
├── DataError        (also a ValueError)        a data file is damaged, or another than it should be
├── DownloadError    (also an OSError)          a data file is not here and could not be fetched
├── CheckpointError  (also a ValueError)        a checkpoint is damaged, or of another model
└── OrderError       (also a RuntimeError)      a method was called before the one it needs
"""


class DlkitError(Exception):
    """Base of the errors that dlkit raises on purpose."""


class ShapeError(DlkitError, ValueError):
    """An array has the wrong shape; the message names both shapes and the likely slip."""


class DtypeError(DlkitError, TypeError):
    """An array holds text, objects or complex numbers, or floats where whole numbers belong."""


class NotFiniteError(DlkitError, ArithmeticError):
    """A loss or a gradient is nan or infinite; the message says where that began."""


class CheckpointError(DlkitError, ValueError):
    """A checkpoint cannot be read, or does not fit what it is read into."""


class OrderError(DlkitError, RuntimeError):
    """A method needs values that another method stores, and that one has not run yet."""


class DataError(DlkitError, ValueError):
    """A data file is damaged, or is not the file that was published under its name."""


class DownloadError(DlkitError, OSError):
    """A data file is not here and could not be fetched; the message says what to do by hand."""
