"""The definiteness of a Hessian, read off zᵀHz written as squares (:mod:`docgen.calculus.definite`).

It decides about stationary points: convexity makes a local minimum a global one.
"""

from __future__ import annotations

from dataclasses import replace

from docgen.algebra.node import Node, add, mul, num, ones, power, unary, walk
from docgen.algebra.node import replace as put
from docgen.algebra.normal import flip, parts, product
from docgen.algebra.properties import is_zero, weight
from docgen.algebra.sizes import ONE
from docgen.algebra.symmetry import is_symmetric
from docgen.calculus.collect import factor
from docgen.calculus.definite import Square, fresh, never_zero, squares, verdict
from docgen.calculus.derivation import Derivation, Fact, Introduced, Line
from docgen.calculus.proof import written
from docgen.calculus.request import Context
from docgen.calculus.study import finish, hessian_of, prose, star, without_commutation
from docgen.calculus.study_linear import at_point

#: A quadratic form that is longer than this is not written out in a sentence.
WIDEST = 24

_SIGNS = {
    "positive_definite": ">",
    "positive_semidefinite": r"\ge",
    "negative_definite": "<",
    "negative_semidefinite": r"\le",
}


def definiteness(context: Context) -> Derivation:
    """The sign of the Hessian; the answer is the Hessian itself, the verdict its sign."""
    lines, hessian = hessian_of(context)
    x = context.function.variable
    reduced = without_commutation(hessian) if is_symmetric(x) else hessian
    symmetric = reduced is not hessian
    letter = "Z" if x.shape.kind == "matrix" else "z"
    given = fresh(letter, x.shape, context.function.formula, assume=frozenset({"symmetric"} if symmetric else ()))
    z = unary("vec", given) if x.shape.kind == "matrix" else given
    found = _with_assumed(context, squares(reduced, z))
    sign = verdict(found)
    form, whole = (mul([one, power(z, 2)] if x.is_scalar else [flip(z), one, z]) for one in (reduced, hessian))
    lines = list(lines)
    introduced = (Introduced(given, "symmetric_direction" if symmetric else "direction"),)
    if is_zero(hessian):
        lines.append(prose("zero_hessian", hessian, x=x, f=context.function.name))
        return finish(context, "definiteness", lines, hessian, found="zero")
    if x.is_scalar:
        sign = _scalar_sign(hessian, found)
        before = context.done.get("stationary_point")
        if before is not None and any(line.rule == "nonzero" for line in before.lines):
            sign = sign.replace("semidefinite", "definite")
    if sign == "undetermined" or found is None:
        about: dict[str, Fact] = {"q": hessian if x.is_scalar else whole} if weight(whole) <= WIDEST else {}
        lines.append(prose("undetermined", hessian, H=hessian, z=given, f=context.function.name, **about))
        lines += _at_stationary_point(context, reduced, z)
        return finish(context, "definiteness", lines, hessian, found="undetermined", introduced=introduced)
    if symmetric:
        lines.append(Line("form_symmetric", "statement", form, whole, {"z": given, "x": x}))
    if not x.is_scalar:
        lines += _as_squares(found, form, given, hessian)
    lines += _strictness(found, sign, given, hessian, x)
    lines += _conclusion(context, sign, found, x)
    return finish(context, "definiteness", lines, hessian, found=sign, introduced=introduced)


def _at_stationary_point(context: Context, hessian: Node, z: Node) -> list[Line]:
    """The Hessian at the stationary point that was found, and what its sign says of the point."""
    x, before = context.function.variable, context.done.get("stationary_point")
    if before is None or before.verdict != "solved":
        return []
    value = factor(at_point(hessian, x, before.answer))
    assumed = [line.expression for line in before.lines if line.rule == "assume_definite"]
    judged = value
    for matrix in assumed:
        judged = put(judged, matrix, fresh("P", matrix.shape, value, assume=frozenset({"positive_definite"})))
    found = _with_assumed(context, squares(judged, z))
    sign = _scalar_sign(judged, found) if x.is_scalar else verdict(found)
    kind = {"positive_definite": "local_minimum", "negative_definite": "local_maximum"}.get(sign)
    if kind is None:
        return []
    facts: dict[str, Fact] = {"x": x, "w": star(x), "f": context.function.name}
    if x.is_scalar:
        facts["scalar"] = x
    if is_symmetric(x) and not x.is_scalar:
        facts["symmetric"] = x
    there = Line("hessian_at_point", "statement", value, hessian, facts, at=before.answer)
    return [there, prose(kind, value, **facts)]


def assumed_ranks(context: Context) -> set[Node]:
    """The matrices that earlier tasks of the chain assumed to have full column rank."""
    lines = [line for done in context.done.values() for line in done.lines if line.rule == "assume_rank"]
    return {fact for line in lines for name, fact in line.facts.items() if name == "X" and isinstance(fact, Node)}


def _with_assumed(context: Context, found: list[Square] | None) -> list[Square] | None:
    """The squares, strict where an earlier task assumed the rank that they need."""
    if found is None:
        return None
    known = assumed_ranks(context)
    return [replace(s, strict=True) if s.needs is not None and s.needs in known else s for s in found]


def _scalar_sign(value: Node, found: list[Square] | None) -> str:
    """The sign of a second derivative."""
    sign = verdict(found)
    if found is None or is_zero(value):
        return "undetermined"
    if never_zero(value):
        return "positive_definite" if parts(value).number > 0 else "negative_definite"
    return sign


def _as_squares(found: list[Square], form: Node, z: Node, hessian: Node) -> list[Line]:
    """zᵀHz = … as squares: the products first, where that shows something."""
    name = z.data.name
    if is_symmetric(z):
        name = rf"{name} = {name}^{{T}}"
    space = z.shape.rows.latex() if z.shape.cols is ONE else rf"{z.shape.rows.latex()} \times {z.shape.cols.latex()}"
    facts: dict[str, Fact] = {"z": rf"{name} \in \mathbb{{R}}^{{{space}}}", "H": hessian}
    raw, nice = add([s.raw for s in found]), add([s.node for s in found])
    kinds = {square.kind for square in found}
    rule = f"form_{found[0].kind}" if len(kinds) == 1 else "form_norm"
    special = next((s for s in found if s.kind != "norm"), found[0])
    if special.matrix is not None:
        facts["S"] = special.matrix
    if special.argument is not None:
        facts["u"] = special.argument
    if found[0].sign < 0:
        facts["negative"] = hessian
    lines = []
    if raw is not nice and form is not raw:
        lines.append(Line("form_group", "statement", raw, form, facts))
    if nice is not form:
        lines.append(Line(rule, "statement", nice, form, facts))
    if not lines and len(found) == 1 and found[0].strict and found[0].argument in (z, unary("vec", z)):
        return []  # zᵀAz itself, whose sign is an assumption
    sign = r"\ge" if found[0].sign > 0 else r"\le"
    lines.append(Line("form_sign", "statement", num(0), form, facts, relation=sign))
    return lines


def _strictness(found: list[Square], sign: str, z: Node, hessian: Node, x: Node) -> list[Line]:
    """Whether the form vanishes for z = 0 only, and why."""
    name = z.data.name
    facts: dict[str, Fact] = {"z": z, "H": hessian, "nonzero": rf"{name} \ne 0", "x": x}
    if sign.startswith("negative"):
        facts["negative"] = hessian
    if x.is_scalar:
        return [prose("scalar_sign", hessian, inequality=f"{written(hessian)} {_SIGNS[sign]} 0", **facts)]
    if sign.endswith("_definite"):
        strict = next(s for s in found if s.strict)
        q = rf"{written(strict.node)} {_SIGNS[sign]} 0"
        if strict.needs is not None:
            image = f"{written(product([strict.needs, z]))} = 0"
            return [prose("strict_rank", hessian, X=strict.needs, image=image, zero=f"{name} = 0", **facts)]
        u = strict.argument or z
        if strict.matrix is not None and strict.matrix.op == "kron":
            return [prose("strict_kronecker", hessian, S=strict.matrix, q=q, **facts)]
        if strict.kind in ("declared", "weighted") and u is z:
            return [prose("strict_declared", hessian, S=strict.matrix or hessian, q=q, **facts)]
        if u is z or (u.op == "sym" and u.data.name == name):
            if len(found) > 1:
                facts["others"] = hessian
            return [prose("strict_norm", hessian, t=strict.node, **facts)]
        full = next((n for n in walk(u) if n.op == "sym" and n is not z and n.shape.kind == "matrix"), u)
        return [prose("strict_rank", hessian, X=full, image=f"{written(u)} = 0", zero=f"{name} = 0", **facts)]
    lines = [prose(sign, hessian, **facts)]
    needs = next((s.needs for s in found if s.needs is not None), None)
    if needs is not None:
        lines.append(prose("strict_if_rank", hessian, X=needs, **facts))
    elif found[0].kind == "variance" and found[0].argument is z:
        lines.append(prose("variance_zero", hessian, one=ones(z.shape), **facts))
    return lines


def _conclusion(context: Context, sign: str, found: list[Square], x: Node) -> list[Line]:
    """Convexity and what it says of the stationary point: local against global."""
    f: dict[str, Fact] = {"f": context.function.name, "x": x}
    sure = any(square.strict and square.needs is None for square in found)
    name = "convex" if sign.startswith("positive") else "concave"
    before = context.done.get("stationary_point")
    solved = before is not None and before.verdict == "solved"
    needs = None if sure else next((s.needs for s in found if s.needs is not None), None)
    if before is not None and before.verdict == "no_solution":
        f["without"] = x
    if solved and not sign.endswith("semidefinite"):
        lines = [prose(f"{name}_unique", x, w=star(x), **f)]
        return lines if needs is None or name == "concave" else [*lines, prose("not_unique", x, X=needs, **f)]
    if not sign.endswith("semidefinite"):
        f["strictly"] = x
    lines = [prose(f"{name}_global", x, **f)]
    if solved and needs is not None:
        lines.append(prose("not_unique", x, X=needs, **f))
    return lines
