"""Where a formula and its derivative make sense: the conditions that a statement must print.

They are read off the formulas: an inverse needs a determinant that is not zero, a logarithm a positive argument, a
denominator a value that is not zero. What follows from a declared assumption, or holds always, is not printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, add, mul, num, ones, power, walk, zeros
from docgen.algebra.notation import Notation
from docgen.calculus.definite import is_positive_definite, positive, rank_needed

_INVERTIBLE = frozenset({"invertible", "orthogonal", "positive_definite"})
#: Functions of positive numbers, and of numbers between -1 and 1.
_OF_POSITIVE = frozenset({"log", "loggamma", "Ci", "Chi"})
_BELOW_ONE = frozenset({"arcsin", "arccos", "artanh"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. ``kind`` is ``formula`` (``latex`` is the whole condition), ``entries_positive`` or
    ``entries_nonzero`` (``latex`` is the vector or matrix whose entries are meant)."""

    kind: str
    latex: str


def _assumed(node: Node) -> frozenset[str]:
    found: frozenset[str] = node.data.assumptions if node.op == "sym" else frozenset()
    return found


def _square_of(node: Node) -> Node | None:
    """The r of rᵀr, ⟨r, r⟩, ‖r‖ or ‖r‖²."""
    if node.op in ("norm", "normsq"):
        return node.args[0]
    if node.op == "inner" and node.args[0] is node.args[1]:
        return node.args[0]
    if node.op == "mul" and len(node.args) == 2:
        left, right = node.args
        if left.op == "T" and left.args[0] is right and not right.is_scalar:
            return right
    return None


def _is_invertible(node: Node) -> bool:
    """Whether a matrix is invertible by the assumptions."""
    if node.op in ("T", "inv", "mpow"):
        return _is_invertible(node.args[0])
    if node.op == "mul":
        if len(node.args) == 2 and node.args[0].op == "T" and node.args[0].args[0] is node.args[1]:
            return "full_column_rank" in _assumed(node.args[1]) or _is_invertible(node.args[1])
        return all(_is_invertible(a) or (a.is_scalar and positive(a)) for a in node.args)
    if node.op == "expm":
        return True
    return bool(_assumed(node) & _INVERTIBLE)


def conditions(
    formulas: Iterable[Node], notation: Notation, named: Mapping[Node, Node] | None = None
) -> tuple[Condition, ...]:
    """The conditions under which all the formulas make sense, each once, in order of appearance. ``named`` is what the
    author's own names stand for."""
    found: dict[tuple[str, Node], None] = {}
    for formula in formulas:
        for node in walk(formula):
            for sign, about in _needs(node):
                found[sign, (named or {}).get(about, about)] = None
    above = {node for sign, node in found if sign == "> 0"}
    printed: dict[Condition, None] = {}
    for sign, node in found:
        condition = _condition(sign, node, above, notation)
        if condition is not None:
            printed[condition] = None
    return tuple(printed)


def _needs(node: Node) -> Iterable[tuple[str, Node]]:
    """What one node asks of its arguments."""
    if node.op == "inv":
        yield "invertible", node.args[0]
    elif node.op == "fn" and node.data in _OF_POSITIVE:
        yield "> 0", node.args[0]
    elif node.op == "fn" and node.data in _BELOW_ONE:  # |u| < 1
        u = node.args[0]
        yield "> 0", add([ones(u.shape), mul([num(-1), power(u, 2)])])
    elif node.op == "fn" and node.data == "arcosh":
        u = node.args[0]
        yield "> 0", add([u, mul([num(-1), ones(u.shape)])])
    elif node.op == "norm1" or (node.op == "fn" and node.data in ("relu", "abs", "sign", "step")):
        yield r"\ne 0", node.args[0]
    elif node.op == "pow" and node.data.denominator != 1:
        yield "> 0", node.args[0]
    elif node.op == "pow" and node.data < 0:
        yield r"\ne 0", node.args[0]


def _condition(sign: str, node: Node, above: set[Node], notation: Notation) -> Condition | None:
    """The condition as it is printed, or None where it is known to hold or follows from what must be ``above`` zero."""
    if sign == "invertible":
        known = any(p.op == "det" and p.args[0] is node for p in above)
        if known or _is_invertible(node) or is_positive_definite(node):
            return None
        inside = latex(node, notation)
        needed = rank_needed(node)
        if needed is not None:  # BᵀB is invertible exactly where B has full column rank
            columns = needed.shape.cols.latex()
            needed = needed.args[0] if needed.op == "T" else needed
            whole = latex(needed, notation)
            written = whole if needed.op == "sym" else f"({whole})"
            return Condition("formula", rf"\operatorname{{rank}} {written} = {columns}")
        if notation.determinant == "bars":
            return Condition("formula", rf"\lvert {inside} \rvert \ne 0")
        return Condition("formula", rf"\det({inside}) \ne 0" if node.op != "sym" else rf"\det {inside} \ne 0")
    if positive(node) or (node.op == "num" and node.data != 0) or (sign != "> 0" and node in above):
        return None
    if not node.is_scalar:
        return Condition("entries_positive" if sign == "> 0" else "entries_nonzero", latex(node, notation))
    inside_square = _square_of(node)
    if inside_square is not None:
        zero = latex(zeros(inside_square.shape), notation)
        return Condition("formula", rf"{latex(inside_square, notation)} \ne {zero}")
    if sign != "> 0":
        if node.op == "det" and _is_invertible(node.args[0]):
            return None
        if node.op == "sym" and node.data.values and Fraction(0) not in node.data.values:
            return None
        if node.op == "pow":
            return _condition(sign, node.args[0], above, notation)
    return Condition("formula", f"{latex(node, notation)} {sign}")
