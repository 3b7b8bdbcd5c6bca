"""Collecting and factoring: like terms together, common ends and scalars outside, where the formula gets shorter."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd

from docgen.algebra.node import Node
from docgen.algebra.normal import Product, flip, parts, product, sum_of, weight
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape


def factor(node: Node) -> Node:
    """A sum with what its terms share pulled out, as far as that makes it shorter; other nodes as they are."""
    if node.op != "add":
        return node
    found: Node | None = node.memo.get("factored")
    if found is None:
        found = _factor(node)
        node.memo["factored"] = found
    return found


def _factor(node: Node) -> Node:
    terms = [parts(arg) for arg in node.args]
    if not all(term.number for term in terms):
        return factor(sum_of(node.args))
    best = node
    if ONE in (node.shape.rows, node.shape.cols):  # what all terms share but their ends
        best = _pull(terms, node.shape, ends=False) or node
    whole = _pull(terms, node.shape)
    scalars_only = terms[0].chain and all(term.chain == terms[0].chain for term in terms)  # x + s x is (1 + s) x
    if whole is not None and (_is_shorter(whole, best) or (scalars_only and weight(whole) <= weight(best))):
        best = whole
    if best is not node and not (_is_shorter(best, node) or (scalars_only and weight(best) <= weight(node))):
        best = node
    if best is node and len(terms) > 2:
        grouped = _group(node, terms)
        if grouped is not None and weight(grouped) < weight(best):
            best = grouped
    return best


def _is_shorter(one: Node, other: Node) -> bool:
    """Whether a sum got shorter. A row is judged as the column that it will be read off as: there xᵀ(A - sI) is
    (Aᵀ - sI)x, which is no shorter than Aᵀx - sx."""
    if one.shape.kind == "row" and weight(one) < weight(other):
        return weight(flip(one)) < weight(flip(other))
    return weight(one) < weight(other)


def _pull(terms: Sequence[Product], result: Shape, *, ends: bool = True) -> Node | None:
    """What all terms share - number, scalars, left end, right end - outside a bracket of the rest."""
    number = _common_number(terms)
    scalars = _common_scalars(terms)
    chains = [term.chain for term in terms]
    left = _common_prefix(chains) if ends else 0
    right = _common_prefix([chain[left:][::-1] for chain in chains]) if ends else 0
    if number == 1 and not scalars and not left and not right:
        return None
    head, tail = chains[0][:left], chains[0][len(chains[0]) - right :] if right else ()
    inside = _inner_shape(result, head, tail)
    if all(len(term.chain) == left + right for term in terms) and left + right:
        inside = SCALAR  # the terms differ in scalars only: (1 + s) x, not (I + s I) x
    rest = [
        Product(
            term.number / number,
            tuple(
                (b, e - scalars.get(b, Fraction(0)))
                for b, e in _with_missing(term.scalars, scalars)
                if e != scalars.get(b, Fraction(0))
            ),
            term.chain[left : len(term.chain) - right],
            inside,
        ).node()
        for term in terms
    ]
    bracket = factor(sum_of(rest))
    front = Product(number, tuple(scalars.items()), (), SCALAR).node()
    return product([front, *head, bracket, *tail])


def _with_missing(
    scalars: tuple[tuple[Node, Fraction], ...], common: dict[Node, Fraction]
) -> list[tuple[Node, Fraction]]:
    """The monomial with an exponent 0 for each common base that it lacks."""
    present = {b for b, _ in scalars}
    return [*scalars, *((b, Fraction(0)) for b in common if b not in present)]


def _inner_shape(result: Shape, head: Sequence[Node], tail: Sequence[Node]) -> Shape:
    rows = head[-1].shape.cols if head else result.rows
    cols = tail[0].shape.rows if tail else result.cols
    return shape(rows, cols)


def _common_number(terms: Sequence[Product]) -> Fraction:
    """The greatest common divisor, negative when every term is, or when the bracket would open with -I."""
    numerator = gcd(*(term.number.numerator for term in terms))
    denominator = 1
    for term in terms:
        denominator = denominator * term.number.denominator // gcd(denominator, term.number.denominator)
    value = Fraction(numerator, denominator)
    return -value if all(term.number < 0 for term in terms) else value


def _common_scalars(terms: Sequence[Product]) -> dict[Node, Fraction]:
    """The powers of scalars that all terms share, for exponents of one sign."""
    common: dict[Node, Fraction] = {}
    for base in dict.fromkeys(b for term in terms for b, _ in term.scalars):
        exponents = [dict(term.scalars).get(base, Fraction(0)) for term in terms]
        if all(e > 0 for e in exponents):
            common[base] = min(exponents)
        elif all(e < 0 for e in exponents):
            common[base] = max(exponents)
    return common


def _common_prefix(chains: Sequence[Sequence[Node]]) -> int:
    length = 0
    while all(len(chain) > length for chain in chains) and all(c[length] is chains[0][length] for c in chains):
        length += 1
    return length


def _group(node: Node, terms: Sequence[Product]) -> Node | None:
    """The largest group of terms that share an end of their chains (or a scalar), factored; the others beside it."""
    groups: dict[tuple[str, int], list[int]] = {}
    for i, term in enumerate(terms):
        if term.chain:
            groups.setdefault(("left", id(term.chain[0])), []).append(i)
            groups.setdefault(("right", id(term.chain[-1])), []).append(i)
        for base, _ in term.scalars:
            groups.setdefault(("scalar", id(base)), []).append(i)
    candidates = sorted((g for g in groups.values() if 1 < len(g) < len(terms)), key=len, reverse=True)
    best: Node | None = None
    for chosen in candidates[:6]:
        inside = _pull([terms[i] for i in chosen], node.shape)
        if inside is None:
            continue
        others = [node.args[i] for i in range(len(terms)) if i not in chosen]
        together = sum_of([inside, *others]) if len(others) == 1 else sum_of([inside, factor(sum_of(others))])
        if best is None or weight(together) < weight(best):
            best = together
    return best
