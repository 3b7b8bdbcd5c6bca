"""Where the gradient vanishes.

A gradient that is linear in the variable, ∇f = Hx + c with a constant H, is set to zero and solved; H is the Hessian,
c the gradient at 0. Any other equation is freed of denominators and inverses of the variable first: it may be linear
then (S - X⁻¹ = 0 is XS = I), and an equation in one scalar may have a root in closed form. Every answer is proved by
substitution: the gradient there is exactly zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from docgen.algebra.node import Node, add, mul, num, walk, zeros
from docgen.algebra.node import replace as put
from docgen.algebra.normal import flip, parts, product, sum_of
from docgen.algebra.products import raised
from docgen.algebra.symmetry import SYMMETRIC, is_symmetric, with_symmetry
from docgen.calculus import by_differentials, independent
from docgen.calculus.collect import factor
from docgen.calculus.definite import is_positive_definite, never_zero, positive
from docgen.calculus.derivation import Derivation, Fact, Line
from docgen.calculus.proof import Prover, written
from docgen.calculus.request import Context
from docgen.calculus.study import finish, gradient_of, invertible, prose
from docgen.calculus.study_clear import Cleared, cleared, multiplied_out
from docgen.calculus.study_linear import System, applied, at_point, scaled, solve, system_in, system_of
from docgen.calculus.study_roots import real_roots
from docgen.errors import UnsupportedError

_TRANSCENDENTAL = frozenset({"exp", "log", "sigma", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan"})


def stationary_point(context: Context) -> Derivation:
    """The gradient set to zero, and the equation solved. Where docgen finds no solution the answer is the gradient
    itself, whose zeros are sought, and the verdict says why."""
    lines, gradient = gradient_of(context)
    x = context.function.variable
    if x.data.name not in gradient.free:
        raise UnsupportedError(
            f"the gradient does not depend on {x.data.name}, so there is no stationary point to find",
            hint="Leave the task 'stationary_point' out.",
        )
    gradient = factor(with_symmetry(gradient)) if independent.applies(x) else gradient
    hessian = _second_derivative(context, gradient)
    if hessian is not None and x.data.name not in hessian.free:
        return _linear(context, lines, gradient, system_of(hessian, gradient, x))
    free = cleared(gradient, x)
    system = system_in(free.terms, x)
    if system is not None:
        return _linear(context, lines, gradient, system, free)
    found = real_roots(sum_of(free.terms), x) if x.is_scalar else None
    if found is None:
        return _not_solved(context, lines, gradient)
    roots = [root for root in found if _is_zero_at(context, gradient, root)]
    if len(roots) == 1:
        return _root(context, lines, gradient, free, roots[0])
    listed = f"several solutions: {', '.join(map(written, roots))}" if roots else "no single solution"
    raise UnsupportedError(
        f"the equation {written(gradient)} = 0 has {listed}",
        hint=f"Assume {x.data.name} positive where it is, or leave the task 'stationary_point' out.",
    )


def _second_derivative(context: Context, gradient: Node) -> Node | None:
    """The derivative of the gradient, where docgen finds it; a task of its own prints how."""
    try:
        return by_differentials.second_order(context, gradient)[1]
    except UnsupportedError:
        return None


def _is_zero_at(context: Context, gradient: Node, point: Node) -> bool:
    """Whether the gradient is defined and zero at a point."""
    function = context.function
    try:
        return Prover(function.formula, function.variable, stacked=function.stacked).agree(
            put(gradient, function.variable, point), zeros(point.shape)
        )
    except UnsupportedError:
        return False


def _linear(
    context: Context, lines: list[Line], gradient: Node, found: System, free: Cleared | None = None
) -> Derivation:
    """The solution of a linear system that says ∇f = 0, by itself or after it was freed of inverses."""
    x = context.function.variable
    matrix, right_factor, rhs = found
    scale, matrix, rhs = scaled(matrix, rhs)
    system = applied(matrix, right_factor, x)
    answer, reasons = solve(matrix, right_factor, rhs, x)
    if free is not None and not _is_zero_at(context, gradient, answer):
        return _not_solved(context, lines, gradient)
    nothing = zeros(x.shape)
    steps = [] if free is None else _clearing(free, x, system, rhs, answer)
    lines = [*lines, Line("set_zero", "statement", nothing, gradient, _about(x), at=answer), *steps]
    if free is None and system is not x:
        lines.append(Line("solve_linear", "statement", rhs, system, _about(x), at=answer))
    if free is None or system is not x:
        rule = "solve_at_once" if system is x else "solve_inverse"
        lines += [*reasons, Line(rule, "statement", answer, x, {"G": matrix, "x": x}, at=answer)]
    whole = gradient if free is None else free.of(gradient)
    residual = add([system, product([num(-1), rhs])])
    equal = ((residual, product([scale, whole])), (put(gradient, x, answer), nothing))
    lines += [*_defined(free, answer, x, [reason.expression for reason in reasons]), *_conditions(answer, x)]
    needed = [line.expression for line in lines if line.rule == "assume_definite"]
    lines = [line for line in lines if line.rule != "assume_invertible" or line.expression not in needed]
    return finish(context, "stationary_point", lines, answer, found="solved", equal=equal)


def _clearing(free: Cleared, x: Node, left: Node, right: Node, answer: Node) -> list[Line]:
    """The multiplications that free an equation; the last one states it as left = right."""
    steps: list[tuple[str, dict[str, Fact]]] = []
    if free.scalar.op != "num":
        divided = all(e < 0 for _, e in parts(free.scalar).scalars)
        divisor = product([raised(free.scalar, Fraction(-1))])
        steps.append(("clear_factor", {"q": divisor} if divided else {"s": free.scalar}))
    if free.left or free.right or free.turned:
        sides: dict[str, Fact] = {name: product(s) for name, s in (("L", free.left), ("R", free.right)) if s}
        steps.append(("clear_inverse", sides | ({"turned": x} if free.turned else {})))
    states = [(free.half_way, zeros(x.shape))] * (len(steps) - 1) + [(left, right)]
    return [
        Line(rule, "statement", there, here, facts | _about(x), at=answer)
        for (rule, facts), (here, there) in zip(steps, states, strict=True)
    ]


def _root(context: Context, lines: list[Line], gradient: Node, free: Cleared, answer: Node) -> Derivation:
    """The one root of an equation in a scalar unknown."""
    x = context.function.variable
    equation = add([_behind(term, x) for term in free.terms])
    lines = [
        *lines,
        Line("set_zero", "statement", num(0), gradient, _about(x), at=answer),
        *(_clearing(free, x, equation, num(0), answer) if free.scalar.op != "num" else []),
        Line("solve_root", "statement", answer, x, _about(x), at=answer),
        *_defined(free, answer, x),
        *_conditions(answer, x),
    ]
    equal = ((equation, product([free.scalar, gradient])), (put(gradient, x, answer), num(0)))
    return finish(context, "stationary_point", lines, answer, found="solved", equal=equal)


def _behind(term: Node, x: Node) -> Node:
    """A scalar term with the powers of the unknown behind its coefficient."""
    taken = parts(term)
    factors = sorted(taken.scalars, key=lambda factor: x.data.name in factor[0].free)
    front = [num(taken.number)] if taken.number != 1 or not factors else []
    return mul([*front, *(raised(b, e) for b, e in factors)])


def _defined(free: Cleared | None, answer: Node, x: Node, said: Sequence[Node] = ()) -> list[Line]:
    """What must not be zero, or must be invertible, for the gradient to be defined at the solution; ``said`` are
    the matrices that were told to be invertible."""
    if free is None:
        return []
    lines = []
    for base, exponent in parts(free.scalar).scalars:
        value = at_point(base, x, answer)
        if exponent > 0 and not positive(base) and not never_zero(value):
            lines.append(prose("nonzero", value, s=value))
    for matrix in free.left[:1] or free.right[:1]:
        value = at_point(matrix, x, answer)
        for symbol in [node for node in walk(value) if node.op == "sym" and matrix not in (x, flip(x))]:
            value = sum_of(multiplied_out(value, symbol))
        core = parts(value).bare
        while core.op in ("T", "inv"):
            core = core.args[0]
        reason = invertible(core, x)
        if reason.rule.startswith("assume") and core not in said and "positive_definite" not in x.data.assumptions:
            lines.append(reason)
    return lines


def _conditions(answer: Node, x: Node) -> list[Line]:
    """What the solution must be besides a zero of the gradient because the variable is declared so."""
    said = x.data.assumptions
    if said & SYMMETRIC and not is_symmetric(answer):
        raise UnsupportedError(
            f"the gradient vanishes at {written(answer)} only, which need not be symmetric as {x.data.name} is",
            hint="Assume the matrices in it symmetric where they are.",
        )
    if "positive_definite" in said and not is_positive_definite(answer):
        taken = parts(answer)
        core = taken.bare if positive(taken.front) else answer
        core = core.args[0] if core.op == "inv" else core
        return [prose("assume_definite", core, G=core, x=x)]
    if x.is_scalar and "positive" in said and not positive(answer):
        return [prose("assume_positive", answer, x=x, inequality=f"{written(answer)} > 0")]
    return []


def _about(x: Node) -> dict[str, Fact]:
    """The unknown as a sentence names it."""
    return {"x": x, "scalar": x} if x.is_scalar else {"x": x}


def _not_solved(context: Context, lines: list[Line], gradient: Node) -> Derivation:
    """What is said where no solution was found: that there is none, or none in closed form because a transcendental
    function holds the unknown. Raises UnsupportedError where neither is known."""
    x = context.function.variable
    inside = [n for n in walk(gradient) if x.data.name in n.free]
    if not any(n.op == "softmax" or (n.op == "fn" and n.data in _TRANSCENDENTAL) for n in inside):
        raise UnsupportedError(
            f"docgen finds no solution of the equation {written(gradient)} = 0 in closed form",
            hint="Leave the task 'stationary_point' out; 'gradient_step' works for every loss.",
        )
    zero = Line("set_zero", "statement", zeros(x.shape), gradient, _about(x), relation=r"\overset{?}{=}")
    taken = parts(gradient)
    weights = [raised(b, e) for b, e in taken.scalars if x.data.name in b.free]
    if weights and all(map(positive, weights)) and not any(x.data.name in f.free for f in taken.chain):
        rest = product([*(raised(b, e) for b, e in taken.scalars if x.data.name not in b.free), *taken.chain])
        told = prose("never_zero", gradient, s=product(weights), v=rest, x=x)
        return finish(context, "stationary_point", [*lines, zero, told], gradient, found="no_solution")
    told = prose("no_closed_form", gradient, x=x)
    return finish(context, "stationary_point", [*lines, zero, told], gradient, found="no_closed_form")
