"""What a derivation looks for, as LaTeX: the left-hand side of its answer and the canonical form it aims at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, differential, workspace
from docgen.algebra.notation import Notation
from docgen.calculus.abbreviate import names_in
from docgen.calculus.derivation import Derivation, Function, Line, Solution
from docgen.calculus.study import star
from docgen.handouts.iterates import in_iterates, iterates
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


def d2f(function: Function, notation: Notation) -> str:
    """The second differential of the function."""
    return f"{d(notation)}^{{2}} {function.name}"


def at_point(function: Function, notation: Notation) -> str:
    """``f(x)``, with every argument where there are several."""
    return f"{function.name}({point(function, notation)})"


def point(function: Function, notation: Notation, at: str | None = None) -> str:
    """What stands in the brackets after the function's name; ``at`` stands there for the variable."""
    x = latex(function.variable, notation) if at is None else at
    several = [x if one is function.variable else latex(one, notation) for one in function.arguments]
    return ", ".join(several or [x])


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
    """The key of the word for the result: gradient, derivative, jacobian, second_derivative, hessian, differential …"""
    found = kind(derivation, function)
    if derivation.task == "hessian":
        return "second_derivative" if function.variable.is_scalar else "hessian"
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


def _nabla(function: Function, notation: Notation, order: int, at: str | None) -> str:
    """``\\nabla^{2} f(x)``, by a scalar ``f''(x)``; the variable stands below the sign where there are several."""
    below = f"_{{{latex(function.variable, notation)}}}" if len(function.arguments) > 1 else ""
    inside = point(function, notation, at)
    if function.variable.is_scalar:
        return _name(function) + "'" * order + f"{below}({inside})"
    power = f"^{{{order}}}" if order > 1 else ""
    return rf"\nabla{below}{power} {function.name}({inside})"


def gradient(function: Function, notation: Notation, at: str | None = None) -> str:
    """``\\nabla f(x)`` or ``\\frac{\\partial f}{\\partial x}``; ``at`` is another point than the variable."""
    x = latex(function.variable, notation)
    if notation.derivative == "nabla":
        return _nabla(function, notation, 1, at)
    mark = _mark(function, notation)
    written = _fraction(mark + function.name, mark + x)
    return written if at is None else f"{written}({at})"


def hessian(function: Function, notation: Notation, at: str | None = None) -> str:
    """``\\nabla^{2} f(x)`` or the fraction of second partial derivatives."""
    x = latex(function.variable, notation)
    if notation.derivative == "nabla":
        return _nabla(function, notation, 2, at)
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


def part_word(derivation: Derivation, function: Function) -> str:
    """The key of the head of a task in a chain of tasks."""
    found = goal_word(derivation, function)
    return {"no_stationary_point": "stationary_point"}.get(found, found)


def is_turned(derivation: Derivation, function: Function) -> bool:
    """Whether the layout makes the answer the transpose of the gradient or of the Jacobian matrix."""
    of, layout = kind(derivation, function), derivation.layout
    return (layout == "numerator" and of.endswith("gradient")) or (layout == "denominator" and of == "jacobian")


def layout_named(derivation: Derivation, solution: Solution) -> str:
    """The rule that names the layout of an answer where a reader has to be told it: where it turns the answer, or where
    there are several layouts. Empty elsewhere."""
    layout, of = derivation.layout, kind(derivation, solution.function)
    several = len({one.layout for one in solution.derivations}) > 1 and (of.endswith("gradient") or of == "jacobian")
    told = layout != "mixed" and (several or is_turned(derivation, solution.function))
    return f"layout_{layout}" if told else ""


def goal(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The left-hand side of the answer: ``\\nabla f(x)``, ``J_{f}(x)``, ``df`` …"""
    at = at_point(function, notation)
    x = latex(function.variable, notation)
    of = kind(derivation, function)
    mark = _mark(function, notation)
    if is_turned(derivation, function):
        return _fraction(mark + function.name, mark + x)
    if of.endswith("hessian") or (of == "derivative" and derivation.task == "hessian"):
        return hessian(function, notation)
    if of.endswith("gradient") or of == "derivative":
        return gradient(function, notation)
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
        return d2f(function, notation)
    return df(function, notation)


def hessian_form(derivation: Derivation, function: Function, notation: Notation) -> str:
    """zᵀ ∇²f(x) z, the Hessian by its name."""
    z = next(one.symbol for one in derivation.introduced if one.means.endswith("direction"))
    written = latex(z, notation)
    if z.shape.kind == "matrix":
        written = rf"\operatorname{{vec}}({written})"
    return rf"{written}^{{{notation.transpose}}}\,{hessian(function, notation)}\,{written}"


#: What a verdict on a Hessian is written as: for a matrix, and for a number.
SIGNS = {
    "positive_definite": (r"\succ", ">"),
    "positive_semidefinite": (r"\succeq", r"\ge"),
    "negative_definite": (r"\prec", "<"),
    "negative_semidefinite": (r"\preceq", r"\le"),
}


def parts_in(derivation: Derivation) -> tuple[tuple[Node, Node], ...]:
    """The parts that the answer has by a name docgen gave, each with what it stands for; f(x) needs no telling."""
    return tuple(
        (name, meaning)
        for name, meaning in names_in(derivation).items()
        if name.data.of is None and name.data.name in derivation.answer.free
    )


def answer(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The answer as an equation, as it stands in the box, and what the names in it stand for."""
    told = [f"{latex(name, notation)} = {latex(meaning, notation)}" for name, meaning in parts_in(derivation)]
    return r", \quad ".join([_answer(derivation, function, notation), *told])


def _answer(derivation: Derivation, function: Function, notation: Notation) -> str:
    left = goal(derivation, function, notation)
    written = latex(in_iterates(derivation.answer, None, derivation, function, notation), notation)
    if derivation.verdict == "no_closed_form":
        return f"{left} = {written} = 0"
    if derivation.verdict == "no_solution":
        return rf"{left} \ne 0"
    if derivation.verdict in SIGNS:
        symmetric = next((one.symbol for one in derivation.introduced if one.means == "symmetric_direction"), None)
        sign = SIGNS[derivation.verdict][function.variable.is_scalar or symmetric is not None]
        if symmetric is not None:  # the sign is that of the form on symmetric matrices, not of the matrix
            z = latex(symmetric, notation)
            form_ = hessian_form(derivation, function, notation)
            where = rf"{z} = {z}^{{{notation.transpose}}}" + (r" \ne 0" if sign in "<>" else "")
            return rf"{form_} {notation.relation(sign)} 0 \quad ({where})"
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
        left = d(notation) + held(first)
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
    letter = next((one for one in "GHRS" if one not in used), "G'")
    return rf"\boldsymbol{{{letter}}}" if notation.bold else letter


def coefficient_name(derivation: Derivation, function: Function, notation: Notation) -> str:
    """What stands beside dx in canonical form: ``(\\nabla f(x))^{T}``, ``J_{f}(x)``."""
    of = kind(derivation, function)
    if of.endswith("gradient"):
        nabla = gradient(function, notation)
        free = unconstrained(derivation, function, notation)
        if notation.canonical == "inner":
            return free or nabla
        return f"{free or held(nabla)}^{{{notation.transpose}}}"
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
