"""Quotients in an answer made shorter: 1 - u/(1 + u) = 1/(1 + u), sinh u/cosh u = tanh u, 1ᵀ(x - x̄1) = 0."""

from __future__ import annotations

from fractions import Fraction

from docgen.algebra.node import Node, fn, num, power
from docgen.algebra.normal import hadamard, parts, product, sum_of
from docgen.algebra.products import entry_powers, raised
from docgen.algebra.properties import has_d, is_one, is_zero, weight
from docgen.algebra.renormal import everywhere

#: A function over its companion, and what the quotient is (DLMF 4.14.4, 4.28.4).
_TANGENTS = {"sinh": ("cosh", "tanh"), "sin": ("cos", "tan")}


def reduced(answer: Node) -> Node:
    """The answer with such quotients and sums written shorter everywhere in it."""
    return everywhere(answer, lambda at: _complement(at) or _tangent(at) or _vanishing(at))


def _complement(node: Node) -> Node | None:
    """1 - u/(1 + u) as 1/(1 + u), for scalars and entry by entry."""
    if node.op != "add" or len(node.args) != 2 or has_d(node):
        return None
    times = product if node.is_scalar else hadamard
    for one, other in (node.args, node.args[::-1]):
        if not is_one(one):
            continue
        bare = other if other.is_scalar else product([num(Fraction(1) / (parts(other).number or 1)), other])
        for base, exponent in parts(bare).scalars if node.is_scalar else entry_powers(bare):
            if base.op == "add" and exponent == -1:
                above = sum_of([*base.args, times([other, base])])
                new = times([above, power(base, -1)])
                if weight(new) < weight(node):
                    return new
    return None


def _tangent(node: Node) -> Node | None:
    """sinh u/cosh u as tanh u and sin u/cos u as tan u, for scalars and entry by entry."""
    if node.op not in ("mul", "had") or has_d(node):
        return None
    taken = parts(node)
    if node.op == "mul" and not taken.scalars:
        return None
    entries = dict(taken.scalars if node.op == "mul" else entry_powers(node))
    for base, exponent in list(entries.items()):
        if base.op != "fn" or base.data not in _TANGENTS:
            continue
        below, quotient = _TANGENTS[base.data]
        under = fn(below, base.args[0])
        times = min(exponent, -entries.get(under, Fraction(0)))
        if times <= 0 or times.denominator != 1:
            continue
        entries[base] -= times
        entries[under] += times
        new = fn(quotient, base.args[0])
        entries[new] = entries.get(new, Fraction(0)) + times
        kept = [raised(b, e) for b, e in entries.items() if e]
        if node.op == "had":
            return hadamard(kept)
        return product([num(taken.number), *kept, *taken.chain])
    return None


def _vanishing(node: Node) -> Node | None:
    """A scalar product with a sum whose terms cancel in it."""
    if not node.is_scalar or node.op != "mul" or len(node.args) != 2 or has_d(node):
        return None
    for place, sum_ in enumerate(node.args):
        if sum_.op == "add":
            opened = sum_of([product([*node.args[:place], term, *node.args[place + 1 :]]) for term in sum_.args])
            if is_zero(opened):
                return num(0)
    return None
