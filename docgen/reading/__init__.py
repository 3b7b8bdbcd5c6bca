"""Text to formula: the LaTeX and the plain spelling, symbols and their shapes, and every error with its place.

>>> from docgen.algebra.node import workspace
>>> with workspace():
...     read(r"x^T A x", "x", declare({"x": "n", "A": "n x n"})).formula
mul(T(x), A, x)
"""

from __future__ import annotations

from docgen.reading.declarations import ASSUMPTIONS, Declarations, Notice, declare, read_shape
from docgen.reading.names import canonical
from docgen.reading.reader import Reading, read, read_equation

__all__ = [
    "ASSUMPTIONS", "Declarations", "Notice", "Reading", "canonical", "declare", "read", "read_equation", "read_shape",
]  # fmt: skip
