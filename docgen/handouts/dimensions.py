"""The sizes of the factors: under the formula before it is differentiated, and as a check of the answer."""

from __future__ import annotations

from docgen.algebra.latex import annotated
from docgen.algebra.node import Node
from docgen.algebra.sizes import Shape
from docgen.calculus.derivation import Derivation
from docgen.handouts import goals
from docgen.handouts.document import Math, Row
from docgen.handouts.symbols import rows_by_columns
from docgen.handouts.teller import Teller

#: Wider formulas get no sizes under their factors.
WIDEST_SIZES = 40


def under_factors(teller: Teller) -> None:
    """The formula with the sizes under its factors, where that fits on a line and says something: for the first
    function of each kind on the page, or for every one where the notation says so."""
    formula = teller.function.formula
    if not _has_factors(formula) or goals.width(teller.latex(formula)) > WIDEST_SIZES:
        return
    if not teller.memory.first("sizes/{}/{}".format(*teller.function.maps)) and teller.notation.sizes != "always":
        return
    row = Row(goals.at_point(teller.function, teller.notation), "=", (annotated(formula, teller.notation),))
    teller.prose.say(teller.phrase("open.sizes", display=teller.display([row])))


def check(teller: Teller, derivation: Derivation) -> None:
    """A check of the sizes, where it says something."""
    of, answer = goals.kind(derivation, teller.function), derivation.answer
    x = Math(teller.latex(teller.function.variable))
    if answer.is_scalar or derivation.layout != "mixed" or answer.op in ("zeros", "num"):
        return
    size = rows_by_columns(answer.shape)
    if of.endswith("gradient"):
        factors = _factors(answer)
        if answer.op == "add":
            teller.prose.say(teller.phrase("close.terms", size=Math(size), x=x))
        elif len(factors) > 1:
            product = "".join(f"[{rows_by_columns(factor)}]" for factor in factors)
            teller.prose.say(teller.phrase("close.product", sizes=Math(f"{product} = [{size}]"), x=x))
        else:
            teller.prose.say(teller.phrase("close.single", size=Math(size), x=x))
    elif of in ("jacobian", "hessian"):
        teller.prose.say(teller.phrase(f"close.{of}", size=Math(size), x=x))


def _factors(node: Node) -> list[Shape]:
    """The shapes of the factors of a product that are no scalars."""
    return [a.shape for a in node.args if not a.is_scalar] if node.op == "mul" else []


def _has_factors(node: Node) -> bool:
    """Whether a formula is a product, or the trace of one, of at least two factors that are no scalars."""
    return len(_factors(node.args[0] if node.op == "tr" else node)) > 1
