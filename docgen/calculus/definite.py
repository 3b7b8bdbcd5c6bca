"""The sign of a quadratic form: a symmetric matrix written as a sum of squares.

A matrix is opened from outside in: zᵀ(BᵀSB)z is the form of S at u = Bz, zᵀBᵀBz is ‖Bz‖², diag(p) - ppᵀ with
p = softmax gives a variance (Boyd & Vandenberghe, 3.1.5), a declared positive definite matrix is a square itself. Each
square says its sign, whether it vanishes for z = 0 only, and what would make it so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from docgen.algebra.indexed import size_symbols
from docgen.algebra.node import Node, Sum, Symbol, add, mul, num, ones, power, sym, unary
from docgen.algebra.normal import flip, parts, product
from docgen.algebra.products import raised
from docgen.algebra.properties import POSITIVE_FUNCTIONS, is_one
from docgen.algebra.renormal import renormal, sum_over
from docgen.algebra.sizes import ONE, Shape, shape
from docgen.algebra.symmetry import with_symmetry

_INJECTIVE = frozenset({"full_column_rank", "invertible", "orthogonal", "positive_definite"})


@dataclass(frozen=True, slots=True)
class Square:
    """One term of a quadratic form. ``node`` is the term as a square, ``raw`` the product that it is made of.

    ``kind``: ``norm``, ``weighted`` (uᵀSu with S diagonal and nonnegative), ``declared`` (S positive definite),
    ``variance``. ``strict``: it is zero for z = 0 only. ``needs``: the matrix whose full column rank makes it strict.
    """

    kind: str
    sign: int
    node: Node
    raw: Node
    strict: bool
    needs: Node | None = None
    matrix: Node | None = None
    argument: Node | None = None


def positive(node: Node) -> bool:
    """Whether a scalar, or every entry, is positive, as far as its form and the assumptions show."""
    op = node.op
    if op == "num":
        return bool(node.data > 0)
    if op in ("dim", "const", "softmax", "ones"):
        return True
    if op == "sym":
        said = node.data
        return "positive" in said.assumptions or (bool(said.values) and min(said.values) > 0)
    if op == "fn":
        return node.data in POSITIVE_FUNCTIONS
    if op == "add":
        return (all(map(nonnegative, node.args)) and any(map(positive, node.args))) or _complement(node)
    if op == "pow":
        return positive(node.args[0])
    if op in ("mul", "had"):
        return all(map(positive, node.args))
    if op == "det":
        return is_positive_definite(node.args[0])
    return op in ("T", "total", "sum", "entry") and positive(node.args[0])


def nonnegative(node: Node) -> bool:
    """Whether a scalar, or every entry, is never negative."""
    op = node.op
    if op in ("norm", "normsq", "norm1") or (op == "num" and node.data >= 0):
        return True
    if op == "fn" and node.data in ("relu", "abs", "step"):
        return True
    if op == "pow" and node.data.denominator == 1 and node.data % 2 == 0:
        return True
    if op == "add" and all(map(nonnegative, node.args)):
        return True
    if (op == "mul" and node.is_scalar and _palindrome(node.args)) or (op == "inner" and len(set(node.args)) == 1):
        return True
    if op == "had" or (op == "mul" and all(arg.is_scalar for arg in node.args)):
        return all(map(nonnegative, node.args))
    if op in ("T", "total", "sum"):
        return nonnegative(node.args[0])
    return positive(node)


def _complement(node: Node) -> bool:
    """1 - σ(u), the probability of the other class."""
    if len(node.args) != 2:
        return False
    one, other = node.args if is_one(node.args[0]) else reversed(node.args)
    minus = product([num(-1), other])
    return is_one(one) and minus.op == "fn" and minus.data == "sigma"


def _palindrome(chain: Sequence[Node]) -> bool:
    """Whether a chain of even length reads BᵀB."""
    count = len(chain)
    return (
        count > 0
        and count % 2 == 0
        and all(with_symmetry(flip(chain[k])) is with_symmetry(chain[count - 1 - k]) for k in range(count // 2))
    )


def injective(node: Node) -> bool:
    """Whether Bz = 0 for z = 0 only, by the assumptions."""
    if node.op == "sym":
        return bool(node.data.assumptions & _INJECTIVE)
    if node.op == "mul":
        return all(injective(arg) or (arg.is_scalar and positive(arg)) for arg in node.args)
    if node.op == "T":
        inside = node.args[0]
        return inside.op == "sym" and bool(inside.data.assumptions & (_INJECTIVE - {"full_column_rank"}))
    return node.op in ("inv", "eye") or (node.op == "diag" and positive(node.args[0]))


def squares(matrix: Node, z: Node, weight: Node | None = None) -> list[Square] | None:
    """zᵀ · matrix · z as a sum of squares, each of one sign; None where docgen cannot tell the sign of a term."""
    weight = num(1) if weight is None else weight
    if matrix.op == "add":
        variance = _variance(matrix, z, weight)
        if variance is not None:
            return [variance]
        found: list[Square] = []
        for term in matrix.args:
            part = squares(term, z, weight)
            if part is None:
                return None
            found.extend(part)
        return found
    taken = parts(matrix)
    weight = product([weight, taken.front])
    sign = _sign(weight)
    chain = taken.chain
    if sign == 0:
        return None
    if not chain:
        return [_norm((), z, weight, sign)]
    if len(chain) == 1:
        return _single(chain[0], z, weight, sign)
    middle = len(chain) // 2
    if _palindrome(chain if len(chain) % 2 == 0 else (*chain[:middle], *chain[middle + 1 :])):
        right = chain[len(chain) - middle :]
        if len(chain) % 2 == 0:
            return [_norm(right, z, weight, sign)]
        inner = squares(chain[middle], product([*right, z]), weight)
        if inner is None:
            return None
        whole = product(right)
        return [_through(square, whole) for square in inner]
    for place, factor in enumerate(chain):
        if factor.op == "add":
            terms = [product([*chain[:place], term, *chain[place + 1 :]]) for term in factor.args]
            return squares(add(terms), z, weight)
    return None


def _through(square: Square, whole: Node) -> Square:
    """A square in u = Bz as one in z: strict only where B has full column rank."""
    if not square.strict:
        needs = None if square.needs is None else product([square.needs, whole])
        return replace(square, needs=needs)
    return replace(square, strict=injective(whole), needs=None if injective(whole) else whole)


def _sign(weight: Node) -> int:
    """1, -1, or 0 where the sign is not known; a weight that may vanish counts by its sign."""
    taken = parts(weight)
    if not taken.number or not all(nonnegative(b) or nonnegative(raised(b, e)) for b, e in taken.scalars):
        return 0
    return 1 if taken.number > 0 else -1


def never_zero(node: Node) -> bool:
    """Whether a scalar is not zero wherever it is defined: what stands in a denominator is not."""
    taken = parts(node)
    return bool(taken.number) and all(e < 0 or positive(b) for b, e in taken.scalars)


def _norm(right: Sequence[Node], z: Node, weight: Node, sign: int) -> Square:
    """The square of the norm of u = Bz; Z is squared where z is vec Z."""
    u = product([*right, z])
    if u.op == "vec":
        u = u.args[0]
    if u.is_scalar:
        node = product([weight, power(u, 2)])
        return Square("norm", sign, node, node, False, argument=u)
    node = product([weight, unary("normsq", u)])
    raw = mul([weight, unary("tr", product([flip(u), u]))]) if u.shape.kind == "matrix" else _quadratic(weight, u, ())
    whole = product(right) if right else None
    sure = never_zero(weight)
    strict = sure and (whole is None or injective(whole))
    needs = whole if sure and not strict else None
    return Square("norm", sign, node, raw, strict, needs, argument=u)


def _quadratic(weight: Node, u: Node, middle: Sequence[Node]) -> Node:
    """weight · uᵀ S u, the two sides in brackets: (Xz)ᵀ(Xz)."""
    left = mul([unary("T", u)]) if u.op == "mul" else flip(u)
    factors = [left, *middle, u]
    return mul(factors) if weight.op == "num" and weight.data == 1 else mul([weight, *factors])


def _single(matrix: Node, z: Node, weight: Node, sign: int) -> list[Square] | None:
    """The form of a single factor."""
    op = matrix.op
    sure = never_zero(weight)
    if op == "add":
        return squares(matrix, z, weight)
    if op == "total":
        inner = squares(matrix.args[0], z, num(1))
        return None if inner is None else [_summed(square, matrix.data, weight, sign) for square in inner]
    if op == "diag":
        turned = product([num(-1), matrix.args[0]])
        if nonnegative(matrix.args[0]):
            node = _quadratic(weight, z, (matrix,))
            return [Square("weighted", sign, node, node, sure and positive(matrix.args[0]), None, matrix, z)]
        if nonnegative(turned):
            return squares(unary("diag", turned), z, product([num(-1), weight]))
        return None
    if op == "kron":
        return _kronecker(matrix, z, weight)
    if op == "mpow" and matrix.data % 2 == 0:
        half = matrix.args[0] if matrix.data == 2 else matrix
        if matrix.data == 2 and with_symmetry(flip(half)) is with_symmetry(half):
            return [_norm((half,), z, weight, sign)]
    if is_positive_definite(matrix):
        node = _quadratic(weight, z, (matrix,))
        return [Square("declared", sign, node, node, sure, None, matrix, z)]
    return None


def _summed(square: Square, bound: Sum, weight: Node, sign: int) -> Square:
    """A square for one sample, summed over all of them."""
    node = product([weight, sum_over(bound, square.node)])
    return Square("sum", square.sign * sign, node, node, square.strict, None, square.matrix, square.argument)


def _kronecker(matrix: Node, z: Node, weight: Node) -> list[Square] | None:
    """vec(Z)ᵀ (P ⊗ Q) vec Z = tr(Zᵀ Q Z Pᵀ), for P or Q the identity or a product BᵀB."""
    if z.op != "vec":
        return None
    left, right = matrix.args
    sign = _sign(weight)
    if sign and left.op != "eye" and right.op != "eye" and is_positive_definite(left) and is_positive_definite(right):
        node = _quadratic(weight, z, (matrix,))
        return [Square("declared", sign, node, node, never_zero(weight), None, matrix, z)]
    inside = z.args[0]
    if right.op == "add" and left.op == "eye":
        found: list[Square] = []
        for term in right.args:
            part = squares(renormal(matrix, [left, term]), z, weight)
            if part is None:
                return None
            found += part
        return found
    halves = []
    for factor in (left, right):
        taken = parts(factor)
        if taken.chain and not _palindrome(taken.chain):
            return None
        weight = product([weight, taken.front])
        halves.append(taken.chain[len(taken.chain) // 2 :])
    u = product([*halves[1], inside, *(flip(f) for f in reversed(halves[0]))])
    sign = _sign(weight)
    if not sign:
        return None
    sure = never_zero(weight)
    wholes = [product(half) for half in halves if half]
    strict = sure and all(map(injective, wholes))
    needs = wholes[-1] if sure and not strict and len(wholes) == 1 else None
    raw = mul([weight, unary("tr", product([flip(u), u]))])
    return [Square("norm", sign, product([weight, unary("normsq", u)]), raw, strict, needs, argument=u)]


def _variance(matrix: Node, z: Node, weight: Node) -> Square | None:
    """zᵀ(diag(p) - ppᵀ)z, a variance under the probabilities p."""
    if len(matrix.args) != 2 or matrix.args[0].op != "diag":
        return None
    p = matrix.args[0].args[0]
    if p.op != "softmax" or product([num(-1), matrix.args[1]]) is not product([p, flip(p)]):
        return None
    sign = _sign(weight)
    if not sign:
        return None
    mean = mul([flip(p), z])
    deviation = add([z, mul([num(-1), mul([mean]), ones(z.shape)])])
    node = mul([flip(p), power(deviation, 2)])
    raw = add([mul([flip(p), power(z, 2)]), mul([num(-1), power(mean, 2)])])
    if weight.op != "num" or weight.data != 1:
        node, raw = mul([weight, node]), mul([weight, raw])
    return Square("variance", sign, node, raw, False, None, p, z)


def is_positive_definite(matrix: Node) -> bool:
    """Whether a matrix is symmetric and positive definite, by its form and the assumptions."""
    if matrix.op == "sym":
        return "positive_definite" in matrix.data.assumptions
    if matrix.op == "eye":
        return True
    if matrix.op in ("inv", "T"):
        return is_positive_definite(matrix.args[0])
    if (
        matrix.is_scalar
        or matrix.shape.rows is not matrix.shape.cols
        or matrix.op not in ("add", "mul", "diag", "mpow")
    ):
        return False
    found = squares(matrix, fresh("z", shape(matrix.shape.rows, ONE), matrix))
    return verdict(found) == "positive_definite"


def verdict(found: Sequence[Square] | None) -> str:
    """The word for a form that was written as squares."""
    if not found or len({square.sign for square in found}) > 1:
        return "undetermined"
    sign = "positive" if found[0].sign > 0 else "negative"
    return f"{sign}_definite" if any(square.strict for square in found) else f"{sign}_semidefinite"


def rank_needed(matrix: Node) -> Node | None:
    """The B whose full column rank makes a nonnegative matrix such as BᵀB invertible; None where there is no such B or
    the matrix is invertible anyway."""
    if matrix.is_scalar or matrix.shape.rows is not matrix.shape.cols:
        return None
    found = squares(matrix, fresh("z", shape(matrix.shape.rows, ONE), matrix))
    if not verdict(found).endswith("semidefinite") or found is None:
        return None
    return next((square.needs for square in found if square.needs is not None), None)


#: What stands for a letter that is taken.
_INSTEAD: dict[str, Sequence[str]] = {
    "z": "uvhs", "Z": "UVHS", "e": "vuh", "X": "ZUV", "y": "zuv", r"\gamma": (r"\eta", r"\alpha", r"\tau", r"\beta"),
}  # fmt: skip


def fresh(
    letter: str, given: Shape, *avoid: Node, index: str | None = None, assume: frozenset[str] = frozenset()
) -> Node:
    """A symbol whose name is no symbol and no size in the nodes: the letter, or what stands for it."""
    taken = {name for node in avoid for name in node.free | size_symbols(node)}
    name = next((one for one in (letter, *_INSTEAD.get(letter, ())) if one not in taken), f"{letter}'")
    return sym(Symbol(name if index is None else f"{name}_{index}", assume, index), given)
