"""Rearrangements that bring a term with one differential to canonical form, one named move at a time.

For a scalar function the canonical form of a term is  g · ds,  gᵀ dx,  (dr) g  or  tr(Gᵀ dX); for a vector it is
A dx; for a matrix the differential stays where it is (A dX B). :func:`next_move` looks at the outermost thing that
stands between the term and that form and takes it away. It returns None when the term is canonical.

The moves are the adjoints of the linear operators, as a reader sees them (Magnus & Neudecker, ch. 1-3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, eye, had, mul, ones, rebuild, total, transpose, unary
from docgen.algebra.normal import flip, hadamard, product, trace_of
from docgen.algebra.products import segments
from docgen.algebra.properties import has_d
from docgen.algebra.renormal import diagonal, diagonal_of
from docgen.algebra.sizes import ONE, shape
from docgen.calculus.linear import ordered, splice, trace
from docgen.calculus.vectorise import kron_map, unvec_of, vec_of
from docgen.errors import UnsupportedError


@dataclass(frozen=True, slots=True)
class Move:
    """One rearrangement: the rule's id (empty when there is nothing to say), the term after it, the formulas that the
    rule's sentence mentions."""

    rule: str
    term: Node
    facts: Mapping[str, Node | str] = field(default_factory=dict)


def next_move(term: Node) -> Move | None:
    """The next rearrangement of a term with one differential, None when it is in canonical form."""
    if term.is_scalar:
        return _scalar(term)
    if term.shape.cols is ONE:
        return _column(term)
    return None


# ---- scalars ---------------------------------------------------------------------------------------------------


def _split(term: Node) -> tuple[list[Node], Node, bool]:
    """The scalar factors without a differential, the factor (or chain) with it, and whether a composite scalar stood
    behind it."""
    if term.op != "mul":
        return [], term, False
    pieces: list[list[Node]] = []
    chain: list[Node] | None = None
    for factor in term.args:
        if factor.is_scalar:
            pieces.append([factor])
        elif chain is not None and chain[-1].shape.cols is not ONE:
            chain.append(factor)
        else:
            chain = [factor]
            pieces.append(chain)
    place = next(i for i, piece in enumerate(pieces) if any(has_d(f) for f in piece))
    front = [mul(piece) for i, piece in enumerate(pieces) if i != place]
    behind = any(len(piece) > 1 or piece[0].op not in ("sym", "num", "dim", "const") for piece in pieces[place + 1 :])
    return front, mul(pieces[place]), behind


def _scalar(term: Node) -> Move | None:
    if term.op == "T":
        return Move("", term.args[0])
    front, core, behind = _split(term)
    if behind:
        return Move("scalar_move", ordered(front, core), {"s": product([f for f in front if f.op != "num"])})
    inside = _core(core)
    if inside is None:  # the scalar with the differential may still stand in the middle of a product
        new = ordered(front, core)
        return Move("", new) if front and not has_d(term.args[-1]) and has_d(new.args[-1]) else None
    return Move(inside.rule, ordered(front, inside.term), inside.facts)


def _core(core: Node) -> Move | None:
    """The next move of a scalar that is not a product of scalars."""
    op = core.op
    if op == "d":
        return None
    if op == "mul":
        if any(arg.is_scalar for arg in core.args):
            return _scalar(core)
        return _chain(core)
    if op == "tr":
        return _trace(core)
    if op == "sum":
        return _sum(core)
    if op == "inner":
        left, right = core.args
        constant, moving = (right, left) if has_d(left) else (left, right)
        if constant.is_scalar:
            return Move("", product([constant, moving]))
        body = splice([flip(constant), moving])
        return Move("inner_product", body if constant.shape.cols is ONE else trace(body))
    if op == "total":
        return _total(core)
    if op in ("T", "diag", "dg", "vec", "unvec") and core.args[0].is_scalar:
        return Move("", core.args[0])
    if op in ("kron", "had") and all(arg.is_scalar for arg in core.args):
        return Move("", splice(core.args))
    raise UnsupportedError(f"docgen cannot bring {latex(core)} to canonical form")


def _around(chain: tuple[Node, ...]) -> tuple[list[Node], Node, list[Node]]:
    place = next(i for i, factor in enumerate(chain) if has_d(factor))
    return list(chain[:place]), chain[place], list(chain[place + 1 :])


def _chain(core: Node) -> Move | None:
    """uᵀ … F … v with the differential inside F."""
    left, factor, right = _around(core.args)
    op = factor.op
    if op == "d":
        if factor.shape.cols is ONE or (factor.shape.rows is ONE and not left):
            return None
        return Move("scalar_trace", trace(core), {"s": core})
    turned_around = Move("scalar_transpose", mul([flip(f) for f in reversed(core.args)]), {"s": core})
    if op == "T":
        if factor.args[0].op in ("d", "vec", "dg"):
            return turned_around
        return Move("", mul([*left, _push_transpose(factor), *right]))
    if op == "had":
        if factor.shape.rows is ONE:
            return turned_around
        if factor.shape.cols is not ONE:
            return Move("scalar_trace", trace(core), {"s": core})
        constant, moving = _had_parts(factor)
        row = flip(product(left))
        return Move("hadamard_move", splice([flip(hadamard([row, constant])), moving]))
    if op == "diag":
        column = product(right)
        return Move("diag_swap", splice([*left, diagonal(column), factor.args[0]]))
    if op == "dg":
        return Move("diag_trace", trace(splice([diagonal(flip(product(left))), factor.args[0]])))
    if op == "kron":
        return Move("scalar_trace", trace(core), {"s": core})
    if op == "unvec":
        if factor.shape.kind != "matrix":
            return Move("", mul([*left, factor.args[0] if factor.shape.cols is ONE else flip(factor.args[0]), *right]))
        return Move("scalar_trace", trace(core), {"s": core})
    if op == "vec" and factor.args[0].shape.kind != "matrix":
        return Move("", splice([*left, vec_of(factor.args[0]), *right]))
    if op == "vec":
        inside = factor.args[0]
        return Move("vec_trace", trace(splice([flip(unvec_of(flip(product(left)), inside.shape)), inside])))
    if op == "total":
        return _into_total(left, factor, right)
    if op == "mul":
        return Move("", splice([*left, *factor.args, *right]))
    raise UnsupportedError(f"docgen cannot bring {latex(factor)} to canonical form")


def _had_parts(factor: Node) -> tuple[Node, Node]:
    """The constant part and the moving part of a Hadamard product with one differential."""
    moving = next(arg for arg in factor.args if has_d(arg))
    constant = hadamard([arg for arg in factor.args if arg is not moving] or [ones(factor.shape)])
    return constant, moving


def _push_transpose(factor: Node) -> Node:
    """The transpose carried into an operator that holds a differential."""
    inside = factor.args[0]
    if inside.op == "had":
        return had([flip(arg) for arg in inside.args])
    if inside.op == "mul":
        return mul([flip(arg) for arg in reversed(inside.args)])
    if inside.op == "diag":
        return inside
    if inside.op == "total":
        return total(inside.data, flip(inside.args[0]))
    if inside.op == "kron":
        return rebuild(inside, [flip(arg) for arg in inside.args])
    if inside.op in ("vec", "dg", "unvec"):
        return transpose(inside)
    raise UnsupportedError(f"docgen cannot transpose {latex(inside)}")


def _trace(core: Node) -> Move | None:
    inside = core.args[0]
    if inside.op == "d":
        return None
    if inside.op == "T":
        return Move("trace_transpose", trace(inside.args[0]))
    if inside.op == "add":
        raise UnsupportedError("a trace of a sum must be opened first")
    args = inside.args if inside.op == "mul" else (inside,)
    scalars = [arg for arg in args if arg.is_scalar]
    chain = tuple(arg for arg in args if not arg.is_scalar)
    moving = [arg for arg in scalars if has_d(arg)]
    if moving:  # tr(M ds) = tr(M) ds
        rest = [arg for arg in scalars if arg is not moving[0]]
        constant = product([*rest, trace_of(product(chain))]) if chain else product([*rest, core])
        return Move("scalar_move", ordered([constant], moving[0]), {"s": moving[0]})
    if scalars:
        return Move("", ordered(scalars, unary("tr", mul(chain))))
    left, factor, right = _around(chain)
    op = factor.op
    whole = op in ("d", "T") and factor.shape.kind == "matrix"
    for place, other in enumerate(chain[:-1]):  # an inner size 1: the trace is a scalar product
        if other.shape.cols is ONE and not whole:
            return Move("trace_cyclic", mul([*chain[place + 1 :], *chain[: place + 1]]))
    if op == "d":
        if not right:
            return None
        return Move("trace_cyclic", trace(mul([*right, *left, factor])), {"dX": factor})
    if op == "T":
        if factor.args[0].op == "d":
            turned = [flip(f) for f in reversed(chain)]
            return Move("trace_transpose", trace(mul(turned)))
        return Move("", trace(mul([*left, _push_transpose(factor), *right])))
    before = product([*right, *left]) if left or right else None
    if op == "had":
        constant, moving_part = _had_parts(factor)
        if before is None:
            return Move("sum_trace", trace(splice([diagonal(unary("dg", constant)), moving_part])))
        return Move("hadamard_trace", trace(splice([flip(hadamard([flip(before), constant])), moving_part])))
    if op == "diag":
        row = flip(diagonal_of(before)) if before is not None else ones(shape(ONE, factor.shape.rows))
        return Move("diag_trace", splice([row, factor.args[0]]))
    if op == "kron" and before is None:
        first, second = factor.args
        return Move(
            "kron_trace",
            ordered([unary("tr", second)], unary("tr", first))
            if has_d(first)
            else ordered([unary("tr", first)], unary("tr", second)),
        )
    if op == "kron":  # tr(P (A ⊗ B)) = vec(Pᵀ)ᵀ vec(A ⊗ B)
        assert before is not None
        moving_part = factor.args[0] if has_d(factor.args[0]) else factor.args[1]
        row = product([flip(vec_of(flip(before))), kron_map(*factor.args)])
        return Move("kron_vec", splice([row, vec_of(moving_part)]))
    if op == "unvec":
        column = vec_of(flip(before)) if before is not None else vec_of(eye(factor.shape.rows))
        return Move("vec_trace", splice([flip(column), factor.args[0]]))
    if op == "total":
        if before is not None and factor.data.index in before.indices:  # it names the index of the sum itself
            column = total(factor.data, vec_of(factor.args[0]))
            return Move("vec_trace", splice([flip(vec_of(flip(before))), column]))
        body = trace(splice([*left, factor.args[0], *right]))
        return Move("", total(factor.data, body))
    raise UnsupportedError(f"docgen cannot bring {latex(core)} to canonical form")


def _sum(core: Node) -> Move | None:
    inside = core.args[0]
    if inside.is_scalar:
        return Move("", inside)
    if inside.op == "T":
        return Move("", unary("sum", inside.args[0]))
    if inside.op == "mul":
        scalars = [arg for arg in inside.args if arg.is_scalar]
        if scalars:
            return Move("", ordered(scalars, unary("sum", mul([a for a in inside.args if not a.is_scalar]))))
    if inside.op == "had":
        constant, moving = _had_parts(inside)
        body = splice([flip(constant), moving])
        if inside.shape.kind == "vector":
            return Move("hadamard_move", body)
        if inside.shape.kind == "row":
            return Move("hadamard_move", splice([moving, flip(constant)]))
        return Move("sum_trace", trace(body))
    if inside.op == "diag":
        return Move("", unary("sum", inside.args[0]))
    if inside.op == "dg":
        return Move("", unary("tr", inside.args[0]))
    if inside.op in ("vec", "unvec"):
        return Move("", unary("sum", inside.args[0]))
    if inside.op == "kron":
        left, right = inside.args
        still, changing = (right, left) if has_d(left) else (left, right)
        return Move("kron_sum", ordered([unary("sum", still)], unary("sum", changing)))
    if inside.op == "total":
        return Move("", total(inside.data, unary("sum", inside.args[0])))
    row = [] if inside.shape.rows is ONE else [ones(shape(ONE, inside.shape.rows))]
    column = [] if inside.shape.cols is ONE else [ones(shape(inside.shape.cols, ONE))]
    return Move("sum_as_ones", splice([*row, inside, *column]))


def _into_total(left: list[Node], factor: Node, right: list[Node]) -> Move | None:
    """A product carried into a sum over samples; where it names the index of that sum itself, the sum is brought to
    canonical form alone."""
    if not any(factor.data.index in other.indices for other in (*left, *right)):
        return Move("", total(factor.data, splice([*left, factor.args[0], *right])))
    inside = _total(factor)
    return None if inside is None else Move(inside.rule, splice([*left, inside.term, *right]), inside.facts)


def _total(core: Node) -> Move | None:
    inside = next_move(core.args[0])
    return None if inside is None else Move(inside.rule, total(core.data, inside.term), inside.facts)


# ---- columns ---------------------------------------------------------------------------------------------------


def _column(term: Node) -> Move | None:
    op = term.op
    if op == "d":
        return None
    if op == "had":
        constant, changing = _had_parts(term)
        facts = {"a": constant, "diag": diagonal(constant)}
        return Move("hadamard_diag", splice([diagonal(constant), changing]), facts)
    if op == "total":
        return _total(term)
    if op == "T":
        return None if term.args[0].op == "d" else Move("", _push_transpose(term))
    if op == "dg":
        return _diagonal_of_product(term.args[0])
    return _column_product(term) if op == "mul" else None


def _diagonal_of_product(inside: Node) -> Move | None:
    """diag(A diag(b) C) = (A ⊙ Cᵀ) b, with the differential in b."""
    args = inside.args if inside.op == "mul" else (inside,)
    scalars = [arg for arg in args if arg.is_scalar]
    chain = tuple(arg for arg in args if not arg.is_scalar)
    if not chain or not any(has_d(arg) for arg in chain):
        return None
    left, factor, right = _around(chain)
    if factor.op != "diag" or not (left or right):
        return None
    order = factor.shape.rows
    a = product(left) if left else eye(order)
    c = flip(product(right)) if right else eye(order)
    return Move("diag_product", ordered(scalars, splice([hadamard([a, c]), factor.args[0]])))


def _column_product(term: Node) -> Move | None:
    """A product that is a column: the differential is in a 1 x 1 piece of it, or in the column itself."""
    scalars = [arg for arg in term.args if arg.is_scalar]
    moving = [arg for arg in scalars if has_d(arg)]
    if moving:  # v · ds, ds being a scalar formula with the differential inside
        inside = _core(moving[0])
        rest = [arg for arg in term.args if arg is not moving[0]]
        if inside is not None:
            if inside.rule == "scalar_trace":  # a matrix differential in a vector: leave it in the sandwich
                return None
            return Move(inside.rule, splice([*rest, inside.term]), inside.facts)
        if term.args[-1] is moving[0] and moving[0].op != "mul":
            return None
        return Move("", splice([*rest, moving[0]]))
    pieces = segments([arg for arg in term.args if not arg.is_scalar])
    place = next(i for i, piece in enumerate(pieces) if any(has_d(f) for f in piece))
    piece = pieces[place]
    if piece[0].shape.rows is ONE:  # a scalar piece uᵀ … dx behind a column, as in x xᵀ dx
        others = [mul(p) for i, p in enumerate(pieces) if i != place and p[0].shape.rows is ONE]
        inside = _chain(mul(piece)) if len(piece) > 1 else None
        columns = [f for p in pieces if p[0].shape.rows is not ONE for f in p]
        if inside is not None and inside.rule != "scalar_trace":
            new = inside.term.args if inside.term.op == "mul" else (inside.term,)
            before = [f for p in pieces[:place] for f in p]
            after = [f for p in pieces[place + 1 :] for f in p]
            return Move(inside.rule, mul([*scalars, *before, *new, *after]), inside.facts)
        if place != len(pieces) - 1 or others:
            return Move(
                "scalar_move",
                ordered([*scalars, *others], mul([*columns, *piece])),
                {"s": product(others)} if others else {},
            )
        return None
    others = [mul(p) for i, p in enumerate(pieces) if i != place]
    if others:
        return Move("scalar_move", ordered([*scalars, *others], mul(piece)), {"s": product(others)})
    left, factor, right = _around(tuple(piece))
    op = factor.op
    if op == "had" and not right and factor.shape.cols is ONE:
        constant, inner = _had_parts(factor)
        facts = {"a": constant, "diag": diagonal(constant)}
        return Move("hadamard_diag", ordered(scalars, splice([*left, diagonal(constant), inner])), facts)
    if op == "diag":
        column = product(right)
        return Move("diag_swap", ordered(scalars, splice([*left, diagonal(column), factor.args[0]])))
    if op == "dg" and not right:
        inside = _diagonal_of_product(factor.args[0])
        if inside is None:
            return None
        return Move(inside.rule, ordered(scalars, splice([*left, inside.term])), inside.facts)
    if op == "T" and factor.args[0].op not in ("d", "vec", "dg"):
        return Move("", ordered(scalars, splice([*left, _push_transpose(factor), *right])))
    if op == "total" and not left and not right:
        inside = _total(factor)
        return None if inside is None else Move(inside.rule, ordered(scalars, inside.term), inside.facts)
    if op == "total":
        moved = _into_total(left, factor, right)
        return None if moved is None else Move(moved.rule, ordered(scalars, moved.term), moved.facts)
    return None
