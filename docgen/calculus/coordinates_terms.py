"""Terms of a formula in coordinates: sums over indices of products of entries and Kronecker deltas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from docgen.algebra.node import Node, Sum

ONE_F = Fraction(1)


@dataclass(frozen=True, slots=True)
class Factor:
    """The entry of ``node`` at the indices, raised to a power; an index is None where the size is 1."""

    node: Node
    row: str | None = None
    col: str | None = None
    exponent: Fraction = ONE_F

    @property
    def indices(self) -> tuple[str, ...]:
        """The indices that it names."""
        return tuple(index for index in (self.row, self.col) if index is not None)


@dataclass(frozen=True, slots=True)
class Delta:
    """A Kronecker delta."""

    left: str
    right: str

    @property
    def indices(self) -> tuple[str, ...]:
        """The indices that it names."""
        return self.left, self.right


Piece = Factor | Delta


@dataclass(frozen=True, slots=True)
class Term:
    """Σ over ``sums`` of ``number`` times the ``pieces``."""

    number: Fraction
    pieces: tuple[Piece, ...] = ()
    sums: tuple[Sum, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every index in the term."""
        return frozenset(i for piece in self.pieces for i in piece.indices) | {bound.index for bound in self.sums}


def times(left: Term, right: Term) -> Term:
    """The product of two terms whose bound indices differ."""
    return Term(left.number * right.number, merged([*left.pieces, *right.pieces]), left.sums + right.sums)


def merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Equal entries as one power."""
    found: dict[object, Piece] = {}
    for piece in pieces:
        key = piece if isinstance(piece, Delta) else (piece.node, piece.row, piece.col)
        before = found.get(key)
        if isinstance(piece, Factor) and isinstance(before, Factor):
            found[key] = replace(piece, exponent=piece.exponent + before.exponent)
        else:
            found[key] = piece
    return tuple(p for p in found.values() if isinstance(p, Delta) or p.exponent)


def renamed(term: Term, names: Mapping[str, str]) -> Term:
    """The term with other indices."""

    def name(index: str | None) -> str | None:
        return index if index is None else names.get(index, index)

    pieces: list[Piece] = []
    for piece in term.pieces:
        if isinstance(piece, Delta):
            pieces.append(Delta(names.get(piece.left, piece.left), names.get(piece.right, piece.right)))
        else:
            pieces.append(replace(piece, row=name(piece.row), col=name(piece.col)))
    sums = tuple(Sum(names.get(bound.index, bound.index), bound.count) for bound in term.sums)
    return Term(term.number, merged(pieces), sums)


def collapsed(term: Term) -> Term:
    """Every delta used up that names a bound index: the sum over that index has one term left."""
    while True:
        bound = {one.index for one in term.sums}
        given = [piece for piece in term.pieces if isinstance(piece, Delta)]
        used = next((one for one in given if one.left == one.right or {one.left, one.right} & bound), None)
        if used is None:
            return term
        rest = tuple(p for p in term.pieces if p is not used)
        if used.left == used.right:
            term = replace(term, pieces=rest)
            continue
        gone, stays = (used.left, used.right) if used.left in bound else (used.right, used.left)
        sums = tuple(one for one in term.sums if one.index != gone)
        term = renamed(Term(term.number, rest, sums), {gone: stays})


def deltas(piece: Factor, place: Factor) -> list[Piece]:
    """∂x_j/∂x_i = δ_{ij}, ∂a_{kl}/∂a_{ij} = δ_{ki} δ_{lj}."""
    pairs = ((piece.row, place.row), (piece.col, place.col))
    vector = None in (piece.row, piece.col)
    named = [(a, b) for a, b in pairs if a is not None and b is not None]
    return [Delta(min(a, b), max(a, b)) if vector else Delta(a, b) for a, b in named]


def summed(term: Term, sums: Sequence[Sum]) -> Term:
    """The term below further sums."""
    return replace(term, sums=(*sums, *term.sums)) if term.number else term


__all__ = ["Delta", "Factor", "Piece", "Term", "collapsed", "deltas", "merged", "renamed", "summed", "times"]
