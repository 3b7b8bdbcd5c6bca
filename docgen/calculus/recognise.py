"""Named functions recognised in a coefficient, the sigmoid and softmax, and what is assumed of symbols used."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from docgen.algebra.node import Node, add, fn, num, unary
from docgen.algebra.normal import flip, hadamard, parts, product, sum_of
from docgen.algebra.products import entry_powers, raised
from docgen.algebra.properties import has_d, is_one, is_zero
from docgen.algebra.renormal import everywhere
from docgen.calculus.assumed import Recognised, assumed


def recognise(node: Node, *, final: bool = True) -> Recognised | None:
    """The node with one kind of named function recognised everywhere in it; None when there is nothing to see.

    Before the last level (``final`` false) a bare 1/(1 + exp(u)) waits for the exp(u) that may still come."""
    sigmoid = _sigmoid if final else _sigmoid_quotient
    for rule, rewrite in (
        ("sigmoid_def", sigmoid),
        ("softmax_def", _softmax),
        ("sigmoid_symmetry", _mirrored),
    ):
        new = everywhere(node, rewrite)
        if new is not node:
            return Recognised(rule, new)
    return assumed(node)


def one_plus_exp(base: Node) -> Node | None:
    """u when the node reads 1 + exp(u), in either order."""
    if base.op != "add" or len(base.args) != 2:
        return None
    for one, other in (base.args, base.args[::-1]):
        if is_one(one) and other.op == "fn" and other.data == "exp":
            return other.args[0]
    return None


def _minus(u: Node) -> Node:
    """-u, a typed product keeping its order when its sign is turned; a sum is turned term by term, and one that can
    opens with a plus."""
    if u.op != "add":
        return product([num(-1), u])
    terms = [product([num(-1), term]) for term in u.args]
    return add(sorted(terms, key=lambda term: parts(term).number < 0))


def _opposite(powers: Mapping[Node, Fraction], u: Node) -> Node | None:
    """exp(-u) among the factors, however its argument is written."""
    for base, exponent in powers.items():
        if exponent > 0 and base.op == "fn" and base.data == "exp" and is_zero(sum_of([base.args[0], u])):
            return base
    return None


def _sigmoid_quotient(node: Node) -> Node | None:
    """exp(u)/(1 + exp(u)) = σ(u) only."""
    return _sigmoid(node, bare=False)


def _sigmoid(node: Node, bare: bool = True) -> Node | None:
    """exp(u)/(1 + exp(u)) = σ(u) and 1/(1 + exp(u)) = σ(-u), for scalars and entry by entry."""
    if node.is_scalar or node.op == "mul":  # a scalar, alone or in front of a matrix
        taken = parts(node)
        found = _monomial(taken.scalars, bare)
        return None if found is None else product([num(taken.number), *(raised(b, e) for b, e in found), taken.bare])
    found = _monomial(entry_powers(node), bare)
    return None if found is None else hadamard([raised(b, e) for b, e in found])


def _monomial(entries: tuple[tuple[Node, Fraction], ...], bare: bool) -> list[tuple[Node, Fraction]] | None:
    """A monomial with one sigmoid recognised in it; None where there is none."""
    powers = dict(entries)
    for base, exponent in entries:
        u = one_plus_exp(base)
        if u is None or exponent >= 0 or exponent.denominator != 1:
            continue
        times = -exponent
        up = fn("exp", u)
        with_exp = min(times, max(powers.get(up, Fraction(0)), Fraction(0)))
        if with_exp.denominator != 1 or (times > with_exp and not bare):
            continue
        del powers[base]
        if with_exp:
            powers[up] -= with_exp
            powers[fn("sigma", u)] = powers.get(fn("sigma", u), Fraction(0)) + with_exp
        if times > with_exp:
            down = fn("sigma", _minus(u))
            powers[down] = powers.get(down, Fraction(0)) + times - with_exp
        return [(b, e) for b, e in powers.items() if e]
    for base, exponent in entries:  # σ(u) exp(-u) = σ(-u)
        if base.op == "fn" and base.data == "sigma" and exponent > 0:
            other = _opposite(powers, base.args[0])
            if other is not None:
                times = min(exponent, powers[other])
                powers[base] -= times
                powers[other] -= times
                new = fn("sigma", _minus(base.args[0]))
                powers[new] = powers.get(new, Fraction(0)) + times
                return [(b, e) for b, e in powers.items() if e]
    return None


def _sum_of_exp(base: Node) -> Node | None:
    """exp(u) when the scalar reads sum(exp(u)) or 1ᵀ exp(u)."""
    if (
        base.op == "sum"
        and base.args[0].op == "fn"
        and base.args[0].data == "exp"
        and base.args[0].shape.kind == "vector"
    ):
        return base.args[0]
    if base.op == "mul" and len(base.args) == 2:
        for one, other in (base.args, base.args[::-1]):
            turned = other if other.op == "fn" else flip(other)
            if one.op == "ones" and turned.op == "fn" and turned.data == "exp" and turned.shape.kind == "vector":
                return turned
    return None


def _softmax(node: Node) -> Node | None:
    """exp(u) / sum(exp(u)) = softmax(u), as a column, a row, a diagonal or inside a Hadamard product."""
    if node.op != "mul" or has_d(node):
        return None
    taken = parts(node)
    for base, exponent in taken.scalars:
        up = _sum_of_exp(base)
        if up is None or exponent >= 0 or exponent.denominator != 1:
            continue
        p = unary("softmax", up.args[0])
        left = -exponent
        chain = []
        for factor in taken.chain:
            new = _soft(factor, up, p) if left else None
            if new is not None:
                left -= 1
            chain.append(new or factor)
        if left == -exponent:
            continue
        scalars = [(b, e if b is not base else -left) for b, e in taken.scalars]
        return product([num(taken.number), *(raised(b, e) for b, e in scalars if e), *chain])
    return None


def _soft(factor: Node, up: Node, p: Node) -> Node | None:
    if factor is up:
        return p
    if factor.op == "add":
        terms = [_soft_term(term, up, p) for term in factor.args]
        return None if None in terms else sum_of([term for term in terms if term is not None])
    if factor is flip(up):
        return flip(p)
    if factor.op == "diag" and factor.args[0] is up:
        return unary("diag", p)
    if factor.op == "diag":
        inside = _soft(factor.args[0], up, p)
        return None if inside is None else unary("diag", inside)
    if factor.op == "T":
        inside = _soft(factor.args[0], up, p)
        return None if inside is None else flip(inside)
    if factor.op == "had" and up in factor.args:
        args = list(factor.args)
        args[args.index(up)] = p
        return hadamard(args)
    return None


def _soft_term(term: Node, up: Node, p: Node) -> Node | None:
    """A term of a bracket with its first exp(u) divided by the sum."""
    taken = parts(term)
    for place, factor in enumerate(taken.chain):
        new = _soft(factor, up, p)
        if new is not None:
            chain = (*taken.chain[:place], new, *taken.chain[place + 1 :])
            return product([num(taken.number), *(raised(b, e) for b, e in taken.scalars), *chain])
    return None


def _mirrored(node: Node) -> Node | None:
    """1 - σ(u) = σ(-u), where u is more than a symbol (there the difference is the shorter)."""
    if node.op != "add" or len(node.args) != 2 or has_d(node):
        return None
    one, other = node.args
    taken = parts(other)
    if is_one(one) and taken.number == -1:
        inside = product([num(-1), other])
        if inside.op == "fn" and inside.data == "sigma" and inside.args[0].op != "sym":
            return fn("sigma", _minus(inside.args[0]))
    return None
