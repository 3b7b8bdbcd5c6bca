"""One step of a descent method: by the gradient, by one summand of it, and by Newton's method.

The variable in an answer stands for the current iterate; how iterates are written is a matter of notation.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from docgen.algebra.node import Node, Sum, Symbol, add, dim, eye, mul, num, sym, total, unary, walk
from docgen.algebra.normal import Product, flip, is_zero, parts, product, raised, sum_of, sum_over
from docgen.algebra.sizes import SCALAR
from docgen.calculus.collect import factor
from docgen.calculus.definite import fresh
from docgen.calculus.derivation import Derivation, Fact, Introduced, Line
from docgen.calculus.proof import Prover, written
from docgen.calculus.request import Context
from docgen.calculus.samples import Rows, summands
from docgen.calculus.study import finish, gradient_of, hessian_of, invertible, prose, system_of, terms_of
from docgen.errors import UnsupportedError


def _length(context: Context) -> Node:
    """The step length γ, or the next Greek letter that the function leaves free."""
    return fresh(r"\gamma", SCALAR, context.function.formula, assume=frozenset({"positive"}))


def _minus(length: Node, direction: Node) -> Node:
    """-γ g with the number in front, then γ, then what is left of g in its order."""
    if direction.op == "add" or direction.op == "num":
        return mul([num(-1), length, direction])
    factors = list(direction.args) if direction.op == "mul" else [direction]
    number = Fraction(-1)
    while factors and factors[0].op == "num":
        number *= factors.pop(0).data
    return mul([*([num(number)] if number != 1 else []), length, *factors])


def _step(x: Node, length: Node, direction: Node) -> tuple[Node, Node]:
    """x - γ g as it is substituted, and with the signs multiplied."""
    whole = _minus(length, direction)
    if direction.op != "mul" or direction.args[0].op != "num":
        return add([x, whole]), add([x, whole])
    raw = add([x, mul([num(-1), length, direction])])
    return raw, raw if whole is raw.args[1] or direction.op == "add" else add([x, whole])


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
        context,
        "gradient_step",
        lines,
        answer,
        introduced=tuple(introduced),
        stacked=stacked,
        claims={"step": lambda made: (made, add([x, mul([num(-1), length, gradient])]))},
    )


def _rows(context: Context) -> Rows:
    """How matrices of data are taken apart in this problem."""
    formula = context.function.formula
    bound = next((n.data for n in walk(formula) if n.op == "total"), None)
    if bound is None:
        gradient = context.gradient
        matrix = (
            next(
                (
                    n.args[0]
                    for n in walk(gradient)
                    if n.op == "T" and n.args[0].op == "sym" and n.shape.kind == "matrix"
                ),
                None,
            )
            if gradient is not None
            else None
        )
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
    for term in terms_of(gradient):
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

    def in_entries(entry: Callable[[Node], Node]) -> Node | None:
        terms: list[Node] = [entry(x)]
        for one in taken:
            if not isinstance(one, tuple):
                terms.append(_minus(length, _ordered(parts(one), entry(x))))
                continue
            front_of, summand = one
            body = parts(summand)
            if len(body.chain) != 1 or body.chain[0].op != "sym":
                return None
            weights = product([num(abs(body.number)), *(raised(b, e) for b, e in body.scalars)])
            flat = weights.args if weights.op == "mul" and all(a.is_scalar for a in weights.args) else (weights,)
            kept = [a for a in flat if a.op != "num" or a.data != 1]
            inside = total(rows.bound, mul([*kept, entry(body.chain[0])]))
            sign = Fraction(1) if body.number > 0 else Fraction(-1)
            terms.append(_minus(length, _ordered(parts(front_of).times(sign), inside)))
        return add(terms)

    right = in_entries(lambda v: mul([flip(unit), v]))
    shown = in_entries(lambda v: sym(Symbol(_entry(v, letter), index=v.data.index), SCALAR))
    if right is None or shown is None:
        return None
    _, whole = _step(x, length, gradient)
    left = mul([flip(unit), whole])
    named = sym(Symbol(_entry(x, letter)), SCALAR)
    facts: dict[str, Fact] = {"x": x, "j": letter, "xj": named}
    more = [Introduced(unit, "direction"), *rows.introduced.values()]
    for one in rows.introduced.values():
        if one.of is not None and not one.symbol.is_scalar:
            facts |= {"X": one.of, "xi": flip(one.symbol), "i": rows.bound.index}
    return Line("step_coordinates", "statement", right, left, facts, shown=(named, shown)), more


def _ordered(front: Product, last: Node) -> Node:
    """The number and the scalars of a product in front of a factor."""
    scalars = [raised(b, e) for b, e in front.scalars]
    return mul([*([num(front.number)] if front.number != 1 else []), *scalars, last])


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
    for term in terms_of(gradient):
        split = summands(term, rows)
        if split is None:
            rest.append(term)
        else:
            sums.append(split)
    if not sums:
        raise UnsupportedError(
            "a stochastic step needs a loss that is a sum over samples, and the gradient here is none",
            hint=r"Type the loss as a sum, \sum_{i=1}^{m} …, or with a data matrix, or leave 'sgd_step' out.",
        )
    count = dim(rows.bound.count)
    over = Fraction(-1)
    mean = all(dict(parts(front).scalars).get(count) == over for front, _ in sums)
    absorbed = not mean
    pieces = [product([front, *([count] if mean else []), summand]) for front, summand in sums]
    pieces += [term if mean else product([raised(count, over), term]) for term in rest]
    direction = pieces[0] if len(pieces) == 1 else factor(sum_of(pieces))
    length = _length(context)
    _, answer = _step(x, length, direction)
    scale = count if mean else num(1)
    facts: dict[str, Fact] = {
        "x": x,
        "step": length,
        "i": rows.bound.index,
        "m": count,
        "count": str(rows.bound.count),
    }
    if mean:
        facts["mean"] = count
    unbiased = Line("unbiased", "statement", product([scale, gradient]), sum_over(rows.bound, direction), facts)
    families = [one for one in rows.introduced.values() if one.of is not None and not one.symbol.is_scalar]
    if families and families[0].of is not None:
        facts |= {"X": families[0].of, "xi": flip(families[0].symbol)}
    said = prose("step_absorbed" if absorbed else "step_mean", count, **facts)
    lines = [*lines, Line("sgd_step", "statement", answer, "sgd_step", facts)]
    if unbiased.left is not unbiased.expression:
        lines.append(unbiased)
    lines.append(said)
    introduced = (Introduced(length, "step"), *rows.introduced.values())
    stacked = {one.of.data.name: one.symbol for one in introduced if one.means == "rows" and one.of is not None}
    return finish(
        context,
        "sgd_step",
        lines,
        answer,
        introduced=introduced,
        stacked=stacked,
        claims={
            "sgd_step": lambda made: (
                total(rows.bound, add([x, mul([num(-1), made])])),
                product([length, scale, gradient]),
            )
        },
    )


def newton_step(context: Context) -> Derivation:
    """x - (∇²f)⁻¹ ∇f."""
    lines, hessian = hessian_of(context)
    _, gradient = gradient_of(context)
    x = context.function.variable
    refuse_singular(context, hessian)
    if x.shape.kind == "matrix":
        if x.data.name in hessian.free:
            raise UnsupportedError("docgen makes a Newton step for a matrix only where the gradient is linear in it")
        matrix, right, _ = system_of(hessian, gradient, x)
    else:
        matrix, right = hessian, None
    reasons: list[Line] = []
    before: list[Node] = []
    after: list[Node] = []
    for one, at in ((matrix, before), (right, after)):
        if one is None or one.op == "eye":
            continue
        if one.is_scalar:
            at.append(raised(one, Fraction(-1)))
            continue
        if context.done.get("stationary_point") is None or x.data.name in hessian.free:
            reasons.append(invertible(one, x))
        taken = parts(one)
        front = product([num(1 / taken.number), *(raised(b, -e) for b, e in taken.scalars)])
        at.append(product([front, unary("inv", product(taken.chain))]) if taken.chain else front)
    direction = product([*before, gradient, *after])
    answer = add([x, product([num(-1), direction])])
    left = [_inverse(matrix)] if matrix.op != "eye" else []
    raw = add([x, mul([num(-1), *left, gradient, *([] if right is None else [_inverse(right)])])])
    lines = [*lines, *reasons, Line("newton_step", "statement", raw, "newton", {"x": x, "H": hessian})]
    if answer is not raw:
        lines.append(Line("step_signs", "statement", answer, "newton", {"x": x}))
    known = context.done.get("stationary_point")
    equal: list[tuple[Node, Node]] = []
    if x.data.name not in hessian.free:
        lines.append(prose("newton_exact", x, x=x, f=context.function.name))
        if known is not None and known.verdict == "solved":
            equal.append((answer, known.answer))
    around = ([matrix] if matrix.op != "eye" else [], [right] if right is not None else [])
    claim = {"newton": lambda made: (mul([*around[0], add([x, mul([num(-1), made])]), *around[1]]), gradient)}
    return finish(context, "newton_step", lines, answer, equal=equal, claims=claim)


def refuse_singular(context: Context, hessian: Node) -> None:
    """Raises UnsupportedError where no Newton step exists, the Hessian being singular at every point."""
    function = context.function
    prover = Prover(function.formula, function.variable, stacked=function.stacked)
    prover.admissible()
    regular = hessian.is_scalar or prover.equal(mul([hessian, unary("inv", hessian)]), eye(hessian.shape.rows))
    if is_zero(hessian) or not regular:
        raise UnsupportedError(
            f"Newton's method needs an invertible Hessian, and {written(hessian)} is singular",
            hint="Leave the task 'newton_step' out, or add a regularizer to the loss.",
        )


def _inverse(node: Node) -> Node:
    return raised(node, Fraction(-1)) if node.is_scalar else unary("inv", node)
