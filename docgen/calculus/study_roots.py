"""The real roots of an equation in one scalar unknown, by SymPy.

What does not depend on the unknown goes to SymPy as one letter, positive where that is known, and comes back in its
place; so the coefficients may be any formulas of vectors and matrices.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from docgen.algebra.node import Node, Symbol, add, num, rebuild, replace, sym
from docgen.algebra.normal import parts, product
from docgen.algebra.products import raised
from docgen.algebra.sizes import SCALAR
from docgen.calculus.collect import factor
from docgen.calculus.definite import nonnegative
from docgen.errors import UnsupportedError


class _Letters:
    """The letters that stand for coefficients of an equation in x; ``of`` finds the letter by the coefficient."""

    def __init__(self, equation: Node, x: Node) -> None:
        self.x = x
        self.of: dict[Node, Node] = {}
        self.names = (name for k in count() if (name := f"c_{k}") not in equation.free)

    def abstract(self, node: Node) -> Node:
        """The node with letters. Raises UnsupportedError where the unknown is inside a vector or a matrix."""
        if self.x.data.name not in node.free:
            return self.monomial(node)
        if node is self.x:
            return node
        if not node.is_scalar or (any(not arg.is_scalar for arg in node.args) and node.op != "mul"):
            raise UnsupportedError("the unknown is inside a vector or a matrix")
        if node.op == "add":
            return add([self.abstract(arg) for arg in node.args])
        taken = parts(node)
        if taken.scalars[0][0] is node:  # a function of the unknown
            return rebuild(node, [self.abstract(arg) for arg in node.args])
        return product([num(taken.number), *(raised(self.abstract(b), e) for b, e in taken.scalars)])

    def monomial(self, node: Node) -> Node:
        """A coefficient: its number, and a letter for each of its factors."""
        taken = parts(node)
        return product([num(taken.number), *(raised(self.letter(b), e) for b, e in taken.scalars)])

    def letter(self, node: Node) -> Node:
        """The letter for a factor of a coefficient."""
        if node not in self.of:
            said = frozenset({"positive"}) if nonnegative(node) else frozenset()
            self.of[node] = sym(Symbol(next(self.names), said), SCALAR)
        return self.of[node]


def real_roots(equation: Node, x: Node) -> list[Node] | None:
    """The real roots (the positive ones of a positive unknown) of ``equation = 0``; None where SymPy does not find them
    all in closed form, none where there are infinitely many. A coefficient that cannot be negative is taken as
    positive."""
    from sympy import ImageSet, Interval, S, oo, solveset

    from docgen.algebra.sympy_bridge import FromSymPy
    from docgen.algebra.sympy_out import to_sympy

    letters = _Letters(equation, x)
    positive = "positive" in x.data.assumptions
    try:
        expression, unknown = to_sympy(letters.abstract(equation)), to_sympy(x)
    except UnsupportedError:
        return None  # SymPy has no words for the equation
    try:
        solutions = solveset(expression, unknown, Interval.open(0, oo) if positive else S.Reals)
    except (NotImplementedError, ValueError, RecursionError):
        return None  # the ways in which solveset gives up
    found = _listed(solutions)
    if found is None:
        return [] if solutions.has(ImageSet) else None
    known = {letter.data.name: letter.data.assumptions for letter in letters.of.values()}
    back = FromSymPy(str, str, assumptions=known)
    try:
        roots = [back.formula(root) for root in found if _possible(root, positive)]
    except UnsupportedError:
        return None  # docgen has no words for a root
    return [_put_back(root, letters.of) for root in roots]


def _listed(found: Any) -> list[Any] | None:
    """The elements of a set of roots that SymPy could list, whether or not it could tell that all of them are real."""
    kind = type(found).__name__
    if kind == "EmptySet":
        return []
    if kind == "FiniteSet":
        return list(found.args)
    if kind == "Complement":
        return _listed(found.args[0])
    if kind == "Intersection":
        return next((listed for part in found.args if (listed := _listed(part)) is not None), None)
    if kind == "Union":
        listed = [_listed(part) for part in found.args]
        return None if None in listed else [root for part in listed for root in part or ()]
    return None


def _possible(root: Any, positive: bool) -> bool:
    """Whether a root may be real, and positive where the unknown is."""
    return root.is_real is not False and not (positive and root.is_nonpositive)


def _put_back(root: Node, letters: dict[Node, Node]) -> Node:
    """A root with what the letters stand for, in normal form."""
    for meaning, letter in letters.items():
        root = replace(root, letter, meaning)
    return factor(product([root]))
