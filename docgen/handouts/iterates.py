"""How the steps of descent methods are written: the letters of the iterates and of the step length."""

from __future__ import annotations

import re
from dataclasses import replace

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Symbol, sym, workspace
from docgen.algebra.node import replace as put
from docgen.algebra.notation import Notation
from docgen.algebra.sizes import SCALAR
from docgen.calculus.derivation import Derivation, Function, Line

#: Rules whose line speaks of iterates.
STEPS = frozenset({"gradient_step", "sgd_step", "newton_step", "step_signs"})


def iterates(function: Function, notation: Notation) -> tuple[str, str]:
    """The next iterate and the one it is made from: ``w_{t}`` and ``w_{t-1}``; both ``w`` where a step is a :=."""
    x = latex(function.variable, notation)
    if notation.update == ":=":
        return x, x
    used = {name for node in (function.formula, *function.symbols) for name in node.free}
    t = "t" if "t" not in used else "k"
    pattern = re.sub(r"^\\?[A-Za-z]+", "", notation.iterate) if notation.iterate else ""
    if not pattern:
        pattern = "^{(t)}" if "_" in x else "_{t}"
    if "^" in x and pattern.startswith("^"):
        x = f"({x})"
    new = re.sub(r"(?<![A-Za-z\\])t(?![A-Za-z])", t, pattern)
    old = re.sub(rf"(?<![A-Za-z\\]){t}(?![A-Za-z])", f"{t}-1", new, count=1)
    if not new.strip("_^").startswith("{"):
        new, old = f"{new[0]}{{{new[1:]}}}", f"{old[0]}{{{old[1:]}}}"
    return x + new, x + old


def step_letter(derivation: Derivation, function: Function, notation: Notation) -> str:
    """The letter of the step length; the file's choice unless the function uses it."""
    own = next((one.symbol.data.name for one in derivation.introduced if one.means == "step"), r"\gamma")
    used = {name for node in (function.formula, *function.symbols) for name in node.free}
    return notation.step if notation.step and notation.step not in used else str(own)


def in_iterates(node: Node, line: Line | None, derivation: Derivation, function: Function, notation: Notation) -> Node:
    """A formula of a line with the iterate and the step length as they are written on the page; None is the line of the
    answer. A line without iterates (coordinates) only changes the step length."""
    if not derivation.task.endswith("_step"):
        return node
    with workspace():
        for one in derivation.introduced:
            if one.means == "step":
                letter = step_letter(derivation, function, notation)
                node = put(node, one.symbol, sym(replace(one.symbol.data, name=letter), one.symbol.shape))
        if line is None or line.rule in STEPS:
            _, old = iterates(function, notation)
            x = function.variable
            node = put(node, x, sym(Symbol(old, x.data.assumptions), x.shape))
    return node


def in_entries(node: Node, line: Line, derivation: Derivation, function: Function, notation: Notation) -> Node:
    """A side of the step in coordinates, with the iterates where the steps are equations: ``(w_{t})_j`` on the left,
    ``(w_{t-1})_j`` on the right. A := has the same letter on both sides."""
    node = in_iterates(node, line, derivation, function, notation)
    if notation.update == ":=" or line.shown is None:
        return node
    new, old = iterates(function, notation)
    at = new if node is line.shown[0] else old
    j, x = line.facts["j"], function.variable
    with workspace():
        entry = sym(Symbol(f"({at})_{j}" if "_" in at else f"{at}_{j}"), SCALAR)
        node = put(node, line.shown[0], entry)
        return put(node, x, sym(Symbol(old, x.data.assumptions), x.shape))
