"""The study of a loss: what all its tasks share, and where the gradient vanishes.

A gradient that is linear in the variable, ∇f = Hx + c with a constant H, is set to zero and solved; H is the Hessian,
c the gradient at 0. The answer is proved by substitution: the gradient there is exactly zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from docgen.algebra.node import Node, add, eye, mul, num, unary, walk, zeros
from docgen.algebra.node import replace as put
from docgen.algebra.normal import flip, is_zero, parts, product, raised, renormal, sum_of
from docgen.algebra.sizes import ONE, shape
from docgen.calculus import by_differentials
from docgen.calculus.collect import factor
from docgen.calculus.definite import fresh, is_positive_definite, positive, rank_needed, squares
from docgen.calculus.derivation import Check, Derivation, Fact, Introduced, Line
from docgen.calculus.proof import Prover, false_line, written
from docgen.calculus.request import Context
from docgen.errors import UnsupportedError

_TRANSCENDENTAL = frozenset({"exp", "log", "sigma", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan"})


#: No lines with a word at their left.
NO_CLAIMS: Mapping[str, Callable[[Node], tuple[Node, Node]]] = {}

# ---- what every study needs --------------------------------------------------------------------------------------


def gradient_of(context: Context) -> tuple[list[Line], Node]:
    """The gradient, and the lines that find it where no earlier task did."""
    if context.gradient is not None:
        return [], context.gradient
    if not context.function.formula.is_scalar:
        raise UnsupportedError("only a scalar function has stationary points and steps of descent")
    lines, context.gradient = by_differentials.first_order(context, "gradient")
    return lines, context.gradient


def hessian_of(context: Context) -> tuple[list[Line], Node]:
    """The Hessian, and the lines that find it where no earlier task did."""
    if context.hessian is not None:
        return [], context.hessian
    lines, gradient = gradient_of(context)
    more, hessian = by_differentials.second_order(context, gradient)
    context.hessian = hessian
    return lines + more, hessian


def finish(
    context: Context,
    task: str,
    lines: Sequence[Line],
    answer: Node,
    *,
    found: str = "",
    introduced: tuple[Introduced, ...] = (),
    stacked: Mapping[str, Node] | None = None,
    equal: Sequence[tuple[Node, Node]] = (),
    claims: Mapping[str, Callable[[Node], tuple[Node, Node]]] = NO_CLAIMS,
) -> Derivation:
    """A proved derivation. Every equation among the lines is proved, a condition on the variable at the value that it
    holds at; ``equal`` are further equations that must hold, ``claims`` what the expression of a line must satisfy
    whose left-hand side is a word (a step). Raises ProofError at the first false one."""
    function = context.function
    if stacked:
        function = replace(function, stacked={**function.stacked, **stacked})
    if task == "matrix_form":
        context.function = function  # later tasks go on with the data matrices
    prover = Prover(function.formula, function.variable, stacked=function.stacked)
    prover.admissible()
    if context.gradient is not None and not prover.holds("derivative", context.gradient):
        raise false_line(function, task, f"the gradient that it starts from, {written(context.gradient)}, is false")
    hessian, gradient = context.hessian, context.gradient
    if hessian is not None and gradient is not None and not prover.holds("derivative", hessian, of=gradient):
        raise false_line(function, task, f"the Hessian that it starts from, {written(hessian)}, is false")
    for number, line in enumerate(lines, 1):
        if not _is_true(prover, line, context, claims):
            raise false_line(function, task, f"line {number} (rule {line.rule}) is false: {written(line.expression)}")
    for left, right in equal:
        if not prover.equal(left, right):
            raise false_line(function, task, f"{written(left)} is not {written(right)}")
    introduced = (*context.introduced, *(one for one in introduced if one not in context.introduced))
    if task == "matrix_form":
        context.introduced = introduced
    check = Check(True, prover.exact, len(lines))
    return Derivation(task, context.method, "mixed", tuple(lines), answer, check, introduced=introduced, verdict=found)


def _is_true(
    prover: Prover, line: Line, context: Context, claims: Mapping[str, Callable[[Node], tuple[Node, Node]]]
) -> bool:
    gradient = context.gradient
    subjects = [context.function.formula, *([gradient] if gradient is not None else [])]
    if line.transposed:
        return any(prover.holds("derivative", line.expression, of=subject, transposed=True) for subject in subjects)
    if line.quantity == "statement":
        if line.left is None or line.relation != "=":
            return True  # a sentence, or an inequality that its rule argues
        x = context.function.variable
        if not isinstance(line.left, Node):
            return line.left in claims and prover.equal(*claims[line.left](line.expression))
        left, right = line.left, line.expression
        if line.at is not None:
            left, right = put(left, x, line.at), put(right, x, line.at)
        return prover.equal(left, right)
    return any(prover.holds(line.quantity, line.expression, of=subject, part=line.part) for subject in subjects)


def prose(rule: str, about: Node, **facts: Fact) -> Line:
    """A sentence of an argument, without an equation of its own."""
    return Line(rule, "statement", about, None, facts)


def at_zero(node: Node, x: Node) -> Node:
    """The node with the variable set to zero, in normal form."""
    done: dict[int, Node] = {}
    for at in walk(node):
        done[id(at)] = zeros(x.shape) if at is x else renormal(at, [done[id(a)] for a in at.args]) if at.args else at
    return done[id(node)]


# ---- the stationary point ----------------------------------------------------------------------------------------


def stationary_point(context: Context) -> Derivation:
    """The gradient set to zero, and the linear system solved. Where the equation is not linear the answer is the
    gradient itself, whose zeros are sought, and the verdict says why."""
    lines, gradient = gradient_of(context)
    x = context.function.variable
    if x.data.name not in gradient.free:
        raise UnsupportedError(
            f"the gradient does not depend on {x.data.name}, so there is no stationary point to find",
            hint="Leave the task 'stationary_point' out.",
        )
    _, hessian = hessian_of(context)
    if x.data.name in hessian.free:
        return _not_linear(context, lines, gradient)
    matrix, right_factor, rhs = system_of(hessian, gradient, x)
    scale, matrix, rhs = _scaled(matrix, rhs)
    system = _applied(matrix, right_factor, x)
    answer, reasons = _solve(matrix, right_factor, rhs, x)
    nothing = zeros(x.shape)
    lines = [
        *lines,
        Line("set_zero", "statement", nothing, gradient, _about(x), at=answer),
        *([] if system is x else [Line("solve_linear", "statement", rhs, system, _about(x), at=answer)]),
        *reasons,
    ]
    rule = "solve_at_once" if system is x else "solve_inverse"
    lines.append(Line(rule, "statement", answer, x, {"G": matrix, "x": x}, at=answer))
    residual = add([system, product([num(-1), rhs])])
    equal = ((residual, product([scale, gradient])), (put(gradient, x, answer), nothing))
    return finish(context, "stationary_point", lines, answer, found="solved", equal=equal)


def _about(x: Node) -> dict[str, Fact]:
    return {"x": x, "scalar": x} if x.is_scalar else {"x": x}


def _not_linear(context: Context, lines: list[Line], gradient: Node) -> Derivation:
    x = context.function.variable
    inside = [n for n in walk(gradient) if x.data.name in n.free]
    if not any(n.op == "softmax" or (n.op == "fn" and n.data in _TRANSCENDENTAL) for n in inside):
        raise UnsupportedError(
            f"the equation {written(gradient)} = 0 is not linear in {x.data.name}, and docgen solves linear ones only",
            hint="Leave the task 'stationary_point' out; 'gradient_step' and 'newton_step' work for every loss.",
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


def system_of(hessian: Node, gradient: Node, x: Node) -> tuple[Node, Node | None, Node]:
    """A, B and C of the system A x B = C that says ∇f = 0."""
    rhs = factor(sum_of([product([num(-1), at_zero(gradient, x)]), zeros(x.shape)]))
    if x.shape.kind != "matrix":
        if x.shape.kind == "row":
            raise UnsupportedError("docgen solves systems for scalars, columns and matrices, not for rows")
        return hessian, None, rhs
    lefts, rights = [], []
    for term in terms_of(hessian):
        taken = parts(term)
        front = product([num(taken.number), *(raised(b, e) for b, e in taken.scalars)])
        pair = (eye(x.shape.cols), eye(x.shape.rows)) if not taken.chain else None
        if len(taken.chain) == 1 and taken.chain[0].op == "kron":
            pair = taken.chain[0].args  # type: ignore[assignment]
        if pair is None:
            break
        rights.append(pair[0])
        lefts.append(product([front, pair[1]]))
    else:
        if all(one.op == "eye" for one in rights):
            return factor(sum_of(lefts)), None, rhs
        if len(rights) == 1:
            return lefts[0], flip(rights[0]), rhs
    raise UnsupportedError(
        f"the system for {x.data.name} has no solution in the form of a product of matrices",
        hint="Leave the task 'stationary_point' out.",
    )


def terms_of(node: Node) -> list[Node]:
    """The terms of a sum, brackets opened where only scalars stand before them."""
    if node.op == "add":
        return [piece for term in node.args for piece in terms_of(term)]
    taken = parts(node)
    if len(taken.chain) == 1 and taken.chain[0].op == "add":
        front = [num(taken.number), *(raised(b, e) for b, e in taken.scalars)]
        return [piece for term in taken.chain[0].args for piece in terms_of(product([*front, term]))]
    if not taken.chain and len(taken.scalars) == 1 and taken.scalars[0][0].op == "add" and taken.scalars[0][1] == 1:
        return [piece for term in taken.scalars[0][0].args for piece in terms_of(product([num(taken.number), term]))]
    return [node]


def _scaled(matrix: Node, rhs: Node) -> tuple[Node, Node, Node]:
    """The two sides without common factors and denominators, and what they were multiplied by; a multiple of the
    identity stands last."""
    sides = [parts(term) for term in terms_of(matrix)]
    both = [*sides, *([] if is_zero(rhs) else [parts(term) for term in terms_of(rhs)])]
    number = sides[0].number
    for term in sides[1:]:
        number = _gcd(number, term.number)
    number = -abs(number) if all(term.number < 0 for term in sides) else abs(number)
    scale = [num(1 / number)]
    for base in dict.fromkeys(
        b for term in both for b, _ in term.scalars if b.op == "dim" or (b.op == "sym" and positive(b))
    ):
        least = min(dict(term.scalars).get(base, Fraction(0)) for term in both)
        if least and least.denominator == 1:
            scale.append(raised(base, -least))
    whole = product(scale)
    terms = sorted((product([whole, term]) for term in terms_of(matrix)), key=lambda term: not parts(term).chain)
    left = add(terms) if len(terms) > 1 and not parts(terms[-1]).chain else factor(sum_of(terms))
    right = rhs if is_zero(rhs) else factor(sum_of([product([whole, term]) for term in terms_of(rhs)]))
    return whole, left, right


def _gcd(a: Fraction, b: Fraction) -> Fraction:
    from math import gcd, lcm

    return Fraction(gcd(a.numerator, b.numerator), lcm(a.denominator, b.denominator))


def _applied(matrix: Node, right_factor: Node | None, x: Node) -> Node:
    return product([matrix, x] if right_factor is None else [matrix, x, right_factor])


def _solve(matrix: Node, right_factor: Node | None, rhs: Node, x: Node) -> tuple[Node, list[Line]]:
    """The solution, and the sentences on why the matrices can be inverted."""
    if matrix.is_scalar and right_factor is None:
        if x.is_scalar and not (matrix.op == "num" or positive(matrix)):
            return product([rhs, raised(matrix, Fraction(-1))]), [prose("nonzero", matrix, s=matrix)]
        return product([rhs, raised(matrix, Fraction(-1))]), []
    inverse: list[Node] = []
    reasons: list[Line] = []
    for one, left in ((matrix, True), (right_factor, False)):
        if one is None or one.op == "eye":
            continue
        reasons.append(invertible(one, x))
        taken = parts(one)
        if len(taken.chain) == 1 or (taken.number == 1 and not taken.scalars):
            front = product([num(1 / taken.number), *(raised(b, -e) for b, e in taken.scalars)])
            inside = product(taken.chain) if taken.chain else one
            turned = product([front, unary("inv", inside)])
        else:
            turned = unary("inv", one)
        inverse.insert(0, turned) if left else inverse.append(turned)
    before = [inverse.pop(0)] if matrix.op != "eye" and inverse else []
    return product([*before, rhs, *inverse]), reasons


def invertible(matrix: Node, x: Node) -> Line:
    """Why a matrix can be inverted: declared, positive definite by its form, or by full column rank - assumed where it
    was not declared."""
    facts: dict[str, Fact] = {"G": matrix, "x": x}
    if matrix.op == "sym":
        said = matrix.data.assumptions
        if "positive_definite" in said:
            return prose("declared_definite", matrix, **facts)
        return prose(
            "declared_invertible" if said & {"invertible", "orthogonal"} else "assume_invertible", matrix, **facts
        )
    needed = rank_needed(matrix)
    if needed is not None:
        columns = needed.shape.cols.latex()
        rank = (
            rf"\operatorname{{rank}} {written(needed)} = {columns}"
            if needed.op == "sym"
            else (rf"\operatorname{{rank}}({written(needed)}) = {columns}")
        )
        if needed.op == "T":
            rank = rf"\operatorname{{rank}} {written(needed.args[0])} = {columns}"
            return prose("assume_rank", matrix, rank=rank, **facts)
        return prose("assume_rank", matrix, X=needed, rank=rank, **facts)
    if is_positive_definite(matrix):
        z = fresh("z", shape(matrix.shape.rows, ONE), matrix)
        found = squares(matrix, z) or []
        full = next((n for n in walk(matrix) if n.op == "sym" and "full_column_rank" in n.data.assumptions), None)
        if len(found) == 1 and full is not None:
            return prose("full_rank_invertible", matrix, X=full, **facts)
        total = add([square.node for square in found]) if found else matrix
        return prose(
            "definite_invertible",
            matrix,
            z=z,
            q=rf"{written(form(matrix, z))} = {written(total)} > 0",
            nonzero=rf"{z.data.name} \ne 0",
            **facts,
        )
    return prose("assume_invertible", matrix, **facts)


def form(matrix: Node, z: Node) -> Node:
    """zᵀHz as it is printed before anything is done with it."""
    taken = parts(matrix)
    if taken.number < 0 or (matrix.op == "mul" and matrix.args[0].is_scalar):
        return mul([flip(z), mul([matrix]), z]) if matrix.op != "mul" else mul([flip(z), add([matrix]), z])
    return mul([flip(z), matrix, z])


def star(x: Node) -> str:
    """w^{*}, the stationary point."""
    name = x.data.name
    return rf"({name})^{{*}}" if "^" in name else rf"{name}^{{*}}"
