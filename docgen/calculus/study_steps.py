"""One step of a descent method: by the gradient, by one summand of it, and by Newton's method.

The variable in an answer stands for the current iterate; how iterates are written is a matter of notation.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from docgen.algebra.node import Node, Sum, Symbol, add, dim, mul, num, sym, total, unary, walk
from docgen.algebra.normal import flip, parts, product, raised, sum_of, sum_over
from docgen.algebra.sizes import SCALAR
from docgen.calculus.collect import factor
from docgen.calculus.definite import fresh
from docgen.calculus.derivation import Derivation, Introduced, Line
from docgen.calculus.request import Context
from docgen.calculus.samples import Rows, summands
from docgen.calculus.study import _system, _terms, finish, gradient_of, hessian_of, invertible, prose
from docgen.errors import UnsupportedError


def _length(context: Context) -> Node:
    """The step length γ, or the next Greek letter that the function leaves free."""
    return fresh(r"\gamma", SCALAR, context.function.formula, assume=frozenset({"positive"}))


def _step(x: Node, length: Node, direction: Node) -> tuple[Node, Node]:
    """x - γ g as it is substituted, and simplified: the signs multiplied, x first."""
    raw = add([x, mul([num(-1), length, direction])])
    terms = [product([num(-1), length, term]) for term in (direction.args if direction.op == "add" else (direction,))]
    whole = product([num(-1), length, direction])
    if direction.op == "add" and all(parts(term).number < 0 for term in direction.args):
        return raw, add([x, *terms])
    return raw, raw if whole is raw.args[1] else add([x, whole])


def gradient_step(context: Context) -> Derivation:
    """x - γ ∇f(x), in vectors and, for a loss over data, in coordinates."""
    lines, gradient = gradient_of(context)
    x = context.function.variable
    length = _length(context)
    raw, answer = _step(x, length, gradient)
    lines = [*lines, Line("gradient_step", "statement", raw, "step", {"x": x, "step": length})]
    if answer is not raw:
        lines.append(Line("step_signs", "statement", answer, "step", {"x": x, "step": length}))
    introduced = [Introduced(length, "step")]
    stacked: dict[str, Node] = {}
    told = _coordinates(context, length, gradient)
    if told is not None:
        line, more = told
        lines.append(line)
        introduced += more
        stacked = {one.of.data.name: one.symbol for one in more if one.means == "rows" and one.of is not None}
    return finish(
        context, "gradient_step", lines, answer, introduced=tuple(introduced), stacked=stacked, equal=((raw, answer),)
    )


def _rows(context: Context) -> Rows:
    """How matrices of data are taken apart in this problem."""
    formula = context.function.formula
    bound = next((n.data for n in walk(formula) if n.op == "total"), None)
    if bound is None:
        gradient = context.gradient
        matrix = next(
            (n.args[0] for n in walk(gradient) if n.op == "T" and n.args[0].op == "sym" and n.shape.kind == "matrix"),
            None,
        ) if gradient is not None else None
        names = {name for n in walk(formula) for name in n.free}
        index = next(letter for letter in "ikls" if letter not in names)
        known = next(iter(context.function.stacked.values()), None)
        if known is not None and known.data.index:
            index = known.data.index
        bound = Sum(index, (matrix or formula).shape.rows)
    return Rows(bound, context.function.stacked, (formula,))


def _coordinates(context: Context, length: Node, gradient: Node) -> tuple[Line, list[Introduced]] | None:
    """The step for one coordinate of a vector, where the gradient is a sum over samples (and multiples of x)."""
    x = context.function.variable
    if x.shape.kind != "vector":
        return None
    rows = _rows(context)
    taken: list[tuple[Node, Node] | Node] = []
    for term in _terms(gradient):
        split = summands(term, rows)
        alone = parts(term).chain == (x,)
        if split is None and not alone:
            return None
        taken.append(term if split is None else split)
    if not any(isinstance(one, tuple) for one in taken):
        return None
    letters = {name for n in (context.function.formula,) for name in n.free}
    letter = next(c for c in "jkpq" if c != rows.bound.index and c not in letters)
    unit = fresh("e", x.shape, context.function.formula)

    def written(entry: Callable[[Node], Node]) -> Node | None:
        terms: list[Node] = [entry(x)]
        for one in taken:
            if not isinstance(one, tuple):
                front = parts(one)
                scalars = [num(-front.number), length, *(raised(b, e) for b, e in front.scalars)]
                terms.append(mul([product(scalars), entry(x)]))
                continue
            front_of, summand = one
            body = parts(summand)
            if len(body.chain) != 1 or body.chain[0].op != "sym":
                return None
            weights = product([num(body.number), *(raised(b, e) for b, e in body.scalars)])
            lead = product([num(-1), length, front_of])
            sign = parts(weights)
            if sign.number < 0:
                lead, weights = product([num(-1), lead]), product([num(-1), weights])
            flat = [a for a in (weights.args if weights.op == "mul" and all(a.is_scalar for a in weights.args) else (weights,)) if a.op != "num" or a.data != 1]
            inside = total(rows.bound, mul([*flat, entry(body.chain[0])]))
            heads = lead.args if lead.op == "mul" and all(a.is_scalar for a in lead.args) else (lead,)
            terms.append(mul([*heads, inside]))
        return add(terms)

    right = written(lambda v: mul([flip(unit), v]))
    shown = written(lambda v: sym(Symbol(_entry(v, letter), index=v.data.index), SCALAR))
    if right is None or shown is None:
        return None
    _, whole = _step(x, length, gradient)
    left = mul([flip(unit), whole])
    named = sym(Symbol(_entry(x, letter)), SCALAR)
    facts = {"x": x, "j": letter, "xj": named}
    more = [Introduced(unit, "direction"), *rows.introduced.values()]
    for one in rows.introduced.values():
        if one.of is not None and not one.symbol.is_scalar:
            facts |= {"X": one.of, "xi": flip(one.symbol), "i": rows.bound.index}
    return Line("step_coordinates", "statement", right, left, facts, shown=(named, shown)), more


def _entry(v: Node, letter: str) -> str:
    r"""The j-th entry of a symbol as it is printed: w_j, x_{ij}, x^{(i)}_j."""
    name: str = v.data.name
    head, low, tail = name.partition("_")
    if low:
        return f"{head}_{{{tail.strip('{}')}{letter}}}"
    return f"{name}_{letter}"


def sgd_step(context: Context) -> Derivation:
    """The step by one summand of the gradient of a loss over samples; the direction's mean over the samples is the
    gradient, up to the number of samples, which the step length absorbs where the loss is no mean."""
    lines, gradient = gradient_of(context)
    x = context.function.variable
    rows = _rows(context)
    sums: list[tuple[Node, Node]] = []
    rest: list[Node] = []
    for term in _terms(gradient):
        split = summands(term, rows)
        if split is None:
            rest.append(term)
        else:
            sums.append(split)
    if not sums:
        raise UnsupportedError(
            "a stochastic step needs a loss that is a sum over samples, and the gradient here is none",
            hint=r"Type the loss as a sum, \sum_{i=1}^{m} …, or with a data matrix X, or leave the task 'sgd_step' out.",
        )
    count = dim(rows.bound.count)
    over = Fraction(-1)
    mean = all(dict(parts(front).scalars).get(count) == over for front, _ in sums)
    absorbed = not mean
    pieces = [product([front, *([count] if mean else []), summand]) for front, summand in sums]
    pieces += [term if mean else product([raised(count, over), term]) for term in rest]
    direction = pieces[0] if len(pieces) == 1 else factor(sum_of(pieces))
    length = _length(context)
    raw, answer = _step(x, length, direction)
    scale = count if mean else num(1)
    facts = {"x": x, "step": length, "i": rows.bound.index, "m": count, "n": rows.bound.count.latex()}
    unbiased = Line("unbiased", "statement", product([scale, gradient]), sum_over(rows.bound, direction), facts)
    families = [one for one in rows.introduced.values() if one.of is not None and not one.symbol.is_scalar]
    if families and families[0].of is not None:
        facts |= {"X": families[0].of, "xi": flip(families[0].symbol)}
    said = prose("step_absorbed" if absorbed else "step_mean", count, **facts)
    lines = [*lines, Line("sgd_step", "statement", answer, "sgd_step", facts), unbiased, said]
    introduced = (Introduced(length, "step"), *rows.introduced.values())
    stacked = {one.of.data.name: one.symbol for one in introduced if one.means == "rows" and one.of is not None}
    return finish(
        context, "sgd_step", lines, answer, introduced=introduced, stacked=stacked,
        equal=((sum_over(rows.bound, direction), product([scale, gradient])),),
    )


def newton_step(context: Context) -> Derivation:
    """x - (∇²f)⁻¹ ∇f."""
    lines, hessian = hessian_of(context)
    gradient = context.gradient
    assert gradient is not None
    x = context.function.variable
    if x.shape.kind == "matrix":
        if x.data.name in hessian.free:
            raise UnsupportedError("docgen makes a Newton step for a matrix only where the gradient is linear in it")
        matrix, right, _ = _system(hessian, gradient, x)
    else:
        matrix, right = hessian, None
    reasons: list[Line] = []
    before, after = [], []
    for one, at in ((matrix, before), (right, after)):
        if one is None or one.op == "eye":
            continue
        if one.is_scalar:
            at.append(raised(one, Fraction(-1)))
            continue
        reasons.append(invertible(one, x))
        taken = parts(one)
        front = product([num(1 / taken.number), *(raised(b, -e) for b, e in taken.scalars)])
        at.append(product([front, unary("inv", product(taken.chain))]) if taken.chain else front)
    direction = product([*before, gradient, *after])
    answer = add([x, product([num(-1), direction])])
    raw = add([x, mul([num(-1), *[_inverse(n) for n in (matrix,)], gradient, *[_inverse(n) for n in (right,) if n is not None]])])
    lines = [*lines, *reasons, Line("newton_step", "statement", raw, "newton", {"x": x, "H": hessian})]  # type: ignore[arg-type]
    if answer is not raw:
        lines.append(Line("step_signs", "statement", answer, "newton", {"x": x}))  # type: ignore[arg-type]
    solve = product([*( [matrix] if matrix.op != "eye" else []), direction, *([right] if right is not None else [])])
    return finish(context, "newton_step", lines, answer, equal=((raw, answer), (solve, gradient)))


def _inverse(node: Node) -> Node:
    return raised(node, Fraction(-1)) if node.is_scalar else unary("inv", node)
