"""What a formula is: one small, typed, immutable, hash-consed tree.

A node is an operator applied to arguments, with a shape that is checked when the node is built. Equal nodes built in
one :func:`workspace` are one object, so ``is`` compares them, and results that depend on a node alone can be kept in
its ``memo``.

The constructors here are *raw*: they check shapes and change nothing, so a formula keeps the form and order in which
it was typed. The constructors that simplify are in :mod:`docgen.algebra.normal`.

A node of shape 1 x 1 is a scalar wherever it stands, also in the middle of a product.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from docgen.algebra.sizes import ONE, SCALAR, Shape, Size, shape, times
from docgen.errors import ShapeError

EMPTY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named value. ``name`` is its LaTeX spelling (``x``, ``\\lambda``, ``x_i``).

    ``index`` names the sample index of a family member (``i`` in ``x_i``); a family has one value per index value.
    ``assumptions`` are those of CONTRACT section 2; ``values`` are the numbers it may take (``in {-1, 1}``).
    ``of`` is the argument of a value such as f(x), whose name is ``f(x)``.
    """

    name: str
    assumptions: frozenset[str] = EMPTY
    index: str | None = None
    values: tuple[Fraction, ...] = ()
    of: Node | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """The bound index of a sum over samples and the number of its values: Σ from 1 to ``count``."""

    index: str
    count: Size


class Node:
    """One operator applied to arguments. Immutable; make it with the constructors of this module.

    ``op`` names the operator, ``data`` is what it needs beside its arguments (a symbol, a number, an exponent),
    ``free`` holds the names of the symbols below it, ``indices`` the sample indices that are free in it, and
    ``serial`` counts the nodes of a workspace in the order of their making: first typed, first in a sum.
    """

    __slots__ = ("args", "data", "free", "indices", "memo", "op", "serial", "shape")

    op: str
    args: tuple[Node, ...]
    data: Any
    shape: Shape
    free: frozenset[str]
    indices: frozenset[str]
    serial: int
    memo: dict[str, Any]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a node is immutable: cannot set {name}")

    __delattr__ = __setattr__  # type: ignore[assignment]

    @property
    def is_scalar(self) -> bool:
        """Whether the shape is 1 x 1."""
        return self.shape is SCALAR

    @property
    def is_number(self) -> bool:
        """Whether the node is a rational number."""
        return self.op == "num"

    def __repr__(self) -> str:
        inside = [] if self.data is None else [str(self.data.name if isinstance(self.data, Symbol) else self.data)]
        if inside and not self.args:
            return inside[0]
        return f"{self.op}({', '.join(inside + [repr(a) for a in self.args])})"


_set = object.__setattr__
_table: dict[Hashable, Node] = {}
#: The sums that an author typed, by the set of their terms: a computed sum of the same terms becomes the typed one.
typed_sums: dict[frozenset[Hashable], Node] = {}


@contextmanager
def workspace() -> Iterator[None]:
    """A fresh table of nodes. Every derivation runs in one, so that serial numbers, and with them the order of terms,
    do not depend on what was derived before. Nodes of two workspaces do not mix."""
    global _table
    before, _table = _table, {}
    typed = dict(typed_sums)
    typed_sums.clear()
    try:
        yield
    finally:
        _table = before
        typed_sums.clear()
        typed_sums.update(typed)


def make(
    op: str,
    args: tuple[Node, ...],
    data: Hashable,
    result: Shape,
    bound: str | None = None,
    uses: frozenset[str] = EMPTY,
    names: frozenset[str] = EMPTY,
) -> Node:
    """The one node with this operator, these arguments and this data; ``bound`` is an index that it binds, ``uses``
    are indices and ``names`` symbols that it names itself."""
    key = (op, data, result, *map(id, args))
    found = _table.get(key)
    if found is not None:
        return found
    node = object.__new__(Node)
    free, indices = names, uses
    if len(args) > 8:  # one union: a long sum must not copy the names of what came before at every term
        free = free.union(*(arg.free for arg in args))
        indices = indices.union(*(arg.indices for arg in args))
    else:
        for arg in args:
            free = free | arg.free if free else arg.free
            indices = indices | arg.indices if indices else arg.indices
    if bound is not None:
        indices -= {bound}
    _set(node, "op", op)
    _set(node, "args", args)
    _set(node, "data", data)
    _set(node, "shape", result)
    _set(node, "free", free)
    _set(node, "indices", indices)
    _set(node, "serial", len(_table))
    _set(node, "memo", {})
    _table[key] = node
    return node


# ---- leaves ----------------------------------------------------------------------------------------------------


def sym(symbol: Symbol, result: Shape) -> Node:
    """A symbol of the given shape."""
    uses = EMPTY if symbol.index is None else frozenset((symbol.index,))
    return make("sym", (), symbol, result, uses=uses, names=frozenset((symbol.name,)))


def num(value: int | Fraction) -> Node:
    """A rational number."""
    return make("num", (), Fraction(value), SCALAR)


def const(name: str) -> Node:
    """A mathematical constant, ``pi`` or ``e``."""
    return make("const", (), name, SCALAR)


def dim(value: Size) -> Node:
    """A size as a scalar: the n in tr I = n."""
    return make("dim", (), value, SCALAR) if value.symbols else num(value.number)


def eye(order: Size) -> Node:
    """The identity matrix of the given order."""
    return num(1) if order is ONE else make("eye", (), None, shape(order, order))


def zeros(result: Shape) -> Node:
    """The zero of the given shape."""
    return num(0) if result is SCALAR else make("zeros", (), None, result)


def ones(result: Shape) -> Node:
    """The all-ones vector or matrix of the given shape."""
    return num(1) if result is SCALAR else make("ones", (), None, result)


def commutation(rows: Size, cols: Size) -> Node:
    """The commutation matrix K with vec(Xᵀ) = K vec X for X of shape rows x cols (Magnus & Neudecker, 3.7)."""
    order = times(rows, cols)
    if rows is ONE or cols is ONE:
        return eye(order)  # a row and the column it turns into have the same vec
    return make("commutation", (), (rows, cols), shape(order, order))


# ---- sums and products -----------------------------------------------------------------------------------------


def add(terms: Sequence[Node]) -> Node:
    """The sum, in the given order; raises ShapeError when the shapes differ."""
    return _of_one_shape("add", terms, "a sum")


def _of_one_shape(op: str, args: Sequence[Node], what: str) -> Node:
    """An operator on values of one shape; a lone value is its own sum and product."""
    first = args[0]
    if len(args) == 1:
        return first
    for arg in args[1:]:
        if arg.shape is not first.shape:
            raise ShapeError(f"{what} of different shapes: {first.shape} and {arg.shape}")
    return make(op, tuple(args), None, first.shape)


def product_shape(factors: Sequence[Node]) -> Shape:
    """The shape of a matrix product read from left to right, where a factor (or a piece) of shape 1 x 1 is a scalar."""
    result = SCALAR
    for factor in factors:
        given = factor.shape
        if given is SCALAR:
            continue
        if result is SCALAR:
            result = given
        elif result.cols is given.rows:
            result = shape(result.rows, given.cols)
        else:
            raise ShapeError(f"the product of {result} and {given} does not exist")
    return result


def mul(factors: Sequence[Node]) -> Node:
    """The matrix product, scalars anywhere, in the given order; raises ShapeError when sizes do not fit."""
    if len(factors) == 1:
        return factors[0]
    return make("mul", tuple(factors), None, product_shape(factors))


def had(factors: Sequence[Node]) -> Node:
    """The Hadamard (elementwise) product; raises ShapeError when the shapes differ."""
    return _of_one_shape("had", factors, "a Hadamard product")


def kron(left: Node, right: Node) -> Node:
    """The Kronecker product."""
    a, b = left.shape, right.shape
    return make("kron", (left, right), None, shape(times(a.rows, b.rows), times(a.cols, b.cols)))


def total(bound: Sum, body: Node) -> Node:
    """The sum of ``body`` over the samples: Σ from ``bound.index`` = 1 to ``bound.count``."""
    return make("total", (body,), bound, body.shape, bound.index)


# ---- operators with one or two arguments: one row a piece --------------------------------------------------------


def _square(name: str, result: Shape | None = None) -> Callable[[Shape], Shape]:
    """The rule of an operator on square matrices: the shape of its argument, or ``result``."""

    def check(given: Shape) -> Shape:
        if given.rows is not given.cols:
            raise ShapeError(f"{name} needs a square matrix, but this one is {given}")
        return given if result is None else result

    return check


def _column(name: str) -> Callable[[Shape], Shape]:
    def check(given: Shape) -> Shape:
        if given.cols is not ONE:
            raise ShapeError(f"{name} needs a column vector, but this is {given}")
        return given

    return check


def _diag(given: Shape) -> Shape:
    if given.cols is not ONE:
        raise ShapeError(f"diag of a column is a matrix, and diag of a square matrix a column; this is {given}")
    return shape(given.rows, given.rows)


#: Result shape of every operator with one argument and no data; raises ShapeError when it does not apply.
UNARY: dict[str, Callable[[Shape], Shape]] = {
    "T": lambda given: given.transposed,
    "tr": _square("the trace", SCALAR),
    "det": _square("the determinant", SCALAR),
    "inv": _square("the inverse"),
    "adj": _square("the adjugate"),
    "expm": _square("the matrix exponential"),
    "diag": _diag,  # column -> diagonal matrix
    "dg": lambda given: shape(_square("the diagonal")(given).rows, ONE),  # square matrix -> column of its diagonal
    "vec": lambda given: shape(times(given.rows, given.cols), ONE),
    "sum": lambda given: SCALAR,  # of all entries
    "norm": lambda given: SCALAR,  # Euclidean norm of a vector, Frobenius norm of a matrix
    "normsq": lambda given: SCALAR,  # its square, a node of its own: d‖r‖² = 2 rᵀ dr
    "norm1": lambda given: SCALAR,  # the sum of absolute values
    "softmax": _column("softmax"),
}


def unary(op: str, arg: Node) -> Node:
    """An operator of :data:`UNARY` applied to ``arg``."""
    return make(op, (arg,), None, UNARY[op](arg.shape))


def transpose(arg: Node) -> Node:
    """The transpose, not simplified."""
    return make("T", (arg,), None, arg.shape.transposed)


def unvec(arg: Node, result: Shape) -> Node:
    """The matrix Z of the given shape with vec Z = arg, a column."""
    if arg.shape is not shape(times(result.rows, result.cols), ONE):
        raise ShapeError(f"a column of size {arg.shape} does not stack a matrix of size {result}")
    return make("unvec", (arg,), None, result)


def inner(left: Node, right: Node) -> Node:
    """The inner product ⟨a, b⟩ = aᵀb, ⟨A, B⟩ = tr(AᵀB), kept as typed."""
    if left.shape is not right.shape:
        raise ShapeError(f"an inner product of different shapes: {left.shape} and {right.shape}")
    return make("inner", (left, right), None, SCALAR)


def fn(name: str, arg: Node) -> Node:
    """A scalar function (a row of :data:`docgen.algebra.functions.FUNCTIONS`) applied entry by entry."""
    return make("fn", (arg,), name, arg.shape)


def power(arg: Node, exponent: Fraction | int) -> Node:
    """The power of a scalar, or the Hadamard power of a vector or matrix, with a rational exponent."""
    return make("pow", (arg,), Fraction(exponent), arg.shape)


def matrix_power(arg: Node, exponent: int) -> Node:
    """The integer power Aᵏ of a square matrix, k ≥ 2."""
    return make("mpow", (arg,), exponent, _square("a matrix power")(arg.shape))


def differential(arg: Node, increment: int = 1) -> Node:
    """The differential d(arg), not carried out; of the variable itself it is the increment dx.

    ``increment`` 2 is a second, independent increment of the variable (for second differentials)."""
    return make("d", (arg,), increment, arg.shape)


def gradient(arg: Node, variable: Node) -> Node:
    """The gradient ∇(arg) of a scalar by ``variable`` (a ``sym`` node), not carried out, in the variable's shape."""
    if not arg.is_scalar:
        raise ShapeError(f"only a scalar has a gradient, but this is {arg.shape}")
    return make("grad", (arg,), variable, variable.shape)


def jacobian(arg: Node, variable: Node) -> Node:
    """The Jacobian matrix of vec(arg) by vec(variable) (a ``sym`` node), not carried out."""
    a, x = arg.shape, variable.shape
    return make("jac", (arg,), variable, shape(times(a.rows, a.cols), times(x.rows, x.cols)))


def rebuild(node: Node, args: Sequence[Node]) -> Node:
    """The same operator applied to other arguments, its shape worked out anew; nothing is simplified."""
    given = tuple(args)
    if given == node.args:
        return node
    return unary(node.op, given[0]) if node.op in UNARY else _REBUILDERS[node.op](node, given)


#: How the operators that are not in UNARY are built from a node of theirs and other arguments.
_REBUILDERS: dict[str, Callable[[Node, tuple[Node, ...]], Node]] = {
    "add": lambda node, args: add(args),
    "mul": lambda node, args: mul(args),
    "had": lambda node, args: had(args),
    "kron": lambda node, args: kron(*args),
    "total": lambda node, args: total(node.data, args[0]),
    "inner": lambda node, args: inner(*args),
    "unvec": lambda node, args: unvec(args[0], node.shape),
    "fn": lambda node, args: fn(node.data, args[0]),
    "pow": lambda node, args: power(args[0], node.data),
    "mpow": lambda node, args: matrix_power(args[0], node.data),
    "d": lambda node, args: differential(args[0], node.data),
    "grad": lambda node, args: gradient(args[0], node.data),
    "jac": lambda node, args: jacobian(args[0], node.data),
    "entry": lambda node, args: _of_indices(node, args, node.data[:2]),
    "minor": lambda node, args: _of_indices(node, args, node.data[:2]),
    "partial": lambda node, args: _of_indices(node, args, ()),
}


def _of_indices(node: Node, args: tuple[Node, ...], own: tuple[str | None, ...]) -> Node:
    """A node of a formula of entries (:mod:`docgen.algebra.indexed`) with other arguments and its own indices."""
    return make(node.op, args, node.data, SCALAR, uses=frozenset(index for index in own if index is not None))


def walk(node: Node) -> Iterator[Node]:
    """Every distinct node below and at ``node``, arguments before the node that uses them. Never recurses."""
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(node, False)]
    while stack:
        at, ready = stack.pop()
        if ready:
            yield at
        elif id(at) not in seen:
            seen.add(id(at))
            stack.append((at, True))
            stack.extend((arg, False) for arg in reversed(at.args))


def replace(node: Node, old: Node, new: Node) -> Node:
    """``node`` with every occurrence of ``old`` replaced by ``new`` of the same shape."""
    done: dict[int, Node] = {id(old): new}
    for at in walk(node):
        if id(at) not in done:
            done[id(at)] = rebuild(at, [done[id(a)] for a in at.args])
    return done[id(node)]
