"""The random points at which a formula is evaluated for its proof: admissible ones, of every kind that matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import permutations

from docgen.algebra.entries import flat
from docgen.algebra.evaluate import Failure, Point, Sizes
from docgen.algebra.functions import in_other_functions
from docgen.algebra.node import Node, walk
from docgen.algebra.rings import Beyond, Draw, Inadmissible, Ring
from docgen.algebra.sizes import Size

#: How often a symbol is drawn anew before a point is given up, and how many points may fail a claim.
REDRAWS = 600
MISSES = 16
#: Points for a rational formula; more where a sign matters, until each sign was seen both ways.
POINTS = 2
POINTS_AT_MOST = 8

#: Whether a claim holds at a point. Raises Failure where it has no value there, Beyond where the ring cannot tell,
#: Deeper where it cannot tell differentials of differentials.
Judge = Callable[[Point], bool]

_SIGNS = frozenset(("abs", "sign", "relu", "step"))
_ANALYTIC = frozenset(("exp", "log", "sigma", "cosh", "sinh", "tanh"))


def _written_out(formula: Node) -> Iterator[Node]:
    """Every node of a formula, and of what stands for the functions in it that are written with others."""
    for node in walk(formula):
        yield node
        written = in_other_functions(node)
        if written is not None:
            yield from _written_out(written)


class Survey:
    """What the choice of points needs to know of a formula, found in one walk.

    ``witnesses`` are the nodes whose sign decides: what is inside absolute values, and what is squared below a root.
    |t| = t and √(t²) = t are false, but true where t is positive. ``guards`` are the roots and logarithms, which need
    something positive. ``analytic`` says that the formula has an exponential or a logarithm.
    """

    def __init__(self, formula: Node, variable: Node) -> None:
        self.formula = formula
        self.variable = variable
        self.witnesses: list[Node] = []
        self.guards: list[Node] = []
        self.analytic = False
        symbols: dict[str, None] = {}
        taken: set[int] = set()
        for node in (*_written_out(formula), variable):
            for size in _sizes_in(node):
                symbols.update(dict.fromkeys(size.symbols))
                taken.add(size.number)
            op = node.op
            if op == "fn":
                if node.data in _SIGNS:
                    self.witnesses.append(node.args[0])
                elif node.data in _ANALYTIC:
                    self.analytic = True
                    if node.data == "log":
                        self.guards.append(node)
            elif op == "norm1":
                self.witnesses.append(node.args[0])
            elif op == "softmax" or (op == "const" and node.data != "pi"):
                self.analytic = True
            elif op == "norm" or (op == "pow" and node.data.denominator > 1):
                self.guards.append(node)
                self.witnesses.extend(_squared(node))
        self.witnesses = [node for node in self.witnesses if not node.indices]
        self._names = list(symbols)
        self._numbers = [n for n in range(2, 2 * len(symbols) + len(taken) + 6) if n not in taken]
        self._orders = _orders(len(symbols))

    @property
    def orders(self) -> int:
        """In how many orders of magnitude the sizes are tried."""
        return len(self._orders)

    def sizes(self) -> Iterator[Sizes]:
        """Numbers for the size symbols: pairwise different, never 1, every order in turn, without end.

        XᵀX is invertible only where X has more rows than columns, so all orders are needed; a claim n = m + 1 must
        not pass because every point has it, so the numbers change as well.
        """
        turn = 0
        while True:
            for order in self._orders:
                numbers = (self._numbers[place + turn % 2] for place in order)
                yield Sizes(zip(self._names, numbers, strict=True))
                turn += 1
            turn += len(self._orders) + 1  # so that each order meets both sets of numbers

    def guarded(self) -> dict[str, int]:
        """For each symbol, the number of roots and logarithms that it stands under."""
        counts = dict.fromkeys(self.formula.free, 0)
        for node in self.guards:
            for name in node.free:
                counts[name] += 1
        return counts


def _orders(count: int) -> Sequence[tuple[int, ...]]:
    # Descending first: matrices with more rows than columns come first in textbooks. Then the far end, and so on.
    if count > 5:
        start = tuple(range(count - 1, -1, -1))
        turned = [start[i:] + start[:i] for i in range(count)]
        return [order for pair in zip(turned, (t[::-1] for t in turned), strict=True) for order in pair]
    orders = list(permutations(range(count - 1, -1, -1)))
    half = (len(orders) + 1) // 2
    return [order for pair in zip(orders[:half], reversed(orders), strict=False) for order in pair][: len(orders)]


def _sizes_in(node: Node) -> tuple[Size, ...]:
    """The sizes that a leaf or a sum brings into a formula."""
    if node.op == "dim":
        return (node.data,)
    if node.op == "total":
        return (node.data.count,)
    return () if node.args else (node.shape.rows, node.shape.cols)


def _squared(root: Node) -> Iterator[Node]:
    """What is squared below a root, and the scalar factors below a norm: candidates for being pulled out unsigned."""
    inside = root.args[0]
    for factor in inside.args if inside.op in ("mul", "had") else (inside,):
        if factor.op == "pow" and factor.data.numerator % 2 == 0:
            yield factor.args[0]
        elif factor is not inside and factor.is_scalar and factor.free and root.op == "norm":
            yield factor


class Supply:
    """The points of one ring, found when they are first needed, and shared by all claims."""

    def __init__(
        self, ring: Ring, survey: Survey, definitions: Mapping[str, Node], stacked: Mapping[str, Node]
    ) -> None:
        self.ring = ring
        self.points: list[Point] = []
        self.failure: Failure | None = None
        self._survey = survey
        self._definitions = definitions
        self._stacked = stacked
        self._fresh = self._find()
        self._seen: set[tuple[Node, int]] = set()

    @property
    def nowhere(self) -> bool:
        """Whether the failure is final: what is singular at every point of the first ring is singular everywhere."""
        return (
            self.ring.name == "ALGEBRAIC"
            and not self.points
            and self.failure is not None
            and self.failure.why == "inverse"
        )

    def ask(self, judge: Judge, least: int = POINTS) -> bool | None:
        """Whether a claim holds at all points, ``least`` or more; None where the ring cannot tell."""
        asked, place, misses = 0, 0, 0
        with self.ring.scope():
            while asked < least or place < len(self.points) or (self._one_sided() and place < POINTS_AT_MOST):
                if place == len(self.points):
                    point = next(self._fresh, None) if misses <= MISSES else None
                    if point is None:  # enough were asked; further ones were to show other signs, and there are none
                        return True if asked >= least else None
                    self.points.append(point)
                    self._look(point)
                place += 1
                try:
                    if not judge(self.points[place - 1]):
                        return False
                    asked += 1
                except Beyond:
                    return None
                except Failure:
                    misses += 1
        return True

    def _find(self) -> Iterator[Point]:
        """Points at which the formula has a value."""
        draw = Draw(0x5EED)
        failures, parity = 0, 0
        for sizes in self._survey.sizes():
            variable = self._survey.variable
            point = Point(self.ring, sizes, draw, variable, parity, self._definitions, self._stacked)
            try:
                self._settle(point)
            except Beyond:
                return
            except Failure as failure:
                self.failure = failure
                failures, parity = failures + 1, 1 - parity  # a sign may be what it has no value for
                if failures > (2 * self._survey.orders + 4 if failure.why == "inverse" else 3):
                    return
                continue
            failures, parity = 0, 1 - parity
            yield point

    def _settle(self, point: Point) -> None:
        """Evaluate the formula; where something is not positive, draw one of its symbols anew.

        The symbol that stands under the fewest roots is drawn, so that a sum of many norms settles term by term.
        """
        counts: dict[str, int] | None = None
        for attempt in range(REDRAWS):
            try:
                point.value(self._survey.formula)
                return
            except Failure as failure:
                if failure.why != "sign" or not failure.node.free or attempt == REDRAWS - 1:
                    raise
                counts = counts or self._survey.guarded()
                fewest = min(counts[name] for name in failure.node.free)
                names = sorted(name for name in failure.node.free if counts[name] == fewest)
                point.redraw(names[point.coin(len(names))])

    def _look(self, point: Point) -> None:
        """Note the signs with which the witnesses are seen at a point."""
        for node in self._survey.witnesses:
            for entry in flat(point.value(node), node.shape):
                with suppress(Inadmissible):
                    self._seen.add((node, point.ring.sign(entry)))

    def _one_sided(self) -> bool:
        return bool(self._survey.witnesses) and len(self._seen) < 2 * len(set(self._survey.witnesses))
