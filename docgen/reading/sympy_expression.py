"""A SymPy expression as a formula that was read: its symbols under their canonical names, its shapes taken from it."""

from __future__ import annotations

from typing import Any

from docgen.algebra.node import Symbol, sym
from docgen.algebra.sympy_bridge import FromSymPy, is_sympy
from docgen.errors import DocgenError, FormulaError
from docgen.reading.declarations import Declarations, Notice, check_assumption, size_name
from docgen.reading.names import canonical, check_symbol
from docgen.reading.reader import Reading


def read_sympy(expression: Any, wrt: Any, declared: Declarations) -> Reading:
    """The formula of a SymPy expression as a function of ``wrt``: a SymPy symbol, a name, or None for the only symbol.

    Raises FormulaError, ShapeError or UnsupportedError.
    """
    reader = FromSymPy(_spelled, size_name, declared.assumptions, declared.values)
    formula = reader.formula(expression)
    symbols = dict(reader.symbols)
    if wrt is None:
        if len(symbols) != 1:
            raise FormulaError(
                "it is not said by which variable to differentiate",
                hint=f"Name one of {', '.join(symbols)}." if symbols else "Name a variable.",
            )
        (variable,) = symbols.values()
    elif is_sympy(wrt):
        variable = reader.symbol(wrt)
    else:
        name = canonical(wrt)
        given = declared.shapes.get(name)
        found = symbols.get(name)
        if found is None and given is None:
            raise FormulaError(
                f"the variable {name} is not in the expression {expression}",
                hint=f"Its symbols are {', '.join(symbols)}; or declare the shape of {name}.",
            )
        variable = found if found is not None else sym(Symbol(name), given)  # type: ignore[arg-type]
    absent = variable.data.name not in symbols
    symbols.setdefault(variable.data.name, variable)
    for name, node in symbols.items():
        if declared.shapes.get(name, node.shape) is not node.shape:
            raise DocgenError(
                f"{name} is declared as {declared.shapes[name]}, but the SymPy expression has it as {node.shape}",
                hint="A SymPy expression brings its shapes with it; leave the declaration out.",
            )
        for kind in sorted(node.data.assumptions):
            check_assumption(kind, name, node.shape)
    notices = (Notice("variable_absent", {"x": variable}),) if absent else ()
    shapes = {name: node.shape for name, node in symbols.items()}
    return Reading(formula, variable, tuple(symbols.values()), notices=notices, shapes=shapes)


def _spelled(name: str) -> str:
    found = canonical(name)
    check_symbol(found, name)
    return found
