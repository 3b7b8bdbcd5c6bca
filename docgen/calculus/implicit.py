"""Differentials from a defining identity: A⁻¹A = I for an inverse, (√u)² = u for a root, ‖u‖² = uᵀu for a norm.

The identity is differentiated and solved for the unknown differential. Where the formula is more than the inverse
itself, as in tr(BA⁻¹), the differential found is substituted, and the method of differentials goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from docgen.algebra.node import Node, add, differential, eye, mul, num, power, transpose, walk, zeros
from docgen.algebra.normal import product
from docgen.calculus import by_differentials
from docgen.calculus.derivation import Line
from docgen.calculus.linear import splice, trace
from docgen.calculus.proof import written
from docgen.calculus.request import WAY_OUT, Context, Found
from docgen.calculus.spoken import LINEAR, MULTILINEAR
from docgen.errors import UnsupportedError


def first_order(context: Context, task: str) -> Found:
    """The derivative of a formula in which one inverse, square root or norm depends on the variable.

    Raises UnsupportedError where there is none, more than one, or something else that is not linear in its parts.
    """
    f, x = context.function.formula, context.function.variable
    known = _defined(f, x)
    lines, answer = by_differentials.first_order(context, task)
    first = next((k for k, line in enumerate(lines) if line.rule == _SWEEP[known.op]), None)
    if first is None:  # the differential of a constant
        return lines, answer
    found = _IDENTITIES[known.op](known, x)
    if known is f:  # what is found is the first line of the sweep
        lines[first] = replace(lines[first], rule=found[-1].rule, left=differential(f), facts=found[-1].facts)
        return [*found[:-1], *lines], answer
    lines[first] = replace(lines[first], rule="substitute_found")
    return [*found, *lines], answer


def second_order(context: Context, gradient: Node) -> Found:
    """Refused: an identity gives the first differential."""
    raise UnsupportedError("the method 'implicit' finds first derivatives", hint=WAY_OUT)


#: The rule of the method of differentials that each identity proves.
_SWEEP = {"inv": "d_inverse", "pow": "d_root", "norm": "d_norm"}


def _defined(f: Node, x: Node) -> Node:
    """The one part that an identity defines."""
    name = x.data.name
    found = [
        node
        for node in walk(f)
        if name in node.free and node is not x and node.op not in LINEAR and node.op not in MULTILINEAR
    ]
    ours = [node for node in found if _is_ours(node)]
    if len(ours) == 1 and len(found) == 1:
        return ours[0]
    others = [node for node in found if node not in ours]
    if others:
        reason = f"here {written(others[0])} depends on {name}"
    elif ours:
        reason = f"here there are several of them, {written(ours[0])} and {written(ours[1])}"
    else:
        reason = f"none of them depends on {name} here"
    raise UnsupportedError(
        "the method 'implicit' differentiates one inverse matrix, square root or norm from the identity that defines "
        f"it, but {reason}",
        hint=WAY_OUT,
    )


def _is_ours(node: Node) -> bool:
    root = node.op == "pow" and node.data == Fraction(1, 2) and node.is_scalar
    return root or node.op == "inv" or (node.op == "norm" and not node.args[0].is_scalar)


def _statement(rule: str, left: Node, right: Node, x: Node, **facts: Node) -> Line:
    return Line(rule, "statement", right, left, {"x": x, "dx": differential(x), **facts})


def _inverse(known: Node, x: Node) -> list[Line]:
    """d(M⁻¹) = -M⁻¹ dM M⁻¹ from M⁻¹M = I."""
    matrix = known.args[0]
    d_known, d_matrix, zero = differential(known), differential(matrix), zeros(known.shape)
    whole = mul([known, matrix])
    lines = [
        _statement("inverse_identity", whole, eye(known.shape.rows), x),
        _statement("differentiate_identity", differential(whole), zero, x),
        _statement("identity_product", add([mul([d_known, matrix]), mul([known, d_matrix])]), zero, x),
        _statement("isolate", mul([d_known, matrix]), mul([num(-1), known, d_matrix]), x),
    ]
    return [*lines, _statement("multiply_inverse", d_known, mul([num(-1), known, d_matrix, known]), x, K=known)]


def _root(known: Node, x: Node) -> list[Line]:
    """d√u = du/(2√u) from (√u)² = u."""
    u = known.args[0]
    left = mul([num(2), known, differential(known)])
    half = product([num(Fraction(1, 2)), power(known, -1)])
    return [
        _statement("root_identity", power(known, 2), u, x),
        _statement("differentiate_identity", left, differential(u), x),
        _statement("divide", differential(known), splice([half, differential(u)]), x),
    ]


def _norm(known: Node, x: Node) -> list[Line]:
    """d‖u‖ = uᵀdu/‖u‖ from ‖u‖² = uᵀu."""
    u = known.args[0]
    close: Callable[[Node], Node] = (lambda node: node) if u.shape.kind == "vector" else trace
    left, right = (u, transpose(u)) if u.shape.kind == "row" else (transpose(u), u)
    other = close(splice([left, differential(right) if u.shape.kind != "row" else transpose(differential(u))]))
    return [
        _statement("norm_identity", power(known, 2), close(splice([left, right])), x),
        _statement("differentiate_identity", mul([num(2), known, differential(known)]), splice([num(2), other]), x),
        _statement("divide", differential(known), splice([power(known, -1), other]), x),
    ]


_IDENTITIES: dict[str, Callable[[Node, Node], list[Line]]] = {"inv": _inverse, "pow": _root, "norm": _norm}

__all__ = ["first_order", "second_order"]
