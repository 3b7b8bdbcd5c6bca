"""How fine the lines of a derivation are.

``full`` shows every line that the sweep makes. ``normal`` joins lines where there are many: a line whose reason a
reader sees without being told is taken into the line before it, and that line keeps its reason. Every line that is
left still equals the differential, so each is proved as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from docgen.calculus.derivation import Line
from docgen.calculus.rules import RULES

#: A derivation with no more lines than this is left alone; one with more than the second is shortened by all means.
ENOUGH = 8
MOST = 14

_COLLECTING = frozenset({"collect", "factor_right", "trace_linear", "insert_identity"})
_TRACE = frozenset({"scalar_trace", "trace_transpose", "trace_cyclic"})
_OPENING = frozenset({"d_linear", "d_trace", "sum_as_ones", "scalar_move"})

#: Which line is joined to the one before it, in the order in which it is least missed, and while the derivation has
#: more lines than this.
_STAGES: tuple[tuple[Callable[[Line, Line], bool], int], ...] = (
    (lambda before, line: line.rule in _COLLECTING, ENOUGH),
    (lambda before, line: line.rule == "trace_cyclic" and before.rule in _TRACE, ENOUGH),
    (lambda before, line: line.rule in _OPENING, ENOUGH),
    (lambda before, line: RULES[line.rule].kind in ("move", "collect", "recognise"), MOST),
    (lambda before, line: RULES[line.rule].kind == "differential", MOST),
)


def normal(lines: Sequence[Line]) -> list[Line]:
    """The lines of a derivation with detail ``normal``."""
    found = list(lines)
    for joins, target in _STAGES:
        place = 1
        while len(found) > target and place < len(found):
            before, line = found[place - 1], found[place]
            if _chained(before, line) and joins(before, line):
                found[place - 1 : place + 1] = [joined(before, line)]
            else:
                place += 1
    return found


def joined(before: Line, line: Line) -> Line:
    """One line for two: where the second arrives, for the reason of the first."""
    return replace(before, expression=line.expression)


def _chained(before: Line, line: Line) -> bool:
    """Whether the second line goes on from the first within one chain of equal differentials."""
    return before.quantity == line.quantity == "differential" and line.left is None and before.part is line.part


__all__ = ["ENOUGH", "MOST", "joined", "normal"]
