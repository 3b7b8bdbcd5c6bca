"""Opening the brackets: the formula as a sum of products, each differentiated by what is known of it.

The value is rewritten first (:mod:`docgen.calculus.brackets`), then the derivative is taken term by term, linear terms
and quadratic forms by their known gradients, and what was opened is collected and factored again. The residual of a
least squares problem comes back by itself: a computed sum of the typed terms is the typed sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

from docgen.algebra.node import Node, add, gradient, jacobian, mul, num, transpose, unary, walk, zeros
from docgen.algebra.normal import flip, parts, product, sum_of
from docgen.algebra.properties import is_zero
from docgen.algebra.renormal import sum_over
from docgen.algebra.sizes import ONE
from docgen.algebra.symmetry import is_symmetric, with_symmetry
from docgen.calculus import by_differentials
from docgen.calculus.brackets import as_products, check_polynomial, opened, split_constant, transposes_opened
from docgen.calculus.chain import quadratic_in
from docgen.calculus.collect import factor
from docgen.calculus.derivation import Fact, Left, Line
from docgen.calculus.differential import Differential
from docgen.calculus.linear import splice
from docgen.calculus.proof import derivative_shape
from docgen.calculus.request import WAY_OUT, Context, Found
from docgen.errors import UnsupportedError


def first_order(context: Context, task: str) -> Found:
    """The gradient, or the Jacobian of a column by a column, term by term. Raises UnsupportedError where the formula is
    no polynomial in the variable."""
    f, x = context.function.formula, context.function.variable
    if task == "differential":
        raise UnsupportedError("the method 'expand' finds gradients and Jacobian matrices", hint=WAY_OUT)
    left: Left = "gradient" if f.is_scalar else "derivative"
    check_polynomial(f, x)
    if x.data.name not in f.free:
        nothing = zeros(derivative_shape(f.shape, x.shape))
        return [Line("d_constant", "derivative", nothing, left, {"x": x, "C": f})], nothing
    lines: list[Line] = []
    front, core = _front(f, x)

    def value(rule: str, now: Node, **facts: Fact) -> None:
        whole = _scaled(front, now)
        if whole is not f and (not lines or lines[-1].expression is not whole):
            lines.append(Line(rule, "value", whole, None, {"x": x, **facts}))

    for rule, written in as_products(core, x):
        core = written
        value(rule, core)
    core = transposes_opened(core, x)
    value("transpose_brackets", core)
    terms = opened(core, x)
    value("expand", add(terms))
    for rule, traces, facts in _as_traces(terms, x):
        terms = traces
        value(rule, add(terms), **facts)
    more, answer = _term_by_term(f, x, front, terms, left)
    return [*lines, *more], answer


def second_order(context: Context, gradient_: Node) -> Found:
    """The Hessian: the Jacobian matrix of the gradient, term by term."""
    x = context.function.variable
    if x.shape.kind != "vector":
        raise UnsupportedError("the method 'expand' finds a Hessian by a vector only", hint=WAY_OUT)
    lines = [Line("reuse_gradient", "derivative", gradient_, "gradient", {"g": gradient_, "x": x})]
    check_polynomial(gradient_, x)
    if x.data.name not in gradient_.free:
        nothing = zeros(derivative_shape(gradient_.shape, x.shape))
        return [*lines, Line("d_constant", "derivative", nothing, "derivative", {"x": x, "C": gradient_})], nothing
    front, core = _front(gradient_, x)
    written = [core, *(step for _, step in as_products(core, x))][-1]
    terms = opened(transposes_opened(written, x), x)
    whole = _scaled(front, add(terms))
    if whole is not gradient_:
        lines.append(Line("expand", "derivative", whole, "gradient", {"x": x}))
    more, answer = _term_by_term(gradient_, x, front, terms, "derivative")
    return [*lines, *more], answer


def _front(f: Node, x: Node) -> tuple[list[Node], Node]:
    """The constant scalar factors of the formula, which stay in front of the bracket, and the rest."""
    if f.op != "mul":
        return [], f
    front = [arg for arg in f.args if arg.is_scalar and x.data.name not in arg.free]
    rest = [arg for arg in f.args if arg not in front]
    return front, mul(rest)


def _scaled(front: Sequence[Node], core: Node) -> Node:
    """The front factors before the bracket."""
    if not front:
        return core
    return mul([*front, core]) if core.op == "add" else splice([*front, core])


def _as_traces(terms: list[Node], x: Node) -> Iterator[tuple[str, list[Node], dict[str, Fact]]]:
    """Terms linear in a matrix, in the form whose gradient is known: aᵀ X b = tr(aᵀ X b), and then = tr(b aᵀ X)."""
    if x.shape.kind != "matrix" or any(_degree(term, x) > 1 for term in terms):
        return
    for rule, turn, slot in (("scalar_trace", _under_trace, "s"), ("trace_cyclic", _turned, "dX")):
        split = [split_constant(term, x) for term in terms]
        made = [turn(body, x) for _, body in split]
        named = [fact for one in made if one is not None for fact in one[1:]]
        if named:
            pairs = zip(terms, split, made, strict=True)
            terms = [term if one is None else _times(c, one[0]) for term, (c, _), one in pairs]
            yield rule, terms, {slot: named[0]} if len(set(named)) == 1 else {slot: x, "many": num(len(named))}


def _under_trace(body: Node, x: Node) -> tuple[Node, Node] | None:
    """A product of matrices that is a number, under a trace, and what was put there."""
    chain = body.op == "mul" and body.is_scalar and not any(arg.is_scalar for arg in body.args)
    return (unary("tr", body), body) if chain and x.data.name in body.free else None


def _turned(body: Node, x: Node) -> tuple[Node, Node] | None:
    """The trace of a product with the variable, or its transpose, brought from the middle to the end; that factor."""
    chain = body.args[0].args if body.op == "tr" and body.args[0].op == "mul" else ()
    place = next((k for k, arg in enumerate(chain) if x.data.name in arg.free), 0)
    if not 0 < place < len(chain) - 1 or any(arg.is_scalar for arg in chain):
        return None
    return unary("tr", mul([*chain[place + 1 :], *chain[: place + 1]])), chain[place]


# ---- the derivative, term by term ------------------------------------------------------------------------------------


def _term_by_term(f: Node, x: Node, front: list[Node], terms: list[Node], left: Left) -> Found:
    """The derivative of ``front`` times the sum of the terms: each term by itself, then collected and factored."""
    if not f.is_scalar and (f.shape.cols is not ONE or x.shape.kind != "vector"):
        raise UnsupportedError(
            f"the method 'expand' finds derivatives of scalars, and of columns by a column; here the value is "
            f"{f.shape} and the variable {x.shape}",
            hint=WAY_OUT,
        )
    lines: list[Line] = []

    def say(rule: str, now: Node, **facts: Fact) -> None:
        if not lines or lines[-1].expression is not now:
            lines.append(Line(rule, "derivative", now, None if lines else left, {"x": x, **facts}))

    split = [split_constant(term, x) for term in terms]
    if len(terms) > 1:
        bare = [gradient(body, x) if f.is_scalar else jacobian(body, x) for _, body in split]
        nablas = [_times(constant, one) for (constant, _), one in zip(split, bare, strict=True)]
        say("termwise_sum" if f.is_scalar else "termwise_jacobian_sum", _scaled(front, add(nablas)))
        vary = [x.data.name in body.free for _, body in split]
        if any(vary):  # not where all the terms with the variable have cancelled
            split = list(compress(split, vary))
            say("termwise_constant", _scaled(front, add(list(compress(nablas, vary)))))
    raw = [_times(constant, _known(body, x)) for constant, body in split]
    say(_rule([body for _, body in split], f, x), _scaled(front, add(raw)))
    gram = [_gram_in(body, x) for _, body in split]
    if any(gram):
        pairs = zip(gram, split, raw, strict=True)
        raw = [term if g is None else _times(c, splice([sum_of([g, g]), x])) for g, (c, _), term in pairs]
        say("gram_symmetric", _scaled(front, add(raw)), G=next(g for g in gram if g is not None))
    symmetric = [with_symmetry(term) for term in raw]
    if symmetric != raw:
        say("symmetry", _scaled(front, add(symmetric)), A=_declared(add(raw)))
        raw = symmetric
    collected = sum_of([product([*front, term]) for term in raw])
    say("collect" if _only_collected(front, raw, collected) else "simplify", collected)
    answer = factor(one_total(collected))
    say("factor_out", answer)
    plain = with_symmetry(answer)
    if plain is not answer:
        say("symmetry", plain, A=_declared(answer))
    return lines, plain


def _declared(node: Node) -> Node:
    """A matrix in the node that is declared symmetric; the node itself where it is its form that is symmetric."""
    return next((n for n in walk(node) if n.op == "sym" and n.shape.kind == "matrix" and is_symmetric(n)), node)


def _only_collected(front: Sequence[Node], terms: Sequence[Node], collected: Node) -> bool:
    """Whether nothing but like terms was put together: no factor was multiplied in, and not only zeros were left
    out."""
    left = collected.args if collected.op == "add" else (collected,)
    return not front and len(left) < len([term for term in terms if not is_zero(term)])


def _times(constant: Node, one: Node) -> Node:
    """A constant times a term as it is printed; zero stays zero, with the sign of its term."""
    if one.op == "zeros":
        return mul([num(-1), one]) if parts(constant).number < 0 else one
    if constant.op == "num" and constant.data == 1:
        return one
    return mul([constant, one]) if one.op == "add" else splice([constant, one])


def _middle(body: Node, x: Node) -> Node | None:
    """M when the term reads xᵀ M x."""
    if quadratic_in(body, x) is not x or len(body.args) < 3:
        return None
    return product(body.args[1:-1])


def _known(body: Node, x: Node) -> Node:
    """The derivative of one product of the opened formula."""
    if x.data.name not in body.free:
        return zeros(derivative_shape(body.shape, x.shape))
    middle = _middle(body, x)
    if middle is not None:
        turned = transpose(middle) if flip(middle) is middle and middle.op != "sym" else flip(middle)
        return mul([add([middle, turned]), x])
    sweep = Differential(body, x)
    sweep.run()
    if not sweep.items:
        return zeros(derivative_shape(body.shape, x.shape))
    return by_differentials.read_derivative(sweep, body, x, "read_gradient" if body.is_scalar else "read_jacobian")[1]


def _gram_in(body: Node, x: Node) -> Node | None:
    """M when the term reads xᵀ M x with a product like XᵀX, its own transpose."""
    middle = _middle(body, x)
    return middle if middle is not None and flip(middle) is middle and middle.op not in ("sym", "eye") else None


def one_total(node: Node) -> Node:
    """Sums over the same samples as one sum: Σ a_i + Σ b_i = Σ (a_i + b_i)."""
    if node.op != "add":
        return node
    groups: dict[object, list[Node]] = {}
    for term in node.args:
        factors = list(term.args if term.op == "mul" else (term,))
        place = next((k for k, factor in enumerate(factors) if factor.op == "total"), None)
        if place is None:
            groups.setdefault(None, []).append(term)
        else:  # that sum alone: the same one may stand inside another factor
            bound, factors[place] = factors[place].data, factors[place].args[0]
            groups.setdefault(bound, []).append(product(factors))
    found = [
        sum_of(bodies) if bound is None else sum_over(bound, factor(sum_of(bodies)))  # type: ignore[arg-type]
        for bound, bodies in groups.items()
    ]
    return sum_of(found)


def _rule(bodies: Sequence[Node], f: Node, x: Node) -> str:
    """The name of the known results that the terms need."""
    if not f.is_scalar:
        return "termwise_jacobian" if all(_degree(b, x) < 2 for b in bodies) else "product"
    degree = max(_degree(body, x) for body in bodies)
    if degree > 2 or x.is_scalar:
        return "termwise_product"
    if x.shape.kind == "matrix":
        return "termwise_matrix"
    return "termwise_linear" if degree < 2 else "termwise"


def _degree(node: Node, x: Node) -> int:
    """The degree of an opened product in the variable."""
    if node is x:
        return 1
    if x.data.name not in node.free:
        return 0
    below = [_degree(arg, x) for arg in node.args]
    if node.op in ("pow", "mpow"):
        return below[0] * int(node.data)
    if node.op == "normsq":
        return 2 * below[0]
    return max(below) if node.op == "add" else sum(below)


__all__ = ["first_order", "second_order"]
