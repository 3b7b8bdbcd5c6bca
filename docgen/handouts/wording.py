"""What a line of a derivation is on the page: its two sides, and the formulas that go into its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from docgen.algebra.latex import latex
from docgen.algebra.node import Node
from docgen.algebra.notation import PLAIN, Notation
from docgen.calculus.choices import STUDIES
from docgen.calculus.derivation import Derivation, Function, Left, Line
from docgen.calculus.rules import RULES
from docgen.handouts import goals
from docgen.handouts.document import Math
from docgen.handouts.iterates import in_entries, in_iterates, iterates, step_letter
from docgen.handouts.language import Language
from docgen.handouts.partials import partial
from docgen.handouts.spelling import Spelling, of_function

#: Letters of the Jacobian matrix, taken where a function has the one before itself.
JACOBIANS = ("J", "D", r"\mathcal{J}")

#: What stands at a letter: an index or an exponent.
_INDEX = re.compile(r"[_^].*", re.DOTALL)


def notation_of(
    language: Language, function: Function | None = None, chosen: Mapping[str, Any] | None = None
) -> Notation:
    """How formulas are written on a page: what the file chose, before what the author typed, before the language's."""
    names = {field.name for field in fields(Notation)}
    found = {key: value for key, value in language.setting("notation").items() if key in names}
    if function is not None:
        typed = {name: getattr(function.notation, name) for name in names}
        found |= {name: value for name, value in typed.items() if value != getattr(PLAIN, name)}
    found |= {key: value for key, value in (chosen or {}).items() if key in names and value is not None}
    notation = replace(PLAIN, **found)
    return notation if function is None else replace(notation, jacobian=jacobian([function], notation.jacobian))


def jacobian(functions: Iterable[Function], chosen: str) -> str:
    """The letter of the Jacobian matrix; another where one of the functions or of their symbols has it: a loss J."""
    used = set()
    for function in functions:
        nodes = (function.typed, function.formula, *function.symbols)
        used |= {_INDEX.sub("", name) for name in (function.name, *(name for node in nodes for name in node.free))}
    return next((letter for letter in (chosen, *JACOBIANS) if letter not in used), chosen)


def left(line: Line, derivation: Derivation, function: Function, notation: Notation) -> str:
    """The left-hand side of a line that is printed anew; the record names the usual ones by a word (``Left``)."""
    if line.shown is not None:
        return latex(in_entries(line.shown[0], line, derivation, function, notation), notation)
    if isinstance(line.left, Node):
        return latex(in_iterates(line.left, line, derivation, function, notation), notation)
    mixed = replace(derivation, layout="mixed")
    usual: dict[str, Left] = {"value": "value", "derivative": "derivative"}
    match line.left or usual.get(line.quantity, "d"):
        case "value":
            return goals.at_point(function, notation)
        case "d":
            return goals.df(function, notation)
        case "dg":
            return goals.d(notation) + goals.held(goals.gradient(function, notation))
        case "gradient":
            return goals.gradient(function, notation)
        case "derivative":
            return goals.goal(mixed, function, notation)
        case "derivative_t":
            return goals.coefficient_name(mixed, function, replace(notation, canonical="trace"))
        case "step" | "sgd_step" | "newton":
            return iterates(function, notation)[0]
        case "dd":
            return goals.d2f(function, notation)
        case "hessian":
            return goals.hessian(function, notation)
        case "partial":
            return partial(line.indices, function, notation)


def slots(line: Line, derivation: Derivation, function: Function, notation: Notation) -> dict[str, Math]:
    """The formulas that the sentence of a line may mention, by slot name.

    Beside the facts of the line these are the rule as the table of rules has it (``formula``), the canonical form that
    the derivation aims at (``form``), the variable (``x``) and its increment (``dx``, ``dX``).
    """
    symbols = (fact for fact in line.facts.values() if isinstance(fact, Node) and fact.op == "sym")
    spelling = of_function(function, notation, derivation, symbols)
    found = slots_of_step(line, derivation, function, notation)
    found |= {
        name: spelling.formula(fact)
        if isinstance(fact, str)
        else latex(in_iterates(fact, line, derivation, function, notation), notation)
        for name, fact in line.facts.items()
    }
    dx = goals.increment(function, notation)
    usual = {"x": latex(function.variable, notation), "dx": dx, "dX": dx}
    if line.rule in RULES:
        usual["formula"] = Spelling(notation).formula(RULES[line.rule].formula)
    values = usual | found
    if line.rule.startswith("read_"):
        of = derivation
        if derivation.task in STUDIES and line.rule == "read_hessian":
            of = replace(derivation, task="hessian")
        elif derivation.task in ("hessian", *STUDIES) and line.rule != "read_hessian":
            of = replace(derivation, task="gradient")
        values["form"] = goals.form(of, function, notation)
        if line.rule == "read_hessian":
            values["formula"] = values["form"]
    if line.rule == "reuse_gradient":
        values["g"] = f"{goals.gradient(function, notation)} = {latex(line.expression, notation)}"
    return {name: Math(value) for name, value in values.items()}


def slots_of_step(line: Line, derivation: Derivation, function: Function, notation: Notation) -> dict[str, str]:
    """The iterates, the step length and the definition of the step, for lines of descent methods."""
    if not derivation.task.endswith("_step"):
        return {}
    new, old = iterates(function, notation)
    letter = step_letter(derivation, function, notation)
    sign = notation.update
    gradient, hessian = goals.gradient(function, notation, old), goals.hessian(function, notation, old)
    length = letter + (" " if letter[-1:].isalpha() else "")
    scalar = function.variable.is_scalar
    newton = rf"\frac{{{gradient}}}{{{hessian}}}" if scalar else rf"\bigl({hessian}\bigr)^{{-1}} {gradient}"
    steps = {
        "gradient_step": rf"{new} {sign} {old} - {length}{gradient}",
        "newton_step": rf"{new} {sign} {old} - {newton}",
    }
    found = {"gamma": letter, "new": new, "old": old, "step_formula": steps.get(line.rule, "")}
    return {**found, "scalar": latex(function.variable, notation)} if scalar else found


def right(line: Line, derivation: Derivation, function: Function, notation: Notation) -> Node:
    """The right-hand side of a line as it is printed."""
    if line.shown is not None:
        return in_entries(line.shown[1], line, derivation, function, notation)
    return in_iterates(line.expression, line, derivation, function, notation)


def relation(line: Line, notation: Notation) -> str:
    """The sign between the two sides of a line as it is printed."""
    if line.rule == "step_coordinates" or line.left in ("step", "sgd_step", "newton"):
        return notation.update
    return "=" if line.rule == "set_zero" else notation.relation(line.relation)
