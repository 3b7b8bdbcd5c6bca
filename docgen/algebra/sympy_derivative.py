"""Derivatives of scalar functions, taken by SymPy."""

from __future__ import annotations

from functools import cache
from typing import Any

from docgen.algebra.node import Node
from docgen.algebra.sympy_bridge import FromSymPy
from docgen.errors import UnsupportedError


def derivative_of(function: str, u: Node) -> Node:
    """The derivative of a function, a SymPy formula in ``t``, at the entries of ``u``."""
    variable, slope = _slope(function)
    try:
        return FromSymPy(str, str).entrywise(slope, {variable: u}, u.shape)
    except UnsupportedError:
        raise UnsupportedError(
            f"docgen has no name for the derivative of {function}, which is {slope}",
            hint="Only derivatives of lower order can be had.",
        ) from None


@cache
def _slope(function: str) -> tuple[Any, Any]:
    import sympy

    variable = sympy.Symbol("t", real=True)
    return variable, sympy.diff(sympy.sympify(function, locals={"t": variable}), variable)
