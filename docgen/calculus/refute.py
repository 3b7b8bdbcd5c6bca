"""Why a formula is false: numbers at which its sides differ, and the slip that is likely behind it.

Used where the author of a handout states mathematics of his own (:mod:`docgen.handouts.proofs`): a message that only
says "false" leaves him to search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as data_replace
from decimal import Decimal
from fractions import Fraction

from docgen.algebra.entries import flat
from docgen.algebra.evaluate import Env, Failure, Point
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Symbol, add, mul, num, rebuild, replace, sym, transpose, walk
from docgen.algebra.reals import Reals
from docgen.algebra.rings import Beyond, Draw, Number
from docgen.algebra.sizes import SCALAR, Shape
from docgen.calculus.judge import judge
from docgen.calculus.points import Survey
from docgen.errors import DocgenError

#: How many points are tried, how many changed formulas, and how long a line of values may be.
_TRIES, _CHANGES, _LONGEST = 24, 80, 110


class _SmallNumbers(Reals):
    """Decimals whose random numbers are small integers, so that a person can work the example out."""

    def draw(self, draw: Draw, positive: bool | None) -> Decimal:
        bits = draw.bits()
        size = Decimal(1 + (bits >> 3) % 3)
        return -size if positive is False or (positive is None and bits & 1) else size


@dataclass(frozen=True, slots=True)
class Slip:
    """A change that makes a false formula true: ``kind`` (``transpose``, ``sign``, ``factor``, or ``symmetric`` where
    it holds for a symmetric matrix only), what stands there and what should, as LaTeX."""

    kind: str
    wrong: str
    right: str


def counterexample(
    left: Node,
    right: Node,
    variable: Node | None = None,
    stacked: Mapping[str, Node] | None = None,
    definitions: Mapping[str, Node] | None = None,
    names: tuple[str, str] = ("the left side", "the right side"),
) -> str:
    """One line with numbers at which two formulas of one shape differ; empty where none was found. ``names`` is what
    the two are called."""
    about = variable if variable is not None else sym(Symbol(r"\ "), SCALAR)
    both = add([left, right])
    survey = Survey(both, about)
    ring = _SmallNumbers()
    sizes = survey.sizes()
    with ring.scope():
        for seed in range(_TRIES):
            point = Point(ring, next(sizes), Draw(seed), about, seed % 2, definitions, stacked)
            with suppress(Failure, Beyond, ArithmeticError):
                here, there = (flat(point.value(side), side.shape) for side in (left, right))
                place = next((k for k, (a, b) in enumerate(zip(here, there, strict=True)) if abs(a - b) > 1e-6), None)
                if place is not None:
                    where = f"{_values(point, both, about, stacked or {})}{_entry(place, left.shape, point)}"
                    return f"{where} {names[0]} is {_number(here[place])}, {names[1]} {_number(there[place])}"
    return ""


def _values(point: Point, node: Node, variable: Node, stacked: Mapping[str, Node]) -> str:
    """The values of all symbols of a formula: ``At x = (1, 2):``. Rows are not repeated where their matrix is there."""
    found = []
    symbols = {at.data.name: at for at in walk(node) if at.op == "sym"}
    repeated = {member.data.name for name, member in stacked.items() if name in symbols}
    for name, at in symbols.items():
        if name in repeated:
            continue
        index = at.data.index
        if index is None:
            found.append(f"{name} = {_value(point, at, {})}")
        else:
            count = next(n.data.count for n in walk(node) if n.op == "total" and n.data.index == index)
            members = [_value(point, at, {index: k}) for k in range(point.size(count))]
            found.append(f"{name} = {', '.join(members)}")
    if any(at.op == "d" for at in walk(node)):
        step = flat(point.increment(1), variable.shape)
        found.append(f"d{variable.data.name} = {_shown(step, variable.shape, point)}")
    line = "; ".join(found)
    if len(line) > _LONGEST:
        line = line[:_LONGEST].rsplit("; ", 1)[0] + "; …"
    return f"For example, at {line}:" if line else "For example:"


def _value(point: Point, node: Node, env: Env) -> str:
    return _shown(flat(point.value(node, (), env), node.shape), node.shape, point)


def _shown(entries: list[Number], shape: Shape, point: Point) -> str:
    written = [_number(entry) for entry in entries]
    if shape is SCALAR:
        return written[0]
    if shape.kind != "matrix":
        return f"({', '.join(written)})"
    rows = point.size(shape.rows)  # the entries come column by column
    return "[" + "; ".join(" ".join(written[row::rows]) for row in range(rows)) + "]"


def _entry(place: int, shape: Shape, point: Point) -> str:
    if shape is SCALAR:
        return ""
    if shape.kind != "matrix":
        return f" entry {place + 1} of"
    rows = point.size(shape.rows)
    return f" entry ({place % rows + 1}, {place // rows + 1}) of"


def _number(value: Number) -> str:
    number = float(value)
    return str(round(number)) if abs(number - round(number)) < 1e-9 else f"{number:.4g}"


# ---- the likely slip -----------------------------------------------------------------------------------------------


def slip(
    wrong: Node,
    right: Node,
    variable: Node | None = None,
    stacked: Mapping[str, Node] | None = None,
    definitions: Mapping[str, Node] | None = None,
    function: Node | None = None,
) -> Slip | None:
    """The one small change that makes ``wrong`` equal to ``right``; None where there is none."""

    def is_right(candidate: Node) -> bool:
        with suppress(DocgenError):
            found = judge(
                candidate, right, function=function, variable=variable, stacked=stacked, definitions=definitions
            )
            return found.kind == "equal"
        return False

    for number, (kind, changed, before, after) in enumerate(_changes(wrong)):
        if number >= _CHANGES:
            break
        if changed.shape is right.shape and is_right(changed):
            return Slip(kind, latex(before), latex(after))
    for at in (at for at in walk(wrong) if at.op == "sym" and at.shape.kind == "matrix"):
        if at.shape.rows is at.shape.cols and "symmetric" not in at.data.assumptions:
            said = sym(data_replace(at.data, assumptions=at.data.assumptions | {"symmetric"}), at.shape)
            with suppress(DocgenError):
                about = None if function is None else replace(function, at, said)
                varied = said if variable is at else variable
                pair = replace(wrong, at, said), replace(right, at, said)
                found = judge(*pair, function=about, variable=varied, stacked=stacked, definitions=definitions)
                if found.kind == "equal":
                    return Slip("symmetric", latex(at), latex(at))
    return None


def _changes(node: Node) -> Iterator[tuple[str, Node, Node, Node]]:
    """The formula with one place of it changed: the kind of the change, the whole, and the place before and after."""
    for path, at in _places(node):
        if at.op == "T":
            yield _changed(node, path, at, at.args[0], "transpose")
        elif at.shape.kind == "matrix" and not (path and _at(node, path[:-1]).op == "T"):
            yield _changed(node, path, at, transpose(at), "transpose")
    for path, at in _places(node):
        if at.op == "add":
            for place, term in reversed(list(enumerate(at.args))):  # a sign slips rather in front of a later term
                for factor in (Fraction(-1), Fraction(2), Fraction(1, 2)):
                    kind = "sign" if factor == -1 else "factor"
                    yield _changed(node, (*path, place), term, _times(factor, term), kind)


def _times(factor: Fraction, term: Node) -> Node:
    if term.is_number:
        return num(factor * term.data)
    if term.op == "mul" and term.args[0].is_number:
        value = factor * term.args[0].data
        rest = term.args[1:]
        return mul(rest) if value == 1 else mul([num(value), *rest])
    return mul([num(factor), term])


def _places(node: Node, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Every place in a formula, outermost first."""
    yield path, node
    if len(path) < 12 and node.op != "d":
        for number, arg in enumerate(node.args):
            yield from _places(arg, (*path, number))


def _at(node: Node, path: tuple[int, ...]) -> Node:
    for step in path:
        node = node.args[step]
    return node


def _changed(node: Node, path: tuple[int, ...], before: Node, after: Node, kind: str) -> tuple[str, Node, Node, Node]:
    """The whole with one place changed; the whole as it was where the shapes do not allow the change."""

    def put(at: Node, rest: tuple[int, ...]) -> Node:
        if not rest:
            return after
        args = list(at.args)
        args[rest[0]] = put(args[rest[0]], rest[1:])
        return rebuild(at, args)

    try:
        return kind, put(node, path), before, after
    except DocgenError:
        return kind, node, before, after


__all__ = ["Slip", "counterexample", "slip"]
