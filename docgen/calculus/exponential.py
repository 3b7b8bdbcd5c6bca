r"""The matrix exponential where it can be differentiated by hand: of a column times a row, a scalar times a constant.

With M = c u vᵀ and s = tr M we have Mᵏ = sᵏ⁻¹ M, so expm(M) = I + (eˢ - 1)/s · M (Higham, Functions of Matrices, 1.35).
Formulas with such a factor are rewritten before they are differentiated.
"""

from __future__ import annotations

from docgen.algebra.node import Node, add, differential, dim, eye, fn, mul, num, power, rebuild, replace, walk
from docgen.algebra.normal import parts, product, sum_of, trace_of
from docgen.algebra.products import raised
from docgen.algebra.sizes import ONE
from docgen.calculus.collect import factor
from docgen.calculus.derivation import Line
from docgen.calculus.linear import splice


def rank_one(node: Node, variable: Node) -> Node | None:
    """s = tr M when the node is the exponential of a column times a row M that depends on the variable."""
    if node.op != "expm" or variable.data.name not in node.free:
        return None
    chain = parts(node.args[0]).chain
    for place in range(1, len(chain)):
        if chain[place - 1].shape.cols is ONE and chain[place].shape.rows is ONE:
            return trace_of(node.args[0])
    return None


def without_exponentials(formula: Node, variable: Node) -> tuple[list[Line], Node]:
    """The formula with such exponentials written out, and the lines that say so; no lines where there are none."""
    found = [(at, s) for at in walk(formula) if (s := rank_one(at, variable)) is not None]
    if not found:
        return [], formula
    lines: list[Line] = []
    for exponential, s in found:
        inside = exponential.args[0]
        slope = mul([add([fn("exp", s), num(-1)]), power(s, -1)])
        whole = add([eye(inside.shape.rows), splice([slope, inside])])
        written = replace(formula, exponential, whole)
        facts = {"M": inside, "E": exponential, "s": s, "x": variable}
        lines.append(Line("expm_rank_one", "value", written, "value" if not lines else None, facts))
        formula = _opened(formula, exponential, s, whole)
        if formula is not written:
            lines.append(Line("expand", "value", formula, None, {"x": variable}))
    return lines, formula


def _opened(formula: Node, exponential: Node, s: Node, whole: Node) -> Node:
    """The formula with ``whole``, I + (eˢ - 1)/s · M, in place of the exponential; as a factor with the brackets opened
    and like terms collected."""
    inside = exponential.args[0]
    done: dict[int, Node] = {}
    for at in walk(formula):
        args = [done[id(arg)] for arg in at.args]
        if at is exponential:
            done[id(at)] = at
        elif at.op in ("mul", "tr") and _holds(at, exponential):
            factors = list(at.args if at.op == "mul" else at.args[0].args if at.args[0].op == "mul" else at.args)
            place = factors.index(exponential)
            around = factors[:place], factors[place + 1 :]
            terms = [
                product([*around[0], eye(inside.shape.rows), *around[1]]),
                product([fn("exp", s), power(s, -1), *around[0], inside, *around[1]]),
                product([num(-1), power(s, -1), *around[0], inside, *around[1]]),
            ]
            if at.op == "tr":
                terms = [_trace(term) for term in terms]
            done[id(at)] = factor(sum_of(terms))
        else:
            done[id(at)] = rebuild(at, args)
    return replace(done[id(formula)], exponential, whole)


def _trace(term: Node) -> Node:
    return dim(term.shape.rows) if term.op == "eye" else trace_of(term)


def _holds(node: Node, exponential: Node) -> bool:
    """Whether the exponential is a factor of a product, or of the product under a trace."""
    if node.op == "mul":
        return exponential in node.args
    return node.args[0] is exponential or (node.args[0].op == "mul" and exponential in node.args[0].args)


#: What makes of a matrix another one that commutes with it, given that its other arguments do.
_FUNCTIONS_OF_A_MATRIX = frozenset({"add", "mul", "inv", "mpow", "adj", "expm"})


def commutes(coefficient: Node, exponential: Node) -> bool:
    """Whether it is seen that a matrix commutes with the argument of an exponential: both are made of one matrix."""
    chain = parts(exponential.args[0]).chain
    core = chain[0] if len(chain) == 1 else exponential.args[0]
    known: set[Node] = set()
    for at in walk(coefficient):
        made = at.op in _FUNCTIONS_OF_A_MATRIX and known.issuperset(at.args)
        if made or at is core or at.is_scalar or at.op == "eye":
            known.add(at)
    return coefficient in known


def spoken_exponential(node: Node, variable: Node) -> Node | None:
    """d(expm(sA)) = A expm(sA) ds for a matrix A that does not depend on the variable; None for other arguments."""
    taken = parts(node.args[0])
    if not taken.chain or any(variable.data.name in one.free for one in taken.chain):
        return None
    varying = [(base, e) for base, e in taken.scalars if variable.data.name in base.free]
    fixed = [raised(base, e) for base, e in taken.scalars if (base, e) not in varying]
    scalar = product([raised(base, e) for base, e in varying])
    return splice([product([num(taken.number), *fixed, *taken.chain]), node, differential(scalar)])
