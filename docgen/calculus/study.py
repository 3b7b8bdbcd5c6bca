"""The study of a loss: where its gradient vanishes, and the sign of its Hessian.

A gradient that is linear in the variable, ∇f = Hx + c with a constant H, is set to zero and solved; H is the Hessian,
c the gradient at 0. The answer is proved by substitution: the gradient there is exactly zero. The definiteness of the
Hessian is read off zᵀHz, written as squares (:mod:`docgen.calculus.definite`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from docgen.algebra.node import Node, add, eye, mul, num, ones, power, unary, walk, zeros
from docgen.algebra.node import replace as put
from docgen.algebra.normal import flip, parts, product, raised, renormal, sum_of
from docgen.algebra.sizes import ONE, shape
from docgen.calculus import by_differentials
from docgen.calculus.collect import factor
from docgen.calculus.definite import Square, fresh, is_positive_definite, positive, rank_needed, squares, verdict
from docgen.calculus.derivation import Check, Derivation, Fact, Introduced, Line
from docgen.calculus.proof import Prover, false_line, written
from docgen.calculus.request import Context
from docgen.errors import UnsupportedError

_TRANSCENDENTAL = frozenset({"exp", "log", "sigma", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan"})

_SIGNS = {
    "positive_definite": ">", "positive_semidefinite": r"\ge", "negative_definite": "<", "negative_semidefinite": r"\le",
}


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
) -> Derivation:
    """A proved derivation. Every equation among the lines is proved, a condition on the variable at the value that it
    holds at; ``equal`` are further equations that must hold. Raises ProofError at the first false one."""
    function = context.function
    if stacked:
        function = replace(function, stacked={**function.stacked, **stacked})
    if task == "matrix_form":
        context.function = function  # later tasks go on with the data matrices
    prover = Prover(function.formula, function.variable, stacked=function.stacked)
    prover.admissible()
    if context.gradient is not None and not prover.holds("derivative", context.gradient):
        raise false_line(function, task, f"the gradient that it starts from, {written(context.gradient)}, is false")
    if context.hessian is not None and context.gradient is not None:
        if not prover.holds("derivative", context.hessian, of=context.gradient):
            raise false_line(function, task, f"the Hessian that it starts from, {written(context.hessian)}, is false")
    for number, line in enumerate(lines, 1):
        if not _is_true(prover, line, context):
            raise false_line(function, task, f"line {number} (rule {line.rule}) is false: {written(line.expression)}")
    for left, right in equal:
        if not prover.equal(left, right):
            raise false_line(function, task, f"{written(left)} is not {written(right)}")
    introduced = (*context.introduced, *(one for one in introduced if one not in context.introduced))
    if task == "matrix_form":
        context.introduced = introduced
    check = Check(True, prover.exact, len(lines))
    return Derivation(task, context.method, "mixed", tuple(lines), answer, check, introduced=introduced, verdict=found)


def _is_true(prover: Prover, line: Line, context: Context) -> bool:
    gradient = context.gradient
    subjects = [context.function.formula, *([gradient] if gradient is not None else [])]
    if line.transposed:
        return any(prover.holds("derivative", line.expression, of=subject, transposed=True) for subject in subjects)
    if line.quantity == "statement":
        if line.left is None or line.relation != "=":
            return True  # a sentence, or an inequality that its rule argues
        x = context.function.variable
        if not isinstance(line.left, Node):
            return True  # a step, equal to its definition by ``equal``
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
    matrix, right_factor, rhs = _system(hessian, gradient, x)
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


def _system(hessian: Node, gradient: Node, x: Node) -> tuple[Node, Node | None, Node]:
    """A, B and C of the system A x B = C that says ∇f = 0."""
    rhs = factor(sum_of([product([num(-1), at_zero(gradient, x)]), zeros(x.shape)]))
    if x.shape.kind != "matrix":
        if x.shape.kind == "row":
            raise UnsupportedError("docgen solves systems for scalars, columns and matrices, not for rows")
        return hessian, None, rhs
    lefts, rights = [], []
    for term in _terms(hessian):
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


def _terms(node: Node) -> list[Node]:
    """The terms of a sum, brackets opened where only scalars stand before them."""
    if node.op == "add":
        return [piece for term in node.args for piece in _terms(term)]
    taken = parts(node)
    if len(taken.chain) == 1 and taken.chain[0].op == "add":
        front = [num(taken.number), *(raised(b, e) for b, e in taken.scalars)]
        return [piece for term in taken.chain[0].args for piece in _terms(product([*front, term]))]
    if not taken.chain and len(taken.scalars) == 1 and taken.scalars[0][0].op == "add" and taken.scalars[0][1] == 1:
        return [piece for term in taken.scalars[0][0].args for piece in _terms(product([num(taken.number), term]))]
    return [node]


def _scaled(matrix: Node, rhs: Node) -> tuple[Node, Node, Node]:
    """The two sides without common factors and denominators, and what they were multiplied by; a multiple of the
    identity stands last."""
    sides = [parts(term) for term in _terms(matrix)]
    both = [*sides, *([] if _is_zero(rhs) else [parts(term) for term in _terms(rhs)])]
    number = sides[0].number
    for term in sides[1:]:
        number = _gcd(number, term.number)
    number = -abs(number) if all(term.number < 0 for term in sides) else abs(number)
    scale = [num(1 / number)]
    for base in dict.fromkeys(b for term in both for b, _ in term.scalars if b.op == "dim" or (b.op == "sym" and positive(b))):
        least = min(dict(term.scalars).get(base, Fraction(0)) for term in both)
        if least and least.denominator == 1:
            scale.append(raised(base, -least))
    whole = product(scale)
    terms = sorted((product([whole, term]) for term in _terms(matrix)), key=lambda term: not parts(term).chain)
    left = add(terms) if len(terms) > 1 and not parts(terms[-1]).chain else factor(sum_of(terms))
    right = rhs if _is_zero(rhs) else factor(sum_of([product([whole, term]) for term in _terms(rhs)]))
    return whole, left, right


def _is_zero(node: Node) -> bool:
    return node.op == "zeros" or (node.op == "num" and not node.data)


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
        return prose("declared_invertible" if said & {"invertible", "orthogonal"} else "assume_invertible", matrix, **facts)
    needed = rank_needed(matrix)
    if needed is not None:
        columns = needed.shape.cols.latex()
        rank = rf"\operatorname{{rank}} {written(needed)} = {columns}" if needed.op == "sym" else (
            rf"\operatorname{{rank}}({written(needed)}) = {columns}"
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
        form = add([square.node for square in found]) if found else matrix
        return prose("definite_invertible", matrix, z=z, q=rf"{written(_form(matrix, z))} = {written(form)} > 0", nonzero=rf"{z.data.name} \ne 0", **facts)
    return prose("assume_invertible", matrix, **facts)


def _form(matrix: Node, z: Node) -> Node:
    """zᵀHz as it is printed before anything is done with it."""
    taken = parts(matrix)
    if taken.number < 0 or (matrix.op == "mul" and matrix.args[0].is_scalar):
        return mul([flip(z), mul([matrix]), z]) if matrix.op != "mul" else mul([flip(z), add([matrix]), z])
    return mul([flip(z), matrix, z])


# ---- definiteness ------------------------------------------------------------------------------------------------


def definiteness(context: Context) -> Derivation:
    """The sign of the Hessian; the answer is the Hessian itself, the verdict its sign."""
    lines, hessian = hessian_of(context)
    x = context.function.variable
    given = fresh("Z" if x.shape.kind == "matrix" else "z", x.shape, context.function.formula)
    z = unary("vec", given) if x.shape.kind == "matrix" else given
    found = _with_assumed(context, squares(hessian, z))
    sign = verdict(found)
    form = _form(hessian, z) if not x.is_scalar else mul([hessian, _square_of(z)])
    lines = list(lines)
    if _is_zero(hessian):
        lines.append(prose("zero_hessian", hessian, x=x, f=context.function.name))
        return finish(context, "definiteness", lines, hessian, found="zero")
    if x.is_scalar:
        sign = _scalar_sign(hessian, found)
        before = context.done.get("stationary_point")
        if before is not None and any(line.rule == "nonzero" for line in before.lines):
            sign = sign.replace("semidefinite", "definite")
    if sign == "undetermined" or found is None:
        lines.append(prose("undetermined", hessian, H=hessian, z=given, q=form))
        return finish(context, "definiteness", lines, hessian, found="undetermined")
    if not x.is_scalar:
        lines += _as_squares(found, form, given, hessian)
    lines += _strictness(found, sign, given, hessian, x)
    lines += _conclusion(context, sign, found, x)
    introduced = (Introduced(given, "direction"),)
    return finish(context, "definiteness", lines, hessian, found=sign, introduced=introduced)


def assumed_ranks(context: Context) -> set[Node]:
    """The matrices that earlier tasks of the chain assumed to have full column rank."""
    lines = [line for done in context.done.values() for line in done.lines if line.rule == "assume_rank"]
    return {fact for line in lines for name, fact in line.facts.items() if name == "X" and isinstance(fact, Node)}


def _with_assumed(context: Context, found: list[Square] | None) -> list[Square] | None:
    """The squares, strict where an earlier task assumed the rank that they need."""
    if found is None:
        return None
    known = assumed_ranks(context)
    return [replace(s, strict=True) if s.needs is not None and s.needs in known else s for s in found]


def _square_of(z: Node) -> Node:
    return power(z, 2)


def _scalar_sign(value: Node, found: list[Square] | None) -> str:
    """The sign of a second derivative."""
    sign = verdict(found)
    taken = parts(value)
    if found is None or not taken.number:
        return "undetermined"
    if all(positive(b) or e < 0 for b, e in taken.scalars):
        return "positive_definite" if taken.number > 0 else "negative_definite"
    return sign


def _as_squares(found: list[Square], form: Node, z: Node, hessian: Node) -> list[Line]:
    """zᵀHz = … as squares: the products first, where that shows something."""
    space = z.shape.rows.latex() if z.shape.cols is ONE else rf"{z.shape.rows.latex()} \times {z.shape.cols.latex()}"
    facts: dict[str, Fact] = {"z": rf"{z.data.name} \in \mathbb{{R}}^{{{space}}}", "H": hessian}
    raw, nice = (_sum([getattr(s, name) for s in found]) for name in ("raw", "node"))
    kinds = {square.kind for square in found}
    rule = f"form_{found[0].kind}" if len(kinds) == 1 else "form_norm"
    special = next((s for s in found if s.kind != "norm"), found[0])
    if special.matrix is not None:
        facts["S"] = special.matrix
    if special.argument is not None:
        facts["u"] = special.argument
    lines = []
    if raw is not nice and form is not raw:
        lines.append(Line("form_group", "statement", raw, form, facts))
    if nice is not form:
        lines.append(Line(rule, "statement", nice, form, facts))
    if found[0].sign < 0:
        facts["negative"] = hessian
    if not lines and len(found) == 1 and found[0].strict and found[0].argument is z:
        return []  # zᵀAz itself, whose sign is an assumption
    sign = r"\ge" if found[0].sign > 0 else r"\le"
    lines.append(Line("form_sign", "statement", num(0), form, facts, relation=sign))
    return lines


def _sum(nodes: list[Node]) -> Node:
    return add(nodes) if len(nodes) > 1 else nodes[0]


def _strictness(found: list[Square], sign: str, z: Node, hessian: Node, x: Node) -> list[Line]:
    """Whether the form vanishes for z = 0 only, and why."""
    name = z.data.name
    facts: dict[str, Fact] = {"z": z, "H": hessian, "nonzero": rf"{name} \ne 0", "x": x}
    if sign.startswith("negative"):
        facts["negative"] = hessian
    if x.is_scalar:
        return [prose("scalar_sign", hessian, inequality=f"{written(hessian)} {_SIGNS[sign]} 0", **facts)]
    if sign.endswith("_definite") and not sign.endswith("semidefinite"):
        strict = next(s for s in found if s.strict)
        if strict.needs is not None:
            implied = rf"{written(product([strict.needs, z]))} = 0 \Rightarrow {name} = 0"
            return [prose("strict_rank", hessian, X=strict.needs, implied=implied, **facts)]
        u = strict.argument or z
        if strict.kind in ("declared", "weighted") and u is z:
            q = rf"{written(strict.node)} {'>' if sign.startswith('positive') else '<'} 0"
            return [prose("strict_declared", hessian, S=strict.matrix or hessian, q=q, **facts)]
        if u is z or (u.op == "sym" and u.data.name == name):
            return [prose("strict_norm", hessian, t=strict.node, **facts)]
        full = next((n for n in walk(u) if n.op == "sym" and n is not z and n.shape.kind == "matrix"), u)
        implied = rf"{written(u)} = 0 \Rightarrow {name} = 0"
        return [prose("strict_rank", hessian, X=full, implied=implied, **facts)]
    lines = [prose(sign, hessian, **facts)]
    needs = next((s.needs for s in found if s.needs is not None), None)
    if needs is not None:
        lines.append(prose("strict_if_rank", hessian, X=needs, **facts))
    elif found[0].kind == "variance" and found[0].argument is z:
        lines.append(prose("variance_zero", hessian, one=ones(z.shape), **facts))
    return lines


def _conclusion(context: Context, sign: str, found: list[Square], x: Node) -> list[Line]:
    """Convexity and what it says of the stationary point: local against global."""
    f: dict[str, Fact] = {"f": context.function.name, "x": x}
    sure = any(square.strict and square.needs is None for square in found)
    name = "convex" if sign.startswith("positive") else "concave"
    before = context.done.get("stationary_point")
    solved = before is not None and before.verdict == "solved"
    needs = None if sure else next((s.needs for s in found if s.needs is not None), None)
    if before is not None and before.verdict == "no_solution":
        f["without"] = x
    if solved and not sign.endswith("semidefinite"):
        lines = [prose(f"{name}_unique", x, w=star(x), **f)]
        return lines if needs is None or name == "concave" else [*lines, prose("not_unique", x, X=needs, **f)]
    lines = [prose(f"{name}_global", x, **f)]
    if solved and needs is not None:
        lines.append(prose("not_unique", x, X=needs, **f))
    return lines


def star(x: Node) -> str:
    """w^{*}, the stationary point."""
    name = x.data.name
    return rf"({name})^{{*}}" if "^" in name else rf"{name}^{{*}}"

