"""Random well-shaped formulas, and their values worked out by NumPy in the plainest way.

Symbols: x, y (n x 1), z (m x 1), A, B (n x n), X (m x n), W (n x m), s, t (scalars); under a sum over samples also the
members x_i (n x 1) and y_i (scalar). Everything is drawn from the random generator that is given, so a seed fixes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np

from docgen.algebra import node as nodes
from docgen.algebra.functions import FUNCTIONS
from docgen.algebra.node import Node, Sum, Symbol
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape, size

Array = np.ndarray[Any, Any]

N, M = size("n"), size("m")
SHAPES = {
    "x": shape(N, ONE),
    "y": shape(N, ONE),
    "z": shape(M, ONE),
    "A": shape(N, N),
    "B": shape(N, N),
    "X": shape(M, N),
    "W": shape(N, M),
    "s": SCALAR,
    "t": SCALAR,
}
MEMBERS = {"x_i": shape(N, ONE), "y_i": SCALAR}
SAMPLES = Sum("i", M)


def symbol(name: str) -> Node:
    """The symbol or family member with this name."""
    if name in MEMBERS:
        return nodes.sym(Symbol(name, index=SAMPLES.index), MEMBERS[name])
    return nodes.sym(Symbol(name), SHAPES[name])


@dataclass
class Draw:
    """What is drawn from, and whether a sum over samples is around."""

    rng: Random
    operators: Collection[str]
    members: bool = False
    symbols: Mapping[str, Node] = field(default_factory=dict)  # beside those of this module

    def formula(self, result: Shape, depth: int) -> Node:
        """A formula of this shape, at most ``depth`` operators deep (a few more where an operator needs company)."""
        fitting = [op for op in OPERATORS if op in self.operators and OPERATORS[op][0](result)]
        if depth <= 0 or not fitting or self.rng.random() < 0.1:
            return self.leaf(result)
        return OPERATORS[self.rng.choice(fitting)][1](self, result, depth - 1)

    def leaf(self, result: Shape) -> Node:
        known = SHAPES | MEMBERS if self.members else SHAPES
        everything = [*map(symbol, known), *self.symbols.values()]
        choices = [one for one in everything if one.shape is result]
        if result is not SCALAR:
            choices += [nodes.transpose(one) for one in everything if one.shape.transposed is result]
        if result is SCALAR:
            choices += [nodes.num(self.number()), nodes.num(2)]
            choices += [nodes.dim(N)] if "dim" in self.operators else []
            choices += [nodes.const("pi")] if "const" in self.operators else []
        elif result.rows is result.cols and "eye" in self.operators:
            choices.append(nodes.eye(result.rows))
        if result.kind == "vector" and "ones" in self.operators:
            choices.append(nodes.ones(result))
        if result.kind == "vector" and "zeros" in self.operators:
            choices.append(nodes.zeros(result))
        return self.rng.choice(choices) if choices else nodes.ones(result)  # a shape that no symbol has

    def number(self) -> Fraction:
        return Fraction(self.rng.choice([-3, -2, -1, 1, 2, 3, 5]), self.rng.choice([1, 1, 2, 3]))

    def positive(self, result: Shape, depth: int) -> Node:
        """1 + e² entry by entry."""
        return nodes.add([nodes.ones(result), nodes.power(self.formula(result, depth), 2)])

    def product(self, result: Shape, depth: int) -> Node:
        inner = [self.rng.choice([ONE, N, M]) for _ in range(self.rng.choice([1, 1, 2]))]
        borders = [result.rows, *inner, result.cols]
        factors = [self.formula(shape(a, b), depth) for a, b in pairwise(borders)]
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            factors.insert(self.rng.randrange(len(factors) + 1), self.scalar(depth))
        return nodes.mul(factors)

    def scalar(self, depth: int) -> Node:
        if self.rng.random() < 0.3:
            return nodes.num(self.number())
        if self.rng.random() < 0.4 and "pow" in self.operators:
            return nodes.power(self.positive(SCALAR, depth), self.exponent(-1))
        return self.formula(SCALAR, depth)

    def exponent(self, sign: int = 1) -> Fraction:
        return sign * self.rng.choice([Fraction(1), Fraction(2), Fraction(1, 2), Fraction(3, 2)])

    def terms(self, result: Shape, depth: int) -> list[Node]:
        terms = [self.formula(result, depth) for _ in range(self.rng.choice([2, 2, 3]))]
        return [nodes.mul([nodes.num(-1), t]) if self.rng.random() < 0.3 else t for t in terms]

    def hadamard(self, result: Shape, depth: int) -> Node:
        factors = [self.formula(result, depth) for _ in range(2)]
        if self.rng.random() < 0.5 and "pow" in self.operators:
            divisor = nodes.power(self.positive(result, depth), self.exponent(-1))
            factors.insert(self.rng.randrange(3), divisor)
        return nodes.had(factors)

    def raised(self, result: Shape, depth: int) -> Node:
        if self.rng.random() < 0.6:
            return nodes.power(self.formula(result, depth), self.rng.choice([2, 3]))
        return nodes.power(self.positive(result, depth), self.exponent(self.rng.choice([1, -1])))

    def function(self, result: Shape, depth: int) -> Node:
        name = self.rng.choice(sorted(FUNCTIONS.keys() & FUNCTION_VALUES.keys()))
        return nodes.fn(name, (self.positive if name == "log" else self.formula)(result, depth))

    def total(self, result: Shape, depth: int) -> Node:
        """A sum over samples; none inside it, for the index is the same."""
        inside = replace(self, operators=set(self.operators) - {"total"}, members=True)
        return nodes.total(SAMPLES, inside.formula(result, depth))

    def any_shape(self) -> Shape:
        return self.rng.choice(list(dict.fromkeys(SHAPES.values())))

    def kronecker(self, depth: int) -> Node:
        """A scalar made of a Kronecker product, of vec and of a commutation matrix."""
        left, right = self.any_shape(), self.any_shape()
        product = nodes.kron(self.formula(left, depth), self.formula(right, depth))
        return nodes.unary("sum", product)

    def commuted(self, depth: int) -> Node:
        matrix = self.formula(SHAPES["X"], depth)
        moved = nodes.mul([nodes.commutation(M, N), nodes.unary("vec", matrix)])
        fixed = nodes.unary("vec", nodes.mul([symbol("W"), nodes.num(2)]))
        return nodes.inner(moved, fixed)


Rule = tuple[Callable[[Shape], bool], Callable[[Draw, Shape, int], Node]]


def _any(given: Shape) -> bool:
    return True


def _scalar(given: Shape) -> bool:
    return given is SCALAR


def _array(given: Shape) -> bool:
    return given is not SCALAR


def _square(given: Shape) -> bool:
    return given.rows is given.cols and given is not SCALAR


def _column(given: Shape) -> bool:
    return given.kind == "vector"


def _of(op: str) -> Callable[[Draw, Shape, int], Node]:
    return lambda draw, result, depth: nodes.unary(op, draw.formula(result, depth))


def _of_square(op: str) -> Callable[[Draw, Shape, int], Node]:
    return lambda draw, result, depth: nodes.unary(op, draw.formula(shape(N, N), depth))


def _of_any(op: str) -> Callable[[Draw, Shape, int], Node]:
    return lambda draw, result, depth: nodes.unary(op, draw.formula(draw.any_shape(), depth))


def _inner(draw: Draw, result: Shape, depth: int) -> Node:
    given = draw.any_shape()
    return nodes.inner(draw.formula(given, depth), draw.formula(given, depth))


#: The shapes for which an operator can be drawn, and how.
OPERATORS: dict[str, Rule] = {
    "add": (_any, lambda draw, result, depth: nodes.add(draw.terms(result, depth))),
    "mul": (_any, Draw.product),
    "had": (_array, Draw.hadamard),
    "T": (_any, lambda draw, result, depth: nodes.transpose(draw.formula(result.transposed, depth))),
    "pow": (_any, Draw.raised),
    "fn": (_any, Draw.function),
    "total": (_any, Draw.total),
    "inner": (_scalar, _inner),
    "tr": (_scalar, _of_square("tr")),
    "det": (_scalar, _of_square("det")),
    "sum": (_scalar, _of_any("sum")),
    "norm": (_scalar, _of_any("norm")),
    "normsq": (_scalar, _of_any("normsq")),
    "norm1": (_scalar, _of_any("norm1")),
    "kron": (_scalar, lambda draw, result, depth: draw.kronecker(depth)),
    "vec": (_scalar, lambda draw, result, depth: draw.commuted(depth)),
    "inv": (_square, _of("inv")),
    "adj": (_square, _of("adj")),
    "expm": (_square, _of("expm")),
    "mpow": (_square, lambda draw, result, depth: nodes.matrix_power(draw.formula(result, depth), 2)),
    "diag": (_square, lambda draw, result, depth: nodes.unary("diag", draw.formula(shape(result.rows, ONE), depth))),
    "dg": (
        _column,
        lambda draw, result, depth: nodes.unary("dg", draw.formula(shape(result.rows, result.rows), depth)),
    ),
    "softmax": (_column, _of("softmax")),
}

#: Everything that may occur, leaves included.
ALL = frozenset(OPERATORS) | {"dim", "const", "eye", "ones", "zeros"}


def random_formula(rng: Random, result: Shape = SCALAR, depth: int = 3, operators: Collection[str] = ALL) -> Node:
    """A random formula of the given shape, made of the given operators; call it inside a workspace."""
    return Draw(rng, operators).formula(result, depth)


# ---- values ------------------------------------------------------------------------------------------------------

SIZES = {"n": 3, "m": 4}


def random_values(rng: np.random.Generator) -> dict[str, Array]:
    """A value of two dimensions for each symbol, and of three for each family."""
    known = {name: rng.normal(size=(g.rows.value(SIZES), g.cols.value(SIZES))) for name, g in SHAPES.items()}
    count = SAMPLES.count.value(SIZES)
    for name, given in MEMBERS.items():
        known[name] = rng.normal(size=(count, given.rows.value(SIZES), given.cols.value(SIZES)))
    return known


def exponential(a: Array) -> Array:
    """The matrix exponential, by its series after halving the matrix until it is small."""
    halvings = max(0, int(np.ceil(np.log2(max(1e-9, np.abs(a).sum())))) + 3) if np.all(np.isfinite(a)) else 0
    small, term, result = a / 2.0**halvings, np.eye(len(a)), np.eye(len(a))
    for k in range(1, 25):
        term = term @ small / k
        result = result + term
    for _ in range(halvings):
        result = result @ result
    return result


def cofactors(a: Array) -> Array:
    """The adjugate, entry by entry."""
    order = len(a)
    result = np.empty((order, order), dtype=a.dtype)
    for i in range(order):
        for j in range(order):
            kept = [r for r in range(order) if r != j], [c for c in range(order) if c != i]
            result[i, j] = (-1) ** (i + j) * (np.linalg.det(a[np.ix_(*kept)]) if order > 1 else 1.0)
    return result


def _commutation(rows: int, cols: int) -> Array:
    result = np.zeros((rows * cols, rows * cols))
    for i in range(rows):
        for j in range(cols):
            result[i * cols + j, j * rows + i] = 1.0
    return result


def _column_of(a: Array) -> Array:
    return np.array([[a[i, j]] for j in range(a.shape[1]) for i in range(a.shape[0])])


UNARY_VALUES: dict[str, Callable[[Array], Any]] = {
    "T": lambda a: a.T,
    "tr": lambda a: sum(a[i, i] for i in range(len(a))),
    "det": np.linalg.det,
    "inv": np.linalg.inv,
    "adj": cofactors,
    "expm": exponential,
    "diag": lambda a: np.diag(a[:, 0]),
    "dg": lambda a: np.array([[a[i, i]] for i in range(len(a))]),
    "vec": _column_of,
    "sum": lambda a: a.sum(),
    "norm": lambda a: np.sqrt((a * a).sum()),
    "normsq": lambda a: (a * a).sum(),
    "norm1": lambda a: (np.sign(a.real) * a).sum(),
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(),
}

FUNCTION_VALUES: dict[str, Callable[[Array], Array]] = {
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "arctan": np.arctan,
    "sigma": lambda a: 1.0 / (1.0 + np.exp(-a)),
    "relu": lambda a: a * (a.real > 0),
    "abs": lambda a: np.sign(a.real) * a,
    "sign": lambda a: np.sign(a.real),
    "step": lambda a: 1.0 * (a.real > 0),
}


def value(node: Node, values: Mapping[str, Array], sizes: Mapping[str, int], sample: int = 0) -> Array:
    """The value of a formula as an array of two dimensions, by the definition of every operator.

    Every operator goes on analytically into complex values near the real ones, so that a derivative may be had by a
    complex step: f(x + ih) = f(x) + ih f'(x) (Squire & Trapp, SIAM Review 40, 1998)."""
    args = [value(a, values, sizes, sample) for a in node.args] if node.op != "total" else []
    result = _value(node, args, values, sizes, sample)
    number = complex if np.iscomplexobj(result) else float
    return np.asarray(result, dtype=number).reshape(node.shape.rows.value(sizes), node.shape.cols.value(sizes))


def _value(node: Node, args: list[Array], values: Mapping[str, Array], sizes: Mapping[str, int], sample: int) -> Any:
    rows, cols = node.shape.rows.value(sizes), node.shape.cols.value(sizes)
    match node.op:
        case "sym":
            return values[node.data.name][sample] if node.data.index else values[node.data.name]
        case "num":
            return float(node.data)
        case "const":
            return {"pi": np.pi, "e": np.e}[node.data]
        case "dim":
            return node.data.value(sizes)
        case "eye":
            return np.eye(rows)
        case "zeros":
            return np.zeros((rows, cols))
        case "ones":
            return np.ones((rows, cols))
        case "commutation":
            return _commutation(node.data[0].value(sizes), node.data[1].value(sizes))
        case "add":
            return sum(args)
        case "mul":
            result = args[0]
            for factor in args[1:]:
                scalar = result.shape == (1, 1) or factor.shape == (1, 1)
                result = result * factor if scalar else result @ factor
            return result
        case "had":
            return np.prod(np.stack(args), axis=0)
        case "kron":
            return np.kron(*args)
        case "inner":
            return np.sum(args[0] * args[1])
        case "total":
            count = node.data.count.value(sizes)
            return sum(value(node.args[0], values, sizes, i) for i in range(count))
        case "fn":
            return FUNCTION_VALUES[node.data](args[0])
        case "pow":
            return args[0] ** (float(node.data) if node.data.denominator > 1 else int(node.data))
        case "mpow":
            return np.linalg.matrix_power(args[0], node.data)
        case _:
            return UNARY_VALUES[node.op](args[0])
