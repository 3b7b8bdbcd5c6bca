"""Simplifying constructors: the normal form of products, sums, transposes and traces.

The form of a product is

    rational number  x  monomial of scalars {base: exponent}  x  chain of matrices.

The chain is cut wherever an inner size is 1, and the 1 x 1 pieces join the monomial; neighbours with one base merge,
an inverse cancels against what it inverts, identities vanish. A sum maps (monomial, chain) to a number. A sum is an
atom inside a product: nothing is ever distributed over it, so a residual y - Xw stays whole.

Two things are deliberately not simplified here, because they are steps that a reader wants to see: the use of a
declared symmetry (:mod:`docgen.algebra.symmetry`) and the recognition of a named function.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction

from docgen.algebra.memo import kept
from docgen.algebra.node import (
    Node,
    add,
    dim,
    had,
    kron,
    matrix_power,
    mul,
    num,
    ones,
    power,
    rebuild,
    total,
    transpose,
    typed_sums,
    unary,
    walk,
    zeros,
)
from docgen.algebra.products import ONE_F, Product, cut, shorten, to_integer
from docgen.algebra.properties import has_d, is_positive, is_zero, transposes, weight
from docgen.algebra.sizes import ONE, SCALAR, Shape

# ---- products --------------------------------------------------------------------------------------------------


@kept
def parts(node: Node) -> Product:
    """The node as a product in normal form."""
    op = node.op
    if is_zero(node):
        return Product(Fraction(0), (), (), node.shape)
    if op == "mul":
        return _collect(node.args, node.shape)
    if node.shape is not SCALAR:
        if op == "eye":
            return Product(ONE_F, (), (), node.shape)
        if op == "had":  # the numbers and scalars of its factors come out in front
            inner = hadamard(node.args)
            return Product(ONE_F, (), (node,), node.shape) if inner is node else parts(inner)
        if op == "T":
            turned = flip(node.args[0])
            return Product(ONE_F, (), (node,), node.shape) if turned is node else parts(turned)
        return Product(ONE_F, (), (node,), node.shape)
    if op == "num":
        return Product(node.data, (), (), SCALAR)
    if op == "pow":
        return _power_parts(node.args[0], node.data)
    if op == "normsq":
        return Product(ONE_F, ((unary("norm", node.args[0]), Fraction(2)),), (), SCALAR)
    if op == "T":
        return parts(node.args[0])
    if op == "tr" and node.args[0].op == "mul":  # scalars come out of a trace
        inside = parts(node.args[0])
        if inside.number != 1 or inside.scalars:
            return parts(trace_of(node.args[0]))
    return Product(ONE_F, ((node, ONE_F),), (), SCALAR)


def _power_parts(base: Node, exponent: Fraction) -> Product:
    inside = parts(base)
    if exponent.denominator == 1 and (inside.number or exponent > 0):
        return Product(
            inside.number**exponent.numerator, tuple((b, e * exponent) for b, e in inside.scalars), (), SCALAR
        )
    if inside.number == 1 and len(inside.scalars) == 1:
        only, inner_exponent = inside.scalars[0]
        if inner_exponent == 1 or inner_exponent.numerator % 2 or is_positive(only):
            return Product(ONE_F, ((only, inner_exponent * exponent),), (), SCALAR)
    if inside.number == 0 and exponent > 0:
        return Product(Fraction(0), (), (), SCALAR)
    return Product(ONE_F, ((inside.node(), exponent),), (), SCALAR)


def _collect(factors: Iterable[Node], result: Shape) -> Product:
    number = ONE_F
    scalars: dict[Node, Fraction] = {}
    chain: list[Node] = []

    def join(product: Product) -> None:
        nonlocal number
        number *= product.number
        for base, exponent in product.scalars:
            scalars[base] = scalars.get(base, Fraction(0)) + exponent

    for factor in factors:
        piece = parts(factor)
        join(piece)
        chain.extend(piece.chain)
    kept, inner = cut(shorten(chain, _merge))
    for piece_chain in inner:
        join(_scalar_piece(piece_chain))
    if len(kept) < len(chain):  # a cut may bring neighbours together
        kept = shorten(kept, _merge)
    clean: list[Node] = []
    for node in kept:  # a merged neighbour may have brought a number with it
        taken = parts(node) if node.op in ("mul", "had", "eye", "zeros") else None
        if taken is None or taken.chain == (node,):
            clean.append(node)
            continue
        join(taken)
        clean.extend(taken.chain)
    if not number:
        return Product(Fraction(0), (), (), result)
    ordered = sorted(((b, e) for b, e in scalars.items() if e), key=lambda item: (has_d(item[0]), item[0].serial))
    return Product(number, tuple(ordered), tuple(clean), result)


def _scalar_piece(chain: Sequence[Node]) -> Product:
    """A 1 x 1 piece of a chain as a factor, in the orientation that is already in use, else with fewer transposes."""
    if any(has_d(factor) for factor in chain):
        return Product(ONE_F, ((mul(chain), ONE_F),), (), SCALAR)
    if len(chain) == 2 and chain[0].op == chain[1].op == "ones":  # 1ᵀ1 is how many ones there are
        return parts(dim(chain[1].shape.rows))
    here = mul(chain)
    if "oriented" not in here.memo:
        there = mul([flip(factor) for factor in reversed(chain)])
        if "oriented" in there.memo:
            here.memo["oriented"] = there.memo["oriented"]
        else:
            better = transposes(there) < transposes(here)
            here.memo["oriented"] = there.memo["oriented"] = there if better and "typed" not in here.memo else here
    oriented: Node = here.memo["oriented"]
    return Product(ONE_F, ((oriented, ONE_F),), (), SCALAR)


def _base(factor: Node) -> tuple[Node, int]:
    """A square factor as an integer power of a base."""
    if factor.op == "inv":
        base, exponent = _base(factor.args[0])
        return base, -exponent
    if factor.op == "mpow":
        base, exponent = _base(factor.args[0])
        return base, exponent * int(factor.data)
    if factor.op == "T" and factor.args[0].op in ("inv", "mpow"):
        base, exponent = _base(factor.args[0])
        return flip(base), exponent
    return factor, 1


def _merge(before: list[Node], factor: Node) -> tuple[int, Node | None] | None:
    """How ``factor`` joins the factors before it: how many of them it takes up, and what they become together."""
    last = before[-1]
    if last.shape.rows is last.shape.cols and factor.shape is last.shape:
        base, exponent = _base(last)
        base2, exponent2 = _base(factor)
        if base is base2 and not has_d(factor) and not has_d(last):
            together = exponent + exponent2
            return 1, to_integer(base, together) if together else None
        if last.op == "diag" and factor.op == "diag" and not has_d(last) and not has_d(factor):
            entries = hadamard([last.args[0], factor.args[0]])
            return 1, None if entries.op == "ones" else unary("diag", entries)
    if last.op == "diag" and factor.shape.cols is ONE and not has_d(factor) and not has_d(last):
        return 1, hadamard([last.args[0], factor])
    if factor.op == "inv" or (factor.op == "T" and factor.args[0].op == "inv"):  # M M^{-1}, M a product
        window = _window(factor)
        if window and len(before) >= len(window) and tuple(before[-len(window) :]) == window:
            return len(window), None
    for start in range(len(before) - 1, max(-1, len(before) - 8), -1):  # M^{-1} M
        head = before[start]
        if head.op == "inv" or (head.op == "T" and head.args[0].op == "inv"):
            window = _window(head)
            if window and (*before[start + 1 :], factor) == window:
                return len(before) - start, None
            break
    if last.op == "kron" and factor.op == "vec" and not has_d(factor):
        left, right = last.args
        if right.shape.cols is factor.args[0].shape.rows and left.shape.cols is factor.args[0].shape.cols:
            return 1, unary("vec", product([right, factor.args[0], flip(left)]))
    return None


def _window(inverse: Node) -> tuple[Node, ...]:
    """The chain that an inverse cancels against, empty unless it is a bare product of matrices."""
    inside = inverse.args[0] if inverse.op == "inv" else flip(inverse.args[0].args[0])
    taken = parts(inside)
    return taken.chain if taken.number == 1 and not taken.scalars and len(taken.chain) > 1 else ()


def product(factors: Sequence[Node]) -> Node:
    """The matrix product in normal form."""
    if len(factors) == 1 and factors[0].op not in ("mul", "pow", "had"):
        return factors[0]
    result = mul(factors)
    found: Node | None = result.memo.get("normal")
    if found is None:
        found = parts(result).node()
        result.memo["normal"] = found
        found.memo["normal"] = found
    return found


# ---- Hadamard products, diagonals, traces, transposes -----------------------------------------------------------


def hadamard(factors: Sequence[Node]) -> Node:
    """The Hadamard product in normal form: numbers and scalars in front, equal factors as powers, ones dropped."""
    result = factors[0].shape
    if result is SCALAR:
        return product(factors)
    front: list[Node] = []
    entries: dict[Node, Fraction] = {}
    nothing = False

    def take(factor: Node, exponent: Fraction) -> None:
        nonlocal nothing
        nothing = nothing or is_zero(factor)
        if nothing:
            return
        if factor.op == "had" and exponent == 1:
            for arg in factor.args:
                take(arg, exponent)
        elif factor.op == "pow" and exponent == 1:
            take(factor.args[0], factor.data)
        elif factor.op == "mul" and all(arg.op == "ones" for arg in factor.args):
            return  # 1 1^T: every entry of an outer product of ones is 1
        elif factor.op == "mul" and exponent == 1:
            taken = parts(factor)
            rest = Product(ONE_F, (), taken.chain, taken.shape).node()
            if taken.number != 1 or taken.scalars:
                front.append(Product(taken.number, taken.scalars, (), SCALAR).node())
                take(rest, exponent)
            else:
                entries[rest] = entries.get(rest, Fraction(0)) + 1
        elif factor.op != "ones":
            entries[factor] = entries.get(factor, Fraction(0)) + exponent

    for factor in factors:
        take(factor, ONE_F)
    if nothing:
        return zeros(result)
    entries = _cancelled(entries)
    kept = sorted(((b, e) for b, e in entries.items() if e), key=lambda item: (has_d(item[0]), item[0].serial))
    body = had([power(b, e) if e != 1 else b for b, e in kept]) if kept else ones(result)
    return product([*front, body]) if front else body


def _cancelled(entries: dict[Node, Fraction]) -> dict[Node, Fraction]:
    """A whole power of a Hadamard product opened where all of it meets its own factors: x ⊘ y ⊘ (x ⊘ y) is 1."""
    for base, exponent in entries.items():
        if base.op != "had" or exponent.denominator != 1:
            continue
        opened = {b: e for b, e in entries.items() if b is not base}
        for arg in base.args:
            inside, power_of = (arg.args[0], arg.data) if arg.op == "pow" else (arg, ONE_F)
            opened[inside] = opened.get(inside, Fraction(0)) + exponent * power_of
        if sum(1 for e in opened.values() if e) < len(entries):
            return _cancelled({b: e for b, e in opened.items() if e})
    return entries


def flip(node: Node) -> Node:
    """The transpose in normal form. It enters products and, where that is not longer, sums; inverses of composites
    and typed sums stay whole."""
    found: Node | None = node.memo.get("flip")
    if found is None:
        found = _flip(node)
        node.memo["flip"] = found
        found.memo.setdefault("flip", node)
    return found


def _flip(node: Node) -> Node:
    op = node.op
    if node.shape is SCALAR or op in ("eye", "diag"):
        return node
    if op == "T":
        return node.args[0]
    if op in ("zeros", "ones"):
        return zeros(node.shape.transposed) if op == "zeros" else ones(node.shape.transposed)
    if op == "mul":
        taken = parts(node)
        turned = [flip(factor) for factor in reversed(taken.chain)]
        front = Product(taken.number, taken.scalars, (), SCALAR).node()
        return _collect([front, *turned], node.shape.transposed).node()
    if op == "add":
        turned = [flip(term) for term in node.args]
        if Counter(turned) == Counter(node.args):
            return node
        if "typed" not in node.memo or sum(map(transposes, turned)) <= transposes(node):
            return sum_of(turned)
        return transpose(node)
    if op in ("had", "kron"):
        turned = [flip(arg) for arg in node.args]
        if op == "kron":
            return kron(turned[0], turned[1])
        return hadamard(turned) if sum(map(transposes, turned)) <= transposes(node) else transpose(node)
    if op in ("fn", "pow"):
        inside = flip(node.args[0])
        return rebuild(node, [inside]) if transposes(inside) <= transposes(node.args[0]) else transpose(node)
    if op == "mpow":
        return matrix_power(flip(node.args[0]), node.data)
    if op == "inv":
        inside = flip(node.args[0])
        return node if inside is node.args[0] else transpose(node)
    if op == "total":
        return total(node.data, flip(node.args[0]))
    return transpose(node)


def trace_of(node: Node) -> Node:
    """The trace in normal form: scalars in front, a piece of size 1 as a scalar product, the best of the rotations."""
    if node.shape is SCALAR:
        return node
    if node.op == "add":
        return sum_of([trace_of(term) for term in node.args])
    taken = parts(node)
    front = Product(taken.number, taken.scalars, (), SCALAR).node()
    chain = taken.chain
    if not taken.number:
        return num(0)
    if not chain:
        return product([front, dim(node.shape.rows)])
    if len(chain) == 1 and chain[0].op == "kron":
        return product([front, trace_of(chain[0].args[0]), trace_of(chain[0].args[1])])
    if len(chain) == 1 and chain[0].op == "T":
        chain = (chain[0].args[0],)
    for position, factor in enumerate(chain):
        if factor.shape.cols is ONE:
            return product([front, *chain[position + 1 :], *chain[: position + 1]])
    return product([front, unary("tr", _best_rotation(chain))])


def _best_rotation(chain: tuple[Node, ...]) -> Node:
    """The rotation (of the chain or its transpose) that is in use already, else the one with fewest transposes."""
    if len(chain) == 1 or len(chain) > 12:
        return Product(ONE_F, (), chain, mul(chain).shape).node()
    turned = tuple(flip(factor) for factor in reversed(chain))
    options = [product([*c[i:], *c[:i]]) for c in (chain, turned) for i in range(len(chain))]
    for option in options:
        if "traced" in option.memo:
            best: Node = option.memo["traced"]
            return best
    best = min(options, key=lambda option: (weight(option), transposes(option), options.index(option)))
    for option in options:
        option.memo["traced"] = best
    return best


# ---- sums ------------------------------------------------------------------------------------------------------


def order_of(term: Node) -> tuple[bool, int, int]:
    """The order of terms in a computed sum: positive first, then fewer transposes, then first appearance."""
    taken = parts(term)
    return (taken.number < 0, transposes(term), min((f.serial for f in taken.chain), default=0))


def sum_of(terms: Sequence[Node], *, sort: bool = True) -> Node:
    """The sum in normal form: like terms collected, zeros dropped. A sum among the terms is opened."""
    if not terms:
        raise ValueError("an empty sum has no shape")
    result = terms[0].shape
    found: dict[tuple[object, ...], Product] = {}

    def take(term: Node, number: Fraction) -> None:
        if term.op == "add":
            for arg in term.args:
                take(arg, number)
            return
        taken = parts(term).times(number)
        if not taken.number:
            return
        if not taken.scalars and len(taken.chain) == 1 and taken.chain[0].op == "add" and abs(taken.number) == 1:
            take(taken.chain[0], taken.number)
            return
        if term.is_scalar and len(taken.scalars) == 1 and abs(taken.number) == 1:
            base, exponent = taken.scalars[0]
            if base.op == "add" and exponent == 1:
                take(base, taken.number)
                return
        before = found.get(taken.key)
        found[taken.key] = taken if before is None else taken.times((before.number + taken.number) / taken.number)

    whole = [term for term in terms if not is_zero(term)]
    if len(whole) == 1:
        return whole[0]
    for term in whole:
        take(term, ONE_F)
    left = [taken for taken in found.values() if taken.number]
    if not left:
        return zeros(result)
    if len(left) == 1:
        return left[0].node()
    as_typed = typed_sums.get(_terms_key(left))
    if as_typed is not None:
        return as_typed
    opposite = typed_sums.get(_terms_key([taken.times(Fraction(-1)) for taken in left]))
    if opposite is not None:
        return product([num(-1), opposite])
    kept = [taken.node() for taken in left]
    return add(sorted(kept, key=order_of) if sort else kept)


def _terms_key(terms: Iterable[Product]) -> frozenset[Hashable]:
    return frozenset((term.number, term.key, term.shape) for term in terms)


def remember_typed(formula: Node) -> None:
    """Mark every part of a typed formula: its sums are kept whole and are recognised when they are computed again."""
    for node in walk(formula):
        node.memo["typed"] = True
        if node.op == "add":
            terms = [parts(arg) for arg in node.args]
            if len({term.key for term in terms}) == len(terms) and all(term.number for term in terms):
                typed_sums.setdefault(_terms_key(terms), node)
