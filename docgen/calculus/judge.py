r"""Is a given formula the right answer? Equal, transposed, of the wrong sign, off by a factor, of another shape.

Both formulas are evaluated at the same random points (:mod:`docgen.calculus.points`) where the function of the problem
has a value. Nothing is simplified and nothing compared term by term, so the form of an answer does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from typing import Any, Literal

from docgen.algebra.entries import Vector, flat
from docgen.algebra.evaluate import Failure, Point
from docgen.algebra.node import Node, Symbol, make, mul, sym, transpose, unary, walk, zeros
from docgen.algebra.rings import RINGS, Beyond, Inadmissible, Ring, ring
from docgen.algebra.sizes import SCALAR, size
from docgen.calculus.derivation import Function
from docgen.calculus.points import POINTS, Supply, Survey
from docgen.calculus.proof import undefined

Kind = Literal["equal", "transposed", "sign", "factor", "shape", "different"]

_READS: dict[str, str] = {
    "equal": "equal",
    "transposed": "equal to the transpose",
    "sign": "wrong sign",
    "factor": "off by the factor {}",
    "shape": "wrong shape",
    "different": "different",
}

#: From the best to the worst, for a formula that may be meant as one of several answers.
RANK: tuple[Kind, ...] = ("equal", "sign", "factor", "transposed", "different", "shape")

#: The largest numerator and denominator of a factor that is a slip and no accident.
_LARGEST = 1000
#: Sizes and scalars beyond these many are not looked for in a factor.
_MOST_ATOMS = 8
#: At how many points a factor is looked at, so that every size has been several numbers.
MOST_POINTS = 5

#: What exact rings know only in part: there they refute nothing, and long decimals are asked as well. The sum of two
#: squares is not positive modulo p, and sin and arctan obey no theorem of addition there.
_LOOSE = frozenset({"fn", "norm", "norm1", "softmax", "expm", "const"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a given formula is beside the right one; ``factor`` is given/right as LaTeX where the kind is ``factor``."""

    kind: Kind
    factor: str = ""

    def __str__(self) -> str:
        return _READS[self.kind].format(self.factor)


def judge(
    given: Node,
    right: Node,
    *,
    function: Node | None = None,
    variable: Node | None = None,
    stacked: Mapping[str, Node] | None = None,
    definitions: Mapping[str, Node] | None = None,
) -> Verdict:
    """The verdict on ``given`` beside the right answer.

    Symbols are one where their names are. ``function`` is the function of the problem: both are compared where it has
    a value. ``variable`` is needed where a formula holds its increment; ``stacked`` and ``definitions`` are as in
    :class:`docgen.calculus.proof.Prover`. Raises UnsupportedError where the right answer has a value nowhere.
    """
    if given.is_number and given.data == 0:  # a zero of any shape is typed as 0
        given = zeros(right.shape)
    turned = given.shape is not right.shape and given.shape.transposed is right.shape
    if given.shape is not right.shape and not turned:
        return Verdict("shape")
    bench = _Bench([right] if function is None else [right, function], variable, stacked or {}, definitions or {})
    if given is right:
        bench.check()
        return Verdict("equal")
    square = given.shape is not SCALAR and given.shape.rows is given.shape.cols
    flipped = transpose(given) if turned or square else None
    found = Verdict("different")
    for readings in bench.readings([right, given] if flipped is None else [right, given, flipped]):
        found = readings.transposed() if turned else readings.verdict()
        if found.kind not in ("different", "shape"):
            break
    return found


def judge_answer(given: Node, right: Node, function: Function) -> Verdict:
    """The verdict on a formula beside an answer to a problem about a function; its named parts and rows are known."""
    named = {name.data.name: meaning for name, meaning in function.named if name.op == "sym"}
    return judge(
        given,
        right,
        function=function.formula,
        variable=function.variable,
        stacked=function.stacked,
        definitions=named,
    )


# ---- the points ----------------------------------------------------------------------------------------------------


class _Bench:
    """Where formulas are compared: points at which the right answer and the function have a value."""

    def __init__(
        self,
        base: Sequence[Node],
        variable: Node | None,
        stacked: Mapping[str, Node],
        definitions: Mapping[str, Node],
    ) -> None:
        self._base = base
        # Without a variable nothing is varied; a symbol that no formula has stands in for it.
        self._variable = variable if variable is not None else sym(Symbol(r"\ "), SCALAR)
        self._stacked = stacked
        self._definitions = definitions

    def readings(self, nodes: Sequence[Node]) -> Iterator[_Readings]:
        """The values of the right answer, the given one and maybe its transpose: in the first exact ring that knows
        their functions, then, where that ring may refute too much, in long decimals. Nothing where the given formula
        has no value at any point."""
        survey = Survey(_together([*self._base, nodes[1]]), self._variable)
        loose = any(n.op in _LOOSE or (n.op == "pow" and n.data.denominator > 1) for n in walk(survey.formula))
        exact = False
        for supply in self._supplies(survey):
            if exact and supply.ring.exact:
                continue
            with supply.ring.scope():
                values = _values(supply, nodes)
                if values is None:
                    continue
                yield _Readings(supply, nodes, values, self._variable)
            if not loose:
                return
            exact = True
        if not exact:
            self.check()

    def _supplies(self, survey: Survey) -> list[Supply]:
        rings = RINGS[1:] if survey.analytic else RINGS
        return [Supply(ring(name, 1), survey, self._definitions, self._stacked) for name in rings]

    def check(self) -> None:
        """Raise UnsupportedError where the right answer itself has no value."""
        supplies = self._supplies(Survey(_together(self._base), self._variable))
        if all(_values(supply, self._base) is None for supply in supplies):
            raise undefined([supply.failure for supply in supplies if supply.failure is not None])


def _together(nodes: Sequence[Node]) -> Node:
    """One formula that has a value where all of these have."""
    whole = [node if node.is_scalar else unary("sum", node) for node in nodes]
    return mul(whole) if len(whole) > 1 else make("sum", (whole[0],), None, SCALAR)


_Values = list[tuple[Point, list[Vector]]]


def _values(supply: Supply, nodes: Sequence[Node], least: int = POINTS) -> _Values | None:
    """The entries of the nodes at the points of a ring; None where the ring has no point or not all functions."""
    found: _Values = []

    def look(point: Point) -> bool:
        found.append((point, [flat(point.value(node), node.shape) for node in nodes]))
        return True

    return found if supply.ask(look, least) else None


# ---- what the values say -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Readings:
    """The values of the right answer (first), the given formula (second) and maybe its transpose (third)."""

    supply: Supply
    nodes: Sequence[Node]
    values: _Values
    variable: Node

    @property
    def ring(self) -> Ring:
        return self.supply.ring

    def verdict(self) -> Verdict:
        """The verdict on two formulas of one shape."""
        if self._same(1):
            return Verdict("equal")
        factor = self._factor()
        if factor == "-1":
            return Verdict("sign")
        if len(self.nodes) > 2 and self._same(2):
            return Verdict("transposed")
        return Verdict("factor", factor) if factor else Verdict("different")

    def transposed(self) -> Verdict:
        """The verdict where the shape is that of the transpose."""
        return Verdict("transposed" if self._same(2) else "shape")

    def _same(self, which: int) -> bool:
        return all(self.ring.same(rows[0], rows[which]) for _, rows in self.values)

    def _factor(self) -> str:
        """The factor given/right as LaTeX; empty where there is none or it is no product of known things."""
        # At two points a size may happen to be the same number, and would be taken for one.
        values = _values(self.supply, self.nodes, MOST_POINTS) if self._ratios(self.values) else None
        ratios = self._ratios(values) if values else None
        if not ratios or not values:
            return ""
        atoms = self._atoms([point for point, _ in values])
        for exponents in _monomials(len(atoms)):
            numbers = {self._without(ratio, turn, atoms, exponents) for turn, ratio in enumerate(ratios)}
            number = numbers.pop()
            if not numbers and number:
                return _spelled(number, {atom: e for (atom, _), e in zip(atoms, exponents, strict=True) if e})
        return ""

    def _ratios(self, values: _Values) -> list[Any] | None:
        """given/right at each point, where all entries agree on it."""
        ratios = []
        for _, (right, given, *_) in values:
            place = self.ring.unit(right)
            if place is None:
                return None
            ratio = given[place] * self.ring.inverse(right[place]) % self.ring.modulus
            if not self.ring.same([ratio * entry % self.ring.modulus for entry in right], given):
                return None
            ratios.append(ratio)
        return ratios

    def _atoms(self, points: Sequence[Point]) -> list[tuple[str, list[Any]]]:
        """What a factor may be made of, with its value at each point: sizes, then scalar symbols."""
        sizes: dict[str, None] = {}
        scalars: dict[str, Node] = {}
        for node in (n for one in self.nodes[:2] for n in walk(one)):
            sides = [node.shape.rows, node.shape.cols]
            sides += [node.data.count] if node.op == "total" else [node.data] if node.op == "dim" else []
            for side in sides:
                sizes.update(dict.fromkeys(side.symbols))
            if node.op == "sym" and node.is_scalar and node.data.index is None:
                scalars[node.data.name] = node
        scalars.pop(self.variable.data.name, None)
        atoms: list[tuple[str, list[Any]]] = [(name, [point.size(size(name)) for point in points]) for name in sizes]
        for name, node in scalars.items():
            try:
                atoms.append((name, [point.value(node) for point in points]))
            except (Failure, Beyond):
                continue
        return atoms[:_MOST_ATOMS]

    def _without(
        self, ratio: Any, turn: int, atoms: Sequence[tuple[str, list[Any]]], exponents: Sequence[int]
    ) -> Fraction | None:
        """The rational number that is left of a ratio without a product of powers; None where none is."""
        rest = ratio
        try:
            for (_, values), exponent in zip(atoms, exponents, strict=True):
                if exponent:
                    rest = rest * self.ring.power(values[turn], Fraction(-exponent)) % self.ring.modulus
        except Inadmissible:
            return None
        found = _rational(rest, self.ring)
        return found if found is not None and self.ring.same([self.ring.rational(found)], [rest]) else None


def _monomials(atoms: int) -> Iterator[tuple[int, ...]]:
    """Exponents of the atoms, the simplest product first: none, one, a square, two."""
    yield (0,) * atoms
    for exponent in (1, -1, 2, -2):
        for place in range(atoms):
            yield tuple(exponent if k == place else 0 for k in range(atoms))
    for pair in combinations(range(atoms), 2):
        for signs in product((1, -1), repeat=2):
            chosen = dict(zip(pair, signs, strict=True))
            yield tuple(chosen.get(k, 0) for k in range(atoms))


def _rational(value: Any, among: Ring) -> Fraction | None:
    """The small rational number that a value of a ring is; None where there is none."""
    if isinstance(value, Decimal) or not among.exact:
        return Fraction(value).limit_denominator(_LARGEST)
    # The extended Euclidean algorithm, stopped half-way (Wang 1981).
    modulus = int(getattr(among, "compared", among.modulus))
    before, last = (modulus, 0), (int(value) % modulus, 1)
    while last[0] > _LARGEST:
        times = before[0] // last[0]
        before, last = last, (before[0] - times * last[0], before[1] - times * last[1])
    numerator, denominator = last
    return Fraction(numerator, denominator) if denominator and abs(denominator) <= _LARGEST else None


def _spelled(number: Fraction, powers: Mapping[str, int]) -> str:
    """A factor as LaTeX on one line: ``2``, ``-1/2``, ``n/2``, ``2/(m n)``."""

    def written(head: int, sign: int) -> list[str]:
        exponents = {name: sign * e for name, e in powers.items() if sign * e > 0}
        letters = [name if e == 1 else f"{name}^{{{e}}}" for name, e in exponents.items()]
        return [str(head), *letters] if head != 1 or not letters else letters

    above, below = written(abs(number.numerator), 1), written(number.denominator, -1)
    text = ("-" if number < 0 else "") + " ".join(above)
    if below == ["1"]:
        return text
    return f"{text}/{' '.join(below)}" if len(below) == 1 else f"{text}/({' '.join(below)})"
