"""A chain of equalities in words: one relation a row with a short reason beside it, the decisive steps in sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from docgen.calculus.derivation import Derivation, Line
from docgen.handouts import goals, wording
from docgen.handouts.document import Row
from docgen.handouts.teller import Teller, is_decisive

#: Wider formulas are not put under a brace.
WIDEST_BRACE = 44

_SIZED = re.compile(r"\\[bB]igg?[lr]?(?![A-Za-z])|\s")


@dataclass(slots=True)
class Segment:
    """A display of a chain. ``explained`` are the lines whose rule the sentence before it explains; ``cut`` tells that
    it only goes on with the chain of the display before."""

    lines: list[Line]
    explained: list[Line]
    cut: bool = False


def chain(
    teller: Teller,
    derivation: Derivation,
    lines: Sequence[Line],
    answered: bool,
    of: Derivation,
    reading: Sequence[Line],
) -> bool:
    """The chain of equalities, in one display or cut where a decisive rule is new to the page.

    ``answered``: the last line is the answer itself, so a display of this line alone is left out. ``reading`` are
    the lines that read the derivative off: the chain ends with the canonical form and a brace under its
    coefficient. Gives whether it does.
    """
    segments = _segments(teller, lines)
    braced = False
    for segment in segments:
        head, last = segment.lines[0], segment is segments[-1]
        texts = [teller.text(derivation, line) for line in segment.explained]
        if answered and last and len(segment.lines) == 1 and head.expression is derivation.answer:
            for text in texts or [teller.text(derivation, head)]:
                teller.prose.say(text)
            continue
        made = teller.equalities(derivation, segment.lines, segment.explained)
        made[0] = replace(made[0], left=_left(teller, derivation, lines, head))
        if last and reading:
            braced = _brace(teller, made, segment.lines[-1], of, reading)
        if texts:
            teller.lead(texts, teller.display(made))
            continue
        start = head is lines[0] and head.left != "dg" and head.quantity == "differential"
        key = head.left if head.left in ("value", "partial") else "start" if start else "again"
        if key == "value":  # the phrase says what the reason beside the line would
            made[0] = replace(made[0], reason=())
        teller.prose.say(teller.phrase(f"then.{key}", display=teller.display(made)))
    return braced


def _segments(teller: Teller, lines: Sequence[Line]) -> list[Segment]:
    """The lines of a chain in displays. A new one begins where the lines start to speak of another quantity or
    part, and where a decisive rule is new to the page; the sentence before it explains no more than two rules."""
    found: list[Segment] = []
    for line in lines:
        before = found[-1].lines[-1] if found else None
        new = teller.memory.first(line.rule)
        decisive = new and is_decisive(line.rule)
        starts = before is None or before.quantity != line.quantity or before.part is not line.part
        if starts or line.left is not None:
            found.append(Segment([line], [line] if new else []))
        elif decisive and not (found[-1].cut and len(found[-1].explained) < 2):
            found.append(Segment([line], [line], cut=True))
        else:
            found[-1].lines.append(line)
            found[-1].explained += [line] if decisive else []
    return found


def _brace(teller: Teller, made: list[Row], line: Line, of: Derivation, reading: Sequence[Line]) -> bool:
    """Put a brace under the coefficient of the last row, or add the canonical form as a row of its own. Not where
    the coefficient is too wide, nor where the rows speak of something else than the canonical form."""
    function, notation, head = teller.function, teller.notation, reading[0]
    left = goals.form(of, function, notation).split(" = ")[0]
    if line.quantity != "differential" or made[0].left != left:
        return False
    coefficient = goals.coefficient(of, function, notation, reading)
    if goals.width(teller.latex(coefficient)) > WIDEST_BRACE:
        return False
    right = goals.canonical(of, function, notation, coefficient)
    same = goals.canonical(of, function, notation, coefficient, named=False)
    if _bare(same) == _bare(teller.latex(line.expression)):
        made[-1] = replace(made[-1], right=(right,))
    else:
        rule = "inner_product" if goals.is_inner(of, function, notation) else head.rule
        made.append(Row("", "=", (right,), teller.reason(of, head, rule)))
    return True


def _left(teller: Teller, derivation: Derivation, lines: Sequence[Line], line: Line) -> str:
    """The left-hand side that a line of a chain shares with the lines before it."""
    before = list(lines[: list(lines).index(line) + 1])
    named = [one for one in before if one.left is not None and one.quantity == line.quantity]
    return wording.left(named[-1] if named else line, derivation, teller.function, teller.notation)


def _bare(formula: str) -> str:
    """A formula without what only sizes its brackets and sets its spaces."""
    return _SIZED.sub("", formula)
