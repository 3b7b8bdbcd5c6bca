"""The Jacobian of vec: any term that is linear in d(E) as J vec(dE) (Magnus & Neudecker, ch. 2.4 and 3.7).

This is the way that always works. It is used where no smaller array holds the derivative: matrix values, and Hessians
by a matrix.
"""

from __future__ import annotations

from docgen.algebra.node import Node, commutation, eye, kron, mul, num, ones, unary, zeros
from docgen.algebra.normal import diagonal, flip, hadamard, has_d, is_zero, parts, product, raised, sum_over
from docgen.algebra.sizes import ONE, shape, times
from docgen.calculus.linear import Linear
from docgen.errors import UnsupportedError


def vec_of(node: Node) -> Node:
    """vec of a constant: a column is its own vec, vec of a row its transpose, vec(u vᵀ) stays vec."""
    if node.shape.cols is ONE:
        return node
    if node.shape.rows is ONE:
        return flip(node)
    return unary("vec", node)


def kronecker(left: Node, right: Node) -> Node:
    """The Kronecker product in normal form: numbers out, scalars as factors, I ⊗ I = I, mixed products merged."""
    if left.is_scalar or right.is_scalar:
        return product([left, right])
    if is_zero(left) or is_zero(right):
        return zeros(kron(left, right).shape)
    a, b = parts(left), parts(right)
    if left.op == "eye" and right.op == "eye":
        return eye(times(left.shape.rows, right.shape.rows))
    front = [num(a.number * b.number), *(raised(base, e) for p in (a, b) for base, e in p.scalars)]
    one = type(a.number)(1)
    core = kron(type(a)(one, (), a.chain, a.shape).node(), type(b)(one, (), b.chain, b.shape).node())
    return product([*front, core])


def kron_map(left: Node, right: Node) -> Node:
    """The matrix M with vec(A ⊗ B) = M vec(the factor with the differential): vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B)
    (Magnus & Neudecker, 3.7, theorem 3.10)."""
    a, b = left.shape, right.shape
    between = kronecker(kronecker(eye(a.cols), commutation(b.cols, a.rows)), eye(b.rows))
    if has_d(left):
        both = kronecker(eye(times(a.rows, a.cols)), vec_of(right))
    else:
        both = kronecker(vec_of(left), eye(times(b.rows, b.cols)))
    return product([between, both])


def jacobian_of_vec(term: Node) -> Node:
    """J with vec(term) = J vec(dE) for a term that holds one differential d(E); by a scalar E it is vec(∂term/∂E)."""
    op = term.op
    if op == "d":
        order = times(term.shape.rows, term.shape.cols)
        return eye(order)
    if op == "T":
        inside = term.args[0]
        j = jacobian_of_vec(inside)
        if ONE in (inside.shape.rows, inside.shape.cols):
            return j
        return product([commutation(inside.shape.rows, inside.shape.cols), j])
    if op == "mul":
        place = next(i for i, factor in enumerate(term.args) if has_d(factor))
        moving = term.args[place]
        if moving.is_scalar:
            others = product([factor for i, factor in enumerate(term.args) if i != place])
            return product([vec_of(others), jacobian_of_vec(moving)])
        scalars = [f for i, f in enumerate(term.args) if f.is_scalar and i != place]
        left = [f for f in term.args[:place] if not f.is_scalar]
        right = [f for f in term.args[place + 1 :] if not f.is_scalar]
        a = product(left) if left else eye(moving.shape.rows)
        b = flip(product(right)) if right else eye(moving.shape.cols)
        if left and left[0].shape.rows is not ONE and mul(left).shape.cols is ONE and moving.shape.rows is not ONE:
            raise UnsupportedError("docgen cannot vectorise this product")
        return product([*scalars, kronecker(b, a), jacobian_of_vec(moving)])
    if op == "had":
        moving = next(arg for arg in term.args if has_d(arg))
        constant = hadamard([arg for arg in term.args if arg is not moving] or [ones(term.shape)])
        return product([diagonal(vec_of(constant)), jacobian_of_vec(moving)])
    if op == "tr":
        inside = term.args[0]
        return product([flip(vec_of(eye(inside.shape.rows))), jacobian_of_vec(inside)])
    if op == "sum":
        inside = term.args[0]
        return product([ones(shape(ONE, times(inside.shape.rows, inside.shape.cols))), jacobian_of_vec(inside)])
    if op in ("vec", "unvec"):
        return jacobian_of_vec(term.args[0])
    if op == "kron":
        left, right = term.args
        moving = left if has_d(left) else right
        return product([kron_map(left, right), jacobian_of_vec(moving)])
    if op == "dg":
        inside = term.args[0]
        order = inside.shape.rows
        pick = [kronecker(ones(shape(ONE, order)), eye(order)), diagonal(vec_of(eye(order)))]
        return product([*pick, jacobian_of_vec(inside)])
    if op == "diag":
        inside = term.args[0]
        order = inside.shape.rows  # vec(diag v) = diag(vec I) (1 ⊗ I) v
        return product([diagonal(vec_of(eye(order))), kronecker(ones(shape(order, ONE)), eye(order)), jacobian_of_vec(inside)])
    if op == "total":
        return sum_over(term.data, jacobian_of_vec(term.args[0]))
    if op == "inner":
        left, right = term.args
        constant, moving = (right, left) if has_d(left) else (left, right)
        return product([flip(vec_of(constant)), jacobian_of_vec(moving)])
    raise UnsupportedError(f"docgen cannot write a term with '{op}' by vec")


__all__ = ["jacobian_of_vec", "kronecker", "vec_of", "Linear"]
