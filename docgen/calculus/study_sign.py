"""The definiteness of a Hessian, read off zᵀHz written as squares (:mod:`docgen.calculus.definite`).

It decides about stationary points: convexity makes a local minimum a global one.
"""

from __future__ import annotations

from dataclasses import replace

from docgen.algebra.node import Node, add, mul, num, ones, power, unary, walk
from docgen.algebra.normal import is_zero, parts, product
from docgen.algebra.sizes import ONE
from docgen.calculus.definite import Square, fresh, positive, squares, verdict
from docgen.calculus.derivation import Derivation, Fact, Introduced, Line
from docgen.calculus.proof import written
from docgen.calculus.request import Context
from docgen.calculus.study import finish, hessian_of, prose, star
from docgen.calculus.study import form as quadratic

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
    given = fresh("Z" if x.shape.kind == "matrix" else "z", x.shape, context.function.formula)
    z = unary("vec", given) if x.shape.kind == "matrix" else given
    found = _with_assumed(context, squares(hessian, z))
    sign = verdict(found)
    form = quadratic(hessian, z) if not x.is_scalar else mul([hessian, _square_of(z)])
    lines = list(lines)
    if is_zero(hessian):
        lines.append(prose("zero_hessian", hessian, x=x, f=context.function.name))
        return finish(context, "definiteness", lines, hessian, found="zero")
    if x.is_scalar:
        sign = _scalar_sign(hessian, found)
        before = context.done.get("stationary_point")
        if before is not None and any(line.rule == "nonzero" for line in before.lines):
            sign = sign.replace("semidefinite", "definite")
    if sign == "undetermined" or found is None:
        lines.append(prose("undetermined", hessian, H=hessian, z=given, q=form))
        return finish(context, "definiteness", lines, hessian, found="undetermined")
    if not x.is_scalar:
        lines += _as_squares(found, form, given, hessian)
    lines += _strictness(found, sign, given, hessian, x)
    lines += _conclusion(context, sign, found, x)
    introduced = (Introduced(given, "direction"),)
    return finish(context, "definiteness", lines, hessian, found=sign, introduced=introduced)


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


def _square_of(z: Node) -> Node:
    return power(z, 2)


def _scalar_sign(value: Node, found: list[Square] | None) -> str:
    """The sign of a second derivative."""
    sign = verdict(found)
    taken = parts(value)
    if found is None or not taken.number:
        return "undetermined"
    if all(positive(b) or e < 0 for b, e in taken.scalars):
        return "positive_definite" if taken.number > 0 else "negative_definite"
    return sign


def _as_squares(found: list[Square], form: Node, z: Node, hessian: Node) -> list[Line]:
    """zᵀHz = … as squares: the products first, where that shows something."""
    space = z.shape.rows.latex() if z.shape.cols is ONE else rf"{z.shape.rows.latex()} \times {z.shape.cols.latex()}"
    facts: dict[str, Fact] = {"z": rf"{z.data.name} \in \mathbb{{R}}^{{{space}}}", "H": hessian}
    raw, nice = (_sum([getattr(s, name) for s in found]) for name in ("raw", "node"))
    kinds = {square.kind for square in found}
    rule = f"form_{found[0].kind}" if len(kinds) == 1 else "form_norm"
    special = next((s for s in found if s.kind != "norm"), found[0])
    if special.matrix is not None:
        facts["S"] = special.matrix
    if special.argument is not None:
        facts["u"] = special.argument
    lines = []
    if raw is not nice and form is not raw:
        lines.append(Line("form_group", "statement", raw, form, facts))
    if nice is not form:
        lines.append(Line(rule, "statement", nice, form, facts))
    if found[0].sign < 0:
        facts["negative"] = hessian
    if not lines and len(found) == 1 and found[0].strict and found[0].argument is z:
        return []  # zᵀAz itself, whose sign is an assumption
    sign = r"\ge" if found[0].sign > 0 else r"\le"
    lines.append(Line("form_sign", "statement", num(0), form, facts, relation=sign))
    return lines


def _sum(nodes: list[Node]) -> Node:
    return add(nodes) if len(nodes) > 1 else nodes[0]


def _strictness(found: list[Square], sign: str, z: Node, hessian: Node, x: Node) -> list[Line]:
    """Whether the form vanishes for z = 0 only, and why."""
    name = z.data.name
    facts: dict[str, Fact] = {"z": z, "H": hessian, "nonzero": rf"{name} \ne 0", "x": x}
    if sign.startswith("negative"):
        facts["negative"] = hessian
    if x.is_scalar:
        return [prose("scalar_sign", hessian, inequality=f"{written(hessian)} {_SIGNS[sign]} 0", **facts)]
    if sign.endswith("_definite") and not sign.endswith("semidefinite"):
        strict = next(s for s in found if s.strict)
        if strict.needs is not None:
            image = f"{written(product([strict.needs, z]))} = 0"
            return [prose("strict_rank", hessian, X=strict.needs, image=image, zero=f"{name} = 0", **facts)]
        u = strict.argument or z
        if strict.kind in ("declared", "weighted") and u is z:
            q = rf"{written(strict.node)} {'>' if sign.startswith('positive') else '<'} 0"
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
