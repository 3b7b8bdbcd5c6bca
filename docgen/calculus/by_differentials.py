"""The method of differentials as a whole: the sweep, and the derivative read off the canonical form."""

from __future__ import annotations

from dataclasses import replace

from docgen.algebra.node import Node, add, differential, eye, num, unary, walk, zeros
from docgen.algebra.normal import flip, product, sum_of
from docgen.algebra.properties import has_d, is_zero
from docgen.algebra.renormal import renormal
from docgen.algebra.sizes import ONE
from docgen.algebra.symmetry import is_symmetric, with_symmetry
from docgen.calculus.assumed import assumed
from docgen.calculus.cancel import shorter
from docgen.calculus.canonical import linear_of
from docgen.calculus.collect import factor
from docgen.calculus.derivation import Left, Line, Quantity
from docgen.calculus.differential import Differential
from docgen.calculus.exponential import without_exponentials
from docgen.calculus.linear import splice
from docgen.calculus.proof import derivative_shape
from docgen.calculus.request import Context, Found
from docgen.calculus.singular import vanishing, without
from docgen.calculus.vectorise import jacobian_of_vec, kronecker


def first_order(context: Context, task: str) -> Found:
    """The lines and the answer of a first-order task in the mixed layout."""
    f, x = context.function.formula, context.function.variable
    if x.data.name not in f.free or is_zero(f):
        return constant(f, x, task)
    before, f = without_exponentials(f, x)
    sweep = Differential(f, x, context.request.detail)
    sweep.run()
    lines = [*before, *sweep.lines]
    if not sweep.items:
        return constant(f, x, task)
    if task == "differential":
        answer = sweep.expression()
        facts: dict[str, Node | str] = {"x": x, "dx": differential(x)}
        if f.shape.kind == "matrix":
            facts["F"] = f
        return [*lines, Line("read_differential", "differential", answer, "d", facts)], answer
    return _read(sweep, f, x, lines, "read_gradient" if f.is_scalar else "read_jacobian")


def second_order(context: Context, gradient: Node) -> Found:
    """The Hessian as the derivative of the gradient."""
    x = context.function.variable
    lines = [Line("reuse_gradient", "derivative", gradient, "gradient", {"g": gradient, "x": x})]
    more, gradient = regular(context, gradient)
    lines += more
    if x.data.name in gradient.free:
        sweep = Differential(gradient, x, context.request.detail, first_left="dg")
        sweep.run()
        if sweep.items:
            more, answer = _read(sweep, gradient, x, sweep.lines, "read_hessian")
            return lines + more, answer
    more, answer = constant(gradient, x, "jacobian", "dg")
    return lines + more, answer


def regular(context: Context, gradient: Node) -> Found:
    """The gradient without the determinants that are zero at every point, and the lines that say so."""
    lines = []
    function = context.function
    while (determinant := vanishing(function.formula)) is not None:
        function = replace(function, formula=without(function.formula, determinant))
        _, gradient = first_order(replace(context, function=function), "gradient")
        facts = {"M": determinant.args[0], "x": function.variable}
        lines.append(Line("det_singular", "derivative", gradient, "gradient", facts))
    return lines, gradient


def constant(f: Node, x: Node, task: str, left: Left = "d") -> Found:
    """A value that does not depend on the variable: its differential and derivative are zero."""
    facts = {"x": x, "C": f}
    first = Line("d_constant", "differential", zeros(f.shape), left, facts)
    if task == "differential":
        return [first], zeros(f.shape)
    answer = zeros(derivative_shape(f.shape, x.shape))
    return [first, Line("d_constant", "derivative", answer, "derivative", facts)], answer


def read_derivative(sweep: Differential, f: Node, x: Node, rule: str) -> Found:
    """The derivative read off a finished sweep: the lines of the reading alone, and the answer."""
    return _read(sweep, f, x, [], rule)


def _read(sweep: Differential, f: Node, x: Node, lines: list[Line], rule: str) -> Found:
    """Read the derivative off a finished differential."""
    facts = {"x": x, "dx": differential(x)}
    if x.is_scalar and rule != "read_hessian":
        rule = "read_derivative"
    terms = [linear_of(term) for item in sweep.items for term in item.terms]
    forms = {linear.form for linear in terms}
    if len(terms) == 1 and forms <= {"left", "right", "trace"}:
        coefficient = terms[0].coefficient
        if coefficient is None:
            coefficient = eye(x.shape.cols) if terms[0].form == "trace" else eye(x.shape.rows)
        if f.is_scalar and not x.is_scalar:
            return _read_gradient(lines, coefficient, x, terms[0].form, facts)
        if x.is_scalar or x.shape.cols is ONE:
            if coefficient.is_scalar and not x.is_scalar:
                coefficient = product([coefficient, eye(x.shape.rows)])
            return _finish(lines, coefficient, rule, facts)
    if x.is_scalar:
        slope = factor(sum_of([_with_unit_step(linear.node) for linear in terms]))
        return _finish(lines, slope, rule, facts)
    coefficients = [jacobian_of_vec(linear.node) for linear in terms]
    jacobian = factor(sum_of(coefficients))
    name = "read_vec_jacobian" if rule == "read_jacobian" else rule
    if x.shape.kind == "matrix":
        step = unary("vec", differential(x))
        left = unary("vec", differential(f))
        row = add([splice([coefficient, step]) for coefficient in coefficients])
        lines = [*lines, Line("vec_kron", "statement", row, left, dict(facts))]
    return _finish(lines, jacobian, name, facts)


def _with_unit_step(term: Node) -> Node:
    """The derivative by a scalar: the term with dt = 1."""
    if term.op == "d":
        return num(1)
    args = [_with_unit_step(arg) if has_d(arg) else arg for arg in term.args]
    return kronecker(*args) if term.op == "kron" else renormal(term, args)


def _read_gradient(lines: list[Line], coefficient: Node, x: Node, form: str, facts: dict[str, Node]) -> Found:
    rule = {"left": "read_gradient", "right": "read_row_gradient", "trace": "read_matrix_gradient"}[form]
    row = Line(rule, "statement", coefficient, "derivative_t", {**facts, "dX": facts["dx"]}, transposed=True)
    turned = flip(coefficient)
    found = [*lines, row, Line("transpose_answer", "derivative", turned, "derivative", dict(facts))]
    return _polish(found, turned, facts)


def _finish(lines: list[Line], answer: Node, rule: str, facts: dict[str, Node]) -> Found:
    line = Line(rule, "derivative", answer, "derivative", {**facts, "dX": facts["dx"]})
    return _polish([*lines, line], answer, facts)


def _polish(lines: list[Line], answer: Node, facts: dict[str, Node]) -> Found:
    """Declared symmetries used in the answer, and its brackets opened where that makes it shorter, each said."""
    plain = with_symmetry(answer)
    if plain is not answer:
        used = next((n for n in walk(answer) if n.op == "sym" and n.shape.kind == "matrix" and is_symmetric(n)), answer)
        if plain.op == "add" and "typed" not in plain.memo:
            plain = sum_of(plain.args)  # fewer transposes than before may mean another order of the terms
        lines = [*lines, Line("symmetry", "derivative", plain, None, {**facts, "A": used})]
        answer = plain
    short = shorter(answer)
    if short is not None:
        lines = [*lines, Line("simplify", "derivative", short, None, dict(facts))]
        answer = short
    return by_assumptions(lines, answer)


def by_assumptions(lines: list[Line], answer: Node, quantity: Quantity = "derivative") -> Found:
    """What is assumed of the symbols of an answer used in it, each a line."""
    while (seen := assumed(answer)) is not None:
        answer = factor(seen.node)
        lines = [*lines, Line(seen.rule, quantity, answer, None, seen.facts)]
    return lines, answer


__all__ = ["by_assumptions", "constant", "first_order", "read_derivative", "regular", "second_order"]
