r"""The left-hand side of a line about one entry of a derivative: ``\frac{\partial f}{\partial x_{i}}``."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.algebra.indexed import letter_of
from docgen.algebra.latex import latex
from docgen.algebra.notation import Notation
from docgen.algebra.sizes import ONE
from docgen.calculus.derivation import Function


def partial(indices: Sequence[str], function: Function, notation: Notation) -> str:
    r"""The entry of the derivative at some indices: by the coordinates of a vector ``\partial x_{i}``, by the entries
    of a matrix ``\partial a_{ij}``, of a component ``\partial f_{i}``, of a Hessian ``\partial^{2} f``."""
    x, name, own = function.variable, function.name, list(indices)
    places = sum(size is not ONE for size in (x.shape.rows, x.shape.cols))
    letter = letter_of(x, function.symbols)

    def by(place: Sequence[str]) -> str:
        return rf"\partial {letter or f'({latex(x, notation)})'}_{{{''.join(place)}}}"

    front, last = own[: len(own) - places], own[len(own) - places :]
    if front and function.formula.is_scalar:  # an entry of the Hessian
        return rf"\frac{{\partial^{{2}} {name}}}{{{by(front)} {by(last)}}}"
    component = f"{name}_{{{''.join(front)}}}" if front else name
    return rf"\frac{{\partial {component}}}{{{by(last)}}}"
