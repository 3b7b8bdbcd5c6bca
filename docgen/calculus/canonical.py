"""Terms that are linear in one differential, in canonical form: taken apart, put together, and collected."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.algebra.node import Node, differential, eye, mul, num, ones, product_shape, rebuild, walk
from docgen.algebra.normal import parts, product, sum_of
from docgen.algebra.properties import has_d
from docgen.algebra.renormal import sum_over
from docgen.algebra.sizes import ONE, SCALAR
from docgen.algebra.symmetry import with_symmetry
from docgen.calculus.collect import factor
from docgen.calculus.linear import Form, Linear, apply, d_inside, splice, trace


def under_total(term: Node) -> bool:
    """Whether the differential of a term stands under a sum over samples."""
    return any(node.op == "total" and has_d(node) for node in walk(term))


def symmetric_term(term: Node) -> Node:
    """The term with declared symmetries used in everything but its differential."""
    if not has_d(term):
        return with_symmetry(term)
    if term.op == "d":
        return term
    if term.op == "mul":
        args: list[Node] = []
        stretch: list[Node] = []
        running = SCALAR  # a stretch ends where a 1 x 1 piece of the product does
        for arg in [*term.args, None]:
            if stretch and (arg is None or has_d(arg) or (running is SCALAR and arg.shape is not SCALAR)):
                whole = mul(stretch)
                new = with_symmetry(whole)
                opened_up = new.op == "mul" and not new.is_scalar  # a 1 x 1 chain stays one factor
                args.extend(stretch if new is whole else new.args if opened_up else [new])
                stretch = []
            if arg is None:
                break
            running = product_shape([ones(running), arg])
            if has_d(arg):
                args.append(symmetric_term(arg))
            else:
                stretch.append(arg)
        return term if tuple(args) == term.args else mul(args)
    args = [symmetric_term(arg) for arg in term.args]
    if tuple(args) == term.args:
        return term
    return rebuild(term, args)


def linear_of(term: Node) -> Linear:
    """A canonical term taken apart."""
    hole = d_inside(term)
    of = hole.args[0]
    if term is hole:
        return Linear("left", None, of, term)
    if term.op == "total":
        inside = linear_of(term.args[0])
        if term.data.index not in of.indices and inside.form not in ("sandwich", "total"):
            return canonical(inside.form, sum_over(term.data, _coefficient(inside)), of)
        return Linear("total", None, of, term)
    if term.op == "tr":
        return _trace_of(num(1), term, of)
    if term.op == "mul":
        last = term.args[-1]
        if last is hole and not any(has_d(arg) for arg in term.args[:-1]):
            return canonical("left", product(term.args[:-1]), of)
        first = next(i for i, arg in enumerate(term.args) if has_d(arg))
        if (
            term.is_scalar
            and term.args[first] is hole
            and of.shape.rows is ONE
            and all(a.is_scalar for a in term.args[:first])
        ):
            return canonical("right", product([*term.args[:first], *term.args[first + 1 :]]), of)
        if term.is_scalar and last.op == "tr":
            return _trace_of(product(term.args[:-1]), last, of)
        if term.args[first].op == "total" and first == len(term.args) - 1:
            inside = linear_of(term.args[first])
            if inside.form == "left" or (inside.form in ("trace", "right") and term.is_scalar):
                return canonical(inside.form, product([*term.args[:first], _coefficient(inside)]), of)
            return Linear("total", None, of, term)
        if of.is_scalar and term.args[first] is hole:
            return canonical("left", product([*term.args[:first], *term.args[first + 1 :]]), of)
    return Linear("sandwich", None, of, term)


def _trace_of(front: Node, term: Node, of: Node) -> Linear:
    inside = term.args[0]
    if inside.op == "d":
        return Linear(
            "trace", product([front, eye(of.shape.cols)]) if front is not num(1) else None, of, splice([front, term])
        )
    if inside.op == "mul" and inside.args[-1].op == "d":
        return canonical("trace", product([front, *inside.args[:-1]]), of)
    return Linear("sandwich", None, of, splice([front, term]))


def canonical(form: Form, coefficient: Node | None, of: Node) -> Linear:
    """The canonical term with this coefficient."""
    hole = differential(of)
    if coefficient is None or coefficient is num(1):
        node = hole if form != "trace" else trace(hole)
        return Linear(form, coefficient, of, node)
    if form == "right":
        scalars = [a for a in coefficient.args if a.is_scalar] if coefficient.op == "mul" else []
        rest = [a for a in coefficient.args if not a.is_scalar] if coefficient.op == "mul" else [coefficient]
        turned = splice([coefficient, hole]) if coefficient.is_scalar else mul([*scalars, hole, *rest])
        return Linear(form, coefficient, of, turned)
    if form == "trace":
        return Linear(form, coefficient, of, trace(apply(coefficient, hole)))
    return Linear(form, coefficient, of, apply(coefficient, hole))


def _coefficient(linear: Linear) -> Node:
    """The coefficient as a matrix, an identity where none is written."""
    if linear.coefficient is not None:
        return linear.coefficient
    if linear.form == "trace":
        return eye(linear.of.shape.cols)
    return num(1)


def like_terms(linears: Sequence[Linear]) -> list[Linear]:
    """Terms that differ by a number added up; zeros dropped."""
    found: dict[tuple[object, ...], tuple[Linear, list[Linear]]] = {}
    for linear in linears:
        if linear.form in ("sandwich", "total"):
            key: tuple[object, ...] = (linear.form, parts(linear.node).key)
        else:
            key = (linear.form, linear.of, parts(_coefficient(linear)).key)
        found.setdefault(key, (linear, []))[1].append(linear)
    kept = []
    for first, same in found.values():
        if len(same) == 1:
            kept.append(first)
        elif first.form in ("sandwich", "total"):
            number = sum(parts(one.node).number for one in same)
            if number:
                body = parts(first.node).times(number / parts(first.node).number)
                kept.append(Linear(first.form, None, first.of, body.node()))
        else:
            together = sum_of([_coefficient(one) for one in same])
            if parts(together).number:
                kept.append(canonical(first.form, together, first.of))
    return kept


def needs_identity(linear: Linear, linears: Sequence[Linear]) -> bool:
    """A scalar in front of dx beside a matrix in front of the same dx."""
    if linear.form != "left" or linear.of.shape.kind not in ("vector", "matrix") or linear.node.is_scalar:
        return False
    own = _coefficient(linear)
    if not own.is_scalar:
        return False
    return any(
        other.of is linear.of and other.form == "left" and not _coefficient(other).is_scalar for other in linears
    )


def with_identity(linear: Linear) -> Linear:
    """The term with the identity beside its scalar."""
    identity = eye(linear.of.shape.rows)
    own = _coefficient(linear)
    matrix = product([own, identity])
    head = [] if own is num(1) else list(own.args) if own.op == "mul" and all(a.is_scalar for a in own.args) else [own]
    return Linear("left", matrix, linear.of, mul([*head, identity, differential(linear.of)]))


def one_each(linears: Sequence[Linear]) -> list[Linear]:
    """One coefficient for each differential and form, factored."""
    groups: dict[tuple[object, ...], list[Linear]] = {}
    for linear in linears:
        key = (linear.form, linear.of) if linear.form not in ("sandwich", "total") else (linear.form, linear.node)
        groups.setdefault(key, []).append(linear)
    kept = []
    for same in groups.values():
        if len(same) == 1:
            kept.append(same[0])
        else:
            kept.append(canonical(same[0].form, factor(sum_of([_coefficient(one) for one in same])), same[0].of))
    return kept


def scaled(outer: Node, linear: Linear) -> Node:
    """A term with a scalar in front of it."""
    if linear.form in ("sandwich", "total"):
        return splice([outer, linear.node])
    return canonical(linear.form, product([outer, _coefficient(linear)]), linear.of).node
