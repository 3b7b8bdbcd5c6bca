"""Where a formula and its derivative make sense: the conditions that a statement must print.

They are read off the formulas: an inverse needs a determinant that is not zero, a logarithm a positive argument, a
denominator a value that is not zero. What follows from a declared assumption, or holds always, is not printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, add, mul, num, ones, power, walk
from docgen.algebra.notation import Notation
from docgen.calculus.definite import is_positive_definite, rank_needed

_INVERTIBLE = frozenset({"invertible", "orthogonal", "positive_definite"})
_POSITIVE_FUNCTIONS = frozenset({"exp", "sigma", "cosh"})
#: Functions of positive numbers, and of numbers between -1 and 1.
_OF_POSITIVE = frozenset({"log", "loggamma", "Ci", "Chi"})
_BELOW_ONE = frozenset({"arcsin", "arccos", "artanh"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. ``kind`` is ``formula`` (``latex`` is the whole condition), ``entries_positive`` or
    ``entries_nonzero`` (``latex`` is the vector or matrix whose entries are meant)."""

    kind: str
    latex: str


def is_positive(node: Node) -> bool:
    """Whether a scalar is positive wherever it is defined, as far as its form and the assumptions show."""
    op = node.op
    if op == "num":
        return bool(node.data > 0)
    if op in ("const", "dim", "ones", "softmax"):
        return True
    if op == "sym":
        return "positive" in node.data.assumptions or (bool(node.data.values) and min(node.data.values) > 0)
    if op == "fn":
        return node.data in _POSITIVE_FUNCTIONS
    if op == "add" and len(node.args) == 2 and _is_one_minus_sigmoid(*node.args):
        return True
    if op == "add":
        return all(is_nonnegative(a) for a in node.args) and any(is_positive(a) for a in node.args)
    if op == "pow":
        return is_positive(node.args[0])
    if op in ("mul", "had"):
        return all(map(is_positive, node.args))
    if op in ("sum", "T"):
        return is_positive(node.args[0])
    if op == "det":
        return "positive_definite" in _assumed(node.args[0])
    return op == "total" and is_positive(node.args[0])


def _is_one_minus_sigmoid(one: Node, other: Node) -> bool:
    """1 - σ(z) = σ(-z) is positive."""
    if not one.is_number:
        one, other = other, one
    taken = [a for a in other.args if not a.is_number] if other.op == "mul" else []
    minus = [a for a in other.args if a.is_number and a.data == -1] if other.op == "mul" else []
    single = len(taken) == len(minus) == 1
    return one.is_number and one.data == 1 and single and taken[0].op == "fn" and taken[0].data == "sigma"


def _has_positive_entries(node: Node) -> bool:
    """Whether every entry of a vector or matrix is positive, as far as its form and the assumptions show."""
    if node.op == "pow":
        return _has_positive_entries(node.args[0])
    if node.op == "had":
        return all(map(_has_positive_entries, node.args))
    positive = node.op == "fn" and node.data in _POSITIVE_FUNCTIONS
    return positive or node.op in ("softmax", "ones") or "positive" in _assumed(node)


def is_nonnegative(node: Node) -> bool:
    """Whether a scalar is never negative, as far as its form shows."""
    op = node.op
    if op in ("norm", "normsq", "norm1"):
        return True
    if op == "num":
        return bool(node.data >= 0)
    if op == "pow" and node.data.denominator == 1 and node.data % 2 == 0:
        return True
    if op == "add" or (op == "mul" and all(a.is_scalar for a in node.args)):
        return all(is_nonnegative(a) for a in node.args)
    return is_positive(node) or _square_of(node) is not None


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
        return all(_is_invertible(a) or (a.is_scalar and is_positive(a)) for a in node.args)
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
    positive = {node for sign, node in found if sign == "> 0"}
    printed: dict[Condition, None] = {}
    for sign, node in found:
        condition = _condition(sign, node, positive, notation)
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


def _condition(sign: str, node: Node, positive: set[Node], notation: Notation) -> Condition | None:
    """The condition as it is printed, or None where it is known to hold."""
    if sign == "invertible":
        known = any(p.op == "det" and p.args[0] is node for p in positive)
        if known or _is_invertible(node):
            return None
        if is_positive_definite(node):
            return None
        inside = latex(node, notation)
        needed = rank_needed(node)
        if needed is not None:  # BᵀB is invertible exactly where B has full column rank
            columns = needed.shape.cols.latex()
            needed = needed.args[0] if needed.op == "T" else needed
            whole = latex(needed, notation)
            written = whole if needed.op == "sym" else f"({whole})"
            return Condition("formula", rf"\operatorname{{rank}} {written} = {columns}")
        return Condition("formula", rf"\det({inside}) \ne 0" if node.op != "sym" else rf"\det {inside} \ne 0")
    if not node.is_scalar:
        if _has_positive_entries(node):
            return None
        return Condition("entries_positive" if sign == "> 0" else "entries_nonzero", latex(node, notation))
    if is_positive(node) or (node.op == "num" and node.data != 0):
        return None
    inside_square = _square_of(node)
    if inside_square is not None:
        return Condition("formula", rf"{latex(inside_square, notation)} \ne 0")
    if sign != "> 0":
        if node in positive or (node.op == "det" and _is_invertible(node.args[0])):
            return None
        if node.op == "sym" and node.data.values and Fraction(0) not in node.data.values:
            return None
        if node.op == "pow":
            return _condition(sign, node.args[0], positive, notation)
    return Condition("formula", f"{latex(node, notation)} {sign}")
