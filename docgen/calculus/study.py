"""The study of a loss: what all its tasks share, from the derivatives they need to the proof of their equations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from docgen.algebra.node import Node, add, mul, walk
from docgen.algebra.node import replace as put
from docgen.algebra.normal import flip, parts, sum_of
from docgen.algebra.sizes import ONE, shape
from docgen.calculus import by_differentials, independent
from docgen.calculus.definite import fresh, is_positive_definite, rank_needed, squares
from docgen.calculus.derivation import Check, Derivation, Fact, Introduced, Line
from docgen.calculus.proof import Prover, false_line, written
from docgen.calculus.request import Context
from docgen.errors import UnsupportedError

#: No lines with a word at their left.
NO_CLAIMS: Mapping[str, Callable[[Node], tuple[Node, Node]]] = {}


def gradient_of(context: Context) -> tuple[list[Line], Node]:
    """The gradient, and the lines that find it where no earlier task did."""
    if context.gradient is not None:
        return [], context.gradient
    if not context.function.formula.is_scalar:
        raise UnsupportedError(
            "only a scalar function has stationary points and steps of descent, "
            f"but the value here is {context.function.formula.shape}",
            hint="Ask for the task 'jacobian' or 'differential'.",
        )
    lines, context.gradient = by_differentials.first_order(context, "gradient")
    return lines, context.gradient


def hessian_of(context: Context) -> tuple[list[Line], Node]:
    """The Hessian, and the lines that find it where no earlier task did."""
    if context.hessian is not None:
        return [], context.hessian
    if independent.applies(context.function.variable):
        found = independent.hessian(context, by_differentials.first_order, by_differentials.second_order)
        lines, context.gradient, context.hessian = found
        return lines, context.hessian
    lines, gradient = gradient_of(context)
    more, context.hessian = by_differentials.second_order(context, gradient)
    return lines + more, context.hessian


def without_commutation(hessian: Node) -> Node:
    """The Hessian as it acts on symmetric directions: K vec Z is vec Z there."""
    taken = parts(hessian)
    if taken.chain and taken.chain[-1].op == "commutation":
        return replace(taken, chain=taken.chain[:-1]).node()
    return sum_of([without_commutation(term) for term in hessian.args]) if hessian.op == "add" else hessian


def finish(
    context: Context,
    task: str,
    lines: Sequence[Line],
    answer: Node,
    *,
    found: str = "",
    introduced: tuple[Introduced, ...] = (),
    equal: Sequence[tuple[Node, Node]] = (),
    claims: Mapping[str, Callable[[Node], tuple[Node, Node]]] = NO_CLAIMS,
) -> Derivation:
    """A proved derivation. Every equation among the lines is proved, a condition on the variable at the value that it
    holds at; ``equal`` are further equations that must hold, ``claims`` what the expression of a line must satisfy
    whose left-hand side is a word (a step). Raises ProofError at the first false one."""
    function = context.function
    prover = Prover(function.formula, function.variable, stacked={**function.stacked, **stacked_by(introduced)})
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
        if not prover.agree(left, right):
            raise false_line(function, task, f"{written(left)} is not {written(right)}")
    introduced = (*context.introduced, *(one for one in introduced if one not in context.introduced))
    check = Check(True, prover.exact, len(lines))
    return Derivation(task, context.method, "mixed", tuple(lines), answer, check, introduced=introduced, verdict=found)


def stacked_by(introduced: Sequence[Introduced]) -> dict[str, Node]:
    """The matrices among what was introduced, and those whose families were, by name: the family of their rows."""
    found: dict[str, Node] = {}
    for one in introduced:
        if one.of is not None and one.means == "stack":
            found[one.symbol.data.name] = one.of
        elif one.of is not None and one.means == "rows":
            found[one.of.data.name] = one.symbol
    return found


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
            return prover.agree(put(left, x, line.at), put(right, x, line.at))
        return prover.equal(left, right)
    return any(prover.holds(line.quantity, line.expression, of=subject, part=line.part) for subject in subjects)


def prose(rule: str, about: Node, **facts: Fact) -> Line:
    """A sentence of an argument, without an equation of its own."""
    return Line(rule, "statement", about, None, facts)


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
        turned = needed.op == "T"  # said of the matrix itself, whose rank is the same
        bare = needed.args[0] if turned else needed
        said_of = f" {written(bare)}" if turned or bare.op == "sym" else f"({written(bare)})"
        facts["rank"] = rf"\operatorname{{rank}}{said_of} = {needed.shape.cols.latex()}"
        return prose("assume_rank", matrix, **facts, **({} if turned else {"X": needed}))
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
            q=rf"{written(mul([flip(z), matrix, z]))} = {written(total)} > 0",
            nonzero=rf"{z.data.name} \ne 0",
            **facts,
        )
    return prose("assume_invertible", matrix, **facts)


def star(x: Node) -> str:
    """w^{*}, the stationary point."""
    name = x.data.name
    return rf"({name})^{{*}}" if "^" in name else rf"{name}^{{*}}"
