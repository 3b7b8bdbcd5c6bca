"""The landscape of a loss in two variables: data drawn at random, the minimum, and the steps of gradient descent.

The values are those of the formula that the page shows, in floating point. What the formula leaves open is drawn with a
seed: data of a linear model where the formula has data, otherwise numbers that meet the assumptions. NumPy is imported
when a figure is made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from docgen.algebra.node import Node, walk
from docgen.algebra.numpy_code import names, size_names
from docgen.algebra.numpy_function import numpy_function
from docgen.algebra.sizes import SCALAR
from docgen.calculus.derivation import Function
from docgen.errors import DocgenError, SpecError
from docgen.handouts.pictures import Landscape, Pair

#: How many samples the data has, how fine the grid is, how many level curves there are, how many seeds are tried.
SAMPLES: Final = 20
GRID: Final = 81
LEVELS: Final = 10
SEEDS: Final = 40

#: The value at a point; infinite where the function has none.
Value = Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an author may choose; None is docgen's choice."""

    steps: int = 10
    rate: float | None = None
    start: Pair | None = None
    seed: int = 0


def landscape(function: Function, wanted: Wanted) -> Landscape:
    """The landscape of a function. SpecError where it has not two variables, or no single minimum."""
    variables = _variables(function)
    for seed in range(wanted.seed, wanted.seed + SEEDS):
        try:
            value = _value(function, variables, seed)
        except SpecError:
            raise
        except DocgenError as error:
            raise SpecError(f"the function cannot be drawn: {error.message}", hint=error.hint) from None
        minimum = _minimum(value)
        if minimum is not None:
            return _drawn(value, minimum, wanted)
    raise SpecError(
        f"docgen found no minimum of {function.name} to draw, for {SEEDS} random choices of its constants",
        hint="A contour figure shows a function with one minimum; assume what makes it so (A: positive_definite).",
    )


def constants(function: Function) -> list[Node]:
    """The symbols of the formula whose values are drawn."""
    variables = function.arguments or (function.variable,)
    used = {node.data.name for node in walk(function.formula) if node.op == "sym"}
    taken = {variable.data.name for variable in variables}
    return [symbol for symbol in function.symbols if symbol.data.name in used - taken]


# ---- the function ----------------------------------------------------------------------------------------------


def _variables(function: Function) -> tuple[Node, ...]:
    if function.formula.shape is not SCALAR:
        raise SpecError(
            f"{function.name} is no number, so it has no level curves", hint="Draw a function with scalar values."
        )
    variables = function.arguments or (function.variable,)
    several = len(variables) == 2 and all(one.shape is SCALAR for one in variables)
    if several or (len(variables) == 1 and variables[0].shape.kind in ("vector", "row")):
        return variables
    raise SpecError(
        f"the level curves of {function.name} cannot be drawn: it does not depend on two numbers",
        hint="The variable must be a vector, or `variables` two scalars.",
    )


def _value(function: Function, variables: Sequence[Node], seed: int) -> Value:
    import numpy as np

    symbols = list(dict.fromkeys((*function.symbols, *variables)))
    sizes = dict.fromkeys(size_names([function.formula, *symbols]), SAMPLES)
    whole = variables[0].shape
    if len(variables) == 1:
        long = whole.rows if whole.kind == "vector" else whole.cols
        if long.symbols:
            sizes[long.symbols[0]] = 2
        if long.value(sizes) != 2:
            raise SpecError(
                f"a figure has two axes, and {variables[0].data.name} has {long} entries",
                hint="Leave the number of entries open (a letter), or make it 2.",
            )
    known = names(symbols, sizes)
    compiled = numpy_function(function.formula, symbols, known, variables[0])
    data = _Data(function, sizes, seed).draw(constants(function))
    given = {known[name]: array for name, array in data.items()}
    named = {name.lstrip("\\"): sizes[name] for name in size_names([function.formula])}
    keys = [known[variable.data.name] for variable in variables]

    def value(x: float, y: float) -> float:
        point = {keys[0]: x, keys[1]: y} if len(keys) == 2 else {keys[0]: np.array([x, y])}
        with np.errstate(all="ignore"):
            try:
                found = float(compiled(**given, **point, **named))
            except (ArithmeticError, np.linalg.LinAlgError):
                return math.inf
        return found if math.isfinite(found) else math.inf

    return value


class _Data:
    """Values for symbols: features of unequal spread, targets near a linear function of them, and what is assumed."""

    #: How features are mixed (spread and correlation make the level curves long), and the weights behind the targets.
    MIX = ((1.0, 0.0), (0.55, 0.6))
    WEIGHTS = (1.0, 0.5)
    NOISE = 0.5

    def __init__(self, function: Function, sizes: Mapping[str, int], seed: int) -> None:
        import numpy as np

        self.np: Any = np
        self.random = np.random.RandomState(seed)  # its numbers are the same in every version of NumPy
        self.sizes = sizes
        self.counts = {n.data.index: n.data.count.value(self.sizes) for n in walk(function.formula) if n.op == "total"}
        self.stacked = {family.data.name: matrix for matrix, family in function.stacked.items()}
        self.features: Any = None

    def draw(self, symbols: Sequence[Node]) -> dict[str, Any]:
        """An array for each symbol; features first, because targets depend on them."""
        found: dict[str, Any] = {}
        for symbol in sorted(symbols, key=lambda one: not self._is_features(one)):
            matrix = found.get(self.stacked.get(symbol.data.name, ""))
            if matrix is not None:  # the family of its rows or entries
                found[symbol.data.name] = matrix.reshape(len(matrix), -1)
            else:
                found[symbol.data.name] = self._array(symbol)
        for family, name in self.stacked.items():  # the family may come before the matrix
            if family in found and name in found:
                found[family] = found[name].reshape(len(found[name]), -1)
        return found

    def _dimensions(self, symbol: Node) -> tuple[int, int, int]:
        """The number of samples (1 where it is no family), rows and columns."""
        shape = symbol.shape
        count = self.counts.get(symbol.data.index, 1) if symbol.data.index else 1
        return count, shape.rows.value(self.sizes), shape.cols.value(self.sizes)

    def _is_features(self, symbol: Node) -> bool:
        count, rows, columns = self._dimensions(symbol)
        return not symbol.data.values and (((count, columns) == (1, 2) and rows > 2) or (count > 2 and rows == 2))

    def _array(self, symbol: Node) -> Any:
        np, said = self.np, symbol.data.assumptions
        count, rows, columns = self._dimensions(symbol)
        if self._is_features(symbol):
            drawn = self.random.standard_normal((max(rows, count), 2)) @ np.array(self.MIX).T
            self.features = drawn if self.features is None else self.features
            return drawn
        if count > 1 and columns == 1:
            return self._column(symbol, count if rows == 1 else rows, count if rows > 1 else 1)
        if columns == 1:
            return self._column(symbol, rows, 1)
        drawn = self.random.standard_normal((rows, columns))
        if rows == columns:
            if "diagonal" in said:
                drawn = np.diag(0.5 + 2 * self.random.uniform(size=rows))
            elif "orthogonal" in said:
                drawn = np.linalg.qr(drawn)[0]
            else:
                skew = 0 if said & {"symmetric", "positive_definite"} else 0.5 * (drawn - drawn.T)
                drawn = drawn @ drawn.T / rows + 0.4 * np.eye(rows) + skew
        return np.abs(drawn) if "positive" in said else drawn

    def _column(self, symbol: Node, rows: int, count: int) -> Any:
        """A column, a number, or a family of columns; a target where there is one for each row of the features."""
        np, said, values = self.np, symbol.data.assumptions, symbol.data.values
        if "one_hot" in said:
            return np.eye(rows)[self.random.randint(rows, size=count)].reshape((count, rows) if count > 1 else (rows,))
        drawn = self.random.standard_normal((count, rows))
        if rows == 1 and count == 1:
            drawn = 0.2 + 0.6 * self.random.uniform(size=(1, 1))
        elif count == 1 and self.features is not None and rows == len(self.features):
            noise = self.NOISE if not values else 4 * self.NOISE  # classes that overlap: the loss has a minimum
            drawn = (self.features @ np.array(self.WEIGHTS) + noise * drawn[0]).reshape(1, rows)
        if values:
            chosen = sorted(float(value) for value in values)
            drawn = np.where(drawn > 0, chosen[-1], chosen[0])
        if "positive" in said:
            drawn = np.abs(drawn) + 0.1
        return drawn if count > 1 else drawn[0]


# ---- its minimum and the path to it ------------------------------------------------------------------------------


def _minimum(value: Value) -> Pair | None:
    """Where the function is least, by a search along the axes and diagonals; None where that is no single point."""
    best, at = math.inf, (0.0, 0.0)
    for x in (-2.0, -0.7, 0.6, 1.7):
        for y in (-1.8, -0.6, 0.7, 1.9):
            if value(x, y) < best:
                best, at = value(x, y), (x, y)
    if best == math.inf:
        return None
    step, turns = 1.0, 0
    while step > 1e-9:
        turns += 1
        found, there = min((value(x, y), (x, y)) for x, y in _around(at, step))
        if found < best:
            best, at, step = found, there, step * 1.5
        else:
            step /= 2
        if turns > 3000 or max(map(abs, at)) > 1e3:
            return None
    rise, at_once = (min(value(x, y) for x, y in _around(at, radius)) - best for radius in (0.05, 1e-6))
    bottom = at_once < 0.05 * rise  # not so where the function falls without end, as log(x^T x) does
    return at if bottom and rise > 1e-7 * max(1.0, abs(best)) else None


def _around(at: Pair, radius: float) -> list[Pair]:
    turns = [math.pi * k / 8 for k in range(16)]
    return [(at[0] + radius * math.cos(turn), at[1] + radius * math.sin(turn)) for turn in turns]


def _gradient(value: Value, at: Pair) -> Pair:
    x, y = at
    h, k = 1e-6 * (1 + abs(x)), 1e-6 * (1 + abs(y))
    return (value(x + h, y) - value(x - h, y)) / (2 * h), (value(x, y + k) - value(x, y - k)) / (2 * k)


def _curvature(value: Value, at: Pair) -> tuple[float, Pair]:
    """The largest curvature at a minimum, and the direction of the least."""
    (x, y), h = at, 1e-3
    here = value(x, y)
    a = (value(x + h, y) - 2 * here + value(x - h, y)) / h**2
    c = (value(x, y + h) - 2 * here + value(x, y - h)) / h**2
    b = (value(x + h, y + h) - value(x + h, y - h) - value(x - h, y + h) + value(x - h, y - h)) / (4 * h**2)
    middle, spread = (a + c) / 2, math.hypot((a - c) / 2, b)
    turn = 0.5 * math.atan2(2 * b, a - c) + math.pi / 2
    largest = middle + spread
    if not math.isfinite(largest) or largest <= 0:
        return 1.0, (1.0, 0.0)
    return largest, (math.cos(turn), math.sin(turn))


def _drawn(value: Value, minimum: Pair, wanted: Wanted) -> Landscape:
    curvature, flat = _curvature(value, minimum)
    start = wanted.start or _start(value, minimum, flat)
    if value(*start) == math.inf:
        raise SpecError(f"the function has no value at the start ({start[0]:g}, {start[1]:g})", hint="Change `start`.")
    if wanted.rate is None:
        path, rate = _descending(value, start, wanted.steps, _rounded(1.6 / curvature))
    else:
        rate = wanted.rate
        path = _path(value, start, wanted.steps, rate)
        far = 20 * (1 + math.dist(start, minimum))
        if any(not math.isfinite(c) for p in path for c in p) or max(math.dist(p, minimum) for p in path) > far:
            raise SpecError(
                f"with the step length {rate:g} gradient descent runs away from the minimum",
                hint=f"Take a smaller `rate`, for example {_rounded(1 / curvature):g}.",
            )
    xs, ys = _window([*path, minimum])
    rows = tuple(tuple(value(x, y) for x in xs) for y in ys)
    least = value(*minimum)
    return Landscape(xs, ys, rows, _levels(rows, least), minimum, path, rate)


def _levels(rows: Sequence[Sequence[float]], least: float) -> tuple[float, ...]:
    """Levels that lie closer near the minimum, half of them below the middle value of the window."""
    heights = sorted(v - least for row in rows for v in row if v < math.inf)
    most, middle = heights[-1], heights[len(heights) // 2]
    power = min(max(math.log(middle / most) / math.log(0.5), 1.0), 8.0) if 0 < middle < most else 2.0
    return tuple(least + most * (k / LEVELS) ** power for k in range(1, LEVELS))


def _start(value: Value, minimum: Pair, flat: Pair) -> Pair:
    """A point two units off, mostly along the valley and a little up its side, so that the steps show both."""
    distance = 2.0
    while True:
        (a, b), (x, y) = flat, minimum
        start = (round(x + distance * (0.85 * a - 0.5 * b), 1), round(y + distance * (0.85 * b + 0.5 * a), 1))
        if value(*start) < math.inf or distance < 0.1:
            return start
        distance /= 2


def _path(value: Value, start: Pair, steps: int, rate: float) -> tuple[Pair, ...]:
    path = [start]
    for _ in range(steps):
        slope = _gradient(value, path[-1])
        path.append((path[-1][0] - rate * slope[0], path[-1][1] - rate * slope[1]))
    return tuple(path)


def _descending(value: Value, start: Pair, steps: int, rate: float) -> tuple[tuple[Pair, ...], float]:
    """The path with the largest step length, halved from ``rate`` on, with which every step goes down."""
    for _ in range(40):
        path = _path(value, start, steps, rate)
        heights = [value(*p) if all(map(math.isfinite, p)) else math.inf for p in path]
        if all(after <= before for before, after in pairwise(heights)):
            break
        rate = _rounded(rate / 2)
    return path, rate


def _rounded(number: float) -> float:
    """Two digits, as a caption prints a step length."""
    return float(f"{number:.1e}")


def _window(points: Sequence[Pair]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The grid: around all points, wider than high, never a thin strip."""
    low = [min(p[k] for p in points) for k in (0, 1)]
    high = [max(p[k] for p in points) for k in (0, 1)]
    room = 0.35 * max(high[0] - low[0], high[1] - low[1], 1e-3)
    width, height = (high[k] - low[k] + 2 * room for k in (0, 1))
    width = max(width, 1.25 * height)
    height = max(height, 0.7 * width)
    middle = [(low[k] + high[k]) / 2 for k in (0, 1)]
    grid = [k / (GRID - 1) - 0.5 for k in range(GRID)]
    return tuple(middle[0] + width * t for t in grid), tuple(middle[1] + height * t for t in grid)
