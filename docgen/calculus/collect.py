"""Collecting and factoring: like terms together, common ends and scalars outside, where the formula gets shorter."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

from docgen.algebra.memo import kept
from docgen.algebra.node import Node, eye, num, ones
from docgen.algebra.normal import flip, hadamard, parts, product, sum_of
from docgen.algebra.products import Product, entry_powers, raised
from docgen.algebra.properties import weight
from docgen.algebra.renormal import diagonal
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape

ZERO = Fraction(0)


@kept
def factor(node: Node) -> Node:
    """A sum with what its terms share pulled out, as far as that makes it shorter; other nodes as they are."""
    if node.op != "add":
        return node
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
    if best is node and node.shape is not SCALAR and any(e < 0 for e in _common_scalars(terms).values()):
        divided = _pull(terms, node.shape, ends=False)  # I/s - A/s^3 is (I - A/s^2)/s
        best = divided if divided is not None and weight(divided) <= weight(node) else node
    entries = _entries(terms)
    if entries is not None and _is_shorter(entries, best):
        best = entries
    if best is node and len(terms) > 2:
        for grouped in (_group(node, terms), _whole(node, terms)):
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
    number = common_number([term.number for term in terms])
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
            tuple((b, e - scalars.get(b, ZERO)) for b, e in term.scalars if e != scalars.get(b, ZERO)),
            term.chain[left : len(term.chain) - right],
            inside,
        ).node()
        for term in terms
    ]
    bracket = factor(sum_of(rest))
    front = Product(number, tuple(scalars.items()), (), SCALAR).node()
    return product([front, *head, bracket, *tail])


def _inner_shape(result: Shape, head: Sequence[Node], tail: Sequence[Node]) -> Shape:
    rows = head[-1].shape.cols if head else result.rows
    cols = tail[0].shape.rows if tail else result.cols
    return shape(rows, cols)


def common_number(numbers: Sequence[Fraction]) -> Fraction:
    """The greatest common divisor of numbers, which leaves coprime integers; negative when each of them is."""
    value = Fraction(gcd(*(one.numerator for one in numbers)), lcm(*(one.denominator for one in numbers)))
    return -value if all(one < 0 for one in numbers) else value


def _common_scalars(terms: Sequence[Product]) -> dict[Node, Fraction]:
    """The powers of scalars that all terms share, for exponents of one sign."""
    common: dict[Node, Fraction] = {}
    for base in dict.fromkeys(b for term in terms for b, _ in term.scalars):
        exponents = [dict(term.scalars).get(base, ZERO) for term in terms]
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


def _whole(node: Node, terms: Sequence[Product]) -> Node | None:
    """S + S M with the terms of S standing apart in the sum, as S (I + M); S + M S as (I + M) S."""
    apart = {term.key: i for i, term in enumerate(terms)}
    for place, term in enumerate(terms):
        for end in (0, -1):
            whole = term.chain[end] if len(term.chain) > 1 else None
            if whole is None or whole.op != "add" or whole.shape is not node.shape:
                continue
            inside = [parts(arg) for arg in whole.args]
            found = [apart.get(piece.key) for piece in inside]
            times = {terms[i].number / piece.number for i, piece in zip(found, inside, strict=True) if i is not None}
            if None in found or place in found or len(times) != 1:
                continue
            rest = term.chain[1:] if end == 0 else term.chain[:-1]
            square = shape(rest[0].shape.rows, rest[-1].shape.cols)
            one = product([num(times.pop()), eye(square.rows)])
            bracket = factor(sum_of([one, Product(term.number, term.scalars, rest, square).node()]))
            together = product([whole, bracket] if end == 0 else [bracket, whole])
            others = [node.args[i] for i in range(len(terms)) if i != place and i not in found]
            return sum_of([together, *others]) if others else together
    return None


def _entries(terms: Sequence[Product]) -> Node | None:
    """diag(a) + diag(b) as diag(a + b), and a ⊙ c + b ⊙ c as (a + b) ⊙ c; None where the terms are not so."""
    if any(len(term.chain) != 1 for term in terms):
        return None
    if all(term.chain[0].op == "diag" for term in terms):
        inside = [Product(t.number, t.scalars, t.chain[0].args, t.chain[0].args[0].shape).node() for t in terms]
        return diagonal(factor(sum_of(inside)))
    found = [dict(entry_powers(term.chain[0])) for term in terms]
    common = {base: min(powers.get(base, ZERO) for powers in found) for base in found[0]}
    common = {base: exponent for base, exponent in common.items() if exponent > 0}
    if not common:
        return None
    rest = []
    for term, powers in zip(terms, found, strict=True):
        left = [raised(base, e - common.get(base, ZERO)) for base, e in powers.items() if e != common.get(base, ZERO)]
        rest.append(product([term.front, hadamard(left or [ones(term.shape)])]))
    return hadamard([*(raised(base, e) for base, e in common.items()), factor(sum_of(rest))])
