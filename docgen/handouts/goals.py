"""What a derivation looks for, as LaTeX: the left-hand side of its answer and the canonical form it aims at."""

from __future__ import annotations

import re
from dataclasses import replace

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, differential, workspace
from docgen.algebra.notation import Notation
from docgen.calculus.derivation import Derivation, Function
from docgen.calculus.study import star
from docgen.handouts.iterates import iterates, with_step

_CONTROL = re.compile(r"\\(?:operatorname|text|mathrm|mathbf|left|right|[bB]igg?[lr]?|underset|[,;!:])|[{}^_$&]")
_COMMAND = re.compile(r"\\[A-Za-z]+|\\.")


def width(formula: str) -> int:
    """About how many characters wide a formula is on the page."""
    return len(_COMMAND.sub("x", _CONTROL.sub("", formula)).replace(" ", ""))


def d(notation: Notation) -> str:
    """The d of a differential as it is printed before a symbol."""
    return r"\mathrm{d} " if notation.d == "upright" else "d"


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
    """``f(x)``."""
    return f"{function.name}({latex(function.variable, notation)})"


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
    return {"matrix_gradient": "gradient", "row_gradient": "gradient", "vec_jacobian": "jacobian"}.get(found, found)


def goal(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The left-hand side of the answer: ``\\nabla f(x)``, ``J_{f}(x)``, ``df`` …"""
    point = at_point(function, notation)
    x = latex(function.variable, notation)
    of = kind(derivation, function)
    layout = derivation.layout
    transposed = (layout == "numerator" and of.endswith("gradient")) or (layout == "denominator" and of == "jacobian")
    if transposed:
        top = "\\mathrm{d}" if notation.d == "upright" and function.maps[0] == "scalar" else r"\partial"
        return rf"\frac{{{top} {function.name}}}{{{top} {x}}}"
    if of in ("gradient", "matrix_gradient", "row_gradient"):
        return rf"\nabla {point}"
    if of == "derivative":
        prime = "''" if derivation.task == "hessian" else "'"
        return f"{_name(function)}{prime}({x})"
    if of in ("hessian", "matrix_hessian"):
        return rf"\nabla^{{2}} {point}"
    if of == "jacobian":
        return f"J_{{{function.name}}}({x})"
    if of == "vec_jacobian":
        return rf"J_{{\operatorname{{vec}} {function.name}}}({x})"
    if of == "stationary_point":
        return f"\\nabla {point}" if derivation.verdict in ("no_closed_form", "no_solution") else star(function.variable)
    if of == "definiteness" or (of == "matrix_form" and derivation.verdict == "hessian"):
        return goal(replace(derivation, task="hessian"), function, notation)
    if of == "matrix_form":
        return goal(replace(derivation, task="gradient"), function, notation) if derivation.verdict == "gradient" else point
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
        return f"{left} = {written} {sign} 0"
    sign = notation.update if derivation.task.endswith("_step") else "="
    return f"{left} {sign} {written}"


def form(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The canonical form of the differential that a derivation aims at, as an equation."""
    dx, left, x = increment(function, notation), df(function, notation), latex(function.variable, notation)
    nabla = rf"\nabla {at_point(function, notation)}"
    row = f"({nabla})^{{{notation.transpose}}}"
    of = kind(derivation, function)
    if derivation.task == "hessian" and of != "derivative":
        hessian = rf"\nabla^{{2}} {at_point(function, notation)}"
        if of == "matrix_hessian":
            vec = r"\operatorname{vec}"
            return rf"{d(notation)} {vec}({nabla}) = {hessian}\,{vec}({dx})"
        return rf"{d(notation)}({nabla}) = {hessian}\,{dx}"
    forms = {
        "gradient": rf"{left} = {row}\,{dx}",
        "matrix_gradient": rf"{left} = \operatorname{{tr}}({row}\,{dx})",
        "row_gradient": rf"{left} = {dx}\,{row}",
        "derivative": rf"{left} = {_name(function)}'({x})\,{dx}",
        "jacobian": rf"{left} = J_{{{function.name}}}({x})\,{dx}",
        "vec_jacobian": rf"\operatorname{{vec}}({left}) = J_{{\operatorname{{vec}} {function.name}}}({x})\,"
        rf"\operatorname{{vec}}({dx})",
    }
    return forms.get(of, left)


def coefficient_name(derivation: Derivation, function: Function, notation: Notation) -> str:
    """What stands in front of dx in canonical form: ``(\\nabla f(x))^{T}``, ``J_{f}(x)``."""
    of = kind(derivation, function)
    if of in ("gradient", "matrix_gradient", "row_gradient"):
        return rf"(\nabla {at_point(function, notation)})^{{{notation.transpose}}}"
    if of == "jacobian":
        return f"J_{{{function.name}}}({latex(function.variable, notation)})"
    return goal(derivation, function, notation)


def canonical(derivation: Derivation, function: Function, notation: Notation, coefficient: Node) -> str:
    """The right-hand side of the canonical form with the coefficient under a brace that names it."""
    dx, name = increment(function, notation), coefficient_name(derivation, function, notation)
    written = latex(coefficient, notation)
    if coefficient.op == "add":
        big = r"\bigl({}\bigr)" if "(" in written else "({})"
        written = big.format(written)
    braced = rf"\underbrace{{{written}}}_{{{name}}}"
    of = kind(derivation, function)
    if of == "matrix_gradient":
        return rf"\operatorname{{tr}}\bigl({braced}\,{dx}\bigr)"
    if of == "row_gradient":
        return rf"{dx}\,{braced}"
    if of in ("vec_jacobian", "matrix_hessian"):
        return rf"{braced}\,\operatorname{{vec}}({dx})"
    return rf"{braced}\,{dx}"
