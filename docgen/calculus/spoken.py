"""The rules of differentiation as a lecturer speaks them: the differential of each node in terms of its arguments'.

:func:`spoken` gives the terms of d(e), each with exactly one differential in it, nothing moved. A node is *linear* when
its differential only goes through it (sums, transposes, traces, products with one factor that depends on the variable);
:func:`expanded` carries the differential through all linear nodes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from docgen.algebra.functions import FUNCTIONS
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, add, differential, fn, had, matrix_power, mul, num, power, rebuild, unary
from docgen.algebra.normal import flip, parts, product
from docgen.algebra.products import raised
from docgen.algebra.properties import has_d, is_zero
from docgen.calculus.exponential import spoken_exponential
from docgen.calculus.linear import d_inside, graft, splice, trace
from docgen.calculus.recognise import one_plus_exp
from docgen.errors import UnsupportedError

#: Operators through which the differential goes.
LINEAR = frozenset({"add", "T", "tr", "sum", "diag", "dg", "vec", "unvec", "total"})
#: Operators that are linear when one argument depends on the variable, and have a product rule when several do.
MULTILINEAR = {"mul": "product", "had": "hadamard_product", "kron": "kron_product", "inner": "product"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule of differentiation applied to one node: the rule's id and the terms of the differential."""

    rule: str
    terms: tuple[Node, ...]


def is_linear(node: Node, variable: Node) -> bool:
    """Whether the differential of the node goes through it without a rule of its own."""
    if node.op in ("tr", "sum") and _several(node.args[0], variable):
        return False  # the product rule is applied under the trace at once
    if node.op in LINEAR:
        return True
    if node.op not in MULTILINEAR:
        return False
    positions = dependent(node, variable)
    return len(positions) == 1 or bool(constant_scalars(node, variable))


def _several(node: Node, variable: Node) -> bool:
    """Whether a product rule applies to the node."""
    return node.op in ("mul", "had") and not is_linear(node, variable) and quotient_of(node, variable) is None


def constant_scalars(node: Node, variable: Node) -> list[Node]:
    """The scalar factors of a product that do not depend on the variable: they leave the differential first."""
    name = variable.data.name
    return [arg for arg in node.args if arg.is_scalar and name not in arg.free] if node.op == "mul" else []


def dependent(node: Node, variable: Node) -> list[int]:
    """The positions of the arguments that depend on the variable."""
    name = variable.data.name
    return [i for i, arg in enumerate(node.args) if name in arg.free]


def _d(node: Node) -> Node:
    """The differential of an argument, with a transpose outside."""
    if node.op == "T":
        return flip(_d(node.args[0]))
    return unary(node.op, _d(node.args[0])) if node.op in ("diag", "dg", "vec") else differential(node)


def expanded(node: Node, variable: Node) -> list[Node]:
    """The terms of d(node) after the differential has gone through all linear nodes; each holds the differential of
    the variable or of a node that has a rule."""
    return _opened(node, variable, expanded)


def opened(node: Node, variable: Node) -> list[Node]:
    """The terms of d(node) after the differential has gone through this linear node alone."""
    return _opened(node, variable, lambda part, x: [differential(part)] if x.data.name in part.free else [])


def _opened(node: Node, variable: Node, below: Callable[[Node, Node], list[Node]]) -> list[Node]:
    name = variable.data.name
    if name not in node.free or is_zero(node):
        return []
    if node is variable or not is_linear(node, variable):
        return [differential(node)]
    if node.op == "add":
        return [term for arg in node.args for term in below(arg, variable)]
    positions = dependent(node, variable)
    if len(positions) > 1:  # constant scalars out, the product rule waits
        constants = constant_scalars(node, variable)
        rest = mul([arg for arg in node.args if arg not in constants])
        return [splice([*constants, term]) for term in below(rest, variable)]
    position = positions[0]
    found = []
    hole = differential(node.args[position])
    frame_args = list(node.args)
    frame_args[position] = hole
    frame = flip(hole) if node.op == "T" else trace(hole) if node.op == "tr" else _frame(node, frame_args)
    for term in below(node.args[position], variable):
        found.append(graft(frame, hole, term))
    return found


def _frame(node: Node, args: list[Node]) -> Node:
    return splice(args) if node.op == "mul" else rebuild(node, args)


def is_quiet(terms: Sequence[Node], variable: Node) -> bool:
    """Whether carrying the differential through linear nodes needs no line of its own: one term is left, and a rule of
    differentiation is still to come."""
    return not terms or (len(terms) == 1 and d_inside(terms[0]).args[0] is not variable)


def quotient_of(node: Node, variable: Node) -> tuple[Node, Node] | None:
    """Numerator and denominator when the node is a quotient of scalars, or a vector over a scalar, whose denominator
    depends on the variable."""
    if node.op != "mul":
        return None
    name = variable.data.name
    below = [a for a in node.args if a.op == "pow" and a.data == -1 and a.is_scalar and name in a.free]
    above = [a for a in node.args if a not in below]
    if not below or not any(name in a.free for a in above):
        return None
    return mul(above), mul([a.args[0] for a in below])


def spoken(node: Node, variable: Node, traced: bool = False) -> Spoken:
    """The rule that differentiates a node which is not linear; raises UnsupportedError naming the construct.

    ``traced`` tells of a matrix exponential that its differential stands only under traces, beside what commutes.
    """
    if traced:
        return Spoken("d_trace_expm", (splice([node, _d(node.args[0])]),))
    fraction = quotient_of(node, variable)
    if fraction is not None:
        return _quotient(node, variable, *fraction)
    if node.op in ("tr", "sum"):
        inside = spoken(node.args[0], variable)
        hole = differential(node.args[0])
        frame = trace(hole) if node.op == "tr" else unary("sum", hole)
        return Spoken(inside.rule, tuple(graft(frame, hole, term) for term in inside.terms))
    rule = _RULES.get(node.op)
    if rule is None:
        raise UnsupportedError(f"docgen has no rule for the differential of {describe(node)}")
    return rule(node, variable)


def describe(node: Node) -> str:
    """The construct's name for a message."""
    names = {"expm": "the matrix exponential", "vec": "vec", "commutation": "K"}
    return names.get(node.op, f"'{node.op}'")


def _multilinear(node: Node, variable: Node) -> Spoken:
    terms = []
    for position in dependent(node, variable):
        args = list(node.args)
        args[position] = _d(args[position])
        if node.op == "mul":
            terms.append(splice(args))
        else:
            terms.append(rebuild(node, args))
    return Spoken(MULTILINEAR[node.op], tuple(terms))


def _quotient(node: Node, variable: Node, above: Node, below: Node) -> Spoken:
    """d(u/v) = (du - (u/v) dv)/v, with u a scalar, vector or matrix and v a scalar."""
    name = variable.data.name
    taken = parts(below)
    moving = product([raised(b, e) for b, e in taken.scalars if name in b.free])  # constants leave the denominator
    first = splice([product([power(below, -1)]), differential(above)])
    second = splice([product([num(-1), node, power(moving, -1)]), differential(moving)])
    return Spoken("d_quotient", (first, second))


def _adjugate(node: Node, variable: Node) -> Spoken:
    """From adj A = det(A) A⁻¹, where A is invertible."""
    inside = node.args[0]
    if "singular" in node.memo:
        raise UnsupportedError("docgen cannot differentiate the adjugate of a matrix that is singular everywhere")
    inverse = unary("inv", inside)
    first = splice([trace(splice([node, _d(inside)])), inverse])
    return Spoken("d_adjugate", (first, splice([num(-1), node, _d(inside), inverse])))


def _inverse(node: Node, variable: Node) -> Spoken:
    return Spoken("d_inverse", (splice([num(-1), node, _d(node.args[0]), node]),))


def _matrix_power(node: Node, variable: Node) -> Spoken:
    base, exponent = node.args[0], int(node.data)
    terms = []
    for before in range(exponent):
        after = exponent - 1 - before
        left = [] if not before else [base if before == 1 else matrix_power(base, before)]
        right = [] if not after else [base if after == 1 else matrix_power(base, after)]
        terms.append(splice([*left, _d(base), *right]))
    return Spoken("d_matrix_power", tuple(terms))


def _det(node: Node, variable: Node) -> Spoken:
    inside = node.args[0]
    if "singular" in node.memo:
        adjugate = unary("adj", inside)
        adjugate.memo["singular"] = True
        return Spoken("d_det_adjugate", (trace(splice([adjugate, _d(inside)])),))
    return Spoken("d_det", (mul([node, trace(splice([product([unary("inv", inside)]), _d(inside)]))]),))


def _function(node: Node, variable: Node) -> Spoken:
    inside = node.args[0]
    if node.data == "log" and inside.op == "det":
        matrix = inside.args[0]
        return Spoken("d_logdet", (trace(splice([unary("inv", matrix), _d(matrix)])),))
    exponent = softplus_of(node)
    if exponent is not None and not node.is_scalar:
        return Spoken("d_softplus", (had([fn("sigma", exponent), differential(exponent)]),))
    slope = _tidy(FUNCTIONS[node.data].derivative(inside))
    if node.is_scalar:
        return Spoken("d_function", (splice([slope, differential(inside)]),))
    return Spoken("elementwise", (_entrywise(slope, differential(inside)),))


def softplus_of(node: Node) -> Node | None:
    """u when the node reads log(1 + exp(u))."""
    return one_plus_exp(node.args[0]) if node.data == "log" else None


def _entrywise(slope: Node, d: Node) -> Node:
    """slope ⊙ d, with a number in front of the slope taken out."""
    taken = parts(slope)
    if taken.number != 1 or taken.scalars:
        rest = taken.bare if taken.chain else None
        return splice([taken.front, d if rest is None or rest.op == "ones" else had([rest, d])])
    return had([slope, d])


def _power(node: Node, variable: Node) -> Spoken:
    base, exponent = node.args[0], node.data
    if node.is_scalar:
        slope = product([num(exponent), power(base, exponent - 1)])
        rule = "d_root" if exponent == Fraction(1, 2) else "d_power"
        return Spoken(rule, (splice([slope, differential(base)]),))
    below = raised(base, exponent - 1)
    return Spoken("elementwise", (splice([num(exponent), had([below, differential(base)])]),))


def _inner(left: Node, right: Node) -> Node:
    """⟨a, db⟩ as a db, aᵀ db or tr(Aᵀ dB)."""
    if left.is_scalar:
        return splice([left, right])
    if left.shape.kind == "vector":
        return splice([flip(left), right])
    return trace(splice([flip(left), right]))


def _norm(node: Node, variable: Node) -> Spoken:
    inside = node.args[0]
    if inside.is_scalar:
        return Spoken("d_norm", (splice([fn("sign", inside), differential(inside)]),))
    return Spoken("d_norm", (splice([power(node, -1), _inner(inside, differential(inside))]),))


def _norm_squared(node: Node, variable: Node) -> Spoken:
    inside = node.args[0]
    return Spoken("d_norm_sq", (splice([num(2), _inner(inside, differential(inside))]),))


def _norm1(node: Node, variable: Node) -> Spoken:
    inside = node.args[0]
    return Spoken("d_norm1", (_inner(fn("sign", inside), differential(inside)),))


def _exponential(node: Node, variable: Node) -> Spoken:
    term = spoken_exponential(node, variable)
    if term is None:
        inside = latex(node.args[0])
        raise UnsupportedError(
            f"docgen cannot differentiate the matrix exponential of {inside} here: where a matrix does not commute "
            "with its differential, that of its exponential has no closed form with finitely many terms",
            hint="docgen differentiates expm(tA) with a constant A, expm(u v^T) with columns u and v, and tr(expm(X)).",
        )
    return Spoken("d_expm", (term,))


def _softmax(node: Node, variable: Node) -> Spoken:
    inside = node.args[0]
    matrix = add([unary("diag", node), mul([num(-1), node, flip(node)])])
    return Spoken("d_softmax", (splice([matrix, differential(inside)]),))


def _tidy(slope: Node) -> Node:
    """A derivative as a lecturer writes it: products in normal form, sums as they stand in the table."""
    if slope.op == "pow" and slope.args[0].op == "add":  # 1/(1 + u^2): the power of a power is one power
        terms = [product([term]) if term.is_scalar and term.op == "pow" else term for term in slope.args[0].args]
        return power(add(terms), slope.data)
    return product([slope]) if slope.op in ("mul", "had") and not has_d(slope) else slope


_RULES: dict[str, Callable[[Node, Node], Spoken]] = {
    "mul": _multilinear,
    "had": _multilinear,
    "kron": _multilinear,
    "inner": _multilinear,
    "inv": _inverse,
    "adj": _adjugate,
    "expm": _exponential,
    "mpow": _matrix_power,
    "det": _det,
    "fn": _function,
    "pow": _power,
    "norm": _norm,
    "normsq": _norm_squared,
    "norm1": _norm1,
    "softmax": _softmax,
}
