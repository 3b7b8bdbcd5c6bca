"""The gradient of a determinant by cofactors (Laplace expansion along a row)."""

from __future__ import annotations

from docgen.algebra.indexed import alternating, delta, entry, free_letters, letter_of, minor, partial
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Sum, mul, num, total, transpose, unary
from docgen.algebra.normal import flip, product
from docgen.algebra.symmetry import with_symmetry
from docgen.calculus.derivation import Fact, Line
from docgen.calculus.request import WAY_OUT, Context, Found
from docgen.errors import UnsupportedError


def determinant(context: Context) -> Found:
    """The lines and the gradient det(A) A⁻ᵀ of det A."""
    function = context.function
    a, det = function.variable, function.formula
    size = a.shape.rows
    letters = free_letters(function.symbols, size.symbols, (), function.name)
    if len(letters) < 3:
        raise UnsupportedError("the formula leaves no letters for indices", hint=WAY_OUT)
    i, j, k = letters[:3]
    small = letter_of(a, function.symbols)
    letter = "M" if a.data.name != "M" else "D"

    def a_(row: str, col: str) -> Node:
        return entry(a, row, col, small)

    def m_(row: str, col: str) -> Node:
        return minor(a, row, col, letter)

    expansion = total(Sum(k, size), mul([alternating(i, k), a_(i, k), m_(i, k)]))
    derived = total(Sum(k, size), mul([alternating(i, k), delta(j, k), m_(i, k)]))
    cofactor = mul([alternating(i, j), m_(i, j)])
    inverse = unary("inv", a)
    within = mul([det, entry(inverse, j, i)])
    turned = flip(inverse)
    answer = product([det, transpose(inverse) if turned is inverse else turned])
    facts: dict[str, Fact] = {
        "A": a, "x": a, "i": i, "k": k, "M": m_(i, k), "a": a_(i, j),
        "cond": f"{k} = {j}", "ij": f"({i}, {j})", "expr": answer,
    }  # fmt: skip
    row = {**facts, "formula": rf"{latex(partial(a_(i, k), a_(i, j)))} = {latex(delta(j, k))}"}
    inverted = {**facts, "formula": rf"{latex(entry(inverse, j, i))} = \frac{{{latex(cofactor)}}}{{{latex(det)}}}"}
    lines = [
        Line("det_cofactor", "statement", expansion, det, dict(facts), (i,)),
        Line("minor_independent", "statement", num(0), partial(m_(i, k), a_(i, j)), dict(facts), (i, j, k)),
        Line("delta_row", "partial", derived, "partial", row, (i, j)),
        Line("delta_collapse", "partial", cofactor, None, dict(facts), (i, j)),
        Line("inverse_cofactor", "statement", within, cofactor, inverted, (i, j)),
        Line("back_to_entry", "partial", entry(answer, i, j), "partial", dict(facts), (i, j)),
        Line("stack_partials", "derivative", answer, "derivative", {"x": a}),
    ]
    plain = with_symmetry(answer)
    if plain is not answer:
        lines.append(Line("symmetry", "derivative", plain, None, {"x": a, "A": a}))
    return lines, plain


__all__ = ["determinant"]
