"""Simplifying constructors: the normal form of products, sums, transposes and traces.

The form of a product is

    rational number  x  monomial of scalars {base: exponent}  x  chain of matrices.

The chain is cut wherever an inner size is 1, and the 1 x 1 pieces join the monomial; neighbours with one base merge,
an inverse cancels against what it inverts, identities vanish. A sum maps (monomial, chain) to a number. A sum is an
atom inside a product: nothing is ever distributed over it, so a residual y - Xw stays whole.

Two things are deliberately not simplified here, because they are steps that a reader wants to see: the use of a
declared symmetry (:func:`with_symmetry`) and the recognition of a named function.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from docgen.algebra.node import (
    Node,
    Sum,
    add,
    dim,
    eye,
    fn,
    had,
    kron,
    make,
    matrix_power,
    mul,
    num,
    ones,
    power,
    rebuild,
    sym,
    total,
    transpose,
    typed_sums,
    unary,
    walk,
    zeros,
)
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape

ONE_F = Fraction(1)
#: Scalar functions that are positive everywhere: powers of them multiply.
POSITIVE_FUNCTIONS = frozenset({"exp", "sigma", "cosh"})


# ---- what is in a node -----------------------------------------------------------------------------------------


def has_d(node: Node) -> bool:
    """Whether a differential occurs in the node."""
    found: bool | None = node.memo.get("d")
    if found is None:
        found = node.op == "d" or any(has_d(arg) for arg in node.args)
        node.memo["d"] = found
    return found


#: Operators that are zero as soon as one argument is, and those that are zero when every argument is.
_ZERO_IF_ANY = frozenset({"mul", "had", "kron", "inner"})
_ZERO_IF_ALL = frozenset(
    {"add", "T", "tr", "sum", "diag", "dg", "vec", "unvec", "total", "d", "norm", "normsq", "norm1", "mpow"}
)


def is_zero(node: Node) -> bool:
    """Whether the node is zero as it is written: the number 0, a matrix of zeros, a product or sum of such."""
    found: bool | None = node.memo.get("zero")
    if found is None:
        op = node.op
        if op in _ZERO_IF_ANY:
            found = any(is_zero(arg) for arg in node.args)
        elif op in _ZERO_IF_ALL or (op == "pow" and node.data > 0):
            found = all(is_zero(arg) for arg in node.args)
        else:
            found = op == "zeros" or (op == "num" and not node.data)
        node.memo["zero"] = found
    return found


def transposes(node: Node) -> int:
    """How many transposes are written in the node."""
    found: int | None = node.memo.get("transposes")
    if found is None:
        found = (node.op == "T") + sum(transposes(arg) for arg in node.args)
        node.memo["transposes"] = found
    return found


def weight(node: Node) -> int:
    """How long the node is as written: symbols, numbers, operator names, signs and transposes."""
    found: int | None = node.memo.get("weight")
    if found is None:
        own = {"add": len(node.args) - 1, "mul": 0, "had": len(node.args) - 1, "num": 1 if node.data != -1 else 0}
        found = own.get(node.op, 1) + sum(weight(arg) for arg in node.args)
        node.memo["weight"] = found
    return found


def is_positive(node: Node) -> bool:
    """Whether a scalar or every entry is known to be positive (so that powers of it multiply)."""
    if node.op == "num":
        return bool(node.data > 0)
    if node.op == "sym":
        return "positive" in node.data.assumptions and node.shape.kind != "matrix"
    if node.op == "fn":
        return node.data in POSITIVE_FUNCTIONS
    return node.op in ("norm", "norm1", "softmax")


# ---- products --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Product:
    """A product taken apart: ``number`` x Π base^exponent over ``scalars`` x ``chain``."""

    number: Fraction
    scalars: tuple[tuple[Node, Fraction], ...]
    chain: tuple[Node, ...]
    shape: Shape

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for products that differ by a number only."""
        return (tuple((id(base), exponent) for base, exponent in self.scalars), tuple(map(id, self.chain)))

    def times(self, number: Fraction) -> Product:
        """The product with its number multiplied."""
        return Product(self.number * number, self.scalars, self.chain, self.shape)

    def node(self) -> Node:
        """The product as a node: number, scalars in order of appearance, chain."""
        return _build(self)


def parts(node: Node) -> Product:
    """The node as a product in normal form (kept in its memo)."""
    found: Product | None = node.memo.get("parts")
    if found is None:
        found = _parts(node)
        node.memo["parts"] = found
    return found


def _parts(node: Node) -> Product:
    op = node.op
    if is_zero(node):
        return Product(Fraction(0), (), (), node.shape)
    if op == "mul":
        return _collect(node.args, node.shape)
    if node.shape is not SCALAR:
        if op == "eye":
            return Product(ONE_F, (), (), node.shape)
        if op == "zeros":
            return Product(Fraction(0), (), (), node.shape)
        if op == "had":
            return _hadamard_parts(node)
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


def _hadamard_parts(node: Node) -> Product:
    """A Hadamard product: the numbers and scalars of its factors come out in front."""
    inner = hadamard(node.args)
    if inner is node or inner.op != "mul":
        return Product(ONE_F, (), (inner,), node.shape) if inner is node else parts(inner)
    return parts(inner)


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
    number, scalars, chain = ONE_F, {}, []  # type: tuple[Fraction, dict[Node, Fraction], list[Node]]

    def join(product: Product) -> None:
        nonlocal number
        number *= product.number
        for base, exponent in product.scalars:
            scalars[base] = scalars.get(base, Fraction(0)) + exponent

    for factor in factors:
        piece = parts(factor)
        join(Product(piece.number, piece.scalars, (), piece.shape))
        chain.extend(piece.chain)
    kept, inner = _cut(_shorten(chain))
    for piece_chain in inner:
        join(_scalar_piece(piece_chain))
    if len(kept) < len(chain):  # a cut may bring neighbours together
        kept = _shorten(kept)
    number_of_kept = ONE_F
    clean: list[Node] = []
    for node in kept:  # a merged neighbour may have brought a number with it
        taken = parts(node) if node.op in ("mul", "had", "eye", "zeros") else None
        if taken is None or taken.chain == (node,):
            clean.append(node)
            continue
        number_of_kept *= taken.number
        join(Product(ONE_F, taken.scalars, (), taken.shape))
        clean.extend(taken.chain)
    number *= number_of_kept
    if not number:
        return Product(Fraction(0), (), (), result)
    ordered = sorted(((b, e) for b, e in scalars.items() if e), key=lambda item: (has_d(item[0]), item[0].serial))
    return Product(number, tuple(ordered), tuple(clean), result)


def _scalar_piece(chain: Sequence[Node]) -> Product:
    """A 1 x 1 piece of a chain as a factor, in the orientation that is already in use, else with fewer transposes."""
    if any(has_d(factor) for factor in chain):
        return Product(ONE_F, ((mul(chain), ONE_F),), (), SCALAR)
    if len(chain) == 2 and chain[0].op == "T" and chain[0].args[0] is chain[1] and chain[1].op == "softmax":
        return Product(ONE_F, ((mul(chain), ONE_F),), (), SCALAR)
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


def _cut(chain: Sequence[Node]) -> tuple[list[Node], list[list[Node]]]:
    """The outer chain, and the 1 x 1 pieces cut out of it where an inner size is 1."""
    segments: list[list[Node]] = []
    for factor in chain:
        if segments and segments[-1][-1].shape.cols is not ONE:
            segments[-1].append(factor)
        else:
            segments.append([factor])
    outer: list[Node] = []
    inner: list[list[Node]] = []
    for segment in segments:
        scalar = segment[0].shape.rows is ONE and segment[-1].shape.cols is ONE
        if scalar:
            inner.append(segment)
        else:
            outer.extend(segment)
    return outer, inner


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


def _raise(base: Node, exponent: int) -> Node:
    if exponent == 1:
        return base
    if exponent < 0:
        turned = base.op == "T"  # X^{-T} is written as the transpose of the inverse
        inside = unary("inv", base.args[0] if turned else base)
        inside = transpose(inside) if turned else inside
        return inside if exponent == -1 else matrix_power(inside, -exponent)
    return matrix_power(base, exponent)


def _shorten(chain: Sequence[Node]) -> list[Node]:
    """Neighbours of a chain merged and cancelled, with a stack: each factor meets what is left of the ones before."""
    done: list[Node] = []
    for factor in chain:
        while True:
            if factor.op == "eye":
                break
            merged = _merge(done, factor) if done else None
            if merged is None:
                done.append(factor)
                break
            taken, new = merged
            del done[len(done) - taken :]
            if new is None:
                break
            if new.op == "mul":
                done.extend(new.args[:-1])
                new = new.args[-1]
            factor = new
    return done


def _merge(before: list[Node], factor: Node) -> tuple[int, Node | None] | None:
    """How ``factor`` joins the factors before it: how many of them it takes up, and what they become together."""
    last = before[-1]
    if last.shape.rows is last.shape.cols and factor.shape is last.shape:
        base, exponent = _base(last)
        base2, exponent2 = _base(factor)
        if base is base2 and not has_d(factor) and not has_d(last):
            together = exponent + exponent2
            return 1, _raise(base, together) if together else None
        if last.op == "diag" and factor.op == "diag" and not has_d(last) and not has_d(factor):
            return 1, unary("diag", hadamard([last.args[0], factor.args[0]]))
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


def raised(base: Node, exponent: Fraction) -> Node:
    """A factor of a monomial as a node: the square of a norm has a node of its own."""
    if exponent == 1:
        return base
    if base.op == "norm" and exponent == 2:
        return unary("normsq", base.args[0])
    return power(base, exponent)


def _build(product: Product) -> Node:
    if not product.number:
        return zeros(product.shape)
    factors: list[Node] = [num(product.number)] if product.number != 1 else []
    scalars = list(product.scalars)
    tail = product.chain
    if not tail and product.shape is SCALAR and scalars:
        # the one piece xᵀAx of a scalar product is written out, so that 2 xᵀAx needs no brackets
        pieces = [i for i, (base, e) in enumerate(scalars) if base.op == "mul" and e == 1]
        if len(pieces) == 1 or (pieces and has_d(scalars[pieces[-1]][0])):
            tail = scalars.pop(pieces[-1])[0].args
    factors.extend(raised(base, exponent) for base, exponent in scalars)
    if not tail and product.shape is not SCALAR:
        tail = (eye(product.shape.rows),)
    factors.extend(tail)
    if not factors:
        return num(1)
    if len(factors) == 1:
        return factors[0]
    return make("mul", tuple(factors), None, product.shape)


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
    kept = sorted(((b, e) for b, e in entries.items() if e), key=lambda item: (has_d(item[0]), item[0].serial))
    body = had([power(b, e) if e != 1 else b for b, e in kept]) if kept else ones(result)
    return product([*front, body]) if front else body


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


def diagonal(node: Node) -> Node:
    """The diagonal matrix of a column, diag(1) being the identity."""
    if node.op == "ones":
        return eye(node.shape.rows)
    taken = parts(node)
    if not taken.number:
        return zeros(shape(node.shape.rows, node.shape.rows))
    if taken.number == 1 and not taken.scalars:
        return unary("diag", node)
    front = Product(taken.number, taken.scalars, (), SCALAR).node()
    return product([front, diagonal(Product(ONE_F, (), taken.chain, taken.shape).node())])


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
        if apart:
            rest = product(
                [
                    Product(taken.number, taken.scalars, (), SCALAR).node(),
                    hadamard([a for a in only.args if a not in apart]),
                ]
            )
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


# ---- symmetry --------------------------------------------------------------------------------------------------

SYMMETRIC = frozenset({"symmetric", "positive_definite", "diagonal"})


def is_symmetric(node: Node) -> bool:
    """Whether a square matrix equals its transpose: declared, or because its normal form with the declared symmetries
    equals that of its transpose."""
    if node.shape.rows is not node.shape.cols:
        return False
    if node.op == "sym":
        return bool(node.data.assumptions & SYMMETRIC)
    return with_symmetry(flip(node)) is with_symmetry(node)


def with_symmetry(node: Node) -> Node:
    """The node with Aᵀ replaced by A wherever A is declared symmetric."""
    found: Node | None = node.memo.get("symmetric")
    if found is None:
        found = _with_symmetry(node)
        node.memo["symmetric"] = found
    return found


def _with_symmetry(node: Node) -> Node:
    if not any(True for n in walk(node) if n.op == "T"):
        return node
    if node.op == "T":
        inside = with_symmetry(node.args[0])
        if inside.op == "sym":
            return inside if inside.data.assumptions & SYMMETRIC else transpose(inside)
        if inside.op == "inv":
            turned = flip(inside.args[0])
            if with_symmetry(turned) is inside.args[0]:
                return inside
        if inside.op == "d":
            return transpose(inside)
        if inside.op == "add" and sum_of([with_symmetry(flip(term)) for term in inside.args]) is sum_of(
            [inside, zeros(inside.shape)]
        ):
            return inside
        return flip(inside)
    args = [with_symmetry(arg) for arg in node.args]
    if tuple(args) == node.args:
        return node
    return renormal(node, args)


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
    return rebuild(node, args)


__all__ = [
    "Product",
    "diagonal",
    "flip",
    "hadamard",
    "has_d",
    "is_positive",
    "is_symmetric",
    "is_zero",
    "order_of",
    "parts",
    "product",
    "raised",
    "remember_typed",
    "renormal",
    "sum_of",
    "sum_over",
    "trace_of",
    "transposes",
    "weight",
    "with_symmetry",
    "fn",
    "sym",
]
