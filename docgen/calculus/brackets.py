"""Opening brackets: a polynomial formula as a sum of products, in the order in which it is typed.

Three things are done, each a step of its own: norms, inner products and powers are written as products, transposes go
into the brackets, and the products are distributed over the sums. What does not depend on the variable stays whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product as choices
from math import prod

from docgen.algebra.node import Node, add, had, inner, kron, mul, num, power, rebuild, total, transpose, unary, walk
from docgen.algebra.normal import flip
from docgen.algebra.renormal import everywhere
from docgen.calculus.linear import splice, trace
from docgen.calculus.proof import written
from docgen.calculus.request import WAY_OUT
from docgen.errors import ShapeError, UnsupportedError

#: Linear operators that act on each term of a sum.
TERM_BY_TERM = frozenset({"sum", "diag", "dg", "vec"})
#: Operators that brackets are opened in.
POLYNOMIAL = TERM_BY_TERM | {"add", "mul", "had", "kron", "T", "tr", "inner", "normsq", "mpow", "total"}
#: More terms than this are not written out.
MANY = 64


def check_polynomial(formula: Node, variable: Node) -> None:
    """Raise UnsupportedError where the formula is not a polynomial in the variable."""
    name = variable.data.name
    for node in walk(formula):
        if name not in node.free or node is variable or node.op in POLYNOMIAL or _whole_power(node):
            continue
        raise UnsupportedError(
            f"the method 'expand' opens the brackets of polynomials, but here {written(node)} depends on {name}",
            hint=WAY_OUT,
        )


def _whole_power(node: Node) -> bool:
    return node.op == "pow" and node.data.denominator == 1 and node.data > 0


def as_products(formula: Node, variable: Node) -> list[tuple[str, Node]]:
    """Squared norms, inner products and powers of brackets written as products: the rule and the formula after it,
    one for each kind that occurs."""
    steps = []
    for rule, rewrite in _WRITTEN.items():
        new = _everywhere(formula, variable, rewrite)
        if new is not formula:
            steps.append((rule, new))
            formula = new
    return steps


def _everywhere(formula: Node, variable: Node, rewrite: Callable[[Node], Node | None]) -> Node:
    """The formula with the rewriting applied to every part that depends on the variable."""
    name = variable.data.name
    return everywhere(formula, lambda node: rewrite(node) if name in node.free else None, _rebuilt)


def _rebuilt(node: Node, args: Sequence[Node]) -> Node:
    """The node with other arguments; a product with a new product in it is opened."""
    return splice(args) if node.op == "mul" else rebuild(node, args)


def _norm(node: Node) -> Node | None:
    u = node.args[0] if node.op == "normsq" else None
    if u is None or u.op == "sym" or u.shape.kind != "vector":
        return None
    return splice([transpose(u), u])


def _frobenius(node: Node) -> Node | None:
    u = node.args[0] if node.op == "normsq" else None
    if u is None or u.op == "sym" or u.shape.kind not in ("matrix", "row"):
        return None
    if u.shape.kind == "row":
        return splice([u, transpose(u)])
    return trace(splice([transpose(u), u]))


def _square(node: Node) -> Node | None:
    if node.op == "normsq" and node.args[0].is_scalar:
        return splice([node.args[0], node.args[0]])
    sum_inside = node.op in ("pow", "mpow") and any(at.op == "add" for at in walk(node.args[0]))
    if not sum_inside or (node.op == "pow" and not _whole_power(node)):
        return None
    copies = [node.args[0]] * int(node.data)
    return mul(copies) if node.is_scalar or node.op == "mpow" else had(copies)


def _inner(node: Node) -> Node | None:
    if node.op != "inner":
        return None
    left, right = node.args
    if left.is_scalar:
        return splice([left, right])
    if left.shape.kind == "row":
        return splice([left, transpose(right)])
    body = splice([transpose(left), right])
    return body if left.shape.kind == "vector" else trace(body)


_WRITTEN: dict[str, Callable[[Node], Node | None]] = {
    "norm_as_product": _norm,
    "frobenius_trace": _frobenius,
    "square_as_product": _square,
    "inner_as_product": _inner,
}


def transposes_opened(formula: Node, variable: Node) -> Node:
    """The formula with every transpose of a bracket carried into it."""
    return _everywhere(formula, variable, lambda node: _transposed(node.args[0]) if node.op == "T" else None)


def _transposed(node: Node) -> Node:
    """The transpose of a node, carried into sums and products as far as it goes."""
    if node.op == "add":
        return add([_transposed(arg) for arg in node.args])
    if node.op == "mul" and not node.is_scalar:
        front = [arg for arg in node.args if arg.is_scalar]
        chain = [arg for arg in node.args if not arg.is_scalar]
        try:
            return splice([*front, *(_transposed(arg) for arg in reversed(chain))])
        except ShapeError:  # a product with a scalar piece in the middle
            return flip(node)
    return flip(node)


def opened(formula: Node, variable: Node) -> list[Node]:
    """The terms of the formula after all brackets with the variable are opened, in the order in which they arise.

    Raises UnsupportedError where there would be too many of them.
    """
    name = variable.data.name
    done: dict[int, list[Node]] = {}
    for node in walk(formula):
        if name not in node.free or node is variable:
            done[id(node)] = [node]
            continue
        given = [done[id(arg)] for arg in node.args]
        done[id(node)] = _terms(node, given)
        if len(done[id(node)]) > MANY:
            raise UnsupportedError(f"opening the brackets gives more than {MANY} terms", hint=WAY_OUT)
    return done[id(formula)]


def _terms(node: Node, given: list[list[Node]]) -> list[Node]:
    """The terms of an operator applied to sums, of which the terms are given."""
    op = node.op
    if op == "add":
        return [term for terms in given for term in terms]
    if op == "mul":
        return [_with_powers(splice(chosen)) for chosen in choices(*given)]
    if op in ("had", "kron", "inner"):
        return [_with_numbers(lambda chosen: _joined(op, chosen), chosen) for chosen in choices(*given)]
    if op == "T":
        return [flip(term) for term in given[0]]
    if op == "tr":
        return [_with_numbers(lambda chosen: trace(chosen[0]), (term,)) for term in given[0]]
    if op == "total":
        return [_with_numbers(lambda chosen: total(node.data, chosen[0]), (term,)) for term in given[0]]
    if op in TERM_BY_TERM:
        return [_with_numbers(lambda chosen: unary(op, chosen[0]), (term,)) for term in given[0]]
    if len(given[0]) == 1:
        return [rebuild(node, given[0])]
    raise UnsupportedError(f"the method 'expand' does not open {written(node)}", hint=WAY_OUT)


def _with_powers(term: Node) -> Node:
    """Equal scalar factors of a product as a power: (aᵀx)²."""
    if term.op != "mul" or len(set(term.args)) == len(term.args):
        return term
    counts = Counter(term.args)
    if all(count == 1 or not arg.is_scalar or arg.op == "num" for arg, count in counts.items()):
        return term
    factors = []
    for place, arg in enumerate(term.args):
        if counts[arg] == 1 or not arg.is_scalar:
            factors.append(arg)
        elif arg not in term.args[:place]:
            factors.append(power(arg, counts[arg]))
    return mul(factors)


def _joined(op: str, chosen: Sequence[Node]) -> Node:
    """A Hadamard, Kronecker or inner product of terms."""
    if op == "had":
        return had([piece for arg in chosen for piece in (arg.args if arg.op == "had" else (arg,))])
    return kron(*chosen) if op == "kron" else inner(*chosen)


def _with_numbers(build: Callable[[Sequence[Node]], Node], chosen: Sequence[Node]) -> Node:
    """An operator applied to terms, their numbers in front of it."""
    front, bare = Fraction(1), []
    for term in chosen:
        number, rest = split_number(term)
        front *= number
        bare.append(rest)
    body = build(bare)
    return body if front == 1 else splice([num(front), body])


def split_number(term: Node) -> tuple[Fraction, Node]:
    """The number in front of a term, and the rest of it as it stands."""
    if term.op == "num":
        return term.data, num(1)
    if term.op != "mul":
        return Fraction(1), term
    numbers = [arg for arg in term.args if arg.op == "num"]
    rest = [arg for arg in term.args if arg.op != "num"]
    if not numbers or not rest:
        return Fraction(1), term
    return prod((one.data for one in numbers), start=Fraction(1)), mul(rest)


def split_constant(term: Node, variable: Node) -> tuple[Node, Node]:
    """The constant scalars in front of a term, and the rest of it; of a constant term only the number."""
    name = variable.data.name
    if name not in term.free or term.op != "mul":
        number, rest = split_number(term)
        return num(number), rest
    front = [arg for arg in term.args if arg.is_scalar and name not in arg.free]
    rest_of = [arg for arg in term.args if arg not in front]
    return (splice(front) if len(front) > 1 else front[0] if front else num(1)), mul(rest_of)
