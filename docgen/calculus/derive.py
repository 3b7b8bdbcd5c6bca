"""From a formula to a solution: the tasks, the layouts, the reading-off and the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from docgen.algebra.node import Node, add, differential, eye, num, unary, zeros
from docgen.algebra.normal import flip, is_symmetric, product, remember_typed, sum_of, walk, with_symmetry
from docgen.algebra.sizes import ONE
from docgen.calculus.collect import factor
from docgen.calculus.derivation import Check, Derivation, Function, Line
from docgen.calculus.differential import Differential, linear_of
from docgen.calculus.linear import splice
from docgen.calculus.proof import derivative_shape, prove
from docgen.calculus.vectorise import jacobian_of_vec
from docgen.errors import DocgenError, UnsupportedError

TASKS = ("derivative", "gradient", "jacobian", "hessian", "differential")
METHODS = ("differential",)
LAYOUTS = ("mixed", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the tasks in order, one method and layout each, how fine the steps are, and whether the
    gradient by a symmetric matrix is sought within symmetric matrices."""

    tasks: tuple[str, ...] = ("derivative",)
    methods: tuple[str, ...] = ("differential",)
    layouts: tuple[str, ...] = ("mixed",)
    detail: str = "normal"
    constrained: bool = False


def derive_all(function: Function, request: Request) -> tuple[Derivation, ...]:
    """One proved derivation for each method, layout and task.

    Raises UnsupportedError where docgen has no way, and ProofError when a line turns out false (a defect of docgen).
    """
    for word, known, given in (
        ("task", TASKS, request.tasks),
        ("method", METHODS, request.methods),
        ("layout", LAYOUTS, request.layouts),
    ):
        for one in given:
            if one not in known:
                raise UnsupportedError(f"the {word} '{one}' is not available", hint=f"available: {', '.join(known)}")
    remember_typed(function.formula)
    found: list[Derivation] = []
    for method in request.methods:
        for layout in request.layouts:
            gradient: Node | None = None
            for task in request.tasks:
                derivation, gradient = _derive(function, _resolved(function, task), method, layout, request, gradient)
                found.append(derivation)
    return tuple(found)


def _resolved(function: Function, task: str) -> str:
    """``derivative`` made definite, and a gradient refused where the value is not a scalar."""
    scalar = function.formula.is_scalar
    if task == "derivative":
        return "gradient" if scalar else "jacobian"
    if task in ("gradient", "hessian") and not scalar:
        raise DocgenError(
            f"only a scalar function has a {task}, but the value here is {function.formula.shape}",
            hint="ask for the task 'jacobian' or 'differential'",
        )
    return task


def _derive(
    function: Function, task: str, method: str, layout: str, request: Request, gradient: Node | None
) -> tuple[Derivation, Node | None]:
    if task == "hessian":
        lines: list[Line] = []
        if gradient is None:
            lines, gradient = _first(function, "gradient", request)
        second, answer = _second(function, gradient, request)
        lines = lines + second
    else:
        lines, answer = _first(function, task, request)
        if task == "gradient":
            gradient = answer
    mixed = answer
    lines, answer = _constrain(function, task, lines, answer, request)
    lines, answer = _lay_out(task, layout, lines, answer)
    check = prove(function, lines, answer, task, gradient=gradient, layout=layout, constrained=request.constrained)
    return Derivation(task, method, layout, tuple(lines), answer, check), gradient if task != "gradient" else mixed


def _first(function: Function, task: str, request: Request) -> tuple[list[Line], Node]:
    """The lines and the answer of a first-order task in the mixed layout."""
    f, x = function.formula, function.variable
    if x.data.name not in f.free:
        return _constant(f, x, task)
    sweep = Differential(f, x, request.detail)
    sweep.run()
    lines = sweep.lines
    if not sweep.items:
        return _constant(f, x, task)
    if task == "differential":
        answer = sweep.expression()
        return [*lines, Line("read_differential", "differential", answer, "d", {"x": x, "dx": differential(x)})], answer
    return _read(sweep, f, x, lines, "read_gradient" if f.is_scalar else "read_jacobian")


def _second(function: Function, gradient: Node, request: Request) -> tuple[list[Line], Node]:
    """The Hessian as the derivative of the gradient."""
    x = function.variable
    lines = [Line("reuse_gradient", "derivative", gradient, "gradient", {"g": gradient, "x": x})]
    if x.data.name not in gradient.free:
        more, answer = _constant(gradient, x, "jacobian", "dg")
        return lines + more, answer
    sweep = Differential(gradient, x, request.detail, first_left="dg")
    sweep.run()
    if not sweep.items:
        more, answer = _constant(gradient, x, "jacobian", "dg")
        return lines + more, answer
    more, answer = _read(sweep, gradient, x, sweep.lines, "read_hessian")
    return lines + more, answer


def _constant(f: Node, x: Node, task: str, left: str = "d") -> tuple[list[Line], Node]:
    facts = {"x": x, "C": f}
    first = Line("d_constant", "differential", zeros(f.shape), left, facts)  # type: ignore[arg-type]
    if task == "differential":
        return [first], zeros(f.shape)
    answer = zeros(derivative_shape(f.shape, x.shape))
    return [first, Line("d_constant", "derivative", answer, "derivative", facts)], answer


def _read(sweep: Differential, f: Node, x: Node, lines: list[Line], rule: str) -> tuple[list[Line], Node]:
    """Read the derivative off a finished differential."""
    facts = {"x": x, "dx": differential(x)}
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
                node = add([sweep.expression()])
                if node.op != "d":
                    lines = [*lines]
            return _finish(lines, coefficient, "read_derivative" if x.is_scalar and rule != "read_hessian" else rule, facts)
    coefficients = [jacobian_of_vec(linear.node) for linear in terms]
    jacobian = factor(sum_of(coefficients))
    name = "read_vec_jacobian" if rule == "read_jacobian" else rule
    if x.shape.kind == "matrix":
        step = unary("vec", differential(x))
        left = unary("vec", differential(f))
        row = add([splice([coefficient, step]) for coefficient in coefficients])
        lines = [*lines, Line("vec_kron", "statement", row, left, dict(facts))]
    return _finish(lines, jacobian, name, facts)


def _read_gradient(
    lines: list[Line], coefficient: Node, x: Node, form: str, facts: dict[str, Node]
) -> tuple[list[Line], Node]:
    rule = {"left": "read_gradient", "right": "read_row_gradient", "trace": "read_matrix_gradient"}[form]
    row = Line(rule, "statement", coefficient, "derivative_t", {**facts, "dX": facts["dx"]}, transposed=True)
    turned = flip(coefficient)
    found = [*lines, row, Line("transpose_answer", "derivative", turned, "derivative", dict(facts))]
    return _polish(found, turned, facts)


def _finish(lines: list[Line], answer: Node, rule: str, facts: dict[str, Node]) -> tuple[list[Line], Node]:
    line = Line(rule, "derivative", answer, "derivative", {**facts, "dX": facts["dx"]})
    return _polish([*lines, line], answer, facts)


def _polish(lines: list[Line], answer: Node, facts: dict[str, Node]) -> tuple[list[Line], Node]:
    """Declared symmetries in the answer, said."""
    plain = with_symmetry(answer)
    if plain is not answer:
        used = next((n for n in walk(answer) if n.op == "sym" and n.shape.kind == "matrix" and _declared(n)), answer)
        lines = [*lines, Line("symmetry", "derivative", plain, None, {**facts, "A": used})]
        answer = plain
    return lines, answer


def _declared(node: Node) -> bool:
    return bool(node.data.assumptions & {"symmetric", "positive_definite", "diagonal"})


def _constrain(
    function: Function, task: str, lines: list[Line], answer: Node, request: Request
) -> tuple[list[Line], Node]:
    """The gradient within symmetric matrices, (G + Gᵀ)/2, where it is asked for."""
    if not request.constrained:
        return lines, answer
    x = function.variable
    if task != "gradient" or not is_symmetric(x):
        raise DocgenError(
            "'constrained' asks for the gradient within symmetric matrices, so the task must be the gradient by a matrix "
            "that is declared symmetric",
            hint=f"assume {x.data.name}: symmetric, or leave 'constrained' out",
        )
    half = num(Fraction(1, 2))
    within = factor(with_symmetry(sum_of([product([half, answer]), product([half, flip(answer)])])))
    if within is answer:
        return lines, answer
    line = Line("constrained_symmetric", "derivative", within, "derivative", {"x": x, "G": answer})
    return [*lines, line], within


def _lay_out(task: str, layout: str, lines: list[Line], answer: Node) -> tuple[list[Line], Node]:
    """The transposition that a layout asks for: of the gradient in the numerator layout, of the Jacobian in the
    denominator layout. Hessians and differentials never change (CONTRACT section 3)."""
    if (task, layout) not in (("gradient", "numerator"), ("jacobian", "denominator")):
        return lines, answer
    turned = with_symmetry(flip(answer))
    if turned.shape is answer.shape and turned is answer:
        return lines, answer
    line = Line(f"layout_{layout}", "statement", turned, "derivative_t", {"x": turned}, transposed=True)
    return [*lines, line], turned


__all__ = ["LAYOUTS", "METHODS", "TASKS", "Check", "Request", "derivative_shape", "derive_all"]
