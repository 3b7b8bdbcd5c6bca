"""An equation freed of denominators and inverses of the unknown: brackets opened, then multiplied by what is not zero.

What stands in a denominator or is inverted in a gradient is not zero, or invertible, wherever the gradient is defined;
so a product with it loses no solution. Where the new equation has more solutions they are found out by substitution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from docgen.algebra.node import Node, num
from docgen.algebra.normal import flip, parts, product, sum_of
from docgen.algebra.products import raised
from docgen.algebra.renormal import sum_over
from docgen.algebra.symmetry import with_symmetry
from docgen.calculus.definite import positive

#: An equation that needs more multiplications than this is left as it is.
MOST = 8
#: A power of a sum that has more terms than this is left as it is.
MANY = 64


@dataclass(frozen=True, slots=True)
class Cleared:
    """The terms of ``left`` · ``scalar`` · equation · ``right``, transposed if ``turned``. ``half_way`` is the equation
    after the scalar."""

    terms: tuple[Node, ...]
    half_way: Node
    scalar: Node
    left: tuple[Node, ...]
    right: tuple[Node, ...]
    turned: bool

    def of(self, equation: Node) -> Node:
        """The equation after all that was done with it."""
        whole = product([*self.left, self.scalar, equation, *self.right])
        return flip(whole) if self.turned else whole


def multiplied_out(node: Node, x: Node) -> list[Node]:
    """The terms of a node in normal form, every bracket around the variable opened."""
    if x.data.name not in node.free:
        return [node]
    if node.op == "add":
        return [piece for term in node.args for piece in multiplied_out(term, x)]
    taken = parts(node)
    factors = [num(taken.number), *(raised(b, e) for b, e in taken.scalars), *taken.chain]
    for place, factor in enumerate(factors):
        terms = _bracket(factor, x)
        if terms is not None:
            opened = [product([*factors[:place], term, *factors[place + 1 :]]) for term in terms]
            return [piece for term in opened for piece in multiplied_out(term, x)]
    return [node]


def _bracket(factor: Node, x: Node) -> Sequence[Node] | None:
    """The terms of a factor that opens into a sum with the variable in it; None for any other."""
    op = factor.op
    if x.data.name not in factor.free or not factor.args:
        return None
    inside = factor.args[0]
    if op == "add":
        return factor.args
    if op == "T" and inside.op == "add":
        return [flip(term) for term in inside.args]
    if op == "pow" and inside.op == "add" and factor.is_scalar and factor.data.denominator == 1 and factor.data > 1:
        return _power_opened(inside.args, int(factor.data))
    if op == "total":
        terms = multiplied_out(inside, x)
        return [sum_over(factor.data, term) for term in terms] if len(terms) > 1 else None
    if op == "mul":
        for place, one in enumerate(factor.args):
            terms_of_one = _bracket(one, x)
            if terms_of_one is not None:
                before, after = factor.args[:place], factor.args[place + 1 :]
                return [product([*before, term, *after]) for term in terms_of_one]
    return None


def _power_opened(terms: Sequence[Node], exponent: int) -> Sequence[Node] | None:
    """The terms of a power of a sum, like terms collected as they arise; None where there are too many."""
    found: Sequence[Node] = [num(1)]
    for _ in range(exponent):
        whole = sum_of([product([one, term]) for one in found for term in terms])
        found = whole.args if whole.op == "add" else [whole]
        if len(found) > MANY:
            return None
    return found


def cleared(equation: Node, x: Node) -> Cleared:
    """The equation ``equation = 0`` without denominators, inverses and positive common factors that hold x."""
    terms, scalar = _collected([equation], x), num(1)
    for _ in range(MOST):
        factor = _common(terms, x)
        if factor is None:
            break
        scalar = product([scalar, factor])
        terms = _collected([product([factor, term]) for term in terms], x)
    half_way = sum_of(terms)
    left: list[Node] = []
    right: list[Node] = []
    for _ in range(MOST):
        found = _inverted(terms, x)
        if found is None:
            break
        before, matrix = found
        if before:
            left.insert(0, matrix)
        else:
            right.append(matrix)
        terms = _collected([product([matrix, term] if before else [term, matrix]) for term in terms], x)
    turned = any(factor.op == "T" and factor.args[0] is x for term in terms for factor in parts(term).chain)
    terms = [with_symmetry(flip(term)) for term in terms] if turned else terms
    return Cleared(tuple(terms), half_way, scalar, tuple(left), tuple(right), turned)


def _collected(terms: Sequence[Node], x: Node) -> list[Node]:
    """The terms of a sum with every bracket around the variable opened and like terms collected."""
    whole = with_symmetry(sum_of([piece for term in terms for piece in multiplied_out(term, x)]))
    return multiplied_out(whole, x)


def _common(terms: Sequence[Node], x: Node) -> Node | None:
    """The monomial by which the terms are multiplied: denominators with the variable, and what is positive in all."""
    monomials = [dict(parts(term).scalars) for term in terms]
    factors = []
    for base in dict.fromkeys(b for monomial in monomials for b in monomial if x.data.name in b.free):
        least = min(monomial.get(base, Fraction(0)) for monomial in monomials)
        if least < 0 or (least > 0 and positive(base)):
            factors.append(raised(base, -least))
    return product(factors) if factors else None


def _inverted(terms: Sequence[Node], x: Node) -> tuple[bool, Node] | None:
    """The first matrix whose inverse, holding the variable, stands at the beginning (True) or the end of a term."""
    for before in (True, False):
        for term in terms:
            chain = parts(term).chain
            end = chain[0 if before else -1] if chain else term
            turned = end.op == "T"
            end = end.args[0] if turned else end
            end = end.args[0] if end.op == "mpow" else end
            if end.op == "inv" and x.data.name in end.free:
                return before, with_symmetry(flip(end.args[0]) if turned else end.args[0])
    return None
