"""A formula typed beside a right answer, read with the symbols of the problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace as with_fields
from itertools import count

from docgen.algebra.node import Node, Symbol, differential, replace, sym, walk
from docgen.algebra.sizes import SCALAR
from docgen.calculus.derivation import Function
from docgen.errors import DocgenError, FormulaError, Place, ShapeError
from docgen.reading import declare, read

#: Named where a formula is read that is a function of nothing.
NO_VARIABLE = r"\omega_0"


def read_given(
    formula: str, right: Node, known: Iterable[Node], variable: Node | None, place: Place | None = None
) -> Node:
    """A formula typed beside a right answer: its symbols are those of the answer and of the problem (``known``).

    Where the answer is a differential, ``dx`` is the increment of the variable. Functions of square matrices act entry
    by entry where they do so in the problem.
    """
    known = tuple(known)
    symbols = {node.data.name: node for node in (*known, *walk(right)) if node.op == "sym"}
    if variable is not None:
        symbols.setdefault(variable.data.name, variable)
    shapes: dict[str, object] = {name: node.shape for name, node in symbols.items()}
    assume = {name: said for name, node in symbols.items() if (said := _said(node.data))}
    moving = variable is not None and any(node.op == "d" for node in walk(right))
    increment = f"d{variable.data.name}" if moving and variable is not None else ""
    # In LaTeX the reader knows dx; in the plain spelling it is a name of its own.
    plain = re.fullmatch(r"[A-Za-z]+(_\w+)?", increment) is not None and increment not in shapes
    if plain and variable is not None:
        shapes[increment] = variable.shape
    families = [name for name, node in symbols.items() if node.data.index is not None]
    some = variable.data.name if variable is not None else NO_VARIABLE
    entrywise = any(
        node.op == "fn" and node.shape is not SCALAR and node.shape.rows is node.shape.cols
        for one in (right, *known)
        for node in walk(one)
    )

    def typed_formula(text: str, more: dict[str, object]) -> Node:
        declared = with_fields(declare(shapes | more, assume, families), differentials=moving)
        return read(text, some, declared, elementwise=entrywise, place=place or Place(formula=formula)).formula

    try:
        found = typed_formula(formula, {})
    except ShapeError:
        raise
    except FormulaError as error:
        # In 2I the size is open; beside something of the answer's shape it is not.
        beside = next(name for k in count() if (name := f"Z_{k}") not in shapes)
        try:
            found = typed_formula(f"{beside} + ({formula})", {beside: right.shape}).args[1]
        except DocgenError:
            raise error from None
    if not plain or variable is None:
        return found
    return replace(found, sym(Symbol(increment), variable.shape), differential(variable))


def _said(symbol: Symbol) -> list[str]:
    """The assumptions of a symbol as they are typed."""
    said = sorted(symbol.assumptions)
    return [*said, f"in {{{', '.join(map(str, symbol.values))}}}"] if symbol.values else said


def read_answer(
    formula: str, right: Node, function: Function, more: Iterable[Node] = (), names: Mapping[Node, Node] | None = None
) -> Node:
    """A formula typed beside an answer to a problem about a function, written in its symbols and named parts.

    ``names`` are those that docgen gave, with what they stand for; f(x) stands for the function itself.
    """
    named = [name for name, _ in function.named if name.op == "sym"]
    meanings = {name: meaning for name, meaning in (names or {}).items() if name.data.of is None}
    known = (*function.symbols, function.formula, *named, *function.stacked.values(), *more, *meanings)
    taken = {node.data.name for node in known if node.op == "sym"}
    free = next(name for k in count(1) if (name := f"{function.name}_{k}") not in taken)
    itself = sym(Symbol(free), function.formula.shape)
    x = re.escape(function.variable.data.name)
    called = re.compile(rf"(?<![A-Za-z\\]){re.escape(function.name)}\s*\(\s*{x}\s*\)")
    typed = formula
    if function.name not in taken and called.search(formula):
        # a symbol in its place, no longer than it, so that errors point to where they are
        typed = called.sub(lambda at: free.ljust(len(at.group())), formula)
        known, meanings = (*known, itself), {**meanings, itself: function.formula}
    try:
        found = read_given(typed, right, known, function.variable, Place(formula=formula))
    except DocgenError as error:
        if error.place is not None and error.place.formula == typed:
            error.place = with_fields(error.place, formula=formula)
        raise
    for symbol, meaning in meanings.items():
        found = replace(found, sym(symbol.data, symbol.shape), meaning)
    return found
