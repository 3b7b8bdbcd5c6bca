"""An answer made shorter where opening its brackets lets terms cancel: Σσᵢ(1 - yᵢ)xᵢ - Σ(1 - σᵢ)yᵢxᵢ = Σ(σᵢ - yᵢ)xᵢ.

Polynomials are left alone: for those the factored form is the shorter one already. What is tried here is only what
the named functions make possible: σ(-u) = 1 - σ(u), p ⊙ (y ⊘ p) = y, and sums over the same samples put together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docgen.algebra.node import Node, Sum, add, eye, fn, num, ones, total, walk
from docgen.algebra.normal import flip, hadamard, parts, product, sum_of
from docgen.algebra.products import Product, raised
from docgen.algebra.properties import weight
from docgen.algebra.renormal import everywhere, sum_over
from docgen.algebra.sizes import ONE, SCALAR, shape
from docgen.calculus.collect import factor
from docgen.calculus.quotients import reduced

#: More terms than this are not opened.
TERMS = 24


def shorter(answer: Node) -> Node | None:
    """A shorter form of the answer; None where there is none."""
    best = reduced(answer)
    if best is not answer:
        best = factor(best)
    if not _worth(best):
        return best if weight(best) < weight(answer) else None
    start = best
    best = _shorter(start, _together(start))
    for rewritten in (start, _mirrored(start)):
        terms = _opened(rewritten)
        if terms is None:
            continue
        best = _shorter(best, _together(sum_of(terms)))
    return best if weight(best) < weight(answer) else None


def _shorter(best: Node, candidate: Node) -> Node:
    """The candidate with its quotients reduced where that is shorter than the best so far, and has no more sums:
    s (1 + s (2 s - 3)) is shorter than s (1 - s) (1 - 2 s), but nobody writes it."""
    candidate = reduced(candidate)
    return candidate if weight(candidate) < weight(best) and _sums(candidate) <= _sums(best) else best


def _sums(node: Node) -> int:
    return sum(at.op == "add" for at in walk(node))


def _worth(answer: Node) -> bool:
    """Whether something may cancel: a sum beside a sigmoid or softmax, or several sums over samples."""
    sums = named = False
    for node in walk(answer):
        sums = sums or node.op == "add"
        named = named or node.op in ("softmax", "total") or (node.op == "fn" and node.data == "sigma")
    return sums and named


def _mirrored(node: Node) -> Node:
    """σ(-u) written as 1 - σ(u) wherever σ(u) occurs as well."""
    arguments = {at.args[0] for at in walk(node) if at.op == "fn" and at.data == "sigma"}

    def mirrored(at: Node) -> Node | None:
        if at.op != "fn" or at.data != "sigma" or parts(at.args[0]).number >= 0:
            return None
        opposite = product([num(-1), at.args[0]])
        return add([ones(at.shape), product([num(-1), fn("sigma", opposite)])]) if opposite in arguments else None

    return everywhere(node, mirrored)


def _opened(node: Node) -> list[Node] | None:
    """The terms of a formula with its brackets opened; None where they are too many."""
    found = _terms(node)
    return None if found is None or len(found) > TERMS else found


def _terms(node: Node) -> list[Node] | None:
    if node.op == "add":
        return _all(node.args)
    if node.op == "total":
        inside = _terms(node.args[0])
        return None if inside is None else [_total(node.data, term) for term in inside]
    if node.op == "had":
        return _distributed(list(node.args), hadamard)
    if node.op == "mul" or node.is_scalar:
        taken = parts(node)
        factors: list[Node] = [num(taken.number)]
        for base, exponent in taken.scalars:
            whole = exponent.denominator == 1 and 0 < exponent <= 2
            factors += [base] * int(exponent) if whole else [raised(base, exponent)]
        tail = list(taken.chain)
        if len(factors) + len(tail) == 1:
            return [node]
        if not tail and node.shape is not SCALAR:
            tail = [eye(node.shape.rows)]
        return _distributed([*factors, *tail], _monomial)
    return [node]


def _all(nodes: Sequence[Node]) -> list[Node] | None:
    found: list[Node] = []
    for node in nodes:
        terms = _terms(node)
        if terms is None or len(found) + len(terms) > TERMS:
            return None
        found += terms
    return found


def _distributed(factors: list[Node], join: Callable[[Sequence[Node]], Node]) -> list[Node] | None:
    """The product of sums as a sum of products."""
    choices: list[list[Node]] = [[]]
    for factor_ in factors:
        terms: list[Node] | None = [factor_]
        if factor_.op in ("add", "had", "total"):
            terms = _terms(factor_)
        elif factor_.op == "T" and factor_.args[0].op == "add":
            terms = [flip(term) for term in factor_.args[0].args]
        if terms is None or len(choices) * len(terms) > TERMS:
            return None
        choices = [[*chosen, term] for chosen in choices for term in terms]
    return [join(chosen) for chosen in choices]


def _monomial(factors: Sequence[Node]) -> Node:
    """A product; a scalar product aᵀb whose entries cancel becomes 1ᵀ(a ⊙ b)."""
    result = product(list(factors))
    taken = parts(result)
    scalars: list[Node] = []
    changed = False
    for base, exponent in taken.scalars:
        new = _cancelled(base) if exponent == 1 else None
        changed = changed or new is not None
        scalars.append(new if new is not None else raised(base, exponent))
    if not changed:
        return result
    return product([num(taken.number), *scalars, taken.bare])


def _cancelled(base: Node) -> Node | None:
    if base.op != "mul" or len(base.args) != 2 or base.args[0].shape.rows is not ONE:
        return None
    left, right = flip(base.args[0]), base.args[1]
    together = hadamard([left, right])
    if together.op == "had" or weight(together) >= weight(left) + weight(right) - 1:
        return None
    return product([ones(shape(ONE, together.shape.rows)), together])


def _total(bound: Sum, term: Node) -> Node:
    """The sum over samples of a term, numbers in front and all else inside."""
    taken = parts(term)
    if bound.index not in term.indices:
        return total(bound, term)
    return product([num(taken.number), total(bound, taken.times(1 / taken.number).node())])


def _together(node: Node) -> Node:
    """Sums over the same samples as one sum, then common factors outside."""
    if node.op != "add":
        return factor(node)
    bodies: dict[Sum, list[Node]] = {}
    rest: list[Node] = []
    for term in node.args:
        taken = parts(term)
        inside = [f for f in (*taken.chain, *(b for b, e in taken.scalars if e == 1)) if f.op == "total"]
        others = Product(taken.number, tuple(p for p in taken.scalars if p[0] not in inside), (), SCALAR).node()
        chain = [f for f in taken.chain if f not in inside]
        if len(inside) == 1 and not chain and inside[0].shape is term.shape:  # no multiple of an identity
            bodies.setdefault(inside[0].data, []).append(product([others, inside[0].args[0]]))
        else:
            rest.append(term)
    if not any(len(found) > 1 for found in bodies.values()):
        return factor(node)
    joined = []
    for bound, found in bodies.items():
        body = factor(sum_of(found))
        joined.append(sum_over(bound, body) if body.op != "add" else total(bound, body))
    return factor(sum_of([*joined, *rest]))
