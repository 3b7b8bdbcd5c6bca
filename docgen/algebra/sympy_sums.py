"""Products of entries, summed over their indices, as products of matrices: Σ xᵢ Aᵢⱼ xⱼ is xᵀ A x."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docgen.algebra.node import Node, mul, ones, transpose, unary
from docgen.algebra.sizes import shape, size


def contracted(elements: Sequence[tuple[Node, Any, Any]]) -> list[Node]:
    """The scalars that a product of entries is when it is summed over all its indices.

    An entry is a matrix with the indices of its row and column, 0 for that of the only one. Each index occurs once (all
    entries are summed: a factor 𝟏) or twice (a product of matrices); what closes is a trace.
    """
    left = list(elements)
    found: list[Node] = []

    def loose(index: Any) -> bool:
        ends = [end for _, row, col in left for end in (row, col)]
        return bool(index == 0) or ends.count(index) < 2

    while left:
        start = next((k for k, (_, row, _) in enumerate(left) if loose(row)), None)
        flip = start is None and any(loose(col) for _, _, col in left)
        if start is None:
            start = next((k for k, (_, _, col) in enumerate(left) if loose(col)), 0)
        node, row, col = left[start]
        node, row, col = (transpose(node), col, row) if flip else (node, row, col)
        closed = not loose(row)
        del left[start]
        chain = [node] if row == 0 or closed else [transpose(ones(shape(node.shape.rows, size(1)))), node]
        while col != 0 and (place := next((k for k, at in enumerate(left) if col in at[1:]), None)) is not None:
            following, first, second = left.pop(place)
            chain.append(following if first == col else transpose(following))
            col = second if first == col else first
        if closed:
            found.append(unary("tr", mul(chain)))
            continue
        if col != 0:
            chain.append(ones(shape(chain[-1].shape.cols, size(1))))
        found.append(mul(chain))
    return found
