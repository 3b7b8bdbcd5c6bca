"""What every operator does to values: one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from docgen.algebra import entries
from docgen.algebra.entries import Value, Vector, added, entrywise, flat, product, rows_of, unflat, value_of
from docgen.algebra.node import Node
from docgen.algebra.rings import Beyond, Number, Ring, Scalar
from docgen.algebra.sizes import SCALAR, Shape, Size


class Context(Protocol):
    """What an operator needs to know of the point: the ring, and the numbers that the sizes stand for."""

    ring: Ring

    def size(self, size: Size) -> int:
        """The number a size stands for."""

    def dimensions(self, shape: Shape) -> tuple[int, int]:
        """The rows and columns of a shape."""


#: The value of a node where its arguments have the first values, beside a point where they have the second; at the
#: point itself both are the same. Only functions that are continued from the point look at the second.
Operator = Callable[[Context, Node, Sequence[Value], Sequence[Value]], Value]


def _mul(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    how = node.memo.get("plan")
    if how is None:
        how = node.memo["plan"] = entries.plan(node.args)
    return product(args, how, node.shape, p.ring.modulus)


def _had(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    modulus = p.ring.modulus
    result = args[0]
    for arg in args[1:]:
        result = entrywise(lambda a, b: a * b % modulus, node.shape, result, arg)
    return result


def _kron(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    left, right = (rows_of(v, a.shape) for v, a in zip(args, node.args, strict=True))
    return value_of(entries.kronecker(left, right, p.ring.modulus), node.shape)


def _transpose(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    return [list(column) for column in zip(*args[0], strict=True)] if node.shape.kind == "matrix" else args[0]


def _diagonal(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    if node.shape is SCALAR:
        return args[0]
    if node.op == "dg":
        return [args[0][i][i] for i in range(len(args[0]))]
    return [[v if i == j else 0 for j in range(len(args[0]))] for i, v in enumerate(args[0])]


def _trace(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    rows = rows_of(args[0], node.args[0].shape)
    return sum(rows[i][i] for i in range(len(rows))) % p.ring.modulus


def _square(function: Callable[[Any, Ring], Any]) -> Operator:
    def apply(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
        shape = node.args[0].shape
        result = function(rows_of(args[0], shape), p.ring)
        return result if node.op == "det" else value_of(result, shape)

    return apply


def _expm(matrix: Any, ring: Ring) -> Any:
    if ring.exact:
        raise Beyond
    return entries.exponential(matrix, ring)


def _squares(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    arg: Vector = flat(args[0], node.args[0].shape)
    return entries.dot(arg, arg, p.ring.modulus)


def _norm(p: Context, node: Node, args: Sequence[Value], base: Sequence[Value]) -> Value:
    return p.ring.power(_squares(p, node, args, base), Fraction(1, 2))


def _sum(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    return sum(flat(args[0], node.args[0].shape)) % p.ring.modulus


def _norm1(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    return sum(v * p.ring.sign(v) for v in flat(args[0], node.args[0].shape)) % p.ring.modulus


def _inner(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    shape = node.args[0].shape
    return entries.dot(flat(args[0], shape), flat(args[1], shape), p.ring.modulus)


def _power(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    exponent, power = node.data, p.ring.power
    return entrywise(lambda v: power(v, exponent), node.shape, args[0])


def _mpow(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    power = entries.matrix_power(rows_of(args[0], node.shape), node.data, p.ring.modulus)
    return value_of(power, node.shape)


def _softmax(p: Context, node: Node, args: Sequence[Value], base: Sequence[Value]) -> Value:
    if node.shape is SCALAR:
        return 1
    exponentials = list(map(_scalar(p.ring, "exp"), base[0], args[0]))
    scale = p.ring.inverse(sum(exponentials))
    return [e * scale % p.ring.modulus for e in exponentials]


#: Functions of a number v with the given sign.
_OF_SIGN: dict[str, Callable[[int, Number], Number]] = {
    "abs": lambda sign, v: sign * v,
    "sign": lambda sign, v: sign,
    "relu": lambda sign, v: v if sign > 0 else 0,
    "step": lambda sign, v: 1 if sign > 0 else 0,
}


def _scalar(ring: Ring, name: str) -> Scalar:
    of_sign = _OF_SIGN.get(name)
    if of_sign is not None:
        return lambda _, v: of_sign(ring.sign(v), v) % ring.modulus
    found = ring.scalars.get(name)
    if found is None:
        raise Beyond
    return found


def _fn(p: Context, node: Node, args: Sequence[Value], base: Sequence[Value]) -> Value:
    return entrywise(_scalar(p.ring, node.data), node.shape, base[0], args[0])


def _filled(p: Context, node: Node, args: Sequence[Value], _: Sequence[Value]) -> Value:
    rows, cols = p.dimensions(node.shape)
    entry = 1 if node.op == "ones" else 0
    return [[entry] * cols for _ in range(rows)] if node.shape.kind == "matrix" else [entry] * (rows * cols)


#: Every operator of :mod:`docgen.algebra.node` but sym, total, d, grad and jac, which the point works out itself.
OPERATORS: dict[str, Operator] = {
    "num": lambda p, node, args, base: p.ring.rational(node.data),
    "const": lambda p, node, args, base: p.ring.constant(node.data),
    "dim": lambda p, node, args, base: p.size(node.data),
    "eye": lambda p, node, args, base: entries.identity(p.size(node.shape.rows)),
    "zeros": _filled,
    "ones": _filled,
    "commutation": lambda p, node, args, base: entries.commutation(*map(p.size, node.data)),
    "add": lambda p, node, args, base: added(args, node.shape, p.ring.modulus),
    "mul": _mul,
    "had": _had,
    "kron": _kron,
    "T": _transpose,
    "tr": _trace,
    "det": _square(entries.determinant),
    "inv": _square(entries.inverse),
    "adj": _square(lambda matrix, ring: entries.adjugate(matrix, ring)[0]),
    "expm": _square(_expm),
    "diag": _diagonal,
    "dg": _diagonal,
    "vec": lambda p, node, args, base: unflat(flat(args[0], node.args[0].shape), node.shape, 0),
    "unvec": lambda p, node, args, base: unflat(flat(args[0], node.args[0].shape), node.shape, p.size(node.shape.rows)),
    "sum": _sum,
    "norm": _norm,
    "normsq": _squares,
    "norm1": _norm1,
    "softmax": _softmax,
    "inner": _inner,
    "fn": _fn,
    "pow": _power,
    "mpow": _mpow,
}


def _entry(p: Context, node: Node, args: Sequence[Value], env: Mapping[str, int]) -> Value:
    row, col = (0 if index is None else env[index] for index in node.data[:2])
    return rows_of(args[0], node.args[0].shape)[row][col]


def _minor(p: Context, node: Node, args: Sequence[Value], env: Mapping[str, int]) -> Value:
    row, col = (env[index] for index in node.data[:2])
    rest = [[v for j, v in enumerate(line) if j != col] for i, line in enumerate(args[0]) if i != row]
    return entries.determinant(rest, p.ring)


#: The operators of :mod:`docgen.algebra.indexed`, whose value depends on the values of their indices; ``partial`` is
#: worked out by the point itself.
INDEXED: dict[str, Callable[[Context, Node, Sequence[Value], Mapping[str, int]], Value]] = {
    "entry": _entry,
    "delta": lambda p, node, args, env: int(env[node.data[0]] == env[node.data[1]]),
    "alternating": lambda p, node, args, env: (-1) ** (env[node.data[0]] + env[node.data[1]]) % p.ring.modulus,
    "minor": _minor,
}
