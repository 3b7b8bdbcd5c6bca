"""A derivation as a table: what the tests of the methods compare."""

from collections.abc import Mapping

import docgen
from docgen.algebra.latex import latex
from docgen.algebra.node import Node

Told = list[tuple[str, str, str]]


def shapes_of(text: str) -> dict[str, str]:
    """The shapes in ``x: n, A: n x n``."""
    pairs = (part.split(":") for part in text.split(","))
    return {name.strip(): shape.strip() for name, shape in pairs}


def told(
    method: str,
    formula: str,
    variable: str,
    shapes: str,
    task: str = "derivative",
    assume: Mapping[str, object] | None = None,
    detail: str = "normal",
) -> Told:
    """The lines as (rule, quantity, formula); a line with a left-hand side of its own is an equation."""
    solution = docgen.derive(formula, variable, shapes_of(shapes), assume, task, method, detail=detail)
    found = solution.derivations[-1]
    assert found.method == method
    assert found.check.passed and found.check.lines == len(found.lines)
    lines = []
    for line in found.lines:
        left = f"{latex(line.left)} = " if isinstance(line.left, Node) else ""
        lines.append((line.rule, line.quantity, left + latex(line.expression)))
    assert not {"grad", "jac"} & {node.op for node in _below(found.answer)}
    return lines


def refused(method: str, formula: str, variable: str, shapes: str, task: str = "derivative") -> str:
    """The text of the refusal."""
    try:
        told(method, formula, variable, shapes, task)
    except docgen.DocgenError as error:
        return str(error)
    raise AssertionError(f"the method {method} did not refuse {formula}")


def _below(node: Node) -> list[Node]:
    return [node, *(found for arg in node.args for found in _below(arg))]
