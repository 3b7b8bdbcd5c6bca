"""The second differential: the differential of the differential, the increment being constant."""

from __future__ import annotations

from dataclasses import replace

from docgen.algebra.node import Node, differential, mul, num, power
from docgen.algebra.normal import flip, product, sum_of, trace_of
from docgen.calculus import by_differentials, independent
from docgen.calculus.collect import factor
from docgen.calculus.derivation import Derivation, Line
from docgen.calculus.differential import Differential
from docgen.calculus.linear import trace
from docgen.calculus.proof import prove
from docgen.calculus.request import Context
from docgen.calculus.study import finish, gradient_of
from docgen.errors import UnsupportedError


def second_differential(context: Context) -> Derivation:
    """d²f along one increment: dxᵀ H dx for a vector, a trace for a matrix, f''(x) dx² for a scalar."""
    f, x = context.function.formula, context.function.variable
    if not f.is_scalar:
        raise UnsupportedError(
            "docgen finds the second differential of scalar functions only",
            hint="Ask for the task 'differential'.",
        )
    if independent.applies(x):
        other = independent.general_context(context)
        found = second_differential(other)
        lines, answer = independent.declared(context, other, found.lines, found.answer, "differential")
        return finish_second(context, lines, answer, independent.gradient_used(context, other))
    known = context.gradient is not None
    lines, gradient = gradient_of(context)
    if known:
        lines = [Line("reuse_gradient", "derivative", gradient, "gradient", {"g": gradient, "x": x})]
    more, gradient = by_differentials.regular(context, gradient)
    lines = [*lines, *more]
    dx = differential(x)
    hole = differential(gradient)
    facts = {"x": x, "dx": dx}
    opened = mul([hole, dx]) if x.is_scalar else _paired(hole, dx)
    lines = [*lines, Line("second_differential", "differential", opened, "dd", dict(facts))]
    sweep = Differential(gradient, x, context.request.detail, first_left="dg")
    if x.data.name in gradient.free:
        sweep.run()
    if not sweep.items:
        answer = num(0)
    elif x.shape.kind == "matrix":
        change = sweep.expression()
        answer = _trace(change, dx)
        lines = [*lines, *sweep.lines]
    else:
        more, hessian = by_differentials.second_order(context, gradient)
        context.hessian = hessian
        lines = [*lines, *[line for line in more if line.quantity == "differential"]]
        answer = product([hessian, power(dx, 2)]) if x.is_scalar else _sandwich(dx, hessian, x)
    lines.append(Line("read_second", "differential", answer, "dd", dict(facts)))
    return finish_second(context, lines, answer, context.gradient)


def _paired(hole: Node, dx: Node) -> Node:
    if hole.shape.kind == "matrix":
        return trace(mul([flip(hole), dx]))
    return mul([flip(hole), dx]) if hole.shape.kind == "vector" else mul([hole, flip(dx)])


def _sandwich(dx: Node, hessian: Node, x: Node) -> Node:
    """dxᵀ H dx (for a row dx H dxᵀ), numbers in front."""
    left, right = (dx, flip(dx)) if x.shape.kind == "row" else (flip(dx), dx)
    scalars = [a for a in hessian.args if a.is_scalar] if hessian.op == "mul" else []
    rest = [a for a in hessian.args if not a.is_scalar] if hessian.op == "mul" else [hessian]
    inside = [] if len(rest) == 1 and rest[0].op == "eye" else rest
    return mul([*scalars, left, *inside, right])


def _trace(change: Node, dx: Node) -> Node:
    terms = [trace_of(product([flip(term), dx])) for term in (change.args if change.op == "add" else (change,))]
    return factor(sum_of(terms))


def finish_second(context: Context, lines: list[Line], answer: Node, gradient: Node | None) -> Derivation:
    """The proof: lines on f, on the gradient that they go on from, and on d(df)."""
    derivation = finish(context, "second_differential", [], answer)
    check = prove(context.function, lines, answer, "second_differential", gradient=gradient)
    return replace(derivation, lines=tuple(lines), check=check)
