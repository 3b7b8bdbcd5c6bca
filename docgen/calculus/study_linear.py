"""The linear systems of a study: how they are read off an equation, freed of common factors, and solved."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from docgen.algebra.node import Node, add, eye, mul, num, unary, walk, zeros
from docgen.algebra.normal import flip, parts, product, sum_of
from docgen.algebra.products import raised
from docgen.algebra.properties import is_zero
from docgen.algebra.renormal import renormal
from docgen.calculus.collect import common_number, factor
from docgen.calculus.definite import never_zero, positive
from docgen.calculus.derivation import Line
from docgen.calculus.study import invertible, prose
from docgen.errors import UnsupportedError

#: A, B (None for the identity) and C of a system A x B = C; the matrices around the variable in one term of it.
System = tuple[Node, Node | None, Node]
Pair = tuple[Node, Node]


def system_of(hessian: Node, gradient: Node, x: Node) -> System:
    """A, B and C of the system A x B = C that says ∇f = 0."""
    rhs = factor(sum_of([product([num(-1), at_point(gradient, x, zeros(x.shape))]), zeros(x.shape)]))
    if x.shape.kind != "matrix":
        if x.shape.kind == "row":
            raise UnsupportedError(
                f"docgen solves systems for scalars, columns and matrices, not for the row {x.data.name}",
                hint=f"Declare {x.data.name} as a column, and write {x.data.name}^T for the row.",
            )
        return hessian, None, rhs
    pairs = []
    for term in terms_of(hessian):
        taken = parts(term)
        if not taken.chain:
            pairs.append((product([taken.front, eye(x.shape.rows)]), eye(x.shape.cols)))
        elif len(taken.chain) == 1 and taken.chain[0].op == "kron":
            right, left = taken.chain[0].args
            pairs.append((product([taken.front, left]), flip(right)))
        else:
            break
    else:
        sides = _sides(pairs)
        if sides is not None:
            return *sides, rhs
    raise UnsupportedError(
        f"the system for {x.data.name} has no solution in the form of a product of matrices",
        hint="Leave this task out; 'gradient_step' works for every loss.",
    )


def system_in(terms: Sequence[Node], x: Node) -> System | None:
    """A, B and C of the system A x B = C that says that the sum of the terms is zero; None where it is no such
    system."""
    name = x.data.name
    rest = [product([num(-1), term]) for term in terms if name not in term.free]
    pairs = [_around(term, x) for term in terms if name in term.free]
    known = [pair for pair in pairs if pair is not None]
    sides = _sides(known) if known and len(known) == len(pairs) else None
    return None if sides is None else (*sides, factor(sum_of([*rest, zeros(terms[0].shape)])))


def _around(term: Node, x: Node) -> Pair | None:
    """What stands before and behind the variable in a term that has it once."""
    name, taken = x.data.name, parts(term)
    inside = {b: e for b, e in taken.scalars if name in b.free}
    front = product([num(taken.number), *(raised(b, e) for b, e in taken.scalars if b not in inside)])
    if x.is_scalar:
        return (product([front, *taken.chain]), num(1)) if inside == {x: 1} and term.is_scalar else None
    chain = taken.chain
    if len(inside) == 1 and x.shape.kind == "vector":  # (aᵀx) b is b aᵀ x
        piece, exponent = next(iter(inside.items()))
        if exponent != 1 or piece.op != "mul":
            return None
        chain = (*chain, *(piece.args if piece.args[-1] is x else [flip(one) for one in reversed(piece.args)]))
    elif inside:
        return None
    if [one for one in chain if name in one.free] != [x]:
        return None
    place = chain.index(x)
    before = [*chain[:place]] or [eye(x.shape.rows)]
    return product([front, *before]), product([*chain[place + 1 :]] or [eye(x.shape.cols)])


def _sides(pairs: Sequence[Pair]) -> tuple[Node, Node | None] | None:
    """A and B where Σ Aₖ x Bₖ is A x B, because one side is the same in all terms; B is None for the identity."""
    lefts, rights = zip(*pairs, strict=True)
    if all(right is rights[0] for right in rights):
        return factor(sum_of(lefts)), None if rights[0].op == "eye" or rights[0].is_scalar else rights[0]
    bare = [parts(left) for left in lefts]
    if all(one.chain == bare[0].chain for one in bare):
        left = product(bare[0].chain) if bare[0].chain else eye(lefts[0].shape.rows)
        return left, factor(sum_of([product([one.front, right]) for one, right in zip(bare, rights, strict=True)]))
    return None


def terms_of(node: Node) -> list[Node]:
    """The terms of a sum, brackets opened where only scalars stand before them."""
    if node.op == "add":
        return [piece for term in node.args for piece in terms_of(term)]
    taken = parts(node)
    if len(taken.chain) == 1 and taken.chain[0].op == "add":
        return [piece for term in taken.chain[0].args for piece in terms_of(product([taken.front, term]))]
    if not taken.chain and len(taken.scalars) == 1 and taken.scalars[0][0].op == "add" and taken.scalars[0][1] == 1:
        return [piece for term in taken.scalars[0][0].args for piece in terms_of(product([num(taken.number), term]))]
    return [node]


def scaled(matrix: Node, rhs: Node) -> tuple[Node, Node, Node]:
    """The two sides without common factors and denominators, and what they were multiplied by; a multiple of the
    identity stands last."""
    sides = [parts(term) for term in terms_of(matrix)]
    both = [*sides, *([] if is_zero(rhs) else [parts(term) for term in terms_of(rhs)])]
    scale = [num(1 / common_number([term.number for term in sides]))]
    for base in dict.fromkeys(
        b for term in both for b, _ in term.scalars if b.op == "dim" or (b.op == "sym" and positive(b))
    ):
        least = min(dict(term.scalars).get(base, Fraction(0)) for term in both)
        if least and least.denominator == 1:
            scale.append(raised(base, -least))
    whole = product(scale)
    terms = sorted((product([whole, term]) for term in terms_of(matrix)), key=lambda term: not parts(term).chain)
    left = add(terms) if len(terms) > 1 and not parts(terms[-1]).chain else factor(sum_of(terms))
    right = rhs if is_zero(rhs) else factor(sum_of([product([whole, term]) for term in terms_of(rhs)]))
    return whole, left, right


def applied(matrix: Node, right_factor: Node | None, x: Node) -> Node:
    """A x B; a scalar unknown stands behind its factor."""
    if x.is_scalar and matrix.op not in ("num", "add"):
        return mul([*(matrix.args if matrix.op == "mul" else (matrix,)), x])
    return product([matrix, x] if right_factor is None else [matrix, x, right_factor])


def solve(matrix: Node, right_factor: Node | None, rhs: Node, x: Node) -> tuple[Node, list[Line]]:
    """The solution of A x B = C, and the sentences on why the matrices can be inverted."""
    reasons: list[Line] = []
    for one in (matrix, right_factor):
        taken = None if one is None else parts(one)
        if one is not None and taken is not None and taken.chain:
            reasons.append(invertible(one, x))
        elif taken is not None and not never_zero(taken.front):
            reasons.append(prose("nonzero", taken.front, s=taken.front))
    return product([inverse(matrix), rhs, *([] if right_factor is None else [inverse(right_factor)])]), reasons


def inverse(matrix: Node) -> Node:
    """The inverse of a scalar or a matrix, the scalars in front of a single factor outside."""
    taken = parts(matrix)
    front = product([raised(taken.front, Fraction(-1))])
    if not taken.chain:
        return front if matrix.is_scalar else product([front, eye(matrix.shape.rows)])
    if len(taken.chain) > 1 and (taken.number != 1 or taken.scalars):
        return unary("inv", matrix)
    inside = product(taken.chain)
    if inside.op == "T":  # written as the transpose of the inverse
        return product([front, flip(unary("inv", inside.args[0]))])
    return product([front, inside.args[0] if inside.op == "inv" else unary("inv", inside)])


def at_point(node: Node, x: Node, point: Node) -> Node:
    """The node with the variable set to a value, in normal form."""
    done: dict[int, Node] = {}
    for at in walk(node):
        args = [done[id(arg)] for arg in at.args]
        if at is x or not args:
            done[id(at)] = point if at is x else at
        elif at.op == "inv" and not is_zero(args[0]):
            done[id(at)] = inverse(args[0])
        else:
            done[id(at)] = renormal(at, args)
    return done[id(node)]
