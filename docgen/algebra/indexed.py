r"""Formulas of single entries: a_{jk}, δ_{ij}, ∂/∂x_i, minors. They stand below sums over indices (``total``).

An index is a name. It runs over the rows or columns of what it is an index of; the entries of a vector have one index.
The index that a size of 1 would have is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docgen.algebra.node import Node, make, walk
from docgen.algebra.sizes import ONE, SCALAR, Size
from docgen.errors import ShapeError

#: Letters for indices, in the order in which they are taken.
LETTERS = "ijklpqrstuvhgabcyzw"

_CAPITAL = re.compile("[A-Z]")


def entry(array: Node, row: str | None, col: str | None, letter: str | None = None) -> Node:
    r"""One entry of a vector or matrix. ``letter`` is what it is printed with, ``a`` for the a_{jk} of A; without it,
    the array in brackets stands before the indices."""
    for index, size, word in ((row, array.shape.rows, "row"), (col, array.shape.cols, "column")):
        if (index is None) is not (size is ONE):
            raise ShapeError(f"an entry of {array.shape} needs {'no' if size is ONE else 'a'} {word} index")
    return make("entry", (array,), (row, col, letter), SCALAR, uses=frozenset(i for i in (row, col) if i is not None))


def delta(left: str, right: str) -> Node:
    """The Kronecker delta: 1 where both indices are equal, else 0."""
    return make("delta", (), (left, right), SCALAR, uses=frozenset((left, right)))


def alternating(left: str, right: str) -> Node:
    """(-1) to the power of the sum of two indices."""
    return make("alternating", (), (left, right), SCALAR, uses=frozenset((left, right)))


def minor(matrix: Node, row: str, col: str, letter: str) -> Node:
    """The determinant of a square matrix without one row and one column."""
    if matrix.shape.rows is not matrix.shape.cols:
        raise ShapeError(f"a minor needs a square matrix, but this one is {matrix.shape}")
    return make("minor", (matrix,), (row, col, letter), SCALAR, uses=frozenset((row, col)))


def partial(body: Node, by: Node) -> Node:
    """The partial derivative of a scalar by an entry of the variable, not carried out."""
    return make("partial", (body, by), None, SCALAR)


def index_sizes(node: Node) -> dict[str, Size]:
    """What each index in a formula of entries runs to, as far as an entry or a minor tells."""
    found: dict[str, Size] = {}
    for at in walk(node):
        if at.op in ("entry", "minor"):
            given = at.args[0].shape
            for index, size in zip(at.data[:2], (given.rows, given.cols), strict=True):
                if index is not None:
                    found[index] = size
    return found


def letter_of(array: Node, symbols: Iterable[Node]) -> str | None:
    r"""The letter for the entries of a symbol: small for a matrix, unless the small letter is a symbol itself; None
    where its name has an index or an exponent already."""
    name: str = array.data.name
    if array.data.index is not None or "_" in name or "^" in name or "'" in name:
        return None
    small = name.lower()
    if _CAPITAL.fullmatch(name) and array.shape.kind == "matrix" and small not in {s.data.name for s in symbols}:
        return small
    return name


def size_symbols(formula: Node) -> set[str]:
    """The size symbols in a formula: of the shapes of its parts, and of the numbers of samples."""
    nodes = list(walk(formula))
    sizes = {size for node in nodes for size in (node.shape.rows, node.shape.cols)}
    return {name for size in sizes | {n.data.count for n in nodes if n.op == "total"} for name in size.symbols}


def free_letters(symbols: Iterable[Node], sizes: Iterable[str], indices: Iterable[str], name: str) -> Sequence[str]:
    """The letters that are free for indices: no symbol, no letter of an entry, no size, no bound index, and not the
    name of the function."""
    names = [symbol.data.name for symbol in symbols]
    taken = {*names, *(n.lower() for n in names), *(size.lstrip("\\") for size in sizes), *indices, name}
    return [letter for letter in LETTERS if letter not in taken]
