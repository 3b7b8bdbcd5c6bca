"""A formula written in coordinates, and its partial derivatives.

What is kept whole: a sum inside a product (a residual y - Xw stays one factor, the entry (y - Xw)_j), a function, a
product of constant matrices. Such a factor is opened when it is spelled or differentiated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from docgen.algebra.functions import FUNCTIONS
from docgen.algebra.node import Node, Sum, mul, product_shape, unary
from docgen.algebra.sizes import ONE, SCALAR
from docgen.calculus.coordinates_terms import ONE_F, Delta, Factor, Piece, Term, collapsed, deltas, summed, times
from docgen.calculus.request import WAY_OUT
from docgen.errors import UnsupportedError

#: What the method refuses, in words.
_REFUSED = {
    "inv": "the inverse of a function",
    "det": "the determinant of a function",
    "adj": "the adjugate of a function",
    "expm": "the matrix exponential of a function",
    "kron": "the Kronecker product of a function",
    "vec": "vec of a function",
    "norm1": "the 1-norm of a function",
}


class Coordinates:
    """Writes formulas in coordinates. ``letters`` are the names for indices, ``x`` is the variable."""

    def __init__(self, x: Node, letters: Sequence[str]) -> None:
        self.x = x
        self.letters = letters

    def depends(self, node: Node) -> bool:
        """Whether the variable occurs in the node."""
        return self.x.data.name in node.free

    def fresh(self, used: Iterable[str]) -> str:
        """The first letter that is not used."""
        taken = set(used)
        for letter in self.letters:
            if letter not in taken:
                return letter
        raise UnsupportedError("the formula needs more indices than there are letters left", hint=WAY_OUT)

    # ---- a formula as terms

    def write(self, node: Node, row: str | None, col: str | None, used: frozenset[str]) -> list[Term]:
        """The entry of a formula at the given indices as a sum of terms; ``used`` are the indices in scope."""
        if self.depends(node):
            if node.op == "add":
                return [term for arg in node.args for term in self.write(arg, row, col, used)]
            if node.op == "total":
                return self._over_samples(node, row, col, used)
            if node.op == "tr":
                bound = Sum(self.fresh(used), node.args[0].shape.rows)
                terms = self.write(node.args[0], bound.index, bound.index, used | {bound.index})
                return [collapsed(summed(term, [bound])) for term in terms]
            if node.op == "sum":
                return self._all_entries(node.args[0], used, self.write)
            if node.op == "T":
                return self.write(node.args[0], col, row, used)
            if node.op == "mul" and node.args[0].is_number and len(node.args) == 2 and node.args[1].op == "add":
                number = node.args[0].data
                return [replace(t, number=t.number * number) for t in self.write(node.args[1], row, col, used)]
        term = self.term(node, row, col, used)
        return [] if not term.number else [term]

    def term(self, node: Node, row: str | None, col: str | None, used: frozenset[str]) -> Term:
        """The entry of a formula as one term; what is a sum is kept whole."""
        op = node.op
        plain = Term(ONE_F, (Factor(node, row, col),))
        if op == "num":
            return Term(node.data)
        if op == "zeros":
            return Term(Fraction(0))
        if op == "ones":
            return Term(ONE_F)
        if op == "eye" or op == "diag":
            inside = Term(ONE_F) if op == "eye" else self.term(node.args[0], row, None, used)
            return times(inside, Term(ONE_F, (Delta(row or "", col or ""),)))
        if op == "T":
            return self.term(node.args[0], col, row, used)
        if op == "dg":
            return self.term(node.args[0], row, row, used)
        if op == "had":
            return self._together([(arg, row, col) for arg in node.args], used)
        if op == "mul" and all(map(self._constant_matrix, node.args)):
            return plain
        if op == "mul":
            return self._product(node, row, col, used)
        if not self.depends(node):
            return plain
        if op == "pow":
            return self._power(node.args[0], node.data, row, col, used)
        if op == "mpow":
            return self._product(mul([node.args[0]] * int(node.data)), row, col, used)
        if op == "normsq":
            arg = node.args[0]
            return self._one(self._all_entries(arg, used, lambda a, i, j, u: [self._power(a, Fraction(2), i, j, u)]))
        if op == "inner":
            left, right = node.args
            return self._one(
                self._all_entries(left, used, lambda a, i, j, u: [self._together([(a, i, j), (right, i, j)], u)])
            )
        if op in ("tr", "sum", "total"):
            terms = self.write(node, row, col, used)
            return self._one(terms) if len(terms) < 2 else plain
        if op in ("add", "sym", "fn", "norm"):
            return plain
        raise UnsupportedError(
            f"the method 'coordinates' cannot do {_REFUSED.get(op, 'this construct')} of the variable", hint=WAY_OUT
        )

    def _one(self, terms: list[Term]) -> Term:
        """The only term of a sum, or zero."""
        return terms[0] if terms else Term(Fraction(0))

    def _over_samples(self, node: Node, row: str | None, col: str | None, used: frozenset[str]) -> list[Term]:
        """A sum over samples, which keeps its index."""
        bound = node.data
        if bound.index in used:
            raise UnsupportedError(
                f"the method 'coordinates' cannot do two sums over {bound.index} in one product", hint=WAY_OUT
            )
        terms = self.write(node.args[0], row, col, used | {bound.index})
        return [collapsed(summed(term, [bound])) for term in terms]

    def _all_entries(
        self,
        array: Node,
        used: frozenset[str],
        entry: Callable[[Node, str | None, str | None, frozenset[str]], list[Term]],
    ) -> list[Term]:
        """The sum over all entries of an array."""
        sums: list[Sum] = []
        places: list[str | None] = []
        for size in (array.shape.rows, array.shape.cols):
            if size is ONE:
                places.append(None)
                continue
            sums.append(Sum(self.fresh(used), size))
            used = used | {sums[-1].index}
            places.append(sums[-1].index)
        return [collapsed(summed(term, sums)) for term in entry(array, places[0], places[1], used)]

    def _together(self, entries: Sequence[tuple[Node, str | None, str | None]], used: frozenset[str]) -> Term:
        """The product of entries of several formulas."""
        result = Term(ONE_F)
        for node, row, col in entries:
            term = self.term(node, row, col, used)
            if not term.number:
                return term
            used = used | term.names
            result = times(result, term)
        return result

    def _product(self, node: Node, row: str | None, col: str | None, used: frozenset[str]) -> Term:
        """The entry of a product: one index between neighbours, none where the inner size is 1."""
        if node.is_scalar and not self.depends(node) and not any(a.is_number for a in node.args):
            return Term(ONE_F, (Factor(node),))
        entries: list[tuple[Node, str | None, str | None]] = []
        sums: list[Sum] = []
        for chain in _chains(self._constants_together(node.args)):
            if chain[0].is_scalar:
                entries.append((chain[0], None, None))
                continue
            whole = product_shape(chain)
            left = None if whole is SCALAR else row
            for at, factor in enumerate(chain):
                right = None if whole is SCALAR else col
                if at < len(chain) - 1:
                    right = None
                    if factor.shape.cols is not ONE:
                        right = self.fresh(used)
                        used = used | {right}
                        sums.append(Sum(right, factor.shape.cols))
                entries.append((factor, left, right))
                left = right
        return collapsed(self._sorted(summed(self._together(entries, used), sums)))

    def _constants_together(self, factors: Sequence[Node]) -> list[Node]:
        """Neighbouring constant matrices as one: their product is an entry by itself."""
        kept: list[Node] = []
        for factor in factors:
            before = kept[-1] if kept else None
            if before is not None and self._constant_matrix(before) and self._constant_matrix(factor):
                kept[-1] = mul([*(before.args if before.op == "mul" else (before,)), factor])
            else:
                kept.append(factor)
        return kept

    def _constant_matrix(self, node: Node) -> bool:
        """A matrix without the variable whose entries are not mostly zeros."""
        return node.shape.kind == "matrix" and not self.depends(node) and node.op not in ("eye", "diag")

    def _sorted(self, term: Term) -> Term:
        """Scalars first, then the entries of constant matrices, as in a_{jk} x_j x_k."""

        matrix = 2 if self.x.shape.kind == "matrix" else 1

        def place(piece: Piece) -> int:
            if isinstance(piece, Delta) or self.depends(piece.node):
                return 2
            return (0, 2, matrix)[len(piece.indices)]

        return replace(term, pieces=tuple(sorted(term.pieces, key=place)))

    def _power(self, base: Node, exponent: Fraction, row: str | None, col: str | None, used: frozenset[str]) -> Term:
        """A power of an entry. It goes into a bare product of entries; of anything else it is one factor."""
        if exponent.denominator == 1 and base.op not in ("tr", "sum", "total", "inner", "normsq"):
            term = self.term(base, row, col, used)
            if not term.sums and (term.number or exponent > 0):
                pieces = [
                    p if isinstance(p, Delta) else replace(p, exponent=p.exponent * exponent) for p in term.pieces
                ]
                return Term(term.number**exponent.numerator, tuple(pieces))
        return Term(ONE_F, (Factor(base, row, col, exponent),))

    # ---- derivatives

    def derivative(self, term: Term, place: Factor, used: frozenset[str] = frozenset()) -> list[Term]:
        """The partial derivative of a term by the entry of the variable at ``place``, deltas not yet used; ``used`` are
        indices of what stands beside the term."""
        scope = used | term.names | frozenset(place.indices)
        found: list[Term] = []
        for at, piece in enumerate(term.pieces):
            if isinstance(piece, Delta) or not self.depends(piece.node):
                continue
            rest = [*term.pieces[:at], *self.lowered(piece), *term.pieces[at + 1 :]]
            outer = Term(term.number * piece.exponent, tuple(rest), term.sums)
            for inner in self.of_entry(piece, place, scope):
                found.append(times(outer, inner))
        return found

    def lowered(self, piece: Factor) -> list[Piece]:
        """What the power rule leaves of a factor."""
        return [] if piece.exponent == 1 else [replace(piece, exponent=piece.exponent - 1)]

    def of_entry(self, piece: Factor, place: Factor, used: frozenset[str]) -> list[Term]:
        """The partial derivative of the entry itself, whatever its power."""
        if piece.node is self.x:
            return [Term(ONE_F, tuple(deltas(piece, place)))]
        found: list[Term] = []
        for outer, inner in self.opened(piece, used):
            for term in self.derivative(inner, place, used | outer.names):
                found.append(times(outer, term))
        return found

    def opened(self, piece: Factor, used: frozenset[str]) -> list[tuple[Term, Term]]:
        """A factor taken apart: terms of a sum, or the argument of a function with the function's derivative before."""
        node, row, col = piece.node, piece.row, piece.col
        if node.op == "fn":
            (u,) = node.args
            slopes = self.write(FUNCTIONS[node.data].derivative(u), row, col, used)
            taken = used.union(*(s.names for s in slopes)) if slopes else used
            return [(slope, inner) for slope in slopes for inner in self.write(u, row, col, taken)]
        if node.op == "norm":
            below = Term(Fraction(1, 2), (Factor(node, exponent=Fraction(-1)),))
            return [(below, inner) for inner in self.write(unary("normsq", node.args[0]), None, None, used)]
        return [(Term(ONE_F), inner) for inner in self.write(node, row, col, used)]


def _chains(factors: Sequence[Node]) -> list[list[Node]]:
    """The factors of a product in pieces: scalars, scalar products of neighbours, and the chain of the rest."""
    chains: list[list[Node]] = []
    chain: list[Node] = []
    for factor in factors:
        if factor.is_scalar:
            chains.append([factor])
            continue
        chain.append(factor)
        if product_shape(chain) is SCALAR:
            chains.append(chain)
            chain = []
    return [*chains, chain] if chain else chains


__all__ = ["Coordinates"]
