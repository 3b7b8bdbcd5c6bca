"""A product taken apart: a number, a monomial of scalars and a chain of matrices, and how it is put together again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from docgen.algebra.node import Node, eye, make, matrix_power, num, power, transpose, unary, zeros
from docgen.algebra.properties import has_d
from docgen.algebra.sizes import ONE, SCALAR, Shape

ONE_F = Fraction(1)
#: How a factor joins the factors before it: how many of them it takes up, and what they become together.
Merge = Callable[[list[Node], Node], tuple[int, Node | None] | None]


@dataclass(frozen=True, slots=True)
class Product:
    """A product taken apart: ``number`` x Π base^exponent over ``scalars`` x ``chain``."""

    number: Fraction
    scalars: tuple[tuple[Node, Fraction], ...]
    chain: tuple[Node, ...]
    shape: Shape

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for products that differ by a number only."""
        return (tuple((id(base), exponent) for base, exponent in self.scalars), tuple(map(id, self.chain)))

    @property
    def front(self) -> Node:
        """The number and the scalars as one node: what stands before the chain."""
        return Product(self.number, self.scalars, (), SCALAR).node()

    @property
    def bare(self) -> Node:
        """The chain alone, an identity where it is empty."""
        return Product(ONE_F, (), self.chain, self.shape).node()

    def times(self, number: Fraction) -> Product:
        """The product with its number multiplied."""
        return Product(self.number * number, self.scalars, self.chain, self.shape)

    def node(self) -> Node:
        """The product as a node: number, scalars in order of appearance, chain."""
        if not self.number:
            return zeros(self.shape)
        factors: list[Node] = [num(self.number)] if self.number != 1 else []
        scalars = list(self.scalars)
        tail = self.chain
        if not tail and self.shape is SCALAR and scalars:
            # the one piece xᵀAx of a scalar product is written out, so that 2 xᵀAx needs no brackets
            pieces = [i for i, (base, e) in enumerate(scalars) if base.op == "mul" and e == 1]
            if len(pieces) == 1 or (pieces and has_d(scalars[pieces[-1]][0])):
                tail = scalars.pop(pieces[-1])[0].args
        factors.extend(raised(base, exponent) for base, exponent in scalars)
        if not tail and self.shape is not SCALAR:
            tail = (eye(self.shape.rows),)
        factors.extend(tail)
        if not factors:
            return num(1)
        if len(factors) == 1:
            return factors[0]
        return make("mul", tuple(factors), None, self.shape)


def raised(base: Node, exponent: Fraction) -> Node:
    """A factor of a monomial as a node: the square of a norm has a node of its own."""
    if exponent == 1:
        return base
    if base.op == "norm" and exponent == 2:
        return unary("normsq", base.args[0])
    return power(base, exponent)


def entry_powers(node: Node) -> tuple[tuple[Node, Fraction], ...]:
    """The factors of a Hadamard product in normal form with their exponents; any other node is its one factor."""
    factors = node.args if node.op == "had" else () if node.op == "ones" else (node,)
    return tuple((f.args[0], f.data) if f.op == "pow" else (f, ONE_F) for f in factors)


def segments(chain: Sequence[Node]) -> list[list[Node]]:
    """A chain of factors that are no scalars, cut wherever an inner size is 1."""
    found: list[list[Node]] = []
    for factor in chain:
        if found and found[-1][-1].shape.cols is not ONE:
            found[-1].append(factor)
        else:
            found.append([factor])
    return found


def cut(chain: Sequence[Node]) -> tuple[list[Node], list[list[Node]]]:
    """The outer chain, and the 1 x 1 pieces cut out of it where an inner size is 1."""
    outer: list[Node] = []
    inner: list[list[Node]] = []
    for segment in segments(chain):
        if segment[0].shape.rows is ONE and segment[-1].shape.cols is ONE:
            inner.append(segment)
        else:
            outer.extend(segment)
    return outer, inner


def to_integer(base: Node, exponent: int) -> Node:
    """An integer power of a square matrix, the negative ones as powers of the inverse."""
    if exponent == 1:
        return base
    if exponent < 0:
        turned = base.op == "T"  # X^{-T} is written as the transpose of the inverse
        inside = unary("inv", base.args[0] if turned else base)
        inside = transpose(inside) if turned else inside
        return inside if exponent == -1 else matrix_power(inside, -exponent)
    return matrix_power(base, exponent)


def shorten(chain: Sequence[Node], merge: Merge) -> list[Node]:
    """Neighbours of a chain merged and cancelled, with a stack: each factor meets what is left of the ones before."""
    done: list[Node] = []
    for factor in chain:
        while True:
            if factor.op == "eye":
                break
            merged = merge(done, factor) if done else None
            if merged is None:
                done.append(factor)
                break
            taken, new = merged
            del done[len(done) - taken :]
            if new is None:
                break
            if new.op == "mul":
                done.extend(new.args[:-1])
                new = new.args[-1]
            factor = new
    return done
