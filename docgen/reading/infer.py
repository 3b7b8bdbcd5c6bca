"""The shape of every part of a formula, by unification; every error about sizes comes from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from docgen.algebra.sizes import ONE, size
from docgen.errors import Place
from docgen.reading.misfits import SCALAR_SIDES, Misfits, OpenSizes
from docgen.reading.sizing import Side, Sides, Sizing
from docgen.reading.syntax import Syntax, Term, number, postorder

_SQUARE_NAMES = {
    "tr": "the trace",
    "det": "the determinant",
    "adj": "the adjugate",
    "expm": "the matrix exponential",
}
#: What a number made of numbers is made with.
_NUMERIC = frozenset(("num", "pi", "neg", "add", "mul", "div", "pow", "fn", "root", "hadpow"))


class Inference(Misfits):
    """One pass over a formula with given shapes of its symbols.

    ``shapes`` gives the shape of each symbol. ``strict`` refuses to read a scalar that is not a number as that scalar
    times the all-ones vector: it is set while the shapes of symbols are only tried. ``tried`` names the symbols whose
    shape is not declared: a transpose or an inner product shows that they are no scalars.
    After :meth:`run`, ``sides`` holds the shape of every term by its id, ``spread`` the scalars that stand for a
    vector of equal entries, and ``determinants`` the bars that are determinants.
    """

    def __init__(
        self,
        syntax: Syntax,
        shapes: Mapping[str, Sides],
        sizing: Sizing,
        strict: bool = False,
        tried: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(syntax, sizing)
        self.shapes = shapes
        self.strict = strict
        self.tried = tried
        self.spread: set[int] = set()
        self.determinants: set[int] = set()
        self.numeric: set[int] = set()

    def run(self) -> None:
        """Find the shape of every term; raises ShapeError where sizes do not fit."""
        sides, numeric = self.sides, self.numeric
        for term in postorder(self.syntax.root):
            if term.op in _NUMERIC and all(id(arg) in numeric for arg in term.args):
                numeric.add(id(term))
            sides[id(term)] = _RULES[term.op](self, term)
        settled = self.sizing.settle()
        if settled is None:
            raise OpenSizes(
                "the sizes of the Kronecker products or vec here are not clear from the formula",
                hint="Declare the shapes of the symbols.",
                place=Place(formula=self.syntax.text, start=0, end=len(self.syntax.text)),
            )
        if not settled:
            raise self.fail(
                self.syntax.root,
                "the sizes of the Kronecker products or vec here do not fit",
                "Check the shapes of the symbols.",
            )

    # ---- shapes ------------------------------------------------------------------------------------------------

    def same(self, left: Sides, right: Sides) -> bool:
        return self.sizing.unify(left[0], right[0]) and self.sizing.unify(left[1], right[1])

    def is_zero(self, term: Term) -> bool:
        """Whether a term is a zero that takes its shape from its neighbours."""
        return (term.op == "num" and term.data == 0) or (term.op == "zeros" and term.data is None)

    # ---- leaves ------------------------------------------------------------------------------------------------

    def name(self, term: Term) -> Sides:
        return self.shapes.get(term.data[0], SCALAR_SIDES)  # a size that stands as a value is in no shapes

    def component(self, term: Term) -> Sides:
        """x_i under a sum over i: the symbol is a column with as many entries as the sum has terms."""
        (rows, cols), count = self.of(term), term.data[1]
        if not (self.sizing.unify(cols, ONE) and self.sizing.unify(rows, size(count))):
            base = term.args[0].data[0]
            raise self.fail(
                term,
                f"{self.text(term)} is a component of {base}, but {base} is {self.show((rows, cols))}",
                f"Declare {base} as a column of {count} entries, {base}: {count}; or declare {self.text(term)} itself, "
                f"as in {self.text(term)}: scalar.",
            )
        return SCALAR_SIDES

    def scalar(self, term: Term) -> Sides:
        return SCALAR_SIDES

    def constant(self, term: Term) -> Sides:
        """``ones``, ``zeros`` and ``eye``."""
        given: list[Side] = [size(spelled) for spelled in term.data or ()]
        if term.op == "eye":
            if len(given) == 2 and given[0] is not given[1]:
                raise self.fail(term, "an identity matrix is square", "Write one size, I_n.")
            order = given[0] if given else self.sizing.fresh()
            return order, order
        if not given:
            return self.sizing.fresh(), ONE
        return given[0], given[1] if len(given) == 2 else ONE

    def commutation(self, term: Term) -> Sides:
        order = self.sizing.product(*map(size, term.data))
        return order, order

    # ---- sums and products -------------------------------------------------------------------------------------

    def add(self, term: Term) -> Sides:
        found: tuple[Term, Sides] | None = None
        for at, arg in enumerate(term.args):
            if not self.is_zero(arg) and self.of(term, at) != SCALAR_SIDES:
                found = arg, self.of(term, at)
                break
        if found is None:
            self.sides.update((id(arg), SCALAR_SIDES) for arg in term.args)
            return SCALAR_SIDES
        first, shape = found
        for at, arg in enumerate(term.args):
            sides = self.of(term, at)
            if arg is first:
                continue
            if self.is_zero(arg):
                self.sides[id(arg)] = shape
            elif sides == SCALAR_SIDES:
                self.spread_scalar(arg, first, shape)
            elif not self.same(sides, shape):
                raise self.different("a sum", first, shape, arg, sides)
        return shape

    def spread_scalar(self, arg: Term, first: Term, shape: Sides) -> None:
        """A number or a scalar symbol in a sum of vectors is that scalar times the all-ones vector. In a sum of
        matrices it is refused, and so is a scalar made of vectors: in xᵀAx + b a size is wrong."""
        rows, cols = self.sizing.find(shape[0]), self.sizing.find(shape[1])
        alone = not self.strict and all(self.sides[id(at)] == SCALAR_SIDES for at in postorder(arg))
        if (rows is ONE or cols is ONE) and (alone or id(arg) in self.numeric):
            self.spread.add(id(arg))
            return
        if rows is not ONE and cols is not ONE:
            value = arg.args[0] if arg.op == "neg" else arg
            shown = "" if value.data == 1 else self.text(value) if value.op in ("num", "name") else "(…)"
            multiple = f"{shown}*eye" if self.syntax.plain else f"{shown} I"
            raise self.fail(
                value,
                f"{self.text(value)} is a scalar, added to the matrix {self.text(first)} ({self.show(shape)})",
                f"Write {multiple.strip(' *')} for the multiple of the identity matrix.",
            )
        error = self.different("a sum", first, shape, arg, SCALAR_SIDES)
        error.hint = f"Both must have one shape; {self.equal_entries()} is a column of entries all equal to s."
        raise error

    def equal_entries(self) -> str:
        """How a column of equal entries is typed."""
        return "s*vector(1)" if self.syntax.plain else r"s \mathbf{1}"

    def mul(self, term: Term) -> Sides:
        """The product from left to right, scalars anywhere."""
        rows: Side = ONE
        cols: Side = ONE
        begin: Term | None = None
        sides, find, unify = self.sides, self.sizing.find, self.sizing.unify
        for at, arg in enumerate(term.args):
            above, across = sides[id(arg)]
            above, across = find(above), find(across)
            if above is ONE and across is ONE:
                continue
            if begin is None or (rows is ONE and cols is ONE):
                rows, cols, begin = above, across, arg
            elif unify(cols, above):
                rows, cols = find(rows), find(across)
            else:
                raise self.no_product(term, at, begin, (rows, cols), (above, across))
        return find(rows), find(cols)

    def div(self, term: Term) -> Sides:
        under = self.of(term, 1)
        if under != SCALAR_SIDES:
            hint = "Divide entry by entry with \\oslash (./ in the plain spelling)."
            if under[0] is not ONE and under[1] is not ONE:
                hint = "Multiply by its inverse, ^{-1} (inv in the plain spelling)."
            raise self.fail(
                term.args[1],
                f"a division by {self.text(term.args[1])}, which is {self.show(under)} and not a scalar",
                hint,
            )
        return self.of(term)

    def had(self, term: Term) -> Sides:
        shapes = [self.of(term, at) for at in range(len(term.args))]
        vectors = [at for at, sides in enumerate(shapes) if sides != SCALAR_SIDES]
        if not vectors:
            return SCALAR_SIDES
        first = vectors[0]
        for at, arg in enumerate(term.args):
            if shapes[at] == SCALAR_SIDES:
                one = arg.op == "num" and at == 0 and term.data[1]  # 1 \oslash y is the entrywise inverse
                if one or (self.syntax.plain and (not self.strict or id(arg) in self.numeric)):
                    continue
                raise self.fail(
                    arg,
                    f"{self.text(arg)} is a scalar, but {self.text(term.args[first])} in the same elementwise product "
                    f"is {self.show(shapes[first])}",
                    "Put the scalar in front, without \\odot.",
                )
            if not self.same(shapes[first], shapes[at]):
                raise self.different("an elementwise product", term.args[first], shapes[first], arg, shapes[at])
        return shapes[first]

    def kron(self, term: Term) -> Sides:
        rows: Side = ONE
        cols: Side = ONE
        for at in range(len(term.args)):
            above, across = self.of(term, at)
            rows, cols = self.sizing.product(rows, above), self.sizing.product(cols, across)
        return rows, cols

    def equation(self, term: Term) -> Sides:
        """The sides of an equation have one shape; a zero takes that of the others."""
        first = next((at for at, arg in enumerate(term.args) if not self.is_zero(arg)), 0)
        shape = self.of(term, first)
        for at, arg in enumerate(term.args):
            if self.is_zero(arg):
                self.sides[id(arg)] = shape
            elif not self.same(shape, self.of(term, at)):
                raise self.different("an equation", term.args[first], shape, arg, self.of(term, at))
        return shape

    def gradient(self, term: Term) -> Sides:
        if self.of(term) != SCALAR_SIDES:
            raise self.fail(
                term.args[0],
                f"only a scalar has a gradient, but {self.inside(term.args[0])} is {self.show(self.of(term))}",
                "State its differential: d(…) = ….",
            )
        name = term.data[0]
        if name not in self.shapes:
            raise self.fail(
                term, f"the variable {name} of this gradient does not occur in the equation", "Correct its name."
            )
        return self.shapes[name]

    # ---- one argument ------------------------------------------------------------------------------------------

    def keep(self, term: Term) -> Sides:
        return self.of(term)

    def transpose(self, term: Term) -> Sides:
        rows, cols = self.of(term)
        self.not_scalar(term.args[0], "a transpose")
        return cols, rows

    def not_scalar(self, term: Term, what: str) -> None:
        """Refuse a symbol that is taken for a scalar by custom alone, where it is typed as no scalar."""
        if term.op == "name" and term.data[0] in self.tried and self.sides[id(term)] == SCALAR_SIDES:
            raise self.fail(
                term,
                f"{what} shows that {term.data[0]} is not a scalar, but by custom it would be",
                f"Declare the shape of {term.data[0]}.",
            )

    def power(self, term: Term) -> Sides:
        sides, exponent = self.of(term), Fraction(term.data)
        if exponent == 1:
            return sides
        if sides == SCALAR_SIDES:
            if number(term.args[0]) == 0 and exponent < 0:
                raise self.fail(term, "a division by zero", "Correct the base of the power.")
            return SCALAR_SIDES
        shown = f"({exponent})" if exponent.denominator != 1 else str(exponent)
        entrywise = f"Write .^{shown}" if self.syntax.plain else f"Write ^{{\\odot {exponent}}}"
        if sides[0] is ONE or sides[1] is ONE:
            norm = "norm2(…)^2" if self.syntax.plain else "\\|…\\|^2"
            raise self.fail(
                term,
                f"{self.text(term)}: a vector ({self.show(sides)}) has no power {exponent}",
                f"{entrywise} for the entrywise power"
                + (f", or {norm} for the squared norm." if exponent == 2 else "."),
            )
        if exponent.denominator != 1:
            raise self.fail(
                term,
                f"{self.text(term)}: the power {exponent} of a matrix ({self.show(sides)}) is not supported",
                f"{entrywise} for the entrywise power.",
            )
        return self.square("the inverse" if exponent == -1 else "a matrix power", term, sides)

    def square(self, what: str, term: Term, sides: Sides) -> Sides:
        if not self.sizing.unify(*sides):
            raise self.fail(
                term,
                f"{what} needs a square matrix, but {self.inside(term.args[0])} is {self.show(sides)}",
                "Check the shapes; A^T A is square for every A.",
            )
        return self.of(term)

    def of_square(self, term: Term) -> Sides:
        sides = self.square(_SQUARE_NAMES[term.op], term, self.of(term))
        return sides if term.op in ("adj", "expm") else SCALAR_SIDES

    def bars(self, term: Term) -> Sides:
        """Bars are the determinant of a square matrix and the absolute value of anything else."""
        rows, cols = self.of(term)
        if rows is ONE or cols is ONE or not self.sizing.unify(rows, cols):
            return self.of(term)
        self.determinants.add(id(term))
        return SCALAR_SIDES

    def norm(self, term: Term) -> Sides:
        rows, cols = self.of(term)
        if term.data in ("1", "2") and rows is not ONE and cols is not ONE:
            absolute = "sum(abs(A))" if self.syntax.plain else r"\operatorname{sum}(\operatorname{abs}(A))"
            name, instead = {
                "2": ("the spectral norm", r"the Frobenius norm is \|A\|_F"),
                "1": ("the largest column sum", f"the sum of absolute values is {absolute}"),
            }[term.data]
            raise self.fail(
                term,
                f"the {term.data}-norm of the matrix {self.inside(term.args[0])} is refused: it may mean {name}",
                f"docgen does not differentiate that one; {instead}.",
            )
        return SCALAR_SIDES

    def inner(self, term: Term) -> Sides:
        left, right = self.of(term, 0), self.of(term, 1)
        for arg in term.args:
            self.not_scalar(arg, "an inner product")
        if not self.same(left, right):
            raise self.different("an inner product", term.args[0], left, term.args[1], right)
        return SCALAR_SIDES

    def diag(self, term: Term) -> Sides:
        rows, cols = self.of(term)
        if rows is ONE and cols is ONE:
            raise self.fail(term, f"diag of the scalar {self.inside(term.args[0])} is that scalar", "Remove the diag.")
        if cols is ONE:
            return rows, rows
        if not self.sizing.unify(rows, cols):
            raise self.fail(
                term,
                f"diag needs a column or a square matrix, but {self.inside(term.args[0])} is {self.show((rows, cols))}",
                "Check the shapes, or transpose a row.",
            )
        return self.sizing.find(rows), ONE

    def vec(self, term: Term) -> Sides:
        rows, cols = self.of(term)
        return self.sizing.product(rows, cols), ONE

    def softmax(self, term: Term) -> Sides:
        sides = self.of(term)
        if sides[1] is not ONE:
            raise self.fail(
                term,
                f"softmax needs a column vector, but {self.inside(term.args[0])} is {self.show(sides)}",
                "Check the shapes, or transpose a row.",
            )
        return sides


_RULES: dict[str, Callable[[Inference, Term], Sides]] = {
    "num": Inference.scalar,
    "pi": Inference.scalar,
    "name": Inference.name,
    "component": Inference.component,
    "ones": Inference.constant,
    "zeros": Inference.constant,
    "eye": Inference.constant,
    "commutation": Inference.commutation,
    "add": Inference.add,
    "mul": Inference.mul,
    "neg": Inference.keep,
    "div": Inference.div,
    "had": Inference.had,
    "kron": Inference.kron,
    "T": Inference.transpose,
    "pow": Inference.power,
    "hadpow": Inference.keep,
    "root": Inference.keep,
    "fn": Inference.keep,
    "norm": Inference.norm,
    "inner": Inference.inner,
    "bars": Inference.bars,
    "total": Inference.keep,
    "d": Inference.keep,
    "grad": Inference.gradient,
    "equation": Inference.equation,
    **dict.fromkeys(_SQUARE_NAMES, Inference.of_square),
    "diag": Inference.diag,
    "vec": Inference.vec,
    "sum": Inference.scalar,
    "softmax": Inference.softmax,
}
