"""The Hessian by a matrix that is declared symmetric, diagonal or positive definite.

The entries of such a variable count as independent (CONTRACT section 2), so its gradient may use Xᵀ = X only after the
last differentiation: tr(X²) has the gradient 2Xᵀ, which is 2X at a symmetric X, but the Hessian 2K and not 2I. So both
derivatives are found for a variable without the assumption, and the assumption is used in the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from docgen.algebra.node import Node, Symbol, gradient, jacobian, rebuild, sym, walk
from docgen.algebra.normal import SYMMETRIC, remember_typed, with_symmetry
from docgen.calculus.collect import factor
from docgen.calculus.derivation import Fact, Function, Line
from docgen.calculus.proof import mark_singular
from docgen.calculus.request import Context


def applies(variable: Node) -> bool:
    """Whether a matrix variable has an assumption that its entries, varied one by one, do not keep."""
    return variable.shape.kind == "matrix" and bool(variable.data.assumptions & SYMMETRIC)


def general(function: Function) -> Function:
    """The function of a variable of the same name without the assumptions that tie its entries."""
    old = function.variable
    kept = old.data.assumptions - SYMMETRIC | ({"invertible"} if "positive_definite" in old.data.assumptions else set())
    new = sym(Symbol(old.data.name, frozenset(kept), old.data.index, old.data.values), old.shape)
    change = _changed(old, new)
    changed = replace(
        function, formula=change(function.formula), variable=new, symbols=tuple(map(change, function.symbols))
    )
    remember_typed(changed.formula)
    mark_singular(changed)
    return changed


def hessian(
    context: Context, first: Callable[..., tuple[list[Line], Node]], second: Callable[..., tuple[list[Line], Node]]
) -> tuple[list[Line], Node, Node]:
    """The lines, the gradient in which nothing symmetric was used, and the answer; all in the declared variable."""
    other = Context(general(context.function), context.request, context.method, context.layout)
    lines, general_gradient = first(other, "gradient")
    more, answer = second(other, general_gradient)
    new, old = other.function.variable, context.function.variable
    change = _changed(new, old)
    found = [_line(line, change) for line in lines + more]
    answer = change(answer)
    plain = factor(with_symmetry(answer))
    if plain is not answer:
        found.append(Line("symmetry", "derivative", plain, None, {"x": old, "A": old}))
    return found, change(general_gradient), plain


def _line(line: Line, change: Callable[[Node], Node]) -> Line:
    def fact(given: Fact) -> Fact:
        return change(given) if isinstance(given, Node) else given

    changes: dict[str, object] = {}
    for field in fields(line):
        given = getattr(line, field.name)
        if isinstance(given, Node):
            changes[field.name] = change(given)
    changes["facts"] = {name: fact(given) for name, given in line.facts.items()}
    if line.shown is not None:
        changes["shown"] = tuple(map(change, line.shown))
    return replace(line, **changes)  # type: ignore[arg-type]


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
