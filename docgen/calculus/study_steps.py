"""One step of a descent method: by the gradient, by one summand of it, and by Newton's method.

The variable in an answer stands for the current iterate; how iterates are written is a matter of notation.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from docgen.algebra.indexed import free_letters, size_symbols
from docgen.algebra.node import Node, Sum, Symbol, add, dim, eye, mul, num, sym, total, unary, walk
from docgen.algebra.normal import flip, parts, product, sum_of
from docgen.algebra.products import Product, raised
from docgen.algebra.properties import is_one, is_zero
from docgen.algebra.renormal import sum_over
from docgen.algebra.sizes import SCALAR
from docgen.calculus import independent
from docgen.calculus.collect import factor
from docgen.calculus.definite import fresh
from docgen.calculus.derivation import Derivation, Fact, Introduced, Line
from docgen.calculus.proof import Prover, written
from docgen.calculus.request import Context
from docgen.calculus.samples import Rows, summands
from docgen.calculus.study import finish, gradient_of, hessian_of, invertible, prose, without_commutation
from docgen.calculus.study_linear import system_of, terms_of
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
    told = _coordinates(context, length, gradient)
    if told is not None:
        line, more = told
        lines.append(line)
        introduced += more
    return finish(
        context,
        "gradient_step",
        lines,
        answer,
        introduced=tuple(introduced),
        claims={"step": lambda made: (made, add([x, mul([num(-1), length, gradient])]))},
    )


def _index(context: Context, preferred: str, *taken: str) -> str:
    """A letter for an index that the function leaves free, one of the preferred ones where there is one."""
    function = context.function
    free = free_letters(function.symbols, size_symbols(function.formula), taken, function.name)
    if not free:
        raise UnsupportedError("the formula leaves no letter for an index", hint="Rename one of its symbols.")
    return next((letter for letter in preferred if letter in free), free[0])


def _rows(context: Context, gradient: Node) -> Rows:
    """How matrices of data are taken apart in this problem."""
    formula, stacked = context.function.formula, context.function.stacked
    bound = next((n.data for n in walk(formula) if n.op == "total"), None)
    if bound is None:
        turned = (n.args[0] for n in walk(gradient) if n.op == "T")
        matrix = next((m for m in turned if m.op == "sym" and m.shape.kind == "matrix"), formula)
        index = next((family.data.index for family in stacked.values()), None) or _index(context, "ikls")
        bound = Sum(index, matrix.shape.rows)
    return Rows(bound, stacked, (formula,))


def _data(rows: Rows) -> dict[str, Fact]:
    """A matrix of data and its row as a sentence names them."""
    families = (one for one in rows.introduced.values() if one.of is not None and not one.symbol.is_scalar)
    one = next(families, None)
    return {} if one is None or one.of is None else {"X": one.of, "xi": flip(one.symbol)}


def _coordinates(context: Context, length: Node, gradient: Node) -> tuple[Line, list[Introduced]] | None:
    """The step for one coordinate of a vector, where the gradient is a sum over samples (and multiples of x)."""
    x = context.function.variable
    if x.shape.kind != "vector":
        return None
    rows = _rows(context, gradient)
    found = [(term, summands(term, rows)) for term in terms_of(gradient)]
    if all(one is None for _, one in found) or any(one is None and parts(term).chain != (x,) for term, one in found):
        return None
    letter = _index(context, "jkpq", rows.bound.index)
    unit = fresh("e", x.shape, context.function.formula)

    def in_entries(entry: Callable[[Node], Node]) -> Node | None:
        terms = [entry(x)]
        for term, one in found:
            product_of = _in_front(parts(term), entry(x)) if one is None else _sum_of_entries(*one, rows.bound, entry)
            if product_of is None:
                return None
            terms.append(_minus(length, product_of))
        return add(terms)

    right = in_entries(lambda v: mul([flip(unit), v]))
    shown = in_entries(lambda v: sym(Symbol(_entry(v, letter), index=v.data.index), SCALAR))
    if right is None or shown is None:
        return None
    _, whole = _step(x, length, gradient)
    left = mul([flip(unit), whole])
    named = sym(Symbol(_entry(x, letter)), SCALAR)
    data = _data(rows)
    facts: dict[str, Fact] = {"x": x, "j": letter, "xj": named, **data, **({"i": rows.bound.index} if data else {})}
    more = [Introduced(unit, "direction"), *rows.introduced.values()]
    return Line("step_coordinates", "statement", right, left, facts, shown=(named, shown)), more


def _sum_of_entries(front: Node, summand: Node, bound: Sum, entry: Callable[[Node], Node]) -> Node | None:
    """The entry of  front · Σ summand,  the number in front of the sum; None where the summand is no multiple of a
    symbol."""
    body = parts(summand)
    if len(body.chain) != 1 or body.chain[0].op != "sym":
        return None
    sign = Fraction(1) if body.number > 0 else Fraction(-1)
    weights = body.times(sign).front
    flat = weights.args if weights.op == "mul" and all(a.is_scalar for a in weights.args) else (weights,)
    kept = [a for a in flat if not is_one(a)]
    return _in_front(parts(front).times(sign), total(bound, mul([*kept, entry(body.chain[0])])))


def _in_front(front: Product, last: Node) -> Node:
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
    rows = _rows(context, gradient)
    found = [(term, summands(term, rows)) for term in terms_of(gradient)]
    sums = [one for _, one in found if one is not None]
    rest = [term for term, one in found if one is None]
    if not sums:
        raise UnsupportedError(
            "a stochastic step needs a loss that is a sum over samples, and here there is no such sum",
            hint=r"Type the loss as a sum, \sum_{i=1}^{m} …, or with a data matrix, or leave 'sgd_step' out.",
        )
    count = dim(rows.bound.count)
    mean = all(dict(parts(front).scalars).get(count) == -1 for front, _ in sums)
    pieces = [product([front, *([count] if mean else []), summand]) for front, summand in sums]
    pieces += [term if mean else product([raised(count, Fraction(-1)), term]) for term in rest]
    direction = pieces[0] if len(pieces) == 1 else factor(sum_of(pieces))
    length = _length(context)
    _, answer = _step(x, length, direction)
    scale = count if mean else num(1)
    facts: dict[str, Fact] = {
        "x": x, "step": length, "i": rows.bound.index, "m": count, "count": str(rows.bound.count),
        **({"mean": count} if mean else {}), **_data(rows),
    }  # fmt: skip
    lines = [*lines, Line("sgd_step", "statement", answer, "sgd_step", facts)]
    unbiased = Line("unbiased", "statement", product([scale, gradient]), sum_over(rows.bound, direction), facts)
    if unbiased.left is not unbiased.expression:
        lines.append(unbiased)
    lines.append(prose("step_mean" if mean else "step_absorbed", count, **facts))
    introduced = (Introduced(length, "step"), *rows.introduced.values())

    def claim(made: Node) -> tuple[Node, Node]:
        return total(rows.bound, add([x, mul([num(-1), made])])), product([length, scale, gradient])

    return finish(context, "sgd_step", lines, answer, introduced=introduced, claims={"sgd_step": claim})


def newton_step(context: Context) -> Derivation:
    """x - (∇²f)⁻¹ ∇f."""
    lines, hessian = hessian_of(context)
    _, gradient = gradient_of(context)
    x = context.function.variable
    _refuse_singular(context, hessian)
    matrix, right_factor = hessian, None
    linear = x.data.name not in hessian.free
    if x.shape.kind == "matrix":
        if not linear:
            raise UnsupportedError(
                "docgen makes a Newton step for a matrix only where the gradient is linear in it",
                hint="Leave the task 'newton_step' out; 'gradient_step' works for every loss.",
            )
        square = without_commutation(hessian) if independent.applies(x) else hessian
        matrix, right_factor, _ = system_of(square, gradient, x)
    left, right = ([one] if one is not None and one.op != "eye" else [] for one in (matrix, right_factor))
    known = context.done.get("stationary_point")
    if known is None or not linear:
        lines = [*lines, *(invertible(one, x) for one in (*left, *right) if not one.is_scalar)]
    direction = product([*map(_inverse_taken_out, left), gradient, *map(_inverse_taken_out, right)])
    answer = add([x, product([num(-1), direction])])
    raw = add([x, mul([num(-1), *map(_inverse, left), gradient, *map(_inverse, right)])])
    lines = [*lines, Line("newton_step", "statement", raw, "newton", {"x": x, "H": hessian})]
    if answer is not raw:
        lines.append(Line("step_signs", "statement", answer, "newton", {"x": x}))
    equal: list[tuple[Node, Node]] = []
    if linear:
        lines.append(prose("newton_exact", x, x=x, f=context.function.name))
        if known is not None and known.verdict == "solved":
            equal.append((answer, known.answer))

    def claim(made: Node) -> tuple[Node, Node]:
        return mul([*left, add([x, mul([num(-1), made])]), *right]), gradient

    return finish(context, "newton_step", lines, answer, equal=equal, claims={"newton": claim})


def _inverse(node: Node) -> Node:
    return raised(node, Fraction(-1)) if node.is_scalar else unary("inv", node)


def _inverse_taken_out(node: Node) -> Node:
    """The inverse with the number and the scalars of what is inverted outside."""
    taken = parts(node)
    return product([_inverse(taken.front), *([_inverse(taken.bare)] if taken.chain else [])])


def _refuse_singular(context: Context, hessian: Node) -> None:
    """Raises UnsupportedError where no Newton step exists, the Hessian being singular at every point."""
    function = context.function
    prover = Prover(function.formula, function.variable, stacked=function.stacked)
    prover.admissible()
    regular = hessian.is_scalar or prover.equal(mul([hessian, unary("inv", hessian)]), eye(hessian.shape.rows))
    if is_zero(hessian) or not regular:
        raise UnsupportedError(
            f"Newton's method needs an invertible Hessian, but the Hessian here, {written(hessian)}, is singular",
            hint="Leave the task 'newton_step' out, or add a regularizer to the loss.",
        )
