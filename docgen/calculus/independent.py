"""The Hessian by a variable whose assumptions tie its entries: a matrix that is symmetric, diagonal, positive definite
or orthogonal, a one-hot vector, numbers that are ±1.

The entries of such a variable count as independent (CONTRACT section 2), so its gradient may use Xᵀ = X only after the
last differentiation: tr(X²) has the gradient 2Xᵀ, which is 2X at a symmetric X, but the Hessian 2K and not 2I. So both
derivatives are found for a variable without the assumption, and the assumption is used in the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from docgen.algebra.node import Node, Symbol, gradient, jacobian, rebuild, sym, walk
from docgen.algebra.normal import remember_typed
from docgen.algebra.symmetry import SYMMETRIC, with_symmetry
from docgen.calculus.collect import factor
from docgen.calculus.derivation import Function, Line, Quantity
from docgen.calculus.proof import mark_singular
from docgen.calculus.request import Context, Found
from docgen.errors import UnsupportedError

#: The assumptions that entries, varied one by one, do not keep.
TIES = SYMMETRIC | {"orthogonal", "one_hot"}


def applies(variable: Node) -> bool:
    """Whether a variable has an assumption that its entries, varied one by one, do not keep."""
    return bool(variable.data.assumptions & TIES or variable.data.values)


def general(function: Function) -> Function:
    """The function of a variable of the same name without the assumptions that tie its entries."""
    old = function.variable
    said = old.data.assumptions
    kept = said - TIES | ({"invertible"} if said & {"positive_definite", "orthogonal"} else set())
    new = sym(Symbol(old.data.name, frozenset(kept), old.data.index), old.shape)
    change = _changed(old, new)
    changed = replace(
        function, formula=change(function.formula), variable=new, symbols=tuple(map(change, function.symbols))
    )
    remember_typed(changed.formula)
    mark_singular(changed)
    for node in walk(function.formula):
        if "singular" in node.memo and "singular" not in change(node).memo:
            raise UnsupportedError(
                f"docgen cannot differentiate twice a determinant that vanishes by what is assumed of {old.data.name}",
                hint=f"Leave out the assumption on {old.data.name}.",
            )
    return changed


def general_context(context: Context) -> Context:
    """The same task for the variable without those assumptions."""
    return Context(general(context.function), context.request, context.method, context.layout)


def hessian(
    context: Context, first: Callable[[Context, str], Found], second: Callable[[Context, Node], Found]
) -> tuple[list[Line], Node, Node]:
    """The lines, the gradient in which nothing was assumed, and the answer; all in the declared variable."""
    other = general_context(context)
    lines, gradient_there = first(other, "gradient")
    more, answer = second(other, gradient_there)
    found, answer = declared(context, other, lines + more, answer)
    return found, _change(context, other)(gradient_there), answer


def declared(
    context: Context, other: Context, lines: Sequence[Line], answer: Node, quantity: Quantity = "derivative"
) -> Found:
    """Lines and answer in the declared variable, whose symmetry is used at the end."""
    change, x = _change(context, other), context.function.variable
    found = [line.rewritten(change) for line in lines]
    answer = change(answer)
    plain = factor(with_symmetry(answer))
    if plain is not answer:
        found.append(Line("symmetry", quantity, plain, None, {"x": x, "A": x}))
    return found, plain


def gradient_used(context: Context, other: Context) -> Node | None:
    """The gradient that the other task went on from, in the declared variable."""
    return None if other.gradient is None else _change(context, other)(other.gradient)


def _change(context: Context, other: Context) -> Callable[[Node], Node]:
    return _changed(other.function.variable, context.function.variable)


def _changed(old: Node, new: Node) -> Callable[[Node], Node]:
    """One symbol replaced by another, also where a derivative by it is not carried out; nothing is simplified."""
    done: dict[Node, Node] = {old: new}

    def change(node: Node) -> Node:
        for at in walk(node):
            if at in done:
                continue
            args = [done[arg] for arg in at.args]
            if at.op in ("grad", "jac") and at.data is old:
                done[at] = (gradient if at.op == "grad" else jacobian)(args[0], new)
            else:
                done[at] = rebuild(at, args) if args else at
        return done[node]

    return change
