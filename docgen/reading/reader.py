"""A formula's text -> a formula: the spelling is chosen, the text parsed, shapes found, nodes built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from docgen.algebra.node import Node, Symbol, sym
from docgen.algebra.notation import PLAIN, Notation
from docgen.algebra.sizes import Shape
from docgen.errors import DocgenError, FormulaError, Place
from docgen.reading.build import Builder
from docgen.reading.characters import check_characters, check_depth, too_deep
from docgen.reading.choose import is_plain
from docgen.reading.custom import customary, infer, name_sizes
from docgen.reading.declarations import Declarations, Notice, check_assumption
from docgen.reading.latex import Latex
from docgen.reading.names import canonical, nearest
from docgen.reading.plain import Plain
from docgen.reading.syntax import Syntax, Term, postorder


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula that was read.

    ``symbols`` are in order of appearance, the variable last where it does not occur. ``shapes`` gives the shape of
    each by canonical name, declared or assumed. ``sides`` are the sides of an equation.
    """

    formula: Node
    variable: Node
    symbols: tuple[Node, ...]
    notation: Notation = PLAIN
    notices: tuple[Notice, ...] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    sides: tuple[Node, ...] = ()


def parse(text: str, declared: Declarations, variable: str | None = None, equation: bool = False) -> Syntax:
    """The syntax tree of a formula; raises FormulaError with the place where it cannot be read."""
    check_characters(text)
    check_depth(text)
    grammar = (Plain if is_plain(text) else Latex)(text, declared, variable)
    grammar.equation = equation
    try:
        return grammar.parse()
    except RecursionError:
        raise too_deep(text, grammar.token.start) from None


def read(
    text: str,
    variable: str | None,
    declarations: Declarations,
    *,
    elementwise: bool = False,
    place: Place | None = None,
) -> Reading:
    """The formula ``text`` as a function of ``variable`` (None: the only symbol of the formula).

    Where ``declarations`` has shapes, every other symbol than the variable must be declared; where it has none, the
    shapes are assumed by custom. ``elementwise`` allows functions of square matrices, entry by entry. ``place`` gives
    the file and line for errors. Raises FormulaError, ShapeError or UnsupportedError.
    """
    try:
        if not isinstance(text, str):
            raise FormulaError(f"the formula is {text!r}, not a text", hint="Put the formula in quotes.")
        return _read(text, variable, declarations, elementwise)
    except DocgenError as error:
        if place is not None:
            error.at(place)
        raise


def read_equation(
    text: str, declarations: Declarations, *, elementwise: bool = False, place: Place | None = None
) -> Reading:
    """An equation, or a chain of them: ``sides`` holds its sides, and ``variable`` is its first symbol.

    ``dX``, ``d(\\det X)`` and ``\\nabla_x (…)`` may stand in it. Errors as :func:`read`.
    """
    try:
        return _read(text, None, replace(declarations, differentials=True), elementwise, equation=True)
    except DocgenError as error:
        if place is not None:
            error.at(place)
        raise


def _read(text: str, typed: str | None, declared: Declarations, elementwise: bool, equation: bool = False) -> Reading:
    try:
        variable = None if typed is None else canonical(typed)
    except DocgenError as error:
        raise error.at(Place(formula=typed, start=0, end=len(typed or ""))) from None
    syntax = parse(text, declared, variable, equation)
    used = _used(syntax, declared, variable)
    names = list(dict.fromkeys(term.data[0] for term in used))
    if variable is None:
        variable = names[0] if equation and names else _only(syntax, names)
    order = names if variable in names else [*names, variable]
    undeclared = [name for name in order if name not in declared.shapes]
    inference, sides = infer(syntax, declared, undeclared)
    sizes = _size_letters(declared, syntax)
    shapes = name_sizes(inference, sides, order, {*sizes, *order})
    _check_assumptions(declared, {name: shapes[name] for name in undeclared}, text)
    nodes = {term.data: _symbol(term.data, shapes, declared) for term in used}
    builder = Builder(inference, nodes, sizes, elementwise)
    formula = builder.run()
    symbols = {name: found for (name, _), found in nodes.items()}
    found = symbols.get(variable) or _symbol((variable, None), shapes, declared)
    if not equation and found.data.index is not None and variable not in declared.families:
        raise FormulaError(
            f"the variable {variable} is another one in every term of the sum",
            hint="Choose a variable that is the same in every term of the sum.",
            place=Place(formula=text, start=0, end=len(text)),
        )
    notices = [
        Notice("shape_assumed", {"symbol": symbols.get(name, found), "shape": space(shapes[name])})
        for name in undeclared
    ]
    if variable not in names and not equation:
        notices.append(Notice("variable_absent", {"x": found}))
    spelling = syntax.spelling
    notation = replace(
        PLAIN,
        log=spelling.log or PLAIN.log,
        exp=spelling.exp or PLAIN.exp,
        determinant="bars" if builder.bars else PLAIN.determinant,
    )
    return Reading(
        formula,
        found,
        tuple(symbols.get(name, found) for name in order),
        notation,
        (*notices, *builder.notices),
        shapes,
        builder.sides,
    )


def space(given: Shape) -> str:
    """The space of values of a shape, in LaTeX."""
    if given.kind == "scalar":
        return r"\mathbb{R}"
    rows, cols = given.rows.latex(), given.cols.latex()
    return rf"\mathbb{{R}}^{{{rows}}}" if given.kind == "vector" else rf"\mathbb{{R}}^{{{rows} \times {cols}}}"


def _used(syntax: Syntax, declared: Declarations, variable: str | None) -> list[Term]:
    """The symbols of a formula where they stand, in the order of the text; a size that is no symbol is left out."""
    known = declared.names | {variable}
    found = []
    for term in postorder(syntax.root):
        if term.op != "name":
            continue
        name = term.data[0]
        if name not in known:
            if name in syntax.sizes:
                continue
            if declared.shapes:
                raise _unknown(name, term, syntax, declared, variable)
        found.append(term)
    return sorted(found, key=lambda term: term.start)


def _unknown(name: str, term: Term, syntax: Syntax, declared: Declarations, variable: str | None) -> FormulaError:
    near = nearest(name, [*declared.shapes, *([variable] if variable else [])])
    usual = {"scalar": "scalar", "vector": "n", "matrix": "n x m"}[customary(name, frozenset())]
    hint = f"Declare its shape, as in {name}: {usual}{f'; or did you mean {near}?' if near else '.'}"
    if name.rstrip("'") != name and name.rstrip("'") in declared.shapes:
        base = name.rstrip("'")
        hint = f"In LaTeX ' is a prime: write {base}^T, or everything in the plain spelling, {base}'*A."
    elif syntax.plain and len(name) > 1 and all(char in declared.shapes for char in name):
        hint = f"In the plain spelling products are written with *: {'*'.join(name)}."
    return FormulaError(
        f"the symbol {name} is not declared",
        hint=hint,
        place=Place(formula=syntax.text, start=term.start, end=term.end),
    )


def _only(syntax: Syntax, names: list[str]) -> str:
    """The only symbol of a formula."""
    if len(names) == 1:
        return names[0]
    more = ", …" if len(names) > 8 else ""
    choices = f"one of {', '.join(names[:8])}{more}" if names else "a variable"
    raise FormulaError(
        "it is not said by which variable to differentiate",
        hint=f"Name {choices}.",
        place=Place(formula=syntax.text, start=0, end=len(syntax.text)),
    )


def _size_letters(declared: Declarations, syntax: Syntax) -> frozenset[str]:
    """Every size symbol that is declared or typed, so that no other size gets its letter."""
    typed = {
        piece
        for term in postorder(syntax.root)
        if term.op in ("ones", "eye", "zeros", "commutation")
        for piece in term.data or ()
    }
    return declared.sizes | syntax.sizes | frozenset(piece for piece in typed if not piece.isdigit())


def _symbol(data: tuple[str, str | None], shapes: Mapping[str, Shape], declared: Declarations) -> Node:
    name, index = data
    assumed = declared.assumptions.get(name, frozenset())
    return sym(Symbol(name, assumed, index, declared.values.get(name, ())), shapes[name])


def _check_assumptions(declared: Declarations, shapes: Mapping[str, Shape], text: str) -> None:
    for name, given in shapes.items():
        for kind in sorted(declared.assumptions.get(name, frozenset())):
            try:
                check_assumption(kind, name, given)
            except DocgenError as error:
                raise error.at(Place(formula=text, start=0, end=len(text))) from None
