"""Vectors and matrices of ring elements as plain lists, and the linear algebra on them.

A value is a number for a scalar, a flat list for a column or a row, and a list of rows for a matrix; which of them
it is follows from the shape. Every function takes the ring or its modulus and returns reduced values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import mul as times
from typing import Any

from docgen.algebra.node import Node
from docgen.algebra.rings import Inadmissible, Number, Ring
from docgen.algebra.sizes import ONE, SCALAR, Shape

#: A number, a list of numbers, or a list of rows.
Value = Any
Matrix = list[list[Number]]
Vector = list[Number]


def rows_of(value: Value, shape: Shape) -> Matrix:
    """The value as a list of rows, whatever its shape."""
    if shape is SCALAR:
        return [[value]]
    if shape.cols is ONE:
        return [[v] for v in value]
    return [value] if shape.rows is ONE else value


def value_of(rows: Matrix, shape: Shape) -> Value:
    """The inverse of :func:`rows_of`."""
    if shape is SCALAR:
        return rows[0][0]
    if shape.cols is ONE:
        return [row[0] for row in rows]
    return rows[0] if shape.rows is ONE else rows


def flat(value: Value, shape: Shape) -> Vector:
    """All entries, column by column: vec."""
    if shape is SCALAR:
        return [value]
    if shape.cols is ONE or shape.rows is ONE:
        return value  # type: ignore[no-any-return]
    return [v for column in zip(*value, strict=True) for v in column]


def unflat(entries: Vector, shape: Shape, rows: int) -> Value:
    """The value of this shape whose vec is ``entries``."""
    if shape is SCALAR:
        return entries[0]
    if shape.cols is ONE or shape.rows is ONE:
        return entries
    return [entries[i::rows] for i in range(rows)]


def entrywise(function: Callable[..., Number], shape: Shape, *values: Value) -> Value:
    """A function of numbers applied entry by entry to values of one shape."""
    if shape is SCALAR:
        return function(*values)
    if shape.cols is ONE or shape.rows is ONE:
        return list(map(function, *values))
    return [list(map(function, *rows)) for rows in zip(*values, strict=True)]


def scaled(scale: Number, value: Value, shape: Shape, modulus: Any) -> Value:
    """A number times a value."""
    if shape is SCALAR:
        return scale * value % modulus
    if shape.cols is ONE or shape.rows is ONE:
        return [scale * v % modulus for v in value]
    return [[scale * v % modulus for v in row] for row in value]


def added(values: Sequence[Value], shape: Shape, modulus: Any) -> Value:
    """The sum of values of one shape."""
    if shape is SCALAR:
        return sum(values) % modulus
    if shape.cols is ONE or shape.rows is ONE:
        return [sum(entries) % modulus for entries in zip(*values, strict=True)]
    return [[sum(e) % modulus for e in zip(*rows, strict=True)] for rows in zip(*values, strict=True)]


def dot(left: Vector, right: Vector, modulus: Any) -> Number:
    """The sum of the products of the entries."""
    return sum(map(times, left, right)) % modulus


def onto(matrix: Matrix, vector: Vector, modulus: Any) -> Vector:
    """A matrix times a column."""
    return [sum(map(times, row, vector)) % modulus for row in matrix]


def matmul(left: Matrix, right: Matrix, modulus: Any) -> Matrix:
    """A matrix times a matrix."""
    columns = list(zip(*right, strict=True))
    return [[sum(map(times, row, column)) % modulus for column in columns] for row in left]


#: How a product is worked out: the places of its scalars, and its pieces, cut where the inner size is 1.
Plan = tuple[tuple[int, ...], tuple[tuple[str, tuple[int, ...]], ...]]


def plan(factors: Sequence[Node]) -> Plan:
    """The plan of a product: no piece has an inner size 1, so each can be multiplied from its thin side.

    A piece is of kind ``dot`` (row ... column, a scalar), ``column``, ``row`` or ``matrix``; at most two are not
    scalars, and then they are a column and a row.
    """
    scalars, pieces, run = [], [], []
    for place, factor in enumerate(factors):
        if factor.shape is SCALAR:
            scalars.append(place)
            continue
        run.append(place)
        if factor.shape.cols is ONE:
            pieces.append(("dot" if factors[run[0]].shape.rows is ONE else "column", tuple(run)))
            run = []
    if run:
        pieces.append(("row" if factors[run[0]].shape.rows is ONE else "matrix", tuple(run)))
    return tuple(scalars), tuple(pieces)


def product(values: Sequence[Value], how: Plan, result: Shape, modulus: Any) -> Value:
    """The matrix product of ``values`` by its plan."""
    scalars, pieces = how
    scale: Number = 1
    for place in scalars:
        scale = scale * values[place] % modulus
    parts: list[Value] = []
    for kind, places in pieces:
        if kind == "matrix":
            value = values[places[0]]
            for place in places[1:]:
                value = matmul(value, values[place], modulus)
            parts.append(value)
        elif kind == "row":
            value = values[places[0]]
            for place in places[1:]:
                value = [sum(map(times, value, column)) % modulus for column in zip(*values[place], strict=True)]
            parts.append(value)
        else:
            value = values[places[-1]]
            first = places[0]
            for place in places[-2::-1]:
                if place == first and kind == "dot":
                    scale = scale * dot(values[place], value, modulus) % modulus
                else:
                    value = onto(values[place], value, modulus)
            if kind == "column":
                parts.append(value)
    if not parts:
        return scale
    if len(parts) == 2:
        column, row = parts
        return [[u * v % modulus for v in row] for u in ([scale * u % modulus for u in column])]
    return parts[0] if scale == 1 else scaled(scale, parts[0], result, modulus)


def identity(order: int) -> Matrix:
    """The identity matrix."""
    return [[1 if i == j else 0 for j in range(order)] for i in range(order)]


def determinant(matrix: Matrix, ring: Ring) -> Number:
    """By elimination; where no pivot may be divided by, by the characteristic polynomial, which divides by none."""
    modulus, rows, result = ring.modulus, [list(row) for row in matrix], 1
    order = len(rows)
    for k in range(order):
        best = ring.unit([row[k] for row in rows[k:]])
        if best is None:
            return adjugate(matrix, ring)[1]
        if best:
            rows[k], rows[k + best] = rows[k + best], rows[k]
            result = -result
        pivot = rows[k]
        result = result * pivot[k] % modulus
        if k + 1 < order:
            inverse = ring.inverse(pivot[k])
            for i in range(k + 1, order):
                row = rows[i]
                factor = row[k] * inverse % modulus
                rows[i] = [(a - factor * b) % modulus for a, b in zip(row, pivot, strict=True)]
    return result


def inverse(matrix: Matrix, ring: Ring) -> Matrix:
    """By Gauss-Jordan elimination; raises Inadmissible when the matrix is singular."""
    modulus, order = ring.modulus, len(matrix)
    if order == 2:
        (a, b), (c, d) = matrix
        det = (a * d - b * c) % modulus
        if ring.unit([det]) is None:
            raise Inadmissible("inverse")
        scale = ring.inverse(det)
        return [[d * scale % modulus, -b * scale % modulus], [-c * scale % modulus, a * scale % modulus]]
    rows = [list(row) + one for row, one in zip(matrix, identity(order), strict=True)]
    for k in range(order):
        best = ring.unit([row[k] for row in rows[k:]])
        if best is None:
            raise Inadmissible("inverse")
        rows[k], rows[k + best] = rows[k + best], rows[k]
        scale = ring.inverse(rows[k][k])
        pivot = rows[k] = [v * scale % modulus for v in rows[k]]
        for i in range(order):
            factor = rows[i][k]
            if i != k and factor:
                rows[i] = [(a - factor * b) % modulus for a, b in zip(rows[i], pivot, strict=True)]
    return [row[order:] for row in rows]


def adjugate(matrix: Matrix, ring: Ring) -> tuple[Matrix, Number]:
    """The adjugate and the determinant of any square matrix, singular or not (Faddeev-LeVerrier recursion)."""
    modulus, order = ring.modulus, len(matrix)
    if order == 1:
        return [[1]], matrix[0][0]
    # M_1 = I; c_k = -tr(A M_k)/k; M_{k+1} = A M_k + c_k I; adj A = (-1)^(n-1) M_n, det A = (-1)^n c_n.
    current, image, coefficient = identity(order), matrix, -sum(matrix[i][i] for i in range(order))
    for k in range(2, order + 1):
        current = [[v + coefficient * (i == j) for j, v in enumerate(row)] for i, row in enumerate(image)]
        image = matmul(matrix, current, modulus)
        coefficient = -sum(image[i][i] for i in range(order)) * ring.inverse(k) % modulus
    sign = -1 if order % 2 else 1
    return [[-sign * v % modulus for v in row] for row in current], sign * coefficient % modulus


def matrix_power(matrix: Matrix, exponent: int, modulus: Any) -> Matrix:
    """By repeated squaring; the exponent is at least 1."""
    if exponent == 1:
        return matrix
    half = matrix_power(matrix, exponent // 2, modulus)
    square = matmul(half, half, modulus)
    return matmul(square, matrix, modulus) if exponent % 2 else square


def kronecker(left: Matrix, right: Matrix, modulus: Any) -> Matrix:
    """The Kronecker product."""
    return [[a * b % modulus for a in upper for b in lower] for upper in left for lower in right]


def commutation(rows: int, cols: int) -> Matrix:
    """K with K vec(X) = vec(Xᵀ) for X with ``rows`` rows and ``cols`` columns."""
    result = [[0] * (rows * cols) for _ in range(rows * cols)]
    for i in range(rows):
        for j in range(cols):
            result[i * cols + j][j * rows + i] = 1
    return result


def exponential(matrix: Matrix, ring: Ring) -> Matrix:
    """The matrix exponential of decimals: scaling by a power of two, the series, and squaring back."""
    modulus, order = ring.modulus, len(matrix)
    size = max(abs(v) for row in matrix for v in row) * order
    if size > 1000:
        raise Inadmissible("sign")
    halvings = 4 + int(size).bit_length()
    small = [[v * ring.inverse(2**halvings) for v in row] for row in matrix]
    term = result = identity(order)
    for n in range(1, 45):  # 2⁻⁴ to the 44th over 44! is below 10⁻¹⁰⁰
        term = [[v * ring.inverse(n) for v in row] for row in matmul(term, small, modulus)]
        result = [[a + b for a, b in zip(r, t, strict=True)] for r, t in zip(result, term, strict=True)]
    for _ in range(halvings):
        result = matmul(result, result, modulus)
    return result
