"""What is declared of a symbol beside symmetry, used in a formula: numbers that are ±1, a one-hot vector, an orthogonal
matrix. Each use is a step of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from docgen.algebra.node import Node, eye, num, ones, walk
from docgen.algebra.normal import flip, hadamard, parts, product, trace_of
from docgen.algebra.products import Product, raised
from docgen.algebra.properties import has_d
from docgen.algebra.renormal import everywhere, renormal
from docgen.algebra.sizes import SCALAR


@dataclass(frozen=True, slots=True)
class Recognised:
    """A node in which something was recognised, and the rule that says so."""

    rule: str
    node: Node
    facts: Mapping[str, Node | str] = field(default_factory=dict)


def assumed(node: Node) -> Recognised | None:
    """The node with one kind of assumption used everywhere in it; None where none of them changes it."""
    symbols = [at for at in walk(node) if at.op == "sym"]
    for rule, slot, said, rewrite in (
        ("values_squared", "y", _is_sign, _values),
        ("one_hot", "t", _is_hot, _one_hot),
        ("orthogonal", "A", _is_orthogonal, _orthogonal),
    ):
        used = next((symbol for symbol in symbols if said(symbol)), None)
        if used is None:
            continue
        new = everywhere(node, rewrite)
        if new is not node:
            return Recognised(rule, new, {slot: used})
    return None


# ---- numbers that are ±1 -------------------------------------------------------------------------------------------


def _is_sign(node: Node) -> bool:
    return node.op == "sym" and bool(node.data.values) and all(abs(v) == 1 for v in node.data.values)


def _values(node: Node) -> Node | None:
    """y² = 1, also entry by entry."""
    if node.op in ("pow", "had") and not node.is_scalar:
        factors = node.args if node.op == "had" else (node,)
        kept = [factor for factor in factors if not _is_square_of_signs(factor)]
        if len(kept) == len(factors):
            return None
        return hadamard(kept) if kept else ones(node.shape)
    if (node.op == "mul" and not has_d(node)) or node.op == "pow":
        taken = parts(node)
        scalars = tuple(
            (base, exponent % 2 if _is_sign(base) and exponent.denominator == 1 else exponent)
            for base, exponent in taken.scalars
        )
        if scalars != taken.scalars:
            return Product(taken.number, tuple((b, e) for b, e in scalars if e), taken.chain, taken.shape).node()
    return None


def _is_square_of_signs(node: Node) -> bool:
    return node.op == "pow" and node.data.denominator == 1 and not node.data % 2 and _is_sign(node.args[0])


# ---- one entry 1, the others 0 -------------------------------------------------------------------------------------


def _is_hot(node: Node) -> bool:
    return node.op == "sym" and "one_hot" in node.data.assumptions


def _one_hot(node: Node) -> Node | None:
    """1ᵀt = tᵀt = ‖t‖ = 1, t ∘ t = t, diag(t) t = t."""
    if node.op in ("sum", "norm", "normsq", "norm1") and _is_hot(node.args[0]):
        return num(1)
    if node.op == "pow" and _is_hot(node.args[0]) and node.data > 0:
        return node.args[0]
    if node.op == "had" and len(set(node.args)) < len(node.args):
        kept = [factor for k, factor in enumerate(node.args) if not _is_hot(factor) or factor not in node.args[:k]]
        return hadamard(kept) if len(kept) < len(node.args) else None
    if node.op != "mul":
        return None
    taken = parts(node)
    scalars = tuple((base, exponent) for base, exponent in taken.scalars if not _is_total(base))
    chain = _shortened(taken.chain, _kept_by_diagonal)
    if scalars == taken.scalars and chain is None:
        return None
    return Product(taken.number, scalars, taken.chain if chain is None else tuple(chain), taken.shape).node()


def _is_total(base: Node) -> bool:
    """Whether a scalar reads 1ᵀt or tᵀt: the sum of the entries of t, or of their squares."""
    if base.op != "mul" or len(base.args) != 2:
        return False
    left, right = flip(base.args[0]), base.args[1]
    return (_is_hot(right) and (left.op == "ones" or left is right)) or (_is_hot(left) and right.op == "ones")


def _kept_by_diagonal(left: Node, right: Node) -> list[Node] | None:
    """diag(t) t = t and tᵀ diag(t) = tᵀ."""
    if left.op == "diag" and left.args[0] is right and _is_hot(right):
        return [right]
    if right.op == "diag" and flip(left) is right.args[0] and _is_hot(right.args[0]):
        return [left]
    return None


# ---- orthogonal matrices -------------------------------------------------------------------------------------------


def _is_orthogonal(node: Node) -> bool:
    return node.op == "sym" and "orthogonal" in node.data.assumptions


def _orthogonal(node: Node) -> Node | None:
    """QᵀQ = QQᵀ = I, Q⁻¹ = Qᵀ, ‖Qx‖ = ‖x‖, tr(Q A Qᵀ) = tr A."""
    if node.op == "inv" and _is_turned(node.args[0]):
        return flip(node.args[0])
    if node.op in ("norm", "normsq") and node.args[0].op == "mul":
        taken = parts(node.args[0])
        if taken.chain and _is_turned(taken.chain[0]):
            rest = Product(taken.number, taken.scalars, taken.chain[1:], taken.shape).node()
            return renormal(node, [rest])
    if node.op == "tr" and node.args[0].op == "mul":
        taken = parts(node.args[0])
        if len(taken.chain) > 2 and _are_inverse(taken.chain[-1], taken.chain[0]):
            inside = product(taken.chain[1:-1])
            return product([taken.front, trace_of(inside)])
    if node.op != "mul" or has_d(node):
        return None
    taken = parts(node)
    scalars = [raised(_inner(base) or base, exponent) for base, exponent in taken.scalars]
    chain = _shortened(taken.chain, _cancelled)
    if chain is None and all(_inner(base) is None for base, _ in taken.scalars):
        return None
    left = list(taken.chain) if chain is None else chain
    if taken.chain and not left and node.shape is not SCALAR:
        left = [eye(node.shape.rows)]
    return product([num(taken.number), *scalars, *left])


def _inner(base: Node) -> Node | None:
    """A scalar piece xᵀQᵀQy without its orthogonal matrices; None where it has none side by side."""
    chain = _shortened(base.args, _cancelled) if base.op == "mul" else None
    return product(chain) if chain else None


def _is_turned(node: Node) -> bool:
    return _is_orthogonal(node) or (node.op == "T" and _is_orthogonal(node.args[0]))


def _are_inverse(left: Node, right: Node) -> bool:
    return _is_turned(left) and flip(left) is right


def _cancelled(left: Node, right: Node) -> list[Node] | None:
    return [] if _are_inverse(left, right) else None


def _shortened(chain: Sequence[Node], pair: Callable[[Node, Node], list[Node] | None]) -> list[Node] | None:
    """A chain with neighbours replaced wherever ``pair`` has something for them; None where it has not."""
    done: list[Node] = []
    for factor in chain:
        new = pair(done[-1], factor) if done else None
        done = [*done, factor] if new is None else [*done[:-1], *new]
    return None if len(done) == len(chain) else done
