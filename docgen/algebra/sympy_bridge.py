"""Formulas in and out of SymPy: matrix expressions become nodes, and nodes matrix expressions.

SymPy is imported when something is converted and not before. What SymPy has evaluated already (it sorts sums, and
writes (Ax)ᵀ as xᵀAᵀ) stays as SymPy has it; nothing further is simplified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from docgen.algebra.functions import by_sympy_name
from docgen.algebra.node import (
    Node,
    Sum,
    Symbol,
    add,
    const,
    dim,
    eye,
    fn,
    had,
    kron,
    matrix_power,
    mul,
    num,
    ones,
    power,
    sym,
    total,
    transpose,
    unary,
    zeros,
)
from docgen.algebra.sizes import SCALAR, Shape, Size, shape, size, times
from docgen.algebra.sympy_sums import contracted
from docgen.errors import ShapeError, UnsupportedError

_WAY_OUT = "Write the formula as text, in LaTeX or plainly, if docgen reads it so."


@cache
def _sympy() -> Any:
    import sympy

    return sympy


def is_sympy(value: object) -> bool:
    """Whether a value is a SymPy expression; SymPy itself is not imported for that."""
    return any(base.__module__.startswith("sympy.") for base in type(value).__mro__)


# ---- from SymPy ----------------------------------------------------------------------------------------------------


class FromSymPy:
    """Turns SymPy expressions into nodes.

    ``spell`` gives the canonical spelling of a symbol's name (``lambda`` is ``\\lambda``), ``spell_size`` that of a
    size. ``assumptions`` and ``values`` are those of the symbols, by canonical name. ``symbols`` collects the symbols
    in the order in which they are met.
    """

    def __init__(
        self,
        spell: Callable[[str], str],
        spell_size: Callable[[str], str],
        assumptions: Mapping[str, frozenset[str]] | None = None,
        values: Mapping[str, tuple[Fraction, ...]] | None = None,
    ) -> None:
        self.symbols: dict[str, Node] = {}
        self._spell = spell
        self._spell_size = spell_size
        self._assumptions = assumptions or {}
        self._values = values or {}
        self._bound: dict[Any, str] = {}
        self._sizes: set[Any] = set()

    def formula(self, expression: Any) -> Node:
        """The formula of an expression. Raises UnsupportedError for what docgen has no operator for, ShapeError where
        sizes do not fit."""
        matrices = expression.atoms(_sympy().MatrixExpr) if hasattr(expression, "atoms") else ()
        self._sizes = {side for matrix in matrices for side in matrix.shape if getattr(side, "is_Symbol", False)}
        try:
            return self._node(expression)
        except RecursionError:
            raise UnsupportedError("the SymPy expression is nested too deeply", hint="Split it into parts.") from None

    def symbol(self, symbol: Any) -> Node:
        """A symbol or matrix symbol."""
        node = self._node(symbol)
        if node.op != "sym":
            raise UnsupportedError(f"{symbol} is not a symbol", hint="Differentiate by a Symbol or a MatrixSymbol.")
        return node

    def _node(self, e: Any) -> Node:
        kind = type(e).__name__
        if getattr(e, "is_Rational", False):
            return num(_fraction(e))
        if getattr(e, "is_Float", False):
            return num(Fraction(str(e)))
        build = _BUILDERS.get(kind)
        if build is not None:
            return build(self, e)
        name = by_sympy_name(_shown(e)) if getattr(e, "is_Function", False) else None
        if name is None:
            raise _unknown(e)
        return self._function(name, self._node(_argument(e)), e)

    def _function(self, name: str, arg: Node, e: Any) -> Node:
        if arg.shape is not SCALAR and arg.shape.rows is arg.shape.cols:
            raise UnsupportedError(
                f"{e} is a function of a square matrix, which may act on the matrix or on its entries",
                hint=f"Write A.applyfunc({name}) for the entries.",
            )
        return fn(name, arg)

    # ---- symbols and sizes

    def _sym(self, spelled: str, given: Shape, positive: bool = False, index: str | None = None) -> Node:
        name = self._spell(spelled)
        found = self.symbols.get(name)
        if found is not None:
            if found.shape is not given:
                raise ShapeError(f"the symbol {name} is both {found.shape} and {given}")
            return found
        said = self._assumptions.get(name, frozenset())
        if positive:
            said = said | {"positive"}
        node = self.symbols[name] = sym(Symbol(name, said, index, self._values.get(name, ())), given)
        return node

    def shape(self, e: Any) -> Shape:
        """The shape of a matrix expression."""
        rows, cols = e.shape
        return shape(self.size(rows), self.size(cols))

    def size(self, side: Any) -> Size:
        """A number of rows or columns: a number, a symbol or a product of them."""
        side = _sympy().sympify(side)
        if side.is_Integer and side > 0:
            return size(int(side))
        if side.is_Symbol:
            return size(self._spell_size(side.name))
        if side.is_Mul:
            result = size(1)
            for factor in side.args:
                result = times(result, self.size(factor))
            return result
        raise UnsupportedError(f"the size {side} is not supported", hint="A size is a symbol, a number or a product.")

    def scalar_symbol(self, e: Any) -> Node:
        if e in self._bound:
            raise UnsupportedError(f"the index {e} of a sum stands as a value", hint=_WAY_OUT)
        if e in self._sizes:
            return dim(self.size(e))
        return self._sym(e.name, SCALAR, bool(e.is_positive))

    def matrix_symbol(self, e: Any) -> Node:
        return self._sym(str(e.name), self.shape(e))

    def indexed(self, e: Any) -> Node:
        if len(e.indices) != 1 or e.indices[0] not in self._bound:
            raise _unknown(e)
        index = self._bound[e.indices[0]]
        return self._sym(f"{e.base.label}_{index}", SCALAR, index=index)

    def sum(self, e: Any) -> Node:
        if e.has(_sympy().matrices.expressions.matexpr.MatrixElement):
            return self._entries_sum(e)
        body, limits = e.function, e.limits
        bounds = []
        for limit in limits:
            if len(limit) != 3 or limit[1] not in (0, 1):
                raise _unknown(e)
            index, first, last = limit
            bounds.append(Sum(index.name, self.size(last + 1 - first)))
            self._bound[index] = index.name
        node = self._node(body)
        for bound in bounds:
            node = total(bound, node)
        for index, *_ in limits:
            del self._bound[index]
        return node

    def _entries_sum(self, e: Any) -> Node:
        """A sum over the entries of vectors and matrices: products of them, or the sum of a vector's entries."""
        element = _sympy().matrices.expressions.matexpr.MatrixElement
        ends = {index: last + 1 for index, first, last in e.limits if first == 0}
        entries = e.function.atoms(element)
        whole = len(ends) == len(e.limits) and all(
            at == 0 and side == 1 if at not in ends else ends[at] == side
            for entry in entries
            for at, side in zip(entry.args[1:], entry.args[0].shape, strict=True)
        )
        if not whole:  # not all entries are summed
            raise _unknown(e)
        factors = e.function.args if e.function.is_Mul else (e.function,)
        elements = [factor for factor in factors if isinstance(factor, element)]
        others = [factor for factor in factors if not isinstance(factor, element)]
        ties = [at for entry in elements for at in entry.args[1:] if at != 0]
        if not any(factor.has(*ends) for factor in others) and all(0 < ties.count(index) <= 2 for index in ends):
            return mul(
                [*map(self._node, others), *contracted([(self._node(f.args[0]), *f.args[1:]) for f in elements])]
            )
        if len(ends) != 1 or any(entry.args[2] != 0 for entry in entries):
            raise _unknown(e)
        leaves = {entry: self._node(entry.args[0]) for entry in entries}
        given = next(iter(leaves.values())).shape
        return unary("sum", self.entrywise(e.function, leaves, given))

    # ---- sums, products, powers

    def add(self, e: Any) -> Node:
        terms = e.args if getattr(e, "is_Matrix", False) else e.as_ordered_terms()
        return add([self._node(term) for term in terms])

    def mul(self, e: Any) -> Node:
        factors = e.args if getattr(e, "is_Matrix", False) else e.as_ordered_factors()
        return mul([self._node(factor) for factor in factors])

    def pow(self, e: Any) -> Node:
        base, exponent = e.args
        if base == _sympy().E:
            return fn("exp", self._node(exponent))
        if not exponent.is_Rational:
            raise UnsupportedError(
                f"{e} is a power whose exponent is not a number", hint="Write a**b as exp(b*log(a)), or use a number."
            )
        return self._power(self._node(base), _fraction(exponent), e)

    def _power(self, base: Node, exponent: Fraction, e: Any) -> Node:
        if base.is_scalar:
            return power(base, exponent)
        if exponent.denominator != 1:
            raise _unknown(e)
        if exponent == 1:
            return base
        if exponent == 0:
            return eye(base.shape.rows)
        if exponent < 0:
            base = unary("inv", base)
        return base if abs(exponent) == 1 else matrix_power(base, abs(exponent.numerator))

    def max(self, e: Any) -> Node:
        rest = [arg for arg in e.args if arg != 0]
        if len(rest) != 1 or len(e.args) != 2:
            raise _unknown(e)
        return self._function("relu", self._node(rest[0]), e)

    def trace(self, e: Any) -> Node:
        inside = self._node(e.args[0])
        return inside if inside.is_scalar else unary("tr", inside)

    def element(self, e: Any) -> Node:
        matrix, row, col = e.args
        if row != 0 or col != 0 or tuple(matrix.shape) != (1, 1):
            raise UnsupportedError(f"docgen does not read the single entry {e}", hint=_WAY_OUT)
        return self._node(matrix)

    def hadamard_power(self, e: Any) -> Node:
        base, exponent = e.args
        if not exponent.is_Rational:
            raise _unknown(e)
        return power(self._node(base), _fraction(exponent))

    def applied(self, e: Any) -> Node:
        function, arg = e.args
        inside = self._node(arg)
        variable = _sympy().Dummy("t")
        return self.entrywise(function(variable), {variable: inside}, inside.shape)

    def entrywise(self, e: Any, leaves: Mapping[Any, Node], given: Shape) -> Node:
        """A scalar expression in ``leaves``, entry by entry, with the nodes of one shape that stand for them."""
        if e in leaves:
            return leaves[e]
        if not e.has(*leaves):
            value = self._node(e)
            return value if given is SCALAR else ones(given) if e == 1 else mul([value, ones(given)])
        if e.is_Add:
            return add([self.entrywise(term, leaves, given) for term in e.as_ordered_terms()])
        if e.is_Mul:
            # What is divided by comes last, as it is written.
            factors = sorted(e.as_ordered_factors(), key=lambda f: bool(f.is_Pow and f.exp.is_negative))
            fixed = [self._node(f) for f in factors if not f.has(*leaves)]
            moving = [self.entrywise(f, leaves, given) for f in factors if f.has(*leaves)]
            return mul([*fixed, *moving]) if given is SCALAR else mul([*fixed, had(moving)])
        if e.is_Pow and e.exp.is_Rational:
            return power(self.entrywise(e.base, leaves, given), _fraction(e.exp))
        if e.is_Pow and e.base == _sympy().E:
            return fn("exp", self.entrywise(e.exp, leaves, given))
        name = by_sympy_name(_shown(e)) if e.is_Function else None
        if name is None or any(a.has(*leaves) for a in e.args if a is not _argument(e)):
            raise _unknown(e)
        return fn(name, self.entrywise(_argument(e), leaves, given))


def _fraction(rational: Any) -> Fraction:
    return Fraction(int(rational.p), int(rational.q))


def _argument(e: Any) -> Any:
    """The argument of a SymPy function that has one: the last, but the first of a step function."""
    return e.args[0 if type(e).__name__ == "Heaviside" else -1]


def _shown(e: Any) -> str:
    """A SymPy function as the table of functions has it: its name, ``t`` for the argument, the other arguments."""
    if not e.args:
        return ""
    if type(e).__name__ == "Heaviside":
        return "Heaviside(t, 0)"
    return f"{type(e).__name__}({', '.join([*map(str, e.args[:-1]), 't'])})"


def _unknown(e: Any) -> UnsupportedError:
    return UnsupportedError(f"docgen has no operator for SymPy's {type(e).__name__}, in {e}", hint=_WAY_OUT)


def _folded(self: FromSymPy, e: Any) -> Node:
    first, *rest = (self._node(arg) for arg in e.args)
    for arg in rest:
        first = kron(first, arg)
    return first


def _of(op: str) -> Callable[[FromSymPy, Any], Node]:
    return lambda self, e: unary(op, self._node(e.args[0]))


#: What each SymPy class becomes.
_BUILDERS: dict[str, Callable[[FromSymPy, Any], Node]] = {
    "Symbol": FromSymPy.scalar_symbol,
    "Dummy": lambda self, e: sym(Symbol(str(e)), SCALAR),
    "MatrixSymbol": FromSymPy.matrix_symbol,
    "Indexed": FromSymPy.indexed,
    "Pi": lambda self, e: const("pi"),
    "Exp1": lambda self, e: const("e"),
    "Add": FromSymPy.add,
    "MatAdd": FromSymPy.add,
    "Mul": FromSymPy.mul,
    "MatMul": FromSymPy.mul,
    "Pow": FromSymPy.pow,
    "MatPow": FromSymPy.pow,
    "Inverse": FromSymPy.pow,
    "Sum": FromSymPy.sum,
    "Max": FromSymPy.max,
    "Transpose": lambda self, e: transpose(self._node(e.args[0])),
    "Trace": FromSymPy.trace,
    "Determinant": _of("det"),
    "DiagMatrix": _of("diag"),
    "DiagonalOf": _of("dg"),
    "DiagonalMatrix": lambda self, e: unary("diag", unary("dg", self._node(e.args[0]))),
    "Identity": lambda self, e: eye(self.shape(e).rows),
    "ZeroMatrix": lambda self, e: zeros(self.shape(e)),
    "OneMatrix": lambda self, e: ones(self.shape(e)),
    "HadamardProduct": lambda self, e: had([self._node(arg) for arg in e.args]),
    "HadamardPower": FromSymPy.hadamard_power,
    "KroneckerProduct": _folded,
    "MatrixElement": FromSymPy.element,
    "ElementwiseApplyFunction": FromSymPy.applied,
}
