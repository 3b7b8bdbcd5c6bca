"""The chain rule with ∇: gradients of nested functions from outside in.

∇g(f(x)) = g'(f(x)) ∇f(x) for a scalar inner function, ∇g(u(x)) = J_uᵀ ∇g(u) for a vector, J_{g∘u} = J_g J_u for a
vector value. It is the sweep of :mod:`docgen.calculus.differential` told another way: each state of the sweep, a sum
of terms c · ds and gᵀ du, is printed as the sum of c ∇s and J_uᵀ g, and the moves in between need no words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from docgen.algebra.node import (
    Node,
    add,
    differential,
    eye,
    gradient,
    jacobian,
    mul,
    num,
    total,
    transpose,
    unvec,
    walk,
    zeros,
)
from docgen.algebra.normal import flip, product, sum_of
from docgen.algebra.properties import has_d
from docgen.algebra.sizes import ONE
from docgen.algebra.symmetry import with_symmetry
from docgen.calculus.by_differentials import read_derivative
from docgen.calculus.canonical import linear_of
from docgen.calculus.derivation import Fact, Left, Line
from docgen.calculus.differential import Differential
from docgen.calculus.linear import d_inside, splice
from docgen.calculus.proof import derivative_shape, written
from docgen.calculus.request import WAY_OUT, Context, Found
from docgen.calculus.spoken import is_linear
from docgen.errors import UnsupportedError

#: What the rules of the sweep are called when it is told with ∇; those that are not here keep their names.
TOLD = {
    "d_function": "chain_gradient",
    "d_power": "chain_gradient",
    "d_root": "chain_gradient",
    "d_norm": "chain_vector",
    "d_norm_sq": "chain_vector",
    "d_norm1": "chain_vector",
    "d_softplus": "chain_vector",
    "d_softmax": "chain_vector",
    "elementwise": "chain_vector",
    "hadamard_product": "grad_inner",
    "product": "grad_inner",
    "d_quotient": "grad_quotient",
    "factor_right": "factor_out",
    "trace_linear": "factor_out",
}
#: Rules of the sweep that stand for a line even where a move comes after them, the more telling first.
LOUD = (
    "d_function", "d_power", "d_root", "d_norm", "d_norm_sq", "d_norm1", "d_softplus", "d_softmax", "elementwise",
    "d_quotient", "d_det", "d_logdet", "d_inverse", "d_matrix_power", "product", "hadamard_product", "kron_product",
    "d_linear", "d_trace", "sigmoid_def", "softmax_def", "sigmoid_symmetry", "values_squared", "one_hot", "orthogonal",
    "symmetry", "collect",
)  # fmt: skip


@dataclass(slots=True)
class Nabla(Differential):
    """A sweep that prints gradients. ``told`` are the lines; ``pending`` the rules and ``changed`` the parts since the
    last of them."""

    told: list[Line] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    changed: list[Node] = field(default_factory=list)
    fineness: str = "normal"
    left: Left = "derivative"
    symmetric: bool = False
    progress: tuple[int, int] = (1, 0)

    def replace(self, part: Node, terms: Sequence[Node]) -> None:
        """Put the terms of d(part) in the place of d(part), a quadratic form in one step, and remember the part."""
        self.changed.append(part)
        u = quadratic_in(part, self.variable)
        if u is not None:
            inside = product(part.args[1:-1]) if len(part.args) > 2 else eye(u.shape.rows)
            front = product([flip(u), sum_of([inside, flip(inside)])])
            terms = [splice([front, differential(u)])]
        # The slots of a dataclass make a class of their own, which super() without arguments does not find.
        Differential.replace(self, part, terms)

    def say(self, rule: str, facts: Mapping[str, Fact] | None = None) -> None:
        """Add a line where the state reads as a sum of gradients and differs from the line before."""
        self.pending.append(rule)
        self.symmetric = self.symmetric or rule == "symmetry"
        self.refuse_matrices()
        now = self.nabla()
        if now is None or self.quiet():
            return
        if self.told and _same_terms(self.told[-1].expression, now):  # only their order is new
            self.told[-1] = replace(self.told[-1], expression=now)
        else:
            left = None if self.told else self.left
            given: dict[str, Fact] = {"x": self.variable, **(facts or {})}
            self.told.append(Line(self.rule(), "derivative", now, left, given))
        self.pending, self.changed, self.progress = [], [], self.counts()

    def counts(self) -> tuple[int, int]:
        """How many parts are still to be differentiated, and how many terms are finished."""
        ends = [d_inside(term).args[0] for item in self.items for term in item.terms]
        return len(self.open_parts()), ends.count(self.variable)

    def quiet(self) -> bool:
        """Whether the state needs no line: ∇ of the formula itself, or a constant factor or term gone on the way."""
        if self.open_parts() == [self.formula]:
            return True
        linear = set(self.pending) <= {"d_linear", "d_trace"} and self.counts() == self.progress
        return linear and self.fineness != "full" and (bool(self.told) or self.variable.shape.kind == "matrix")

    def rule(self) -> str:
        """The name of the step that led here."""
        found = next((rule for rule in LOUD if rule in self.pending), self.pending[-1])
        scalar, parts = self.formula.is_scalar, self.open_parts()
        if found in ("d_linear", "d_trace"):
            if not parts or (self.told and self.counts()[1] > self.progress[1]):
                return "grad_linear" if scalar else "jac_linear"
            if len(parts) == 1 and not parts[0].is_scalar:
                return "chain_vector" if scalar else "chain_jacobian"
            return "grad_sum" if scalar else "jac_sum"
        if not scalar:
            named = TOLD.get(found, found)
            if named.startswith("chain"):
                return "chain_jacobian"
            return found if named.startswith("grad") else named  # products of columns keep their names
        layers = any(_is_layer(part, self.variable) for part in self.changed)
        if layers and not parts and self.variable.shape.kind == "matrix":
            return "chain_layer"
        if found == "product":
            return self.product_rule(next(part for part in self.changed if not is_linear(part, self.variable)))
        if found == "d_norm_sq" and not parts:
            return "grad_norm_sq"
        if found == "d_norm" and any(part.op == "norm" and part.args[0].is_scalar for part in self.changed):
            return "chain_gradient"
        return TOLD.get(found, found)

    def product_rule(self, part: Node) -> str:
        """The name of the product rule for one product of the sweep."""
        u = quadratic_in(part, self.variable)
        if u is not None:
            return "grad_quadratic" if u is self.variable else "chain_vector"
        return "grad_product" if part.op == "mul" and all(arg.is_scalar for arg in part.args) else "grad_inner"

    def refuse_matrices(self) -> None:
        """Refuse a state in which a matrix that is more than linear is yet to be differentiated."""
        for item in self.items:
            for term in item.terms:
                part = d_inside(term).args[0] if has_d(term) else self.variable
                wide = ONE not in (part.shape.rows, part.shape.cols)
                if wide and part is not self.variable and not is_linear(part, self.variable):
                    raise UnsupportedError(
                        f"the method 'chain' goes through scalars and vectors, but here the matrix {written(part)} "
                        f"depends on {self.variable.data.name}",
                        hint=WAY_OUT,
                    )

    # ---- the state as gradients --------------------------------------------------------------------------------

    def nabla(self) -> Node | None:
        """The derivative as the state has it; None where a term is not brought to canonical form yet."""
        found: list[Node] = []
        for item in self.items:
            terms = [one for term in item.terms if (one := self.term(term)) is not None]
            if len(terms) < len(item.terms):
                return None
            found.extend(terms if item.outer is None else [splice([item.outer, add(terms)])])
        return add(found) if found else zeros(derivative_shape(self.formula.shape, self.variable.shape))

    def term(self, term: Node) -> Node | None:
        """One term as a gradient (of a scalar function) or a Jacobian matrix (of a vector)."""
        if term.op == "total":
            inside = self.term(term.args[0])
            return None if inside is None else total(term.data, inside)
        sums = [arg for arg in term.args if arg.op == "total" and has_d(arg)] if term.op == "mul" else []
        if sums and (sums[0].is_scalar or not self.formula.is_scalar):
            inside, at = self.term(sums[0]), term.args.index(sums[0])
            before, after = term.args[:at], term.args[at + 1 :]
            if not sums[0].is_scalar:  # what follows a column is a scalar
                before, after = after, before
            return None if inside is None else splice([*before, *after, inside])
        linear = linear_of(term)
        if linear.form in ("sandwich", "total"):
            return None
        of, c, x = linear.of, linear.coefficient, self.variable
        if of.is_scalar and self.formula.is_scalar and c is not None and not c.is_scalar:
            return None  # a matrix stands in between
        front = [] if c is None else [c]
        if of is x:
            return self._finished(c)
        if x.is_scalar:
            if of.shape.cols is not ONE:
                return None
            slope = gradient(of, x) if of.is_scalar else jacobian(of, x)
            return mul([*(c.args if c is not None and c.op == "mul" else front), slope])  # the derivative stands last
        if of.is_scalar:
            slope = gradient(of, x)
            return splice([*front, slope if self.formula.is_scalar else transpose(slope)])
        if of.shape.cols is not ONE or linear.form != "left":
            return None
        inner = jacobian(of, x)
        if not self.formula.is_scalar:
            return splice([*front, inner])
        if c is None:
            return None
        pulled = splice([transpose(inner), self._turned(c)])
        if x.shape.kind != "matrix":
            return pulled if x.shape.cols is ONE else None
        return None if _is_layer(of, x) else unvec(pulled, x.shape)

    def _finished(self, c: Node | None) -> Node:
        """The derivative that a term in dx gives."""
        x = self.variable
        if c is None:
            return num(1) if x.is_scalar else eye(x.shape.rows)
        if c.is_scalar and not x.is_scalar:
            return product([c, eye(x.shape.rows)])
        return c if x.is_scalar or not self.formula.is_scalar else self._turned(c)

    def _turned(self, c: Node) -> Node:
        """A coefficient transposed, with the symmetries used so far."""
        return with_symmetry(flip(c)) if self.symmetric else flip(c)


def _same_terms(one: Node, other: Node) -> bool:
    """Whether two formulas are one, or sums of the same terms."""
    return one is other or (one.op == other.op == "add" and sorted(map(id, one.args)) == sorted(map(id, other.args)))


def _is_layer(part: Node, x: Node) -> bool:
    """Whether the part is a column that is linear in the matrix x all through."""
    moving = (node for node in walk(part) if x.data.name in node.free)
    return part.shape.kind == "vector" and all(node is x or is_linear(node, x) for node in moving)


def quadratic_in(part: Node, x: Node) -> Node | None:
    """The column u when the part reads uᵀ M u with a constant M, or uᵀ u; None otherwise."""
    if part.op != "mul" or len(part.args) < 2 or not part.is_scalar:
        return None
    first, *middle, u = part.args
    name = x.data.name
    constant = not any(name in arg.free or arg.is_scalar for arg in middle)
    return u if constant and name in u.free and u.shape.kind == "vector" and first is flip(u) else None


def first_order(context: Context, task: str) -> Found:
    """The gradient or the Jacobian from outside in. Raises UnsupportedError where a matrix stands in between."""
    f, x = context.function.formula, context.function.variable
    if task == "differential":
        raise UnsupportedError("the method 'chain' finds gradients and Jacobian matrices", hint=WAY_OUT)
    if f.is_scalar:
        return _found(f, x, "read_gradient", context.request.detail, "gradient")
    return _found(f, x, "read_jacobian", context.request.detail)


def second_order(context: Context, gradient_: Node) -> Found:
    """The Hessian as the Jacobian matrix of the gradient."""
    x = context.function.variable
    first = Line("reuse_gradient", "derivative", gradient_, "gradient", {"g": gradient_, "x": x})
    more, answer = _found(gradient_, x, "read_hessian", context.request.detail)
    return [first, *more], answer


def _found(f: Node, x: Node, rule: str, detail: str, left: Left = "derivative") -> Found:
    """The lines of the sweep and the derivative, which the rule reads off at the end."""
    if not f.is_scalar and (f.shape.cols is not ONE or (x.shape.cols is not ONE)):
        raise UnsupportedError(
            f"the method 'chain' finds derivatives of scalars, and of columns by a column; here the value is {f.shape} "
            f"and the variable {x.shape}",
            hint=WAY_OUT,
        )
    sweep = Nabla(f, x, "full", fineness=detail, left=left)
    if x.data.name in f.free and f is not x:
        sweep.run()
    if f is not x and not sweep.items:
        nothing = zeros(derivative_shape(f.shape, x.shape))
        return [Line("d_constant", "derivative", nothing, left, {"x": x, "C": f})], nothing
    if f is x:
        answer = num(1) if x.is_scalar else eye(x.shape.rows)
        return [Line("jac_linear", "derivative", answer, left, {"x": x})], answer
    more, answer = read_derivative(sweep, f, x, rule)
    read = [line for line in more if line.quantity == "derivative"]
    cut = next((k for k, line in enumerate(read) if line.rule == "symmetry"), len(read))
    lines = list(sweep.told)
    if lines and lines[-1].expression is answer:
        return lines, answer
    if lines and _same_terms(lines[-1].expression, read[cut - 1].expression):
        lines[-1] = replace(lines[-1], expression=read[cut - 1].expression)
    else:
        lines.append(Line("collect", "derivative", read[cut - 1].expression, None if lines else left, {"x": x}))
    return [*lines, *read[cut:]], answer


__all__ = ["Nabla", "first_order", "second_order"]
