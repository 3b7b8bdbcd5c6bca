"""Sizes and shapes: the rows and columns of a value, as numbers, symbols and products of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import prod


@dataclass(frozen=True, slots=True)
class Size:
    """A number of rows or columns: an integer times a sorted multiset of size symbols.

    Products arise from vec and from the Kronecker product. Two sizes are equal only when spelled alike.
    """

    number: int
    symbols: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The size as a Python expression: ``n``, ``3``, ``m*n``."""
        parts = [name.lstrip("\\") for name in self.symbols]
        if self.number != 1 or not parts:
            parts.insert(0, str(self.number))
        return "*".join(parts)

    def latex(self) -> str:
        """The size in LaTeX: ``n``, ``3``, ``mn``, ``\\ell``."""
        head = str(self.number) if self.number != 1 or not self.symbols else ""
        return head + " ".join(self.symbols) if any("\\" in s for s in self.symbols) else head + "".join(self.symbols)

    def value(self, sizes: Mapping[str, int]) -> int:
        """The number of rows it stands for when each symbol has the given value."""
        return self.number * prod(sizes[name] for name in self.symbols)


@cache
def _size(number: int, symbols: tuple[str, ...]) -> Size:
    return Size(number, symbols)


def size(spelled: int | str) -> Size:
    """The size spelled as a number, a symbol, or a product such as ``m*n``; equal spellings give one object."""
    if isinstance(spelled, int):
        return _size(spelled, ())
    number, symbols = 1, []
    for part in spelled.split("*"):
        part = part.strip()
        if part.isdigit():
            number *= int(part)
        else:
            symbols.append(part)
    return _size(number, tuple(sorted(symbols)))


def times(left: Size, right: Size) -> Size:
    """The product of two sizes."""
    return _size(left.number * right.number, tuple(sorted(left.symbols + right.symbols)))


ONE = size(1)


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows and columns. Shapes made by :func:`shape` are one object each, so ``is`` compares them."""

    rows: Size
    cols: Size

    def __str__(self) -> str:
        return f"{self.rows} x {self.cols}"

    @property
    def transposed(self) -> Shape:
        return shape(self.cols, self.rows)

    @property
    def kind(self) -> str:
        """``scalar``, ``vector`` (a column), ``row`` or ``matrix``."""
        if self.cols is ONE:
            return "scalar" if self.rows is ONE else "vector"
        return "row" if self.rows is ONE else "matrix"

    def json(self) -> list[int | str]:
        """As the JSON of a solution has it: ``["n", 1]``."""
        return [s.number if not s.symbols else str(s) for s in (self.rows, self.cols)]


@cache
def shape(rows: Size, cols: Size) -> Shape:
    """The one object for this shape."""
    return Shape(rows, cols)


SCALAR = shape(ONE, ONE)
