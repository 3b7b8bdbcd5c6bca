"""From a formula to a solution: the tasks one after the other, the layouts, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from importlib import import_module

from docgen.algebra.node import Node, num
from docgen.algebra.normal import flip, product, remember_typed, sum_of
from docgen.algebra.symmetry import is_symmetric, with_symmetry
from docgen.calculus import independent
from docgen.calculus.by_differentials import by_assumptions
from docgen.calculus.choices import DETAILS, LAYOUTS, METHODS, STUDIES, TASKS
from docgen.calculus.collect import factor
from docgen.calculus.components import without_components
from docgen.calculus.depth import normal
from docgen.calculus.derivation import Derivation, Function, Line
from docgen.calculus.proof import mark_singular, prove
from docgen.calculus.request import Context, Found, Request
from docgen.errors import DocgenError, UnsupportedError


def derive_all(function: Function, request: Request) -> tuple[Derivation, ...]:
    """One proved derivation for each method, layout and task.

    Raises UnsupportedError where docgen has no way, and ProofError when a line turns out false (a defect of docgen).
    """
    _check("task", request.tasks, TASKS)
    _check("method", request.methods, tuple(METHODS))
    _check("layout", request.layouts, LAYOUTS)
    _check("detail", (request.detail,), DETAILS)
    remember_typed(function.formula)
    function, opening, introduced = without_components(function)
    if opening:
        remember_typed(function.formula)
    mark_singular(function)
    found: list[Derivation] = []
    for method in request.methods:
        for layout in request.layouts:
            context = Context(function, request, method, layout, introduced=introduced)
            _recall(context)
            for task in request.tasks:
                derivation = _one(context, _resolved(function, task))
                if opening and not context.done:
                    check = replace(derivation.check, lines=derivation.check.lines + len(opening))
                    derivation = replace(derivation, lines=(*opening, *derivation.lines), check=check)
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
            raise UnsupportedError(f"the {word} '{one}' is not available", hint=f"Available: {', '.join(known)}.")


def _resolved(function: Function, task: str) -> str:
    """``derivative`` made definite, and a gradient refused where the value is not a scalar."""
    scalar = function.formula.is_scalar
    if task == "derivative":
        return "gradient" if scalar else "jacobian"
    if task in ("gradient", "hessian") and not scalar:
        named = "Hessian" if task == "hessian" else task
        raise DocgenError(
            f"only a scalar function has a {named}, but the value here is {function.formula.shape}",
            hint="Ask for the task 'jacobian' or 'differential'.",
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
    lines, answer = by_assumptions(lines, answer, "differential" if task == "differential" else "derivative")
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
            "matrix that is assumed symmetric",
            hint=f"Assume {x.data.name}: symmetric, or leave 'constrained' out."
            if task == "gradient" and x.shape.kind == "matrix"
            else "Leave 'constrained' out.",
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
    if turned is answer:
        return lines, answer
    line = Line(f"layout_{layout}", "statement", turned, "derivative_t", {"x": turned}, transposed=True)
    return [*lines, line], turned


__all__ = ["derivative", "derive_all"]
