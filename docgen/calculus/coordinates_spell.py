"""Terms in coordinates as formulas: sums with their indices, partial derivatives carried out by one rule or fully."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from docgen.algebra.functions import FUNCTIONS
from docgen.algebra.indexed import delta, entry, letter_of, partial
from docgen.algebra.node import Node, Sum, add, fn, mul, num, power, total, unary
from docgen.calculus.coordinates_terms import Delta, Factor, Piece, Term, deltas
from docgen.calculus.coordinates_write import Coordinates

_HALF = Fraction(1, 2)


class Speller:
    """Spells terms. ``symbols`` are those of the function, for the letters of entries; ``place`` is the entry of the
    variable by which one differentiates."""

    def __init__(self, write: Coordinates, symbols: Sequence[Node], place: Factor) -> None:
        self.write = write
        self.symbols = symbols
        self.place = place

    @property
    def by(self) -> Node:
        """The entry of the variable by which one differentiates, as a formula."""
        return self.factor(self.place, frozenset())

    def depends(self, piece: Piece) -> bool:
        """Whether the variable occurs in a piece."""
        return isinstance(piece, Factor) and self.write.depends(piece.node)

    # ---- values

    def terms(self, terms: Sequence[Term], used: frozenset[str] = frozenset()) -> Node:
        """A sum of terms; ``used`` are indices bound or free outside of it."""
        return add([self.term(term, used) for term in terms]) if terms else num(0)

    def term(self, term: Term, used: frozenset[str] = frozenset()) -> Node:
        """One term: the number, the sums, the entries."""
        scope = used | term.names
        return wrapped(term, [self.piece(piece, scope) for piece in term.pieces])

    def piece(self, piece: Piece, used: frozenset[str]) -> Node:
        """One entry or delta."""
        return delta(piece.left, piece.right) if isinstance(piece, Delta) else self.factor(piece, used)

    def factor(self, piece: Factor, used: frozenset[str]) -> Node:
        """An entry with its power; what depends on the variable is opened."""
        if piece.exponent != 1:
            base = self.factor(replace(piece, exponent=Fraction(1)), used)
            return power(base, piece.exponent)
        node, row, col = piece.node, piece.row, piece.col
        if node.op == "sym":
            return node if node.is_scalar else entry(node, row, col, letter_of(node, self.symbols))
        if not self.write.depends(node):
            return node if node.is_scalar else entry(node, row, col)
        if node.op == "fn":
            return fn(node.data, self.formula(node.args[0], row, col, used))
        if node.op == "norm":
            return power(self.formula(unary("normsq", node.args[0]), None, None, used), _HALF)
        return self.formula(node, row, col, used)

    def formula(self, node: Node, row: str | None, col: str | None, used: frozenset[str]) -> Node:
        """The entry of a formula in coordinates."""
        return self.terms(self.write.write(node, row, col, used), used)

    # ---- derivatives

    def outside(self, terms: Sequence[Term]) -> Node:
        """The derivatives under the sums: ∂ stands before what depends on the variable, constants before it."""
        made = []
        for term in terms:
            moving = [p for p in term.pieces if self.depends(p)]
            if moving:
                scope = term.names | frozenset(self.place.indices)
                body = mul([self.piece(p, scope) for p in moving])
                still = [self.piece(p, scope) for p in term.pieces if not self.depends(p)]
                made.append(wrapped(term, [*still, partial(body, self.by)]))
        return add(made) if made else num(0)

    def derivatives(self, terms: Sequence[Term], used: frozenset[str], full: bool) -> Node:
        """The derivative of a sum of terms: one rule carried out (product, power, chain), or all (``full``), down to
        the deltas."""
        made = [self.derivative(term, used, full) for term in terms if any(map(self.depends, term.pieces))]
        return add(made) if made else num(0)

    def derivative(self, term: Term, used: frozenset[str], full: bool) -> Node:
        """The derivative of a term by the product rule."""
        scope = used | term.names | frozenset(self.place.indices)
        still = [self.piece(p, scope) for p in term.pieces if not self.depends(p)]
        moving = [p for p in term.pieces if self.depends(p)]
        made = []
        for at, piece in enumerate(moving):
            assert isinstance(piece, Factor)
            before = [self.piece(p, scope) for p in moving[:at]]
            after = [self.piece(p, scope) for p in moving[at + 1 :]]
            power_rule = [num(piece.exponent)] if piece.exponent != 1 else []
            lowered = [self.piece(p, scope) for p in self.write.lowered(piece)]
            inner = self.entry(replace(piece, exponent=Fraction(1)), scope, full)
            made.append(product([*power_rule, *before, *lowered, *inner, *after]))
        return wrapped(term, [*still, add(made)] if len(made) > 1 or made[0].op != "mul" else [*still, *made[0].args])

    def entry(self, piece: Factor, used: frozenset[str], full: bool) -> list[Node]:
        """The derivative of an entry as factors."""
        node = piece.node
        if not full:
            if node.op == "fn":
                slope = FUNCTIONS[node.data].derivative(node.args[0])
                inside = self.formula(node.args[0], piece.row, piece.col, used)
                return [self.formula(slope, piece.row, piece.col, used), partial(inside, self.by)]
            return [partial(self.factor(piece, used), self.by)]
        if node is self.write.x:
            return [self.piece(d, used) for d in deltas(piece, self.place)] or [num(1)]
        if node.op == "fn":
            slope = FUNCTIONS[node.data].derivative(node.args[0])
            inner = self.write.write(node.args[0], piece.row, piece.col, used)
            return [self.formula(slope, piece.row, piece.col, used), self.derivatives(inner, used, True)]
        if node.op == "norm":
            inner = self.write.write(unary("normsq", node.args[0]), None, None, used)
            return [num(_HALF), power(self.factor(piece, used), -1), self.derivatives(inner, used, True)]
        return [self.derivatives(self.write.write(node, piece.row, piece.col, used), used, True)]


def product(factors: Sequence[Node]) -> Node:
    """Factors side by side, the numbers gathered in front and ones left out."""
    number = num(1)
    rest: list[Node] = []
    for factor in factors:
        if factor.is_number:
            number = num(number.data * factor.data)
        elif factor.op == "mul":
            for arg in factor.args:
                if arg.is_number:
                    number = num(number.data * arg.data)
                else:
                    rest.append(arg)
        else:
            rest.append(factor)
    front = [number] if number.data != 1 or not rest else []
    return mul([*front, *rest])


def wrapped(term: Term, factors: Sequence[Node]) -> Node:
    """The number of a term and the factors without its bound indices before its sums, the other factors below them."""
    inside = product([num(term.number), *factors])
    if not term.sums:
        return inside
    parts = list(inside.args) if inside.op == "mul" else [inside]
    bound = {one.index for one in term.sums}
    front = [part for part in parts if not part.indices & bound and part is not num(1)]
    below = [part for part in parts if part.indices & bound]
    body = mul(below) if below else num(1)
    for one in reversed(term.sums):
        body = total(Sum(one.index, one.count), body)
    return mul([*front, body])
