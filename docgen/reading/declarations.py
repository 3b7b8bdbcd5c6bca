"""What is said about symbols beside the formula: their shapes and assumptions, in every spelling a user may type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from docgen.algebra.node import Node
from docgen.algebra.sizes import ONE, SCALAR, Shape, Size, shape, size
from docgen.errors import DocgenError
from docgen.reading.names import canonical, check_symbol, identifier, nearest, sample_index

#: What may be assumed of a symbol, by the shapes it fits.
ASSUMPTIONS: dict[str, str] = {
    "symmetric": "square",
    "diagonal": "square",
    "orthogonal": "square",
    "positive_definite": "square",
    "invertible": "square",
    "full_column_rank": "matrix",
    "positive": "any",
    "one_hot": "vector",
}
_NEEDS = {"square": "a square matrix", "matrix": "a matrix", "vector": "a column vector"}
_LARGEST = 10_000


@dataclass(frozen=True, slots=True)
class Declarations:
    """What is declared, by canonical name. Where ``shapes`` is empty, shapes are assumed by custom.

    ``families`` are the members of families that keep their sample index also outside a sum; ``spelled`` gives the
    spelling in which a name was declared. ``differentials`` allows ``dX``, ``d(\\det X)`` and ``\\nabla_x f``: in
    claims and answers, not in functions.
    """

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    assumptions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    values: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)
    families: frozenset[str] = frozenset()
    spelled: Mapping[str, str] = field(default_factory=dict)
    differentials: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Every symbol of which something is said."""
        return self.families.union(self.shapes, self.assumptions, self.values)

    @property
    def sizes(self) -> frozenset[str]:
        """Every size symbol of the declared shapes."""
        return frozenset(name for s in self.shapes.values() for side in (s.rows, s.cols) for name in side.symbols)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was assumed while reading: ``id`` names its sentence, ``facts`` the formulas in it.

    ==================  ======================================================================================
    id                  facts
    ==================  ======================================================================================
    shape_assumed       symbol, shape (as LaTeX, ``\\mathbb{R}^{n \\times m}``)
    frobenius_read      A: the matrix whose norm was read as the Frobenius norm
    number_times_ones   c: the scalar that was read as c times the all-ones vector
    variable_absent     x: the variable, which does not occur in the formula
    ==================  ======================================================================================
    """

    id: str
    facts: Mapping[str, Node | str] = field(default_factory=dict)


def declare(
    shapes: Mapping[str, object] | None = None,
    assume: Mapping[str, object] | None = None,
    families: Iterable[str] = (),
) -> Declarations:
    """The declarations in one form; raises DocgenError at a name, a shape or an assumption that cannot be read."""
    found: dict[str, Shape] = {}
    spelled: dict[str, str] = {}
    for typed, given in _items(shapes, "shapes"):
        name = canonical(typed)
        check_symbol(name, typed)
        read = read_shape(given, typed)
        if found.get(name, read) is not read:
            raise DocgenError(
                f"{typed} and {spelled[name]} are one symbol, declared with two shapes: {read} and {found[name]}",
                hint="Declare it once.",
            )
        found[name] = read
        spelled[name] = typed.strip()
    assumptions: dict[str, frozenset[str]] = {}
    values: dict[str, tuple[Fraction, ...]] = {}
    for typed, given in _items(assume, "assume"):
        name = canonical(typed)
        check_symbol(name, typed)
        spelled.setdefault(name, typed.strip())
        for said in [given] if isinstance(given, str) else _list(given, typed):
            word = str(said).strip()
            if re.match(r"(in\b|\\in\b|∈)", word):
                values[name] = _values(word, typed)
                continue
            kind = _assumption(word, typed)
            if name in found:
                check_assumption(kind, typed, found[name])
            assumptions[name] = assumptions.get(name, frozenset()) | {kind}
    return Declarations(found, assumptions, values, frozenset(canonical(f) for f in families), spelled)


def _items(given: Mapping[str, object] | None, what: str) -> Iterable[tuple[str, object]]:
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise DocgenError(
            f"{what} is {_kind(given)}, not a mapping", hint=f"Write {what} as names with values: {{x: n}}."
        )
    for name in given:
        if not isinstance(name, str):
            raise DocgenError(f"{name!r} is not a name of a symbol", hint="Write the name in quotes.")
    return given.items()


def _list(given: object, typed: str) -> list[object]:
    if isinstance(given, (list, tuple, set, frozenset)):
        return sorted(given, key=str) if isinstance(given, (set, frozenset)) else list(given)
    raise DocgenError(
        f"the assumption on {typed} is {_kind(given)}, not a word or a list of words",
        hint=f"An assumption is one of: {', '.join(ASSUMPTIONS)}, in {{-1, 1}}.",
    )


def _kind(given: object) -> str:
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "a mapping",
    }
    return "empty" if given is None else names.get(type(given), f"a {type(given).__name__}")


def _assumption(word: str, typed: str) -> str:
    kind = re.sub(r"[\s-]+", "_", word.lower())
    if kind in ASSUMPTIONS:
        return kind
    near = nearest(kind, ASSUMPTIONS)
    raise DocgenError(
        f"{word!r}, assumed of {typed}, is not an assumption that docgen knows",
        hint=(f"Did you mean {near}? " if near else "") + f"There are: {', '.join(ASSUMPTIONS)}, in {{-1, 1}}.",
    )


def _values(word: str, typed: str) -> tuple[Fraction, ...]:
    inside = re.fullmatch(r"(?:in|\\in|∈)\s*\\?\{(.*?)\\?\}", word)
    pieces = [piece.strip().replace("−", "-") for piece in inside[1].split(",")] if inside else []
    if not pieces or not all(re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,9}|/[1-9]\d{0,8})?", piece) for piece in pieces):
        raise DocgenError(
            f"{word!r}, assumed of {typed}, is not a set of numbers", hint="Write it as in {-1, 1}, numbers and commas."
        )
    return tuple(sorted({Fraction(piece) for piece in pieces}))


def check_assumption(kind: str, name: str, given: Shape) -> None:
    """Raise DocgenError where an assumption does not fit the shape of the symbol it is made of."""
    needs = ASSUMPTIONS[kind]
    fits = {
        "square": given.rows is given.cols and given is not SCALAR,
        "matrix": given.cols is not ONE and given.rows is not ONE,
        "vector": given.cols is ONE and given is not SCALAR,
        "any": True,
    }[needs]
    if not fits:
        raise DocgenError(
            f"{kind} is assumed of {name}, which is {given}; it needs {_NEEDS[needs]}",
            hint=f"Correct the shape of {name}, or drop the assumption.",
        )


_SIZE = re.compile(r"\d+|\\?[A-Za-z]+(?:_(?:[A-Za-z0-9]|\{[A-Za-z0-9]+\}))?")
#: Words for the kind of a symbol, which say no size.
_KINDS = frozenset(("vector", "column", "row", "matrix", "square"))
_BETWEEN = re.compile(r"\s+[xXхХ]\s+|\s*(?:×|\\times(?![A-Za-z])|,)\s*")


def read_shape(given: object, name: str) -> Shape:
    """The shape that ``given`` spells for the symbol ``name``: ``n``, ``n x m``, ``[n, 1]``, ``scalar``, 3, …"""
    if isinstance(given, Shape):
        return shape(given.rows, given.cols)
    if isinstance(given, (list, tuple)):
        sides = list(given)
    elif isinstance(given, int) and not isinstance(given, bool):
        sides = [given]
    elif isinstance(given, str) and given.strip():
        text = given.strip()
        if text.lower() == "scalar":
            return SCALAR
        if text[0] + text[-1] in ("[]", "()"):
            text = text[1:-1].strip()
        joined = re.fullmatch(r"(\d+|[A-Za-z])x(\d+|[A-Za-z])", text)
        sides = list(joined.groups()) if joined else _BETWEEN.split(text)
    else:
        raise _bad_shape(given, name)
    if not 1 <= len(sides) <= 2:
        raise _bad_shape(given, name)
    sizes = [_read_size(side, given, name) for side in sides]
    return shape(sizes[0], sizes[1] if len(sizes) == 2 else ONE)


def _read_size(given: object, whole: object, name: str) -> Size:
    if isinstance(given, Size):
        return given
    if isinstance(given, bool) or not isinstance(given, (int, str)):
        raise _bad_shape(whole, name)
    text = str(given).strip()
    factors = [part.strip() for part in text.split("*")]
    if not all(_SIZE.fullmatch(part) for part in factors) or text.lower() in _KINDS:
        raise _bad_shape(whole, name)
    result = size("*".join(part if part.isdigit() else size_name(part) for part in factors))
    if not 1 <= result.number <= _LARGEST:
        raise DocgenError(
            f"the shape of {name} has the size {result.number}",
            hint=f"A size is a symbol or a number from 1 to {_LARGEST}.",
        )
    return result


def size_name(text: str) -> str:
    """The canonical name of a size: ``ell`` and ``\\ell`` are one."""
    return identifier(text) if re.fullmatch(r"[A-Za-z]\w*", text) else canonical(text)


def _bad_shape(given: object, name: str) -> DocgenError:
    return DocgenError(
        f"the shape of {name}, {given!r}, cannot be read",
        hint="Write n for a column vector, n x m for a matrix, 1 x n for a row, scalar for a number; "
        "each size is one symbol or one number.",
    )


def family_index(name: str, declared: Declarations) -> str | None:
    """The index of a name that is declared as a member of a family also outside a sum."""
    return sample_index(name) if name in declared.families else None
