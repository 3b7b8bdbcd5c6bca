"""The syntax tree with known shapes -> the formula as nodes, in the form in which it was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod

from docgen.algebra.indexed import entry, letter_of
from docgen.algebra.node import (
    Node,
    Sum,
    add,
    commutation,
    const,
    differential,
    dim,
    eye,
    fn,
    gradient,
    had,
    inner,
    kron,
    matrix_power,
    mul,
    num,
    ones,
    power,
    total,
    transpose,
    unary,
    walk,
    zeros,
)
from docgen.algebra.sizes import ONE, SCALAR, Shape, size
from docgen.errors import FormulaError, Place, UnsupportedError
from docgen.reading.declarations import Notice
from docgen.reading.infer import Inference
from docgen.reading.syntax import Term, postorder
from docgen.reading.words import ANALYTIC


def negated(node: Node) -> Node:
    """The node with a minus sign before it; the sign joins a positive number that stands in front."""
    if node.is_number:
        return num(-node.data)
    if node.op == "mul":
        first = node.args[0]
        if first.is_number and first.data > 0:
            return mul([num(-first.data), *node.args[1:]])
        if not first.is_number:
            return mul([num(-1), *node.args])
    return mul([num(-1), node])


def constant(node: Node) -> Fraction | None:
    """The value of a scalar built from rational numbers alone, or None."""
    if node.free or not node.is_scalar:
        return None
    values: dict[int, Fraction] = {}
    for at in walk(node):
        args = [values[id(arg)] for arg in at.args if id(arg) in values]
        if len(args) != len(at.args):
            return None
        if at.op == "num":
            values[id(at)] = at.data
        elif at.op == "add":
            values[id(at)] = sum(args, Fraction(0))
        elif at.op == "mul":
            values[id(at)] = prod(args, start=Fraction(1))
        elif at.op == "pow" and at.data.denominator == 1 and (args[0] or at.data > 0):
            values[id(at)] = args[0] ** int(at.data)
        else:
            return None
    return values.get(id(node))


class Builder:
    """Nodes for the terms of one formula. ``symbols`` gives the node of each symbol, by name and sample index."""

    def __init__(
        self,
        inference: Inference,
        symbols: Mapping[tuple[str, str | None], Node],
        sizes: frozenset[str],
        elementwise: bool,
    ) -> None:
        self.inference = inference
        self.text = inference.syntax.text
        self.symbols = symbols
        self.sizes = sizes
        self.elementwise = elementwise
        self.bars = False
        self.sides: tuple[Node, ...] = ()
        self.notices: list[Notice] = []
        self.nodes: dict[int, Node] = {}

    def run(self) -> Node:
        """The node of the whole formula."""
        for term in postorder(self.inference.syntax.root):
            args = [self.nodes[id(arg)] for arg in term.args]
            self.nodes[id(term)] = _BUILDERS[term.op](self, term, args)
        return self.nodes[id(self.inference.syntax.root)]

    # ---- helpers -----------------------------------------------------------------------------------------------

    def shape(self, term: Term) -> Shape:
        return self.inference.sizing.shape(self.inference.sides[id(term)])

    def place(self, term: Term) -> Place:
        return Place(formula=self.text, start=term.start, end=max(term.end, term.start + 1))

    def notice(self, id: str, **facts: Node | str) -> None:
        found = Notice(id, facts)
        if found not in self.notices:
            self.notices.append(found)

    def not_of_square(self, name: str, term: Term) -> None:
        """Refuse a function of a square matrix: entry by entry and as a matrix function it is two different things."""
        arg = term.args[0]
        given = self.shape(arg)
        if self.elementwise or given is SCALAR or given.rows is not given.cols:
            return
        shown = self.inference.inside(arg)
        hint = "For the function applied to every entry, set elementwise: true (elementwise=True, --elementwise)"
        if name == "exp":
            matrix = f"expm({shown})" if self.inference.syntax.plain else f"\\operatorname{{expm}}({shown})"
            hint += f"; for the matrix exponential, write {matrix}."
        else:
            hint += "; the matrix function of this name is not supported."
        raise UnsupportedError(
            f"{name} of a square matrix, {shown} ({given}), may be meant entry by entry or as a function of the matrix",
            hint=hint,
            place=self.place(term),
        )

    # ---- leaves ------------------------------------------------------------------------------------------------

    def number(self, term: Term, args: Sequence[Node]) -> Node:
        given = self.shape(term)
        return num(term.data) if given is SCALAR else zeros(given)

    def name(self, term: Term, args: Sequence[Node]) -> Node:
        found = self.symbols.get(term.data)
        return dim(size(term.data[0])) if found is None else found

    def component(self, term: Term, args: Sequence[Node]) -> Node:
        return entry(args[0], term.data[0], None, letter_of(args[0], ()))

    def pi(self, term: Term, args: Sequence[Node]) -> Node:
        return const("pi")

    def ones(self, term: Term, args: Sequence[Node]) -> Node:
        return ones(self.shape(term))

    def zeros(self, term: Term, args: Sequence[Node]) -> Node:
        return zeros(self.shape(term))

    def commutation(self, term: Term, args: Sequence[Node]) -> Node:
        return commutation(*map(size, term.data))

    def eye(self, term: Term, args: Sequence[Node]) -> Node:
        return eye(self.shape(term).rows)

    # ---- sums and products -------------------------------------------------------------------------------------

    def add(self, term: Term, args: Sequence[Node]) -> Node:
        spread = self.inference.spread
        terms = [
            self.spread(arg, node, term) if id(arg) in spread else node
            for arg, node in zip(term.args, args, strict=True)
        ]
        return add(terms)

    def spread(self, arg: Term, node: Node, whole: Term) -> Node:
        """A scalar times the all-ones vector, of the shape of the sum it stands in."""
        given = self.shape(whole)
        column = ones(given if given.cols is ONE else given.transposed)
        vector = column if given.cols is ONE else transpose(column)
        negative = node.is_number and node.data < 0
        value = self.nodes[id(arg.args[0])] if arg.op == "neg" else node
        self.notice("number_times_ones", c=value)
        if node.is_number and abs(node.data) == 1:
            return negated(vector) if negative else vector
        return mul([*node.args, vector]) if node.op == "mul" and arg.op == "neg" else mul([node, vector])

    def neg(self, term: Term, args: Sequence[Node]) -> Node:
        return negated(args[0])

    def mul(self, term: Term, args: Sequence[Node]) -> Node:
        factors: list[Node] = []
        for arg, node in zip(term.args, args, strict=True):
            if arg.op == "div" and node.op == "mul" and self.nodes[id(arg.args[0])].op != "mul":
                factors.extend(node.args)  # \frac{\lambda}{2} x is a product of three
            else:
                factors.append(node)
        return mul(factors)

    def div(self, term: Term, args: Sequence[Node]) -> Node:
        over, under = args
        if under.is_number:
            inverse = num(1 / under.data)
            return mul([*over.args, inverse]) if over.op == "mul" else mul([over, inverse])
        if constant(under) == 0:
            raise FormulaError("a division by zero", hint="Correct the denominator.", place=self.place(term.args[1]))
        inverse = power(under, -1)
        return inverse if over.is_number and over.data == 1 else mul([over, inverse])

    def had(self, term: Term, args: Sequence[Node]) -> Node:
        factors: list[Node] = []
        scalars: list[Node] = []
        typed: list[Node] = []
        vector = self.shape(term) is not SCALAR
        for node, divides in zip(args, term.data, strict=True):
            if divides and node.is_number:
                value = num(1 / node.data)
            else:
                value = power(node, -1) if divides else node
            if not vector or value.is_scalar:
                if value.is_number and value.data == 1:
                    continue
                scalars.append(value)
            else:
                factors.append(value)
            typed.append(value)
        if len(factors) == 1:
            return mul(typed)
        return mul([*scalars, had(factors)] if factors else scalars or [num(1)])

    def kron(self, term: Term, args: Sequence[Node]) -> Node:
        result = args[0]
        for node in args[1:]:
            result = kron(result, node)
        return result

    def total(self, term: Term, args: Sequence[Node]) -> Node:
        index, count = term.data
        return total(Sum(index, size(count)), args[0])

    def inner(self, term: Term, args: Sequence[Node]) -> Node:
        return inner(args[0], args[1])

    def equation(self, term: Term, args: Sequence[Node]) -> Node:
        self.sides = tuple(args)
        return args[0]

    def differential(self, term: Term, args: Sequence[Node]) -> Node:
        return differential(args[0])

    def gradient(self, term: Term, args: Sequence[Node]) -> Node:
        found = self.symbols.get(term.data)
        if found is None:
            raise FormulaError(
                f"the variable {term.data[0]} of this gradient does not occur in the equation",
                hint="Correct its name.",
                place=self.place(term),
            )
        return gradient(args[0], found)

    # ---- one argument ------------------------------------------------------------------------------------------

    def transpose(self, term: Term, args: Sequence[Node]) -> Node:
        return transpose(args[0])

    def unary(self, term: Term, args: Sequence[Node]) -> Node:
        if term.op == "diag" and args[0].shape.cols is not ONE:
            return unary("dg", args[0])
        return unary(term.op, args[0])

    def power(self, term: Term, args: Sequence[Node]) -> Node:
        (base,), exponent = args, term.data
        if exponent == 1:
            return base
        if term.op == "hadpow":
            return power(base, exponent)
        if base.is_scalar:
            if exponent == 2 and base.op == "norm":
                return unary("normsq", base.args[0])
            self.check_root(term, base, exponent)
            return power(base, exponent)
        if exponent == 0:
            return eye(base.shape.rows)
        if exponent < 0:
            inverse = unary("inv", base)
            return inverse if exponent == -1 else matrix_power(inverse, int(-exponent))
        return matrix_power(base, int(exponent))

    def root(self, term: Term, args: Sequence[Node]) -> Node:
        self.not_of_square("sqrt", term)
        self.check_root(term, args[0], term.data)
        return power(args[0], term.data)

    def check_root(self, term: Term, base: Node, exponent: Fraction) -> None:
        """Refuse an even root of a negative number, and a zero divided by."""
        value = constant(base)
        if value is None:
            return
        if value < 0 and exponent.denominator % 2 == 0:
            raise FormulaError(
                f"the root of a negative number, {value}",
                hint="docgen works with real numbers; correct the sign.",
                place=self.place(term),
            )
        if value == 0 and exponent < 0:
            raise FormulaError("a division by zero", hint="Correct the denominator.", place=self.place(term))

    def function(self, term: Term, args: Sequence[Node]) -> Node:
        if term.data in ANALYTIC:
            self.not_of_square(term.data, term)
        if term.data == "log":
            value = constant(args[0])
            if value is not None and value <= 0:
                what = "zero" if value == 0 else f"the negative constant {value}"
                raise FormulaError(
                    f"the logarithm of {what} does not exist",
                    hint="docgen works with real numbers; correct the argument.",
                    place=self.place(term),
                )
        return fn(term.data, args[0])

    def bars_(self, term: Term, args: Sequence[Node]) -> Node:
        if id(term) in self.inference.determinants:
            self.bars = True
            return unary("det", args[0])
        return fn("abs", args[0])

    def norm(self, term: Term, args: Sequence[Node]) -> Node:
        given = args[0].shape
        if given.kind == "matrix" and term.data == "":
            self.notice("frobenius_read", A=args[0])
        return unary("norm1" if term.data == "1" else "norm", args[0])


_BUILDERS: dict[str, Callable[[Builder, Term, Sequence[Node]], Node]] = {
    "num": Builder.number,
    "name": Builder.name,
    "component": Builder.component,
    "pi": Builder.pi,
    "ones": Builder.ones,
    "zeros": Builder.zeros,
    "eye": Builder.eye,
    "commutation": Builder.commutation,
    "add": Builder.add,
    "neg": Builder.neg,
    "mul": Builder.mul,
    "div": Builder.div,
    "had": Builder.had,
    "kron": Builder.kron,
    "total": Builder.total,
    "d": Builder.differential,
    "grad": Builder.gradient,
    "equation": Builder.equation,
    "inner": Builder.inner,
    "T": Builder.transpose,
    **dict.fromkeys(("tr", "det", "adj", "expm", "diag", "vec", "sum", "softmax"), Builder.unary),
    "pow": Builder.power,
    "hadpow": Builder.power,
    "root": Builder.root,
    "fn": Builder.function,
    "bars": Builder.bars_,
    "norm": Builder.norm,
}
