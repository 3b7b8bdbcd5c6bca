"""The proof of a derivation: every line equals what it claims, and so does the answer.

The function and a line are evaluated at the same random points, in exact arithmetic (:mod:`docgen.algebra.rings`), and
a differential is (e(X + h dX) - e(X))/h by definition. So the rules by which a line was derived take no part in its
proof. A false line passes with a probability of about 2⁻⁶⁰ a point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

from docgen.algebra import entries
from docgen.algebra.entries import Value, flat, rows_of, scaled, value_of
from docgen.algebra.evaluate import SYMMETRIC, Failure, Point
from docgen.algebra.indexed import index_sizes
from docgen.algebra.node import Node, differential, total, unary, walk
from docgen.algebra.properties import has_d
from docgen.algebra.rings import RINGS, Deeper, ring
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape, times
from docgen.calculus.derivation import Check, Function, Line, Quantity
from docgen.calculus.points import Judge, Supply, Survey
from docgen.errors import DocgenError, ProofError, UnsupportedError


class Prover:
    """Proves claims about one formula and one variable at points that all claims share.

    ``stacked`` ties symbols to families: ``{"X": x_i}`` says that the rows of X are the x_iᵀ (a column y: the y_i).
    """

    def __init__(self, formula: Node, variable: Node, *, stacked: Mapping[str, Node] | None = None) -> None:
        self.formula = formula
        self.variable = variable
        self.exact = True
        self._stacked = dict(stacked or {})
        self._definitions: dict[str, Node] = {}
        self._survey: Survey | None = None
        self._supplies: dict[int, list[Supply]] = {}

    @classmethod
    def of(cls, function: Function) -> Prover:
        """The prover of claims about the function of a problem."""
        return cls(function.formula, function.variable, stacked=function.stacked)

    @property
    def known(self) -> frozenset[str]:
        """The names of the symbols that have a value: of the formula, the variable, and those defined."""
        return self.formula.free | self.variable.free | self._definitions.keys()

    # ---- claims

    def admissible(self) -> None:
        """Find the points; raises UnsupportedError when the formula is defined nowhere."""
        self._all(lambda point: point.slope(self.formula) is not None)

    def define(self, name: str, meaning: Node) -> None:
        """Let a symbol that is not in the formula stand for ``meaning`` from now on."""
        self._definitions[name] = meaning
        for supplies in self._supplies.values():
            for point in (point for supply in supplies for point in supply.points):
                point.redraw(name)

    def holds(
        self,
        quantity: Quantity,
        expression: Node,
        *,
        part: Node | None = None,
        left: Node | None = None,
        of: Node | None = None,
        layout: str = "mixed",
        increment: int = 1,
        transposed: bool = False,
        constrained: bool = False,
        indices: Sequence[str] = (),
    ) -> bool:
        """Whether an expression is what a line claims it to be.

        The claim is about ``part``, else ``of``, else the formula, call it e:

        * ``value``: expression = e;
        * ``differential``: expression = d(e) along the increment dX (number ``increment``);
        * ``derivative``: for a scalar e, an expression of the variable's shape with ⟨expression, dX⟩ = d(e); by a
          scalar, one of the shape of e with expression · dx = d(e); else a matrix with
          expression · vec(dX) = vec(d(e)). ``layout`` ``numerator`` asks for the transposed gradient, ``denominator``
          for the transposed Jacobian, and ``transposed`` for the transpose of what the layout asks for;
          ``constrained`` asks for the gradient within the symmetric matrices;
        * ``partial``: expression = the entry of the derivative in the mixed layout at ``indices`` (row, column), for
          every value of them;
        * ``statement``: left = expression, for every value of ``indices``.

        Raises UnsupportedError for formulas that are defined nowhere.
        """
        about = part if part is not None else of if of is not None else self.formula
        if quantity == "partial":
            return self._is_entry(expression, about, indices)
        if quantity == "statement":
            return left is not None and self.equal(left, expression, indices)
        if expression.indices:
            return False  # an index that nothing binds
        if quantity == "value":
            return self.equal(about, expression)
        if quantity == "differential":
            return expression.shape is about.shape and self._all(
                lambda p: p.same(p.slope(about, increment), p.value(expression), about.shape)
            )
        turned = layout == ("numerator" if about.is_scalar else "denominator")
        return self._is_derivative(expression, about, turned is not transposed, constrained)

    def equal(self, left: Node, right: Node, indices: Sequence[str] = ()) -> bool:
        """Whether two expressions have the same shape and value, at every value of their free ``indices``."""
        if left.shape is not right.shape or not left.indices | right.indices <= set(indices):
            return False
        sizes = index_sizes(left) | index_sizes(right)

        def judge(point: Point) -> bool:
            ranges = [range(point.size(sizes[index])) for index in indices]
            places = (dict(zip(indices, place, strict=True)) for place in product(*ranges))
            return all(point.same(point.value(left, (), at), point.value(right, (), at), left.shape) for at in places)

        return left is right or self._all(judge)

    def agree(self, left: Node, right: Node) -> bool:
        """Whether two expressions are equal exactly, or else in numbers of high precision: these know that exp(log u)
        is u, as the exact rings do not."""
        if self.equal(left, right):
            return True
        survey = self._survey or Survey(self.formula, self.variable)
        numbers = Supply(ring(RINGS[-1], 1), survey, self._definitions, self._stacked)
        agreed = bool(numbers.ask(lambda point: point.same(point.value(left), point.value(right), left.shape)))
        self.exact = self.exact and not agreed
        return agreed

    def _is_entry(self, expression: Node, about: Node, indices: Sequence[str]) -> bool:
        """Whether the entries of the expression, put together, are the derivative."""
        wanted = derivative_shape(about.shape, self.variable.shape)
        sizes = [size for size in (wanted.rows, wanted.cols) if size is not ONE]
        if not expression.is_scalar or len(indices) != len(sizes) or not expression.indices <= set(indices):
            return False

        def judge(point: Point) -> bool:
            places = product(*(range(point.size(size)) for size in sizes))
            values = [point.value(expression, (), dict(zip(indices, place, strict=True))) for place in places]
            width = point.size(wanted.cols)
            rows = [values[at : at + width] for at in range(0, len(values), width)]
            given = self._apply(point, value_of(rows, wanted), wanted, about, 1)
            return point.same(given, point.slope(about, 1), about.shape)

        return self._all(judge)

    def _is_derivative(self, expression: Node, about: Node, transposed: bool, constrained: bool) -> bool:
        wanted = derivative_shape(about.shape, self.variable.shape)
        if expression.shape is not (wanted.transposed if transposed else wanted) or has_d(expression):
            return False
        increment = SYMMETRIC if constrained else 1

        def judge(point: Point) -> bool:
            value = point.value(expression)
            if transposed and wanted.kind == "matrix":
                value = [list(column) for column in zip(*value, strict=True)]
            if constrained and not point.same(value, [list(c) for c in zip(*value, strict=True)], wanted):
                return False
            return point.same(
                self._apply(point, value, wanted, about, increment), point.slope(about, increment), about.shape
            )

        return self._all(judge)

    def _apply(self, point: Point, derivative: Value, given: Shape, about: Node, increment: int) -> Value:
        """The differential that a derivative (mixed layout) gives along the increment."""
        modulus, variable = point.ring.modulus, self.variable.shape
        step = point.increment(increment)
        if about.is_scalar:
            return entries.dot(flat(derivative, given), flat(step, variable), modulus)
        if variable is SCALAR:
            return scaled(step, derivative, given, modulus)
        image = entries.onto(rows_of(derivative, given), flat(step, variable), modulus)
        return entries.unflat(image, about.shape, point.size(about.shape.rows))

    # ---- points

    def _all(self, judge: Judge) -> bool:
        """Whether a claim holds at every point, in the first ring where it can be asked at all."""
        for depth in (1, 2):
            with suppress(Deeper):
                return self._at_depth(judge, depth)
        raise UnsupportedError("a differential of the third order cannot be proved")

    def _at_depth(self, judge: Judge, depth: int) -> bool:
        supplies = self._supplies.get(depth)
        if supplies is None:
            survey = self._survey = self._survey or Survey(self.formula, self.variable)
            supplies = self._supplies[depth] = [
                Supply(ring(name, depth), survey, self._definitions, self._stacked)
                for name in (RINGS[1:] if survey.analytic else RINGS)
            ]
        for supply in supplies:
            verdict = supply.ask(judge)
            if verdict is not None:
                self.exact = self.exact and supply.ring.exact
                return verdict
            if supply.nowhere:
                break
        if not any(supply.points for supply in supplies):
            raise undefined([supply.failure for supply in supplies if supply.failure is not None])
        return False  # the formula has a value at these points, the claim has none


def derivative_shape(value: Shape, variable: Shape) -> Shape:
    """The shape of the derivative in mixed layout (CONTRACT section 3)."""
    if value is SCALAR:
        return variable
    if variable is SCALAR:
        return value
    return shape(times(value.rows, value.cols), times(variable.rows, variable.cols))


def mark_singular(function: Function) -> None:
    """Mark each determinant of a matrix that is singular at every point, such as det(x yᵀ): its differential must be
    written with the adjugate, because there is no inverse."""
    sums = {node.data.index: node.data for node in walk(function.formula) if node.op == "total"}
    for node in walk(function.formula):
        if node.op in ("det", "adj") and function.variable.data.name in node.free:
            inverse = unary("inv", node.args[0])
            for index in sorted(inverse.indices & sums.keys()):
                inverse = total(sums[index], inverse)  # of every sample
            try:
                Prover(inverse, function.variable).admissible()
            except UnsupportedError:
                if node.op == "adj":
                    raise UnsupportedError(
                        f"docgen cannot differentiate the adjugate of a matrix singular everywhere, {written(node)}",
                        hint="Write the formula without this adjugate.",
                    ) from None
                node.memo["singular"] = True


def undefined(failures: Sequence[Failure]) -> UnsupportedError:
    """The error for a formula that has no value at any point."""
    if not failures:
        return UnsupportedError("the formula uses a function that docgen cannot evaluate")
    node, op = failures[-1].node, failures[-1].node.op
    if failures[-1].why == "sign":
        reason = "needs something positive, and it is not positive at any point"
    elif op == "inv":
        reason = "inverts a matrix that is singular at every point"
    elif op == "pow" and node.data.denominator == 1:
        reason = "divides by zero at every point"
    else:  # a root, a norm, a logarithm, an absolute value
        reason = "is taken of zero at every point, where it has no derivative"
    return UnsupportedError(
        f"the formula is defined nowhere: {written(node)} {reason}",
        hint="Check the sizes and the signs; x y^T, for one, is singular whatever x and y are.",
    )


def written(node: Node) -> str:
    """A node as LaTeX, for messages."""
    from docgen.algebra.latex import latex

    return latex(node)


# ---- a whole derivation ------------------------------------------------------------------------------------------


def prove(
    function: Function,
    lines: Sequence[Line],
    answer: Node,
    task: str,
    *,
    layout: str = "mixed",
    gradient: Node | None = None,
    constrained: bool = False,
) -> Check:
    """Prove every line of a derivation and its answer.

    ``gradient`` is the gradient that a Hessian (or a second differential of a scalar) starts from; it is proved, too.
    Raises ProofError at the first false line, UnsupportedError where nothing can be proved.
    """
    prover = Prover.of(function)
    prover.admissible()
    proof = _Proof(prover, function, layout, gradient, constrained)
    if gradient is not None and gradient is not answer and not prover.holds("derivative", gradient):
        raise false_line(function, task, f"the gradient that it starts from, {_shown(gradient)}, is false")
    for number, line in enumerate(lines, 1):
        if not proof.line(line, task):
            raise false_line(function, task, f"line {number} (rule {line.rule}) is false: {_shown(line.expression)}")
    if not proof.answer(answer, task):
        raise false_line(function, task, f"the answer is false: {_shown(answer)}")
    return Check(True, prover.exact, len(lines))


@dataclass(frozen=True, slots=True)
class _Proof:
    """The proof of one derivation: what its lines may be about."""

    prover: Prover
    function: Function
    layout: str
    gradient: Node | None
    constrained: bool

    def line(self, line: Line, task: str) -> bool:
        """Whether a line is true; learns definitions from it."""
        prover, expression = self.prover, line.expression
        left = line.left if isinstance(line.left, Node) else None
        if line.transposed:
            return any(self._derivatives(expression, task, True))
        if line.quantity == "statement":
            if left is None:
                return True  # prose
            if left.op == "sym" and left.data.name not in prover.known | expression.free:
                prover.define(left.data.name, expression)
                return True
            return prover.holds("statement", expression, left=left, indices=line.indices)
        restated = left if line.quantity != "derivative" and left is not None and left.free <= prover.known else None
        if restated is not None and not prover.equal(restated, expression):
            return False
        if line.part is not None:
            return prover.holds(line.quantity, expression, part=line.part)
        if line.quantity == "derivative":
            return any(self._derivatives(expression, task, False))
        subjects = [self.function.formula] + ([self.gradient] if self.gradient is not None else [])
        if any(prover.holds(line.quantity, expression, of=subject, indices=line.indices) for subject in subjects):
            return True
        return line.quantity == "differential" and self._second(expression)

    def _derivatives(self, expression: Node, task: str, transposed: bool) -> Iterator[bool]:
        prover = self.prover
        for layout in dict.fromkeys(("mixed", self.layout)):
            for constrained in dict.fromkeys((False, self.constrained)):
                yield prover.holds(
                    "derivative", expression, layout=layout, transposed=transposed, constrained=constrained
                )
        if task == "hessian" and self.gradient is not None:
            yield prover.holds("derivative", expression, of=self.gradient, transposed=transposed)

    def _second(self, expression: Node) -> bool:
        """Whether an expression is d(df), along dx twice or along dx and a second increment."""
        first = differential(self.function.formula)
        return any(self.prover.holds("differential", expression, of=first, increment=k) for k in (2, 1))

    def answer(self, answer: Node, task: str) -> bool:
        """Whether the answer is what the task asks for."""
        prover = self.prover
        if task in ("gradient", "jacobian", "derivative"):
            return prover.holds("derivative", answer, layout=self.layout, constrained=self.constrained)
        if task == "differential":
            return prover.holds("differential", answer)
        if task == "second_differential":
            return self._second(answer)
        if task == "hessian":
            if self.gradient is None:
                raise UnsupportedError("a Hessian can be proved only from its gradient")
            return prover.holds("derivative", answer, of=self.gradient)
        raise UnsupportedError(f"the task {task} cannot be proved")


def false_line(function: Function, task: str, fault: str) -> ProofError:
    """The error for a false line."""
    return ProofError(
        f"the derivation of the {task} of {function.name} = {_shown(function.formula)} is not correct: {fault}",
        hint="This is a defect of docgen, not of the formula. Please report it with the formula.",
    )


def _shown(node: Node) -> str:
    try:
        return written(node)
    except DocgenError:
        return repr(node)
