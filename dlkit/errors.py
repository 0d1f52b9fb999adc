"""Errors of dlkit that a student can read: what was expected, what came, and the likely slip.

DlkitError
├── ShapeError    (also a ValueError)    an array has the wrong shape
├── DtypeError    (also a TypeError)     an array holds no numbers, or the wrong kind of them
├── NotFiniteError (also an ArithmeticError)  training went to nan or infinity
└── OrderError    (also a RuntimeError)  a method was called before the one it needs
"""


class DlkitError(Exception):
    """Base of the errors that dlkit raises on purpose."""


class ShapeError(DlkitError, ValueError):
    """An array has the wrong shape; the message names both shapes and the likely slip."""


class DtypeError(DlkitError, TypeError):
    """An array holds text, objects or complex numbers, or floats where whole numbers belong."""


class NotFiniteError(DlkitError, ArithmeticError):
    """A loss or a gradient is nan or infinite; the message says where that began."""


class OrderError(DlkitError, RuntimeError):
    """A method needs values that another method stores, and that one has not run yet."""
