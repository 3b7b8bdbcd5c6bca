"""Shapes that are left out, by custom: lower case Latin letters are columns, upper case letters matrices, Greek letters
scalars; where that does not fit, the fewest symbols become scalars; where that is not unique, it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, combinations, count

from docgen.algebra.sizes import ONE, Shape, Size, size
from docgen.errors import FormulaError, Place, ShapeError
from docgen.reading.declarations import ASSUMPTIONS, Declarations
from docgen.reading.infer import Inference
from docgen.reading.misfits import OpenSizes
from docgen.reading.names import base_letter, is_greek
from docgen.reading.sizing import Sides, Sizing
from docgen.reading.syntax import Syntax, postorder

#: How many terms may be visited while shapes are tried.
_PATIENCE = 1_000_000
#: The letters that unknown sizes get, in this order.
_LETTERS = ("n", "m", "k", "p", "q", "r", "l", "s")


def customary(name: str, assumed: frozenset[str]) -> str:
    """The kind that a symbol has by custom: ``scalar``, ``vector``, ``matrix`` or ``square``."""
    needs = {ASSUMPTIONS[kind] for kind in assumed}
    for kind in ("square", "matrix", "vector"):
        if kind in needs:
            return kind
    letter = base_letter(name)
    if letter.lstrip("\\")[:1].isupper() or letter.startswith(("\\mathcal", "\\mathscr", "\\mathfrak")):
        return "matrix"
    return "scalar" if is_greek(letter) else "vector"


def _sides(kind: str, sizing: Sizing) -> Sides:
    if kind == "scalar":
        return ONE, ONE
    rows = sizing.fresh()
    return rows, ONE if kind == "vector" else rows if kind == "square" else sizing.fresh()


def infer(syntax: Syntax, declared: Declarations, undeclared: Sequence[str]) -> tuple[Inference, dict[str, Sides]]:
    """The shapes of all parts of a formula, those of ``undeclared`` symbols by custom; raises ShapeError where nothing
    fits and where more than one choice does."""
    given: dict[str, Sides] = {name: (s.rows, s.cols) for name, s in declared.shapes.items()}
    if not undeclared:
        inference = Inference(syntax, given, Sizing())
        inference.run()
        return inference, given
    columns = {term.args[0].data[0] for term in postorder(syntax.root) if term.op == "component"}
    kinds = {
        name: "vector" if name in columns else customary(name, declared.assumptions.get(name, frozenset()))
        for name in undeclared
    }
    patience = _PATIENCE // max(1, sum(1 for _ in postorder(syntax.root)))
    refusal: ShapeError | None = None
    found: list[tuple[tuple[str, ...], Inference, dict[str, Sides]]] = []
    for scalars in _choices(kinds):
        if found and len(scalars) > len(found[0][0]):
            break
        patience -= 1
        if patience < 0:
            raise OpenSizes(
                "the shapes that were left out cannot be found: there are too many choices",
                hint="Declare the shapes of the symbols.",
                place=Place(formula=syntax.text, start=0, end=len(syntax.text)),
            )
        try:
            found.append((scalars, *_attempt(syntax, given, kinds, scalars, strict=True)))
        except ShapeError as error:
            refusal = refusal or error
    if len(found) == 1 and not _all_scalars(found[0][0], kinds, given):
        return found[0][1], found[0][2]
    if len(found) > 1:
        raise _ambiguous(syntax, [scalars for scalars, *_ in found])
    if not found:
        with suppress(ShapeError):
            return _attempt(syntax, given, kinds, (), strict=False)
    assert refusal is not None  # the shapes by custom alone, which are tried first, do not fit
    kind = {"scalar": "a scalar", "vector": "a column vector", "matrix": "a matrix", "square": "a square matrix"}
    taken = ", ".join(f"{name} as {kind[kinds[name]]}" for name in undeclared[:6])
    more = ", …" if len(undeclared) > 6 else ""
    refusal.hint = f"{refusal.hint} The shapes are not declared: docgen took {taken}{more}."
    raise refusal


def _all_scalars(scalars: Sequence[str], kinds: Mapping[str, str], given: Mapping[str, Sides]) -> bool:
    """Whether nothing but scalars would be left of a formula with matrices: nobody means that."""
    left = [name for name, kind in kinds.items() if kind != "scalar" and name not in scalars]
    return not left and not given and any(kinds[name] in ("matrix", "square") for name in scalars) and len(kinds) > 1


def _choices(kinds: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Which symbols become scalars: none, then each one, then each two, …"""
    names = [name for name, kind in kinds.items() if kind != "scalar"]
    for many in range(len(names) + 1):
        yield from combinations(names, many)


def _attempt(
    syntax: Syntax, given: Mapping[str, Sides], kinds: Mapping[str, str], scalars: Sequence[str], strict: bool
) -> tuple[Inference, dict[str, Sides]]:
    sizing = Sizing()
    shapes = dict(given)
    for name, kind in kinds.items():
        shapes[name] = _sides("scalar" if name in scalars else kind, sizing)
    inference = Inference(syntax, shapes, sizing, strict, frozenset(kinds))
    inference.run()
    return inference, shapes


def _ambiguous(syntax: Syntax, choices: list[tuple[str, ...]]) -> ShapeError:
    shown = [_listed(choice) + (" are scalars" if len(choice) > 1 else " is a scalar") for choice in choices[:4]]
    more = ", or …" if len(choices) > 4 else ""
    return ShapeError(
        "the shapes that were left out can be chosen in more than one way: " + ", or ".join(shown) + more,
        hint=f"Declare the shape of {' or '.join(dict.fromkeys(name for choice in choices[:4] for name in choice))}.",
        place=Place(formula=syntax.text, start=0, end=len(syntax.text)),
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def name_sizes(
    inference: Inference, shapes: Mapping[str, Sides], order: Sequence[str], taken: set[str]
) -> dict[str, Shape]:
    """Give a letter to every size of a symbol that is still unknown; the shapes of all symbols."""
    sizing = inference.sizing
    letters = _fresh_letters(taken)
    for name in order:
        for side in shapes[name]:
            for unknown in sizing.unknowns(side):
                sizing.bound[unknown] = next(letters)
    for term in postorder(inference.syntax.root):
        if term.op in ("ones", "eye", "zeros") and any(sizing.unknowns(side) for side in inference.sides[id(term)]):
            latex = {"ones": "\\mathbf{1}", "eye": "I", "zeros": "\\mathbf{0}"}[term.op]
            hint = f"Write it with its size, {latex}_n."
            if inference.syntax.plain:
                hint = f"Type the formula in LaTeX, where {latex}_n has its size."
                hint = "Write it with its size, eye(n)." if term.op == "eye" else hint
            raise FormulaError(
                f"the size of {inference.inside(term)} is not clear from the formula",
                hint=hint,
                place=Place(formula=inference.syntax.text, start=term.start, end=term.end),
            )
    return {name: sizing.shape(shapes[name]) for name in order}


def _fresh_letters(taken: set[str]) -> Iterator[Size]:
    letters = chain(_LETTERS, (f"n_{number}" for number in count(1)))
    return (size(letter) for letter in letters if letter not in taken)
