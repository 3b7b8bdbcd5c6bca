"""From coordinates back to vectors and matrices.

A term is a graph: indices are its nodes, the entry m_{jk} of a matrix joins j and k, the entry v_j of a vector hangs on
j. Summing over an index that joins two entries is a matrix product, a closed walk is a trace, entries that share all
their indices are a Hadamard product.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from docgen.algebra.node import Node, Sum, dim, eye, num, ones, power, unary
from docgen.algebra.normal import flip, hadamard, product, trace_of
from docgen.algebra.products import raised
from docgen.algebra.renormal import diagonal, sum_over
from docgen.algebra.sizes import ONE, Size, shape
from docgen.calculus.coordinates_terms import Delta, Factor, Term
from docgen.errors import UnsupportedError


class _Graph:
    """One term on its way back."""

    def __init__(self, term: Term, sizes: Mapping[str, Size]) -> None:
        self.sizes = {**sizes, **{bound.index: bound.count for bound in term.sums}}
        self.scalars: list[Node] = [num(term.number)]
        self.gone: set[str] = set()
        self.vectors: dict[str, list[tuple[Node, Fraction]]] = {}
        self.edges: list[tuple[str, str, Node]] = []
        for piece in term.pieces:
            if isinstance(piece, Delta):
                self.join(piece.left, piece.right, eye(self.sizes[piece.left]))
            elif not self._square(piece, term):
                self.take(piece)

    def _square(self, piece: Factor, term: Term) -> bool:
        """Take the sum of the squares of all entries of a matrix whole; whether it was one."""
        bound = {one.index for one in term.sums}
        others = {i for other in term.pieces if other is not piece for i in other.indices}
        own = set(piece.indices)
        if piece.exponent != 2 or len(own) != 2 or not own <= bound - others:
            return False
        squared = unary("normsq", piece.node)
        self.scalars.append(squared if "typed" in squared.memo else trace_of(product([flip(piece.node), piece.node])))
        self.gone |= own
        return True

    def take(self, piece: Factor) -> None:
        """Hang an entry where it belongs."""
        node, row, col = piece.node, piece.row, piece.col
        if row is None and col is None:
            self.scalars.append(raised(node, piece.exponent))
        elif row is None or col is None:
            self.vectors.setdefault(row or col or "", []).append((node if col is None else flip(node), piece.exponent))
        else:
            self.join(row, col, hadamard([power(node, piece.exponent)]) if piece.exponent != 1 else node)

    def join(self, row: str, col: str, matrix: Node) -> None:
        """Add the entry of a matrix."""
        if row == col:
            self.vectors.setdefault(row, []).append((unary("dg", matrix), Fraction(1)))
        else:
            self.edges.append((row, col, matrix))

    def merge(self) -> None:
        """Entries at the same two indices become one, by Hadamard products."""
        edges, self.edges = self.edges, []
        for row, col, matrix in edges:
            for at, (a, b, other) in enumerate(self.edges):
                if {a, b} == {row, col}:
                    self.edges[at] = (a, b, hadamard([other, matrix if a == row else flip(matrix)]))
                    break
            else:
                self.edges.append((row, col, matrix))

    def vector(self, index: str) -> Node | None:
        """What hangs on an index, as one vector."""
        held = self.vectors.pop(index, [])
        return hadamard([raised(v, e) for v, e in held]) if held else None

    def degree(self, index: str) -> int:
        """How many matrices have the index."""
        return sum(index in edge[:2] for edge in self.edges)

    def sum_out(self, index: str) -> None:
        """Carry out the sum over an index of at most two matrices."""
        edges = [edge for edge in self.edges if index in edge[:2]]
        if not edges:
            self.scalars.append(self._whole(index))
            return
        self.edges = [edge for edge in self.edges if index not in edge[:2]]
        held = self.vector(index)
        # turned so that the index that goes is a column of the first matrix and a row of the second
        (a, b, matrix), *more = edges
        start, first = (a, matrix) if b == index else (b, flip(matrix))
        if not more:
            vector = held if held is not None else ones(shape(self.sizes[index], ONE))
            self.vectors.setdefault(start, []).append((product([first, vector]), Fraction(1)))
            return
        a, b, matrix = more[0]
        end, second = (b, matrix) if a == index else (a, flip(matrix))
        middle = [] if held is None else [diagonal(held)]
        self.join(start, end, product([first, *middle, second]))

    def _whole(self, index: str) -> Node:
        """The sum over an index of what hangs on it alone."""
        held = self.vectors.pop(index, [])
        if not held:
            return dim(self.sizes[index])
        if len(held) == 1:
            node, exponent = held[0]
            if exponent == 2:
                squared = unary("normsq", node)
                return squared if "typed" in squared.memo else product([flip(node), node])
            if node.op == "dg" and exponent == 1:
                return trace_of(node.args[0])
            vector = hadamard([power(node, exponent)]) if exponent != 1 else node
            return product([flip(ones(vector.shape)), vector])
        first, *rest = [raised(v, e) for v, e in held]
        return product([flip(first), hadamard(rest)])


def matrix_of(term: Term, row: str | None, col: str | None, sizes: Mapping[str, Size], samples: frozenset[str]) -> Node:
    """The vector or matrix whose entry at the free indices is the term; ``samples`` are indices of sums over samples,
    which stay sums. Raises UnsupportedError where three matrices or more share an index that is summed over."""
    graph = _Graph(term, sizes)
    left = [bound.index for bound in term.sums if bound.index not in samples | graph.gone]
    while left:
        index = min(left, key=lambda i: (graph.degree(i), left.index(i)))
        if graph.degree(index) > 2:
            graph.merge()
            index = min(left, key=lambda i: (graph.degree(i), left.index(i)))
        if graph.degree(index) > 2:
            raise UnsupportedError(
                "the method 'coordinates' arrives at a sum that is no product of matrices",
                hint="Use the method 'differential'.",
            )
        graph.sum_out(index)
        left.remove(index)
    graph.merge()
    result = product([*graph.scalars, *_free(graph, row, col)])
    for bound in reversed(term.sums):
        if bound.index in samples:
            result = sum_over(Sum(bound.index, bound.count), result)
    return result


def _free(graph: _Graph, row: str | None, col: str | None) -> list[Node]:
    """What is left at the free indices, as factors."""
    if row is None and col is None:
        return []
    if row is None or col is None:
        index = row or col or ""
        vector = graph.vector(index)
        column = vector if vector is not None else ones(shape(graph.sizes[index], ONE))
        return [column if col is None else flip(column)]
    u, w = graph.vector(row), graph.vector(col)
    if graph.edges:  # merged, so there is one
        ((start, _, edge),) = graph.edges
        matrix = edge if start == row else flip(edge)
        return [*([diagonal(u)] if u is not None else []), matrix, *([diagonal(w)] if w is not None else [])]
    left = u if u is not None else ones(shape(graph.sizes[row], ONE))
    right = w if w is not None else ones(shape(graph.sizes[col], ONE))
    return [left, flip(right)]
