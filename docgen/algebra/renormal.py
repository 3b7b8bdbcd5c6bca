"""The normal form of an operator applied to new arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docgen.algebra.node import Node, Sum, dim, eye, kron, mul, num, ones, rebuild, total, unary, walk, zeros
from docgen.algebra.normal import flip, hadamard, parts, product, sum_of, trace_of
from docgen.algebra.products import raised
from docgen.algebra.sizes import ONE, SCALAR, shape


def diagonal(node: Node) -> Node:
    """The diagonal matrix of a column, diag(1) being the identity."""
    if node.op == "ones":
        return eye(node.shape.rows)
    taken = parts(node)
    if not taken.number:
        return zeros(shape(node.shape.rows, node.shape.rows))
    if taken.number == 1 and not taken.scalars:
        return unary("diag", node)
    return product([taken.front, diagonal(taken.bare)])


def diagonal_of(matrix: Node) -> Node:
    """The diagonal of a matrix as a column: of u vᵀ it is u ⊙ v."""
    taken = parts(matrix)
    chain = taken.chain
    for place, factor in enumerate(chain[:-1]):
        if factor.shape.cols is ONE:
            return product([taken.front, hadamard([product(chain[: place + 1]), flip(product(chain[place + 1 :]))])])
    if not chain:
        return product([taken.front, ones(shape(matrix.shape.rows, ONE))])
    if len(chain) == 1 and chain[0].op == "diag":
        return product([taken.front, chain[0].args[0]])
    return product([taken.front, unary("dg", mul(chain))])


def sum_over(bound: Sum, body: Node) -> Node:
    """Σ over the samples in normal form: what does not depend on the index comes out on both sides."""
    if body.op == "add":
        return sum_of([sum_over(bound, term) for term in body.args])
    if bound.index not in body.indices:
        return product([dim(bound.count), body])
    taken = parts(body)
    if len(taken.chain) == 1 and taken.chain[0].op == "had":
        only = taken.chain[0]
        apart = [arg for arg in only.args if bound.index not in arg.indices]
        if 0 < len(apart) < len(only.args):
            rest = product([taken.front, hadamard([a for a in only.args if a not in apart])])
            return hadamard([*apart, sum_over(bound, rest)])
    front = [(b, e) for b, e in taken.scalars if bound.index not in b.indices]
    inside = [(b, e) for b, e in taken.scalars if bound.index in b.indices]
    chain = list(taken.chain)
    left: list[Node] = []
    right: list[Node] = []
    if (chain and not inside) or any(bound.index in f.indices for f in chain):
        while chain and bound.index not in chain[0].indices:
            left.append(chain.pop(0))
        while chain and bound.index not in chain[-1].indices:
            right.insert(0, chain.pop())
    elif chain:  # only scalars depend on the index
        left, chain = chain, []
    if not taken.chain and taken.shape is not SCALAR:  # a scalar of each sample times the identity
        right = [eye(taken.shape.rows)]
    core = [raised(b, e) for b, e in inside] + chain
    return product(
        [
            num(taken.number),
            *(raised(b, e) for b, e in front),
            *left,
            total(bound, product(core)),
            *right,
        ]
    )


def renormal(node: Node, args: Sequence[Node]) -> Node:
    """The operator of ``node`` applied to ``args``, in normal form."""
    op = node.op
    if op == "mul":
        return product(args)
    if op == "add":
        return sum_of(args, sort=False)
    if op == "had":
        return hadamard(args)
    if op == "T":
        return flip(args[0])
    if op == "tr":
        return trace_of(args[0])
    if op == "diag":
        return diagonal(args[0])
    if op == "total":
        return sum_over(node.data, args[0])
    if op == "kron":
        sides = [parts(arg) for arg in args]
        return product([*(side.front for side in sides), kron(*(side.bare for side in sides))])
    return rebuild(node, args)


def everywhere(
    node: Node, rewrite: Callable[[Node], Node | None], build: Callable[[Node, Sequence[Node]], Node] = renormal
) -> Node:
    """The node with a rewriting done wherever it can be, from the arguments upwards.

    ``rewrite`` gives None where there is nothing to do; leaves are not asked. ``build`` makes a node whose arguments
    were rewritten."""
    done: dict[int, Node] = {}
    for at in walk(node):
        args = [done[id(arg)] for arg in at.args]
        new = at if all(a is b for a, b in zip(args, at.args, strict=True)) else build(at, args)
        done[id(at)] = rewrite(new) or new if new.args else new
    return done[id(node)]
