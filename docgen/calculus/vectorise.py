"""The Jacobian of vec: any term that is linear in d(E) as J vec(dE) (Magnus & Neudecker, ch. 2.4 and 3.7).

This is the way that always works. It is used where no smaller array holds the derivative: matrix values, and Hessians
by a matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, commutation, eye, kron, mul, ones, unary, unvec, zeros
from docgen.algebra.normal import flip, hadamard, parts, product, sum_of
from docgen.algebra.products import cut
from docgen.algebra.properties import has_d, is_zero
from docgen.algebra.renormal import diagonal, sum_over
from docgen.algebra.sizes import ONE, Shape, Size, shape, times
from docgen.errors import UnsupportedError


def vec_of(node: Node) -> Node:
    """vec of a constant: a column is its own vec, vec of a row its transpose, scalars stand in front of vec(M)."""
    if node.shape.cols is ONE:
        return node
    if node.shape.rows is ONE:
        return flip(node)
    taken = parts(node)
    if taken.number == 1 and not taken.scalars:
        return unary("vec", node)
    return product([taken.front, unary("vec", taken.bare)])


def unvec_of(column: Node, result: Shape) -> Node:
    """The matrix Z of the given shape with vec Z = column."""
    if column.op == "vec":
        return column.args[0]
    if column.op == "ones":
        return ones(result)
    if result.cols is ONE or result.rows is ONE:
        return column if result.cols is ONE else flip(column)
    if column.op == "add":
        return sum_of([unvec_of(term, result) for term in column.args])
    taken = parts(column)
    if taken.number != 1 or taken.scalars:
        return product([taken.front, unvec_of(product(taken.chain), result)])
    first, *rest = taken.chain
    if first.op == "add" and rest:
        return sum_of([unvec_of(product([term, *rest]), result) for term in first.args])
    if first.op == "commutation" and rest:  # K vec(Z) = vec(Zᵀ)
        return flip(unvec_of(product(rest), shape(*first.data)))
    return unvec(column, result)


def kronecker(left: Node, right: Node) -> Node:
    """The Kronecker product in normal form: numbers out, scalars as factors, I ⊗ I = I, mixed products merged."""
    if left.is_scalar or right.is_scalar:
        return product([left, right])
    if is_zero(left) or is_zero(right):
        return zeros(kron(left, right).shape)
    a, b = parts(left), parts(right)
    if left.op == "eye" and right.op == "eye":
        return eye(times(left.shape.rows, right.shape.rows))
    return product([a.front, b.front, kron(a.bare, b.bare)])


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
    rule = _RULES.get(term.op)
    if rule is None:
        raise UnsupportedError(f"docgen cannot write {latex(term)} by vec")
    return rule(term)


def _entries(given: Shape) -> Size:
    return times(given.rows, given.cols)


def _argument(term: Node) -> Node:
    return jacobian_of_vec(term.args[0])


def _transpose(term: Node) -> Node:
    inside = term.args[0]
    if ONE in (inside.shape.rows, inside.shape.cols):
        return _argument(term)
    return product([commutation(inside.shape.rows, inside.shape.cols), _argument(term)])


def _product(term: Node) -> Node:
    """vec(A dX B) = (Bᵀ ⊗ A) vec(dX), scalars in front."""
    pieces = _pieces(term.args)
    piece = next(piece for piece in pieces if any(map(has_d, piece)))
    others = [mul(other) for other in pieces if other is not piece]
    if mul(piece).is_scalar and not term.is_scalar:
        return product([vec_of(product(others)), jacobian_of_vec(mul(piece))])
    if len(piece) == 1:
        return product([*others, jacobian_of_vec(piece[0])])
    place = next(i for i, factor in enumerate(piece) if has_d(factor))
    moving, left, right = piece[place], piece[:place], piece[place + 1 :]
    a = product(left) if left else eye(moving.shape.rows)
    b = flip(product(right)) if right else eye(moving.shape.cols)
    return product([*others, kronecker(b, a), jacobian_of_vec(moving)])


def _pieces(factors: Sequence[Node]) -> list[list[Node]]:
    """The factors of a product by the scalars that it is made of and the one chain that is left."""
    scalars: list[list[Node]] = []
    chain: list[Node] = []
    for factor in factors:
        if factor.is_scalar:
            scalars.append([factor])
            continue
        chain.append(factor)
        if mul(chain).is_scalar:
            scalars.append(chain)
            chain = []
    return [*scalars, chain] if chain else scalars


def _hadamard(term: Node) -> Node:
    moving = next(arg for arg in term.args if has_d(arg))
    constant = hadamard([arg for arg in term.args if arg is not moving] or [ones(term.shape)])
    return product([diagonal(vec_of(constant)), jacobian_of_vec(moving)])


def _kronecker(term: Node) -> Node:
    left, right = term.args
    return product([kron_map(left, right), jacobian_of_vec(left if has_d(left) else right)])


def _trace(term: Node) -> Node:
    """tr(A dX B) = vec((B A)ᵀ)ᵀ vec(dX)."""
    inside = term.args[0]
    scalars = [arg for arg in inside.args if arg.is_scalar] if inside.op == "mul" else []
    chain = [arg for arg in inside.args if not arg.is_scalar] if inside.op == "mul" else [inside]
    chain, pieces = cut(chain)  # a scalar product inside is no link of the chain that goes round
    scalars += [product(piece) for piece in pieces]
    place = next((i for i, factor in enumerate(chain) if has_d(factor)), None)
    if place is None or any(map(has_d, scalars)):
        return product([flip(vec_of(eye(inside.shape.rows))), _argument(term)])
    around = [*chain[place + 1 :], *chain[:place]]
    constant = flip(product(around)) if around else eye(inside.shape.rows)
    return product([*scalars, flip(vec_of(constant)), jacobian_of_vec(chain[place])])


def _sum(term: Node) -> Node:
    return product([ones(shape(ONE, _entries(term.args[0].shape))), _argument(term)])


def _from_diagonal(term: Node) -> Node:
    """diag(M) = (1ᵀ ⊗ I) diag(vec I) vec M."""
    order = term.shape.rows
    pick = [kronecker(ones(shape(ONE, order)), eye(order)), diagonal(vec_of(eye(order)))]
    return product([*pick, _argument(term)])


def _to_diagonal(term: Node) -> Node:
    """vec(diag v) = diag(vec I) (1 ⊗ I) v."""
    order = term.shape.rows
    place = [diagonal(vec_of(eye(order))), kronecker(ones(shape(order, ONE)), eye(order))]
    return product([*place, _argument(term)])


def _inner(term: Node) -> Node:
    left, right = term.args
    constant, moving = (right, left) if has_d(left) else (left, right)
    return product([flip(vec_of(constant)), jacobian_of_vec(moving)])


_RULES: dict[str, Callable[[Node], Node]] = {
    "d": lambda term: eye(_entries(term.shape)),
    "T": _transpose,
    "mul": _product,
    "had": _hadamard,
    "kron": _kronecker,
    "tr": _trace,
    "sum": _sum,
    "vec": _argument,
    "unvec": _argument,
    "dg": _from_diagonal,
    "diag": _to_diagonal,
    "inner": _inner,
    "total": lambda term: sum_over(term.data, _argument(term)),
}
