"""Determinants of matrices that are singular at every point, such as det(x yᵀ): they are zero.

Their differential is written with the adjugate; the adjugate itself is not differentiated, for there is no inverse to
write it with. So the second derivative is found of the function without them.
"""

from __future__ import annotations

from docgen.algebra.node import Node, num, walk
from docgen.algebra.renormal import everywhere


def vanishing(formula: Node) -> Node | None:
    """The first determinant in a formula that is marked as zero at every point, or None."""
    return next((at for at in walk(formula) if at.op == "det" and "singular" in at.memo), None)


def without(formula: Node, determinant: Node) -> Node:
    """The formula with zero in the place of a determinant, in normal form where that changes it."""
    return everywhere(formula, lambda at: num(0) if at is determinant else None)
