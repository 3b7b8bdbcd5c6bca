"""What a derivation looks for, as LaTeX: the left-hand side of its answer and the canonical form it aims at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, differential, workspace
from docgen.algebra.notation import Notation
from docgen.calculus.derivation import Derivation, Function, Line
from docgen.calculus.study import star
from docgen.handouts.iterates import iterates, with_step
from docgen.handouts.spelling import of_function

_CONTROL = re.compile(r"\\(?:operatorname|text|mathrm|mathbf|left|right|[bB]igg?[lr]?|underset|[,;!:])|[{}^_$&]")
_COMMAND = re.compile(r"\\[A-Za-z]+|\\.")


def width(formula: str) -> int:
    """About how many characters wide a formula is on the page."""
    return len(_COMMAND.sub("x", _CONTROL.sub("", formula)).replace(" ", ""))


def d(notation: Notation) -> str:
    """The d of a differential as it is printed before a symbol."""
    return r"\mathrm{d}" if notation.d == "upright" else "d"


def increment(function: Function, notation: Notation) -> str:
    """``dx``: the increment of the variable."""
    with workspace():
        return latex(differential(function.variable), notation)


def _name(function: Function) -> str:
    return function.name if function.name.startswith("\\") or len(function.name) == 1 else f"{{{function.name}}}"


def df(function: Function, notation: Notation) -> str:
    """``df``: the differential of the function."""
    return d(notation) + function.name


def at_point(function: Function, notation: Notation) -> str:
    """``f(x)``, with every argument where there are several."""
    return f"{function.name}({point(function, notation)})"


def point(function: Function, notation: Notation, at: str | None = None) -> str:
    """What stands in the brackets after the function's name; ``at`` stands there for the variable."""
    x = latex(function.variable, notation) if at is None else at
    several = [x if one is function.variable else latex(one, notation) for one in function.arguments]
    return ", ".join(several or [x])


def by(function: Function, notation: Notation) -> str:
    """The variable below a sign of differentiation where there are several: ``_{w}``."""
    return f"_{{{latex(function.variable, notation)}}}" if len(function.arguments) > 1 else ""


def kind(derivation: Derivation, function: Function) -> str:
    """What sort of result a derivation has: ``gradient``, ``matrix_gradient``, ``row_gradient``, ``derivative`` (by a
    scalar), ``jacobian``, ``vec_jacobian``, ``hessian``, ``matrix_hessian``, ``differential``, ``second_differential``,
    or the task itself where it is none of these."""
    task = derivation.task
    of, to = function.maps
    if task == "hessian":
        return "derivative" if of == "scalar" else "matrix_hessian" if of == "matrix" else "hessian"
    if task not in ("gradient", "jacobian", "derivative"):
        return task
    if of == "scalar":
        return "derivative"
    if to == "scalar":
        return {"vector": "gradient", "row": "row_gradient"}.get(of, "matrix_gradient")
    return "vec_jacobian" if "matrix" in (of, to) else "jacobian"


def goal_word(derivation: Derivation, function: Function) -> str:
    """The key of the word for the result: gradient, derivative, jacobian, hessian, differential …"""
    found = kind(derivation, function)
    if derivation.task == "hessian":
        return "hessian"
    if derivation.task == "definiteness" and function.variable.is_scalar:
        return "second_sign"
    if derivation.verdict in ("no_closed_form", "no_solution"):
        return "no_stationary_point"
    return {"matrix_gradient": "gradient", "row_gradient": "gradient", "vec_jacobian": "jacobian"}.get(found, found)


def _fraction(top: str, bottom: str) -> str:
    return rf"\frac{{{top}}}{{{bottom}}}"


def _mark(function: Function, notation: Notation) -> str:
    """The sign of differentiation in a fraction: d by a lone scalar, \\partial otherwise."""
    alone = function.variable.is_scalar and len(function.arguments) < 2
    return d(notation) if alone else r"\partial "


def gradient(function: Function, notation: Notation, at: str | None = None) -> str:
    """``\\nabla f(x)`` or ``\\frac{\\partial f}{\\partial x}``; ``at`` is another point than the variable."""
    x = latex(function.variable, notation)
    if notation.derivative == "nabla":
        inside = point(function, notation, at)
        if function.variable.is_scalar:
            return f"{_name(function)}'{by(function, notation)}({inside})"
        return rf"\nabla{by(function, notation)} {function.name}({inside})"
    mark = _mark(function, notation)
    written = _fraction(mark + function.name, mark + x)
    return written if at is None else f"{written}({at})"


def hessian(function: Function, notation: Notation, at: str | None = None) -> str:
    """``\\nabla^{2} f(x)`` or the fraction of second partial derivatives."""
    x = latex(function.variable, notation)
    if notation.derivative == "nabla":
        return rf"\nabla{by(function, notation)}^{{2}} {function.name}({point(function, notation, at)})"
    mark = _mark(function, notation)
    below = rf"\partial {x}\,\partial {x}^{{{notation.transpose}}}"
    if function.variable.is_scalar:
        below = f"{mark}{x}^{{2}}"
    if function.variable.shape.kind == "matrix":
        vec = rf"\operatorname{{vec}}({x})"
        below = rf"\partial {vec}\,\partial {vec}^{{{notation.transpose}}}"
    written = _fraction(f"{mark.strip()}^{{2}} {function.name}", below)
    return written if at is None else f"{written}({at})"


def jacobian(function: Function, notation: Notation) -> str:
    """``J_{f}``, in bold where matrices are."""
    letter = notation.jacobian
    if notation.bold and letter[:1].isalpha():
        letter = rf"\boldsymbol{{{letter}}}"
    return f"{letter}_{{{function.name}}}"


def held(formula: str) -> str:
    """A formula in round brackets that are as tall as it."""
    left, right = (r"\Bigl(", r"\Bigr)") if r"\frac" in formula else ("(", ")")
    return f"{left}{formula}{right}"


def transposed(formula: str, notation: Notation) -> str:
    """The transpose of a gradient as it is written in the canonical form."""
    return f"{held(formula)}^{{{notation.transpose}}}"


def part_word(derivation: Derivation, function: Function) -> str:
    """The key of the head of a task in a chain of tasks."""
    found = goal_word(derivation, function)
    return {"no_stationary_point": "stationary_point"}.get(found, found)


def is_turned(derivation: Derivation, function: Function) -> bool:
    """Whether the layout makes the answer the transpose of the gradient or of the Jacobian matrix."""
    of, layout = kind(derivation, function), derivation.layout
    return (layout == "numerator" and of.endswith("gradient")) or (layout == "denominator" and of == "jacobian")


def goal(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The left-hand side of the answer: ``\\nabla f(x)``, ``J_{f}(x)``, ``df`` …"""
    at = at_point(function, notation)
    x = latex(function.variable, notation)
    of = kind(derivation, function)
    mark = _mark(function, notation)
    if is_turned(derivation, function):
        return _fraction(mark + function.name, mark + x)
    if of in ("gradient", "matrix_gradient", "row_gradient"):
        return gradient(function, notation)
    if of == "derivative":
        second = derivation.task == "hessian"
        if notation.derivative == "fraction":
            return (hessian if second else gradient)(function, notation)
        return f"{_name(function)}{second * chr(39)}'{by(function, notation)}({point(function, notation)})"
    if of in ("hessian", "matrix_hessian"):
        return hessian(function, notation)
    if of == "jacobian":
        return f"{jacobian(function, notation)}({point(function, notation)})"
    if of == "vec_jacobian":
        return jacobian(replace(function, name=rf"\operatorname{{vec}} {function.name}"), notation) + f"({x})"
    if of == "stationary_point":
        if derivation.verdict in ("no_closed_form", "no_solution"):
            return gradient(function, notation)
        return of_function(function, notation).formula(star(function.variable))
    if of == "definiteness" or (of == "matrix_form" and derivation.verdict == "hessian"):
        return goal(replace(derivation, task="hessian"), function, notation)
    if of == "matrix_form":
        asked = replace(derivation, task="gradient")
        return goal(asked, function, notation) if derivation.verdict == "gradient" else at
    if of.endswith("_step"):
        return iterates(function, notation)[0]
    if of == "second_differential":
        return f"{d(notation).strip()}^{{2}} {function.name}"
    return df(function, notation)


#: What a verdict on a Hessian is written as: for a matrix, and for a number.
SIGNS = {
    "positive_definite": (r"\succ", ">"),
    "positive_semidefinite": (r"\succeq", r"\ge"),
    "negative_definite": (r"\prec", "<"),
    "negative_semidefinite": (r"\preceq", r"\le"),
}


def answer(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The answer as an equation, as it stands in the box."""
    left = goal(derivation, function, notation)
    right = derivation.answer
    if not derivation.task.endswith("_step"):
        written = latex(right, notation)
    else:
        with workspace():
            written = latex(with_step(right, None, derivation, function, notation), notation)
    if derivation.verdict == "no_closed_form":
        return f"{left} = {written} = 0"
    if derivation.verdict == "no_solution":
        return rf"{left} \ne 0"
    if derivation.verdict in SIGNS:
        sign = SIGNS[derivation.verdict][function.variable.is_scalar]
        return f"{left} = {written} {notation.relation(sign)} 0"
    sign = notation.update if derivation.task.endswith("_step") else "="
    return f"{left} {sign} {written}"


def is_inner(derivation: Derivation, function: Function, notation: Notation) -> bool:
    """Whether the canonical form of this derivation is an inner product with the gradient."""
    return notation.canonical == "inner" and kind(derivation, function).endswith("gradient")


def form(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The canonical form of the differential that a derivation aims at, as an equation."""
    left, of = df(function, notation), kind(derivation, function)
    if derivation.task == "hessian" and of != "derivative":
        nabla = gradient(function, notation)
        left = d(notation) + (r"\operatorname{vec}" if of == "matrix_hessian" else "") + held(nabla)
    elif derivation.task == "hessian":
        first = goal(replace(derivation, task="derivative"), function, notation)
        left = d(notation).strip() + held(first) if notation.derivative == "fraction" else d(notation) + first
    elif of == "vec_jacobian":
        left = rf"\operatorname{{vec}}({left})"
    right = _canonical(of, coefficient_name(derivation, function, notation), function, notation)
    return f"{left} = {right}" if right else left


def _canonical(of: str, middle: str, function: Function, notation: Notation, big: bool = False) -> str:
    """The right-hand side of the canonical form around its coefficient; ``big``: brackets a size larger."""
    dx = increment(function, notation)
    left, right = (r"\bigl(", r"\bigr)") if big else (r"\Bigl(", r"\Bigr)") if r"\frac" in middle else ("(", ")")
    if notation.canonical == "inner" and of.endswith("gradient"):
        left, right = (r"\bigl\langle ", r"\bigr\rangle") if big else (r"\langle ", r"\rangle")
        return f"{left}{middle}, {dx}{right}"
    if of == "matrix_gradient":
        return rf"\operatorname{{tr}}{left}{middle}\,{dx}{right}"
    if of == "row_gradient":
        return rf"{dx}\,{middle}"
    if of in ("vec_jacobian", "matrix_hessian"):
        return rf"{middle}\,\operatorname{{vec}}({dx})"
    return rf"{middle}\,{dx}" if of in ("gradient", "derivative", "jacobian", "hessian") else ""


def unconstrained(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The letter of the gradient for independent entries, where the answer is its symmetric part; empty elsewhere."""
    if not any(line.rule == "constrained_symmetric" for line in derivation.lines):
        return ""
    used = {symbol.data.name for symbol in function.symbols} | {function.name}
    letter = next(one for one in "GHRS" if one not in used)
    return rf"\boldsymbol{{{letter}}}" if notation.bold else letter


def coefficient_name(derivation: Derivation, function: Function, notation: Notation) -> str:
    """What stands beside dx in canonical form: ``(\\nabla f(x))^{T}``, ``J_{f}(x)``."""
    of = kind(derivation, function)
    if of in ("gradient", "matrix_gradient", "row_gradient"):
        nabla = gradient(function, notation)
        free = unconstrained(derivation, function, notation)
        if free:
            return free if notation.canonical == "inner" else f"{free}^{{{notation.transpose}}}"
        return nabla if notation.canonical == "inner" else transposed(nabla, notation)
    return goal(replace(derivation, layout="mixed"), function, notation)


def coefficient(derivation: Derivation, function: Function, notation: Notation, reading: Sequence[Line]) -> Node:
    """The coefficient in canonical form. ``reading`` are the lines from the canonical form on: the first has what
    stands in front of dx, and the next its transpose, which is the gradient of an inner product."""
    turned = len(reading) > 1 and reading[1].rule == "transpose_answer"
    return reading[turned and is_inner(derivation, function, notation)].expression


def canonical(
    derivation: Derivation, function: Function, notation: Notation, coefficient: Node, *, named: bool = True
) -> str:
    """The right-hand side of the canonical form with its coefficient, under which a brace has its name if ``named``."""
    written = latex(coefficient, notation)
    of = kind(derivation, function)
    if coefficient.op == "add" and not is_inner(derivation, function, notation):
        left, right = (r"\bigl(", r"\bigr)") if "(" in written else ("(", ")")
        if r"\frac" in written:
            left, right = r"\Bigl(", r"\Bigr)"
        written = f"{left}{written}{right}"
    elif _ends_in_sum(coefficient) and not is_inner(derivation, function, notation):
        front, sign, rest = written.partition(r"\sum")
        written = rf"{front}\Bigl({sign}{rest}\Bigr)"
    if named:
        written = rf"\underbrace{{{written}}}_{{{coefficient_name(derivation, function, notation)}}}"
    return _canonical(of, written, function, notation, big=named or "(" in written)


def _ends_in_sum(node: Node) -> bool:
    """Whether a node is printed with a sum over samples at its end, which a factor behind it must not join."""
    return node.op == "total" or (node.op == "mul" and node.args[-1].op == "total")
