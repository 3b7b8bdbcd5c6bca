"""Evaluation of formulas at a random point and at its neighbours.

A :class:`Point` draws a value for every size and symbol when it is first met, and keeps the value of every node, at
the point X and beside it at X + h dX. Nothing here knows a rule of differentiation except those of exp, log, sin, cos
and arctan in :mod:`docgen.algebra.rings`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import DecimalException

from docgen.algebra import entries
from docgen.algebra.entries import Value, added, entrywise, flat, rows_of, unflat, value_of
from docgen.algebra.functions import in_other_functions
from docgen.algebra.index_sums import places, sum_of_products
from docgen.algebra.node import Node, Symbol
from docgen.algebra.operators import INDEXED, OPERATORS
from docgen.algebra.rings import Deeper, Draw, Inadmissible, Number, Ring
from docgen.algebra.sizes import SCALAR, Shape, Size

#: The sample that each bound index stands for.
Env = Mapping[str, int]
NOWHERE: Env = {}

#: The increments by which a point is left: () is the point itself, (1,) is X + h dX, (1, 2) is X + h dX + h d₂X.
Path = tuple[int, ...]

#: The increment of the variable that is a symmetric matrix, for gradients within the symmetric matrices.
SYMMETRIC = -1

#: Increments from here down are unit directions: UNIT - k changes entry k of the variable, counted down the columns.
UNIT = -2

#: Assumptions that leave the entries of a symbol independent.
_FREE = frozenset(("positive", "invertible", "full_column_rank"))


class Sizes(dict[str, int]):
    """A number for every size symbol; symbols that were not foreseen get numbers of their own, larger than the rest."""

    def __missing__(self, symbol: str) -> int:
        self[symbol] = value = max(self.values(), default=1) + 1
        return value


class Failure(Exception):
    """A node has no value at this point: ``why`` as in :class:`~docgen.algebra.rings.Inadmissible`."""

    def __init__(self, node: Node, why: str) -> None:
        super().__init__(why)
        self.node = node
        self.why = why


class Point:
    """One random point: sizes, symbols, increments of the variable, and the values of the nodes asked for so far.

    ``parity`` (0 or 1) chooses the signs: what is positive at one parity is negative at the other. ``definitions``
    gives the names of parts the formulas that they stand for. ``stacked`` ties matrices to families: X to x_i, whose
    values are its rows (or, for scalars y_i, the entries of a column y).
    """

    def __init__(
        self,
        ring: Ring,
        sizes: Sizes,
        draw: Draw,
        variable: Node,
        parity: int = 0,
        definitions: Mapping[str, Node] | None = None,
        stacked: Mapping[str, Node] | None = None,
    ) -> None:
        self.ring = ring
        self.sizes = sizes
        self.variable: str = variable.data.name
        self._variable = variable
        self._draw = draw
        self._parity = parity
        self._definitions = {} if definitions is None else definitions
        self._stacked = {} if stacked is None else stacked
        self._symbols: dict[tuple[tuple[str, ...], tuple[int, ...]], tuple[Node, Value]] = {}
        self._families: dict[str, tuple[str, ...]] = {}
        self._redrawn: set[str] = set()
        self._increments: dict[int, Value] = {}
        self._memo: dict[Path, dict[Hashable, Value]] = {(): {}}

    # ---- what is asked of a point

    def value(self, node: Node, path: Path = (), env: Env = NOWHERE) -> Value:
        """The value at X or beside it. Raises Failure where there is none, Beyond where the ring does not know a
        function."""
        if path:
            self.value(node, (), env)
        memo, base = self._memo.setdefault(path, {}), self._memo[()]
        untouched = bool(path) and not self._definitions  # a defined name may hide the variable
        root = _key(node, env)
        stack = [node]
        while root not in memo:
            at = stack[-1]
            key = _key(at, env)
            if key in memo:
                stack.pop()
                continue
            if untouched and self.variable not in at.free:
                memo[key] = base[key]
                stack.pop()
                continue
            operands = self._operands(at)
            waiting = [a for a in operands if _key(a, env) not in memo]
            if waiting:
                stack.extend(reversed(waiting))
                continue
            stack.pop()
            try:
                memo[key] = self._compute(at, operands, path, env)
            except Inadmissible as reason:
                raise Failure(at, reason.why) from None
            except DecimalException:
                raise Failure(at, "sign") from None
        return memo[root]

    def slope(self, node: Node, increment: int = 1, path: Path = (), env: Env = NOWHERE) -> Value:
        """The differential of the node along the increment: (e(X + h dX) - e(X))/h. Raises Deeper where the ring has
        none beside ``path``, and what :meth:`value` raises."""
        if len(path) >= self.ring.depth:
            raise Deeper
        there = self.value(node, tuple(sorted((*path, increment))), env)
        return entrywise(self.ring.slope, node.shape, self.value(node, path, env), there)

    def increment(self, which: int) -> Value:
        """The increment dX of the variable; of a symmetric variable, too, its entries are independent."""
        if which not in self._increments:
            rows, cols = self.dimensions(self._variable.shape)
            if which <= UNIT:
                matrix = [[int(i + j * rows == UNIT - which) for j in range(cols)] for i in range(rows)]
            else:
                matrix = [[self.ring.draw(self._draw, None) for _ in range(cols)] for _ in range(rows)]
            if which == SYMMETRIC:
                matrix = [[matrix[max(i, j)][min(i, j)] for j in range(cols)] for i in range(rows)]
            self._increments[which] = value_of(matrix, self._variable.shape)
        return self._increments[which]

    def same(self, left: Value, right: Value, shape: Shape) -> bool:
        """Whether two values of one shape are equal as far as the ring can tell."""
        return self.ring.same(flat(left, shape), flat(right, shape))

    def dimensions(self, shape: Shape) -> tuple[int, int]:
        """The rows and columns of a shape at this point."""
        return self.size(shape.rows), self.size(shape.cols)

    def size(self, size: Size) -> int:
        """The number a size stands for at this point."""
        return size.value(self.sizes) if size.symbols else size.number

    def redraw(self, name: str) -> None:
        """Draw a symbol anew and forget the value of every node that contains it.

        Where its entries are independent one of them is drawn, so that many conditions can be met one after another.
        """
        self._redrawn.add(name)
        family = self._families.get(name)
        keys = [key for key in self._symbols if key[0] == family]
        if keys:
            key = keys[self.coin(len(keys))]
            node, value = self._symbols.pop(key)
            said = node.data.assumptions
            if not node.is_scalar and said <= _FREE and not node.data.values and name not in self._stacked:
                rows = [list(row) for row in rows_of(value, node.shape)]
                row = rows[self.coin(len(rows))]
                row[self.coin(len(row))] = self.ring.draw(self._draw, True if "positive" in said else None)
                self._symbols[key] = node, value_of(rows, node.shape)
        names = {other for other, its in self._families.items() if its == family}
        self._memo = {(): {k: v for k, v in self._memo[()].items() if names.isdisjoint(_node(k).free)}}

    # ---- how it is worked out

    def _operands(self, node: Node) -> tuple[Node, ...]:
        if node.op == "sym":
            meaning = self._definitions.get(node.data.name)
            return () if meaning is None else (meaning,)
        written = in_other_functions(node)
        if written is not None:
            return (written,)
        # a sum is worked out index value by index value, a partial derivative beside the point
        return () if node.op in ("total", "partial") else node.args

    def _compute(self, node: Node, operands: Sequence[Node], path: Path, env: Env) -> Value:
        memo, base = self._memo[path], self._memo[()]
        op = node.op
        if op == "sym":
            return memo[_key(operands[0], env)] if operands else self._symbol(node, path, env)
        if op == "total":
            return self._total(node, path, env)
        if op == "d":
            return self._differential(node, path, env)
        if op == "partial":
            return self._partial(node, path, env)
        if op in INDEXED:
            values = [memo[_key(a, env)] for a in operands]
            return INDEXED[op](self, node, values, env)
        if op in ("grad", "jac"):
            return self._derivative(node, path, env)
        if operands and operands[0] is not node.args[0]:  # a function written with others
            return memo[_key(operands[0], env)]
        keys = [_key(a, env) for a in operands]
        here = [base[k] for k in keys]
        if not path:
            return OPERATORS[op](self, node, here, here)
        there = [memo[k] for k in keys]
        if all(a is b for a, b in zip(here, there, strict=True)):
            return base[_key(node, env)]  # untouched by the increments
        return OPERATORS[op](self, node, there, here)

    def _total(self, node: Node, path: Path, env: Env) -> Value:
        counts, body = {node.data.index: self.size(node.data.count)}, node.args[0]
        while body.op == "total" and body.data.index not in counts:
            counts[body.data.index], body = self.size(body.data.count), body.args[0]
        if len(counts) > 1 and body.op == "mul" and all(factor.is_scalar for factor in body.args):
            # sums of products: each sum is pushed in as far as it goes, so that the cost is no power of their number
            names = [tuple(sorted(factor.indices & counts.keys())) for factor in body.args]
            tables = []
            for factor, own in zip(body.args, names, strict=True):
                envs = {at: {**env, **dict(zip(own, at, strict=True))} for at in places(own, counts)}
                tables.append((own, {at: self.value(factor, path, here) for at, here in envs.items()}))
            return sum_of_products(tables, counts, self.ring.modulus)
        index, body = node.data.index, node.args[0]
        values = [self.value(body, path, {**env, index: i}) for i in range(counts[index])]
        return added(values, body.shape, self.ring.modulus)

    def _differential(self, node: Node, path: Path, env: Env) -> Value:
        (arg,), which = node.args, node.data
        if arg.op == "sym" and arg.data.name == self.variable:
            return self.increment(which)
        return self.slope(arg, which, path, env)

    def _derivative(self, node: Node, path: Path, env: Env) -> Value:
        """A gradient or a Jacobian matrix by definition: the differentials along all unit directions."""
        arg = node.args[0]
        rows, cols = self.dimensions(self._variable.shape)
        columns = [flat(self.slope(arg, UNIT - k, path, env), arg.shape) for k in range(rows * cols)]
        if node.op == "grad":
            return unflat([column[0] for column in columns], node.shape, rows)
        return value_of([list(row) for row in zip(*columns, strict=True)], node.shape)

    def _partial(self, node: Node, path: Path, env: Env) -> Value:
        body, by = node.args
        row, col = (0 if index is None else env[index] for index in by.data[:2])
        return self.slope(body, UNIT - col * self.size(by.args[0].shape.rows) - row, path, env)

    def _symbol(self, node: Node, path: Path, env: Env) -> Value:
        symbol: Symbol = node.data
        if path:
            value = self._memo[()][_key(node, env)]
            for increment in path if symbol.name == self.variable else ():
                value = entrywise(self.ring.beside, node.shape, value, self.increment(increment))
            return value
        family: tuple[str, ...] = (symbol.name,)
        sample: tuple[int, ...] = ()
        if symbol.index is not None:  # x_i and x_j are members of one family
            head, _, tail = symbol.name.rpartition(symbol.index)
            family, sample = (head, tail), (env[symbol.index],)
        self._families[symbol.name] = family
        key = family, sample
        if key not in self._symbols:
            stack = self._stacked.get(symbol.name)
            self._symbols[key] = node, self._stack(node, stack, env) if stack else drawn(self, symbol, node.shape)
        return self._symbols[key][1]

    def _stack(self, node: Node, family: Node, env: Env) -> Value:
        count = self.size(node.shape.rows)
        return [self.value(family, (), {**env, family.data.index: i}) for i in range(count)]

    def entry(self, symbol: Symbol, place: int) -> Number:
        """A random entry of a symbol; the signs alternate from entry to entry and from point to point."""
        if symbol.values:
            return self.ring.rational(symbol.values[(place + self._parity) % len(symbol.values)])
        positive = "positive" in symbol.assumptions or (place + self._parity) % 2 == 0
        return self.ring.draw(self._draw, positive)

    def shift(self, symbol: Symbol, shape: Shape) -> int:
        """0 or 1: which of the signs comes first. A scalar is seen with one sign at each parity, until redrawn."""
        if symbol.index is not None or shape is not SCALAR or symbol.name in self._redrawn:
            return self.coin(2)
        return sum(map(ord, symbol.name)) % 2

    def coin(self, sides: int) -> int:
        """A random number below ``sides``."""
        return (self._draw.bits() >> 20) % sides


def _key(node: Node, env: Env) -> Hashable:
    return (node, *[env[i] for i in sorted(node.indices)]) if node.indices else node


def _node(key: Hashable) -> Node:
    return key[0] if isinstance(key, tuple) else key  # type: ignore[return-value]


def drawn(point: Point, symbol: Symbol, shape: Shape) -> Value:
    """A random value with the assumptions of the symbol (CONTRACT section 2)."""
    rows, cols = point.dimensions(shape)
    said, ring = symbol.assumptions, point.ring
    if "one_hot" in said:
        hot = point.coin(rows * cols)
        return unflat([int(i == hot) for i in range(rows * cols)], shape, rows)
    shift = point.shift(symbol, shape)
    matrix = [[point.entry(symbol, i + j + shift) for j in range(cols)] for i in range(rows)]
    if "positive_definite" in said:
        # G Gᵀ with triangular G: its leading minors are squares, so they count as positive, like its determinant.
        lower = [[matrix[i][j] if j <= i else 0 for j in range(cols)] for i in range(rows)]
        matrix = entries.matmul(lower, [list(column) for column in zip(*lower, strict=True)], ring.modulus)
    elif "orthogonal" in said:
        # Cayley: (I - S)(I + S)⁻¹ with skew S.
        skew = [[matrix[i][j] if j < i else -matrix[j][i] if j > i else 0 for j in range(cols)] for i in range(rows)]
        plus = [[v + (i == j) for j, v in enumerate(row)] for i, row in enumerate(skew)]
        minus = [[(i == j) - v for j, v in enumerate(row)] for i, row in enumerate(skew)]
        matrix = entries.matmul(minus, entries.inverse(plus, ring), ring.modulus)
    elif "diagonal" in said:
        matrix = [[v if i == j else 0 for j, v in enumerate(row)] for i, row in enumerate(matrix)]
    elif "symmetric" in said:
        matrix = [[matrix[max(i, j)][min(i, j)] for j in range(cols)] for i in range(rows)]
    return value_of(matrix, shape)
