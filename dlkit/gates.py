"""The sixteen functions of two binary inputs: their names and their outputs."""

# the order of the inputs (x1, x2) in every truth table of the course
INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))

# outputs for INPUTS, from 00 to 11
GATES = {
    "AND": (0, 0, 0, 1),
    "NAND": (1, 1, 1, 0),
    "OR": (0, 1, 1, 1),
    "XOR": (0, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XNOR": (1, 0, 0, 1),
    "always 0": (0, 0, 0, 0),
    "always 1": (1, 1, 1, 1),
    "x1": (0, 0, 1, 1),
    "NOT x1": (1, 1, 0, 0),
    "x2": (0, 1, 0, 1),
    "NOT x2": (1, 0, 1, 0),
    "x1 AND NOT x2": (0, 0, 1, 0),
    "x2 AND NOT x1": (0, 1, 0, 0),
    "x1 OR NOT x2": (1, 0, 1, 1),
    "x2 OR NOT x1": (1, 1, 0, 1),
}
