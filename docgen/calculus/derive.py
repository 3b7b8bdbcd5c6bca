"""From a formula to a solution: the tasks one after the other, the layouts, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib import import_module

from docgen.algebra.node import Node, num
from docgen.algebra.normal import flip, is_symmetric, product, remember_typed, sum_of, with_symmetry
from docgen.calculus import independent
from docgen.calculus.collect import factor
from docgen.calculus.depth import normal
from docgen.calculus.derivation import Derivation, Function, Line
from docgen.calculus.proof import mark_singular, prove
from docgen.calculus.request import Context, Found, Request
from docgen.errors import DocgenError, UnsupportedError

#: The module of each method. It has ``first_order(context, task)`` and ``second_order(context, gradient)``.
METHODS = {
    "differential": "docgen.calculus.by_differentials",
    "coordinates": "docgen.calculus.coordinates",
    "chain": "docgen.calculus.chain",
    "expand": "docgen.calculus.expand",
    "implicit": "docgen.calculus.implicit",
}

#: The tasks that every method can do.
DERIVATIVES = ("derivative", "gradient", "jacobian", "hessian", "differential")

#: The module of each further task. It has a function of the task's name: ``task(context) -> Derivation``.
STUDIES: dict[str, str] = {
    "second_differential": "docgen.calculus.study_second",
    "stationary_point": "docgen.calculus.study",
    "definiteness": "docgen.calculus.study_sign",
    "gradient_step": "docgen.calculus.study_steps",
    "sgd_step": "docgen.calculus.study_steps",
    "newton_step": "docgen.calculus.study_steps",
    "matrix_form": "docgen.calculus.samples",
}

LAYOUTS = ("mixed", "numerator", "denominator")
DETAILS = ("brief", "normal", "full")


def derive_all(function: Function, request: Request) -> tuple[Derivation, ...]:
    """One proved derivation for each method, layout and task.

    Raises UnsupportedError where docgen has no way, and ProofError when a line turns out false (a defect of docgen).
    """
    tasks = (*DERIVATIVES, *STUDIES)
    _check("task", request.tasks, tasks)
    _check("method", request.methods, tuple(METHODS))
    _check("layout", request.layouts, LAYOUTS)
    _check("detail", (request.detail,), DETAILS)
    remember_typed(function.formula)
    mark_singular(function)
    found: list[Derivation] = []
    for method in request.methods:
        for layout in request.layouts:
            context = Context(function, request, method, layout)
            _recall(context)
            for task in request.tasks:
                derivation = _one(context, _resolved(function, task))
                context.done[derivation.task] = derivation
                found.append(derivation)
    return tuple(found)


def _recall(context: Context) -> None:
    """Go on from the derivations that are known of the function."""
    for derivation in context.request.known:
        context.done.setdefault(derivation.task, derivation)
        answer = derivation.answer if derivation.reached is None else derivation.reached
        if derivation.task == "gradient" and derivation.layout == "mixed":
            context.gradient = answer
        elif derivation.task == "hessian":
            context.hessian = answer
        context.introduced = context.introduced or derivation.introduced


def _check(word: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    for one in given:
        if one not in known:
            raise UnsupportedError(f"the {word} '{one}' is not available", hint=f"available: {', '.join(known)}")


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


def _one(context: Context, task: str) -> Derivation:
    if task in STUDIES:
        study: Callable[[Context], Derivation] = getattr(import_module(STUDIES[task]), task)
        return study(context)
    return derivative(context, task)


def derivative(context: Context, task: str) -> Derivation:
    """A gradient, Jacobian, Hessian or differential by the method of the context, which keeps gradient and Hessian."""
    method = import_module(METHODS[context.method])
    if task == "hessian":
        lines: list[Line] = []
        if independent.applies(context.function.variable):
            lines, context.gradient, answer = independent.hessian(context, method.first_order, method.second_order)
        else:
            if context.gradient is None:
                lines, context.gradient = method.first_order(context, "gradient")
            more, answer = method.second_order(context, context.gradient)
            lines = lines + more
        context.hessian = answer
    else:
        lines, answer = method.first_order(context, task)
        if task == "gradient":
            context.gradient = answer
    if context.request.detail == "normal" and context.method == "differential":
        lines = normal(lines)
    lines, answer = _constrain(context, task, lines, answer)
    lines, answer = _lay_out(task, context.layout, lines, answer)
    check = prove(
        context.function,
        lines,
        answer,
        task,
        gradient=context.gradient if task == "hessian" else None,
        layout=context.layout,
        constrained=context.request.constrained,
        stacked=context.function.stacked,
    )
    return Derivation(task, context.method, context.layout, tuple(lines), answer, check, introduced=context.introduced)


def _constrain(context: Context, task: str, lines: list[Line], answer: Node) -> Found:
    """The gradient within symmetric matrices, (G + Gᵀ)/2, where it is asked for."""
    if not context.request.constrained:
        return lines, answer
    x = context.function.variable
    if task != "gradient" or not is_symmetric(x):
        raise DocgenError(
            "'constrained' asks for the gradient within symmetric matrices, so the task must be the gradient by a "
            "matrix that is declared symmetric",
            hint=f"assume {x.data.name}: symmetric, or leave 'constrained' out",
        )
    half = num(Fraction(1, 2))
    within = factor(with_symmetry(sum_of([product([half, answer]), product([half, flip(answer)])])))
    if within is answer:
        return lines, answer
    line = Line("constrained_symmetric", "derivative", within, "derivative", {"x": x, "G": answer})
    return [*lines, line], within


def _lay_out(task: str, layout: str, lines: list[Line], answer: Node) -> Found:
    """The transposition that a layout asks for: of the gradient in the numerator layout, of the Jacobian in the
    denominator layout. Hessians and differentials never change (CONTRACT section 3)."""
    if (task, layout) not in (("gradient", "numerator"), ("jacobian", "denominator")):
        return lines, answer
    turned = with_symmetry(flip(answer))
    if turned.shape is answer.shape and turned is answer:
        return lines, answer
    line = Line(f"layout_{layout}", "statement", turned, "derivative_t", {"x": turned}, transposed=True)
    return [*lines, line], turned


__all__ = ["LAYOUTS", "METHODS", "STUDIES", "Context", "Request", "derivative", "derive_all"]
