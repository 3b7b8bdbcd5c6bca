"""Sums over the components of vectors, written with the vectors themselves: Σ pᵢ log qᵢ = pᵀ log(q).

The function stays on the page as it is typed; the sums in it that depend on the variable component by component are
rewritten in one first line, and everything after that goes on from there.
"""

from __future__ import annotations

from dataclasses import replace

from docgen.algebra.node import Node, rebuild, walk
from docgen.algebra.renormal import everywhere
from docgen.calculus.derivation import Function, Introduced, Line
from docgen.calculus.proof import Prover, false_line, written
from docgen.calculus.samples import Stacks, facts_of
from docgen.errors import UnsupportedError


def without_components(function: Function) -> tuple[Function, tuple[Line, ...], tuple[Introduced, ...]]:
    """The function without components of the variable, the line that says so, proved, and the data matrices in it."""
    name = function.variable.data.name
    stacks = Stacks(function)

    def in_vectors(node: Node) -> Node | None:
        by_component = node.op == "total" and any(at.op == "entry" and name in at.free for at in walk(node))
        return _in_vectors(node, stacks) if by_component and not node.indices else None

    formula = everywhere(function.formula, in_vectors, rebuild)
    if formula is function.formula:
        return function, (), ()
    introduced = tuple(stacks.introduced.values())
    stacked = {one.symbol.data.name: one.of for one in introduced if one.of is not None}
    new_function = replace(function, formula=formula, stacked={**function.stacked, **stacked})
    rule = "stack_samples" if introduced else "join_components"
    line = Line(rule, "value", formula, "value", facts_of(stacks))
    prover = Prover.of(replace(function, stacked=new_function.stacked))
    prover.admissible()
    if not prover.holds("value", line.expression):
        raise false_line(function, "value", f"the sum over components is not {written(line.expression)}")
    return new_function, (line,), introduced


def _in_vectors(node: Node, stacks: Stacks) -> Node:
    try:
        return stacks.total(node)
    except UnsupportedError:
        name = stacks.function.variable.data.name
        raise UnsupportedError(
            f"docgen cannot write the sum {written(node)} over components with the vectors themselves",
            hint=f"Write it with vectors, as in p^T \\log({name}) or \\mathbf{{1}}^T \\exp({name}).",
        ) from None
