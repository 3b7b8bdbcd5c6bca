"""A node as a SymPy expression: scalars as expressions, everything else as matrix expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from docgen.algebra.functions import sympy_form
from docgen.algebra.node import Node, product_shape, walk
from docgen.algebra.numpy_code import identifier
from docgen.algebra.sizes import SCALAR, Size
from docgen.errors import UnsupportedError


def to_sympy(node: Node) -> Any:
    """The formula as a SymPy expression. A scalar that is a product of vectors is written as a trace.

    Symbols bear their names without backslash (``\\lambda`` is ``lambda``), sizes are positive integer symbols, and the
    increment of x is ``dx``. Raises UnsupportedError for what SymPy has no expression for.
    """
    writer = _Writer()
    for at in walk(node):
        writer.done[id(at)] = writer.write(at)
    return writer.done[id(node)]


class _Writer:
    """Writes nodes from the leaves up. Every value is a scalar expression where the node is 1 x 1, else a matrix."""

    def __init__(self) -> None:
        import sympy

        self.s = sympy
        self.done: dict[int, Any] = {}

    def write(self, node: Node) -> Any:
        args = [self.done[id(a)] for a in node.args]
        row = _ROWS.get(node.op)
        if row is None:
            raise UnsupportedError(f"SymPy has no expression for {_SAID.get(node.op, node.op)}", hint=_WAY_OUT)
        return row(self, node, args)

    # ---- leaves

    def size(self, side: Size) -> Any:
        """A size as a number, a symbol or a product."""
        symbols = [self.s.Symbol(name.lstrip("\\"), integer=True, positive=True) for name in side.symbols]
        return self.s.Mul(side.number, *symbols)

    def shape(self, node: Node) -> tuple[Any, Any]:
        return self.size(node.shape.rows), self.size(node.shape.cols)

    def symbol(self, node: Node, name: str) -> Any:
        if node.data is not None and getattr(node.data, "index", None) is not None:
            raise UnsupportedError("SymPy has no expression for a sum over samples", hint=_WAY_OUT)
        if node.is_scalar:
            positive = node.op == "sym" and "positive" in node.data.assumptions
            return self.s.Symbol(name, real=True, **({"positive": True} if positive else {}))
        return self.s.MatrixSymbol(name, *self.shape(node))

    def increment(self, node: Node) -> Any:
        if node.args[0].op != "sym":
            raise UnsupportedError("SymPy has no expression for an unexpanded differential", hint=_WAY_OUT)
        name = ("d2" if node.data == 2 else "d") + identifier(node.args[0].data.name)
        return self.symbol(node, name)

    # ---- products and functions

    def scalar(self, matrix: Any) -> Any:
        """A 1 x 1 matrix expression as a scalar."""
        return self.s.Trace(matrix) if getattr(matrix, "is_Matrix", False) else matrix

    def product(self, node: Node, args: list[Any]) -> Any:
        """Scalars in front, then the chain, cut wherever a piece of it is 1 x 1."""
        scalars: list[Any] = []
        chain: list[tuple[Node, Any]] = []
        for factor, arg in zip(node.args, args, strict=True):
            if factor.is_scalar:
                scalars.append(arg)
                continue
            chain.append((factor, arg))
            if product_shape([f for f, _ in chain]) is SCALAR:
                scalars.append(self.scalar(self.s.MatMul(*[a for _, a in chain])))
                chain = []
        front = self.s.Mul(*scalars)
        if not chain:
            return front
        matrices = [a for _, a in chain]
        rest = matrices[0] if len(matrices) == 1 else self.s.MatMul(*matrices)
        return rest if front == 1 else self.s.MatMul(front, *matrices)

    def applied(self, function: Callable[[Any], Any], node: Node, arg: Any) -> Any:
        """A scalar function, entry by entry where the argument is no scalar."""
        if node.is_scalar:
            return function(arg)
        t = self.s.Dummy("t", real=True)
        return arg.applyfunc(self.s.Lambda(t, function(t)))

    def function(self, node: Node, args: list[Any]) -> Any:
        form = sympy_form(node.data)
        t = self.s.Dummy("t", real=True)
        function = self.s.sympify(form, locals={"t": t})
        return self.applied(lambda value: function.subs(t, value), node, args[0])

    def entries_sum(self, arg: Any) -> Any:
        """The sum of all entries, as a sum over their indices: SymPy carries it out where the matrices are numbers."""
        if not getattr(arg, "is_Matrix", False):
            return arg
        limits = [(self.s.Dummy(name), 0, side - 1) for name, side in zip("ij", arg.shape, strict=True) if side != 1]
        row, col = (0 if side == 1 else limits[k * (len(limits) - 1)][0] for k, side in enumerate(arg.shape))
        return self.s.Sum(arg[row, col], *limits)

    def squared(self, node: Node, args: list[Any]) -> Any:
        """The squared norm."""
        arg = args[0]
        if node.args[0].is_scalar:
            return arg**2
        return self.s.Trace(self.s.MatMul(arg.T, arg))

    def power(self, node: Node, args: list[Any]) -> Any:
        exponent = self.s.Rational(node.data.numerator, node.data.denominator)
        return args[0] ** exponent if node.is_scalar else self.s.HadamardPower(args[0], exponent)

    def softmax(self, node: Node, args: list[Any]) -> Any:
        if node.is_scalar:
            return self.s.Integer(1)
        exponentials = args[0].applyfunc(self.s.exp)
        return self.s.MatMul(1 / self.entries_sum(exponentials), exponentials)


_Row = Callable[[_Writer, Node, list[Any]], Any]


def _or_itself(row: _Row) -> _Row:
    """The row for matrices; a scalar is its own transpose, trace, determinant and diagonal."""
    return lambda w, node, args: args[0] if node.args[0].is_scalar else row(w, node, args)


_ROWS: Mapping[str, _Row] = {
    "sym": lambda w, node, args: w.symbol(node, identifier(node.data.name)),
    "num": lambda w, node, args: w.s.Rational(node.data.numerator, node.data.denominator),
    "const": lambda w, node, args: w.s.pi if node.data == "pi" else w.s.E,
    "dim": lambda w, node, args: w.size(node.data),
    "eye": lambda w, node, args: w.s.Identity(w.size(node.shape.rows)),
    "zeros": lambda w, node, args: w.s.ZeroMatrix(*w.shape(node)),
    "ones": lambda w, node, args: w.s.OneMatrix(*w.shape(node)),
    "add": lambda w, node, args: w.s.Add(*args) if node.is_scalar else w.s.MatAdd(*args),
    "mul": _Writer.product,
    "had": lambda w, node, args: w.s.Mul(*args) if node.is_scalar else w.s.HadamardProduct(*args),
    "kron": lambda w, node, args: (
        w.s.KroneckerProduct(*args) if not any(a.is_scalar for a in node.args) else args[0] * args[1]
    ),
    "T": _or_itself(lambda w, node, args: w.s.Transpose(args[0])),
    "tr": _or_itself(lambda w, node, args: w.s.Trace(args[0])),
    "det": _or_itself(lambda w, node, args: w.s.Determinant(args[0])),
    "inv": lambda w, node, args: 1 / args[0] if node.is_scalar else w.s.Inverse(args[0]),
    "diag": _or_itself(lambda w, node, args: w.s.DiagMatrix(args[0])),
    "dg": _or_itself(lambda w, node, args: w.s.DiagonalOf(args[0])),
    "sum": lambda w, node, args: w.entries_sum(args[0]),
    "norm": lambda w, node, args: w.s.sqrt(w.squared(node, args)),
    "normsq": _Writer.squared,
    "norm1": lambda w, node, args: w.entries_sum(w.applied(w.s.Abs, node.args[0], args[0])),
    "inner": lambda w, node, args: (
        args[0] * args[1] if node.args[0].is_scalar else w.s.Trace(w.s.MatMul(args[0].T, args[1]))
    ),
    "softmax": _Writer.softmax,
    "fn": _Writer.function,
    "pow": _Writer.power,
    "mpow": lambda w, node, args: args[0] ** node.data if node.is_scalar else w.s.MatPow(args[0], node.data),
    "d": lambda w, node, args: w.increment(node),
}

_SAID = {
    "vec": "vec",
    "commutation": "the commutation matrix",
    "adj": "the adjugate",
    "expm": "the exponential of a matrix that is no number",
    "total": "a sum over samples",
}
_WAY_OUT = "The answer as NumPy source, or as a callable, has it."
