"""A proved formula on the page: the equation, and where its symbols lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docgen.algebra.latex import latex, rows
from docgen.algebra.notation import Notation
from docgen.calculus.derivation import Function, Solution
from docgen.handouts.document import Block, Display, Inlines, Row
from docgen.handouts.language import Language
from docgen.handouts.proofs import Claim
from docgen.handouts.prose import Prose
from docgen.handouts.statement import Statement
from docgen.handouts.wording import notation_of


def blocks(claim: Claim, language: Language, chosen: Mapping[str, Any], lead: bool = False) -> Sequence[Block]:
    """The equation as a display, and one sentence on its symbols; ``lead``: with words before it."""
    reading = claim.reading
    function = Function("f", reading.sides[0], reading.variable, reading.symbols, reading.notation)
    notation: Notation = notation_of(language, function, chosen)
    left, *others = reading.sides
    made = [
        Row("" if number else latex(left, notation), "=", rows(side, notation)) for number, side in enumerate(others)
    ]
    made[-1] = Row(made[-1].left, "=", made[-1].right, (), language.word("display.stop"))
    prose = Prose(language)
    shown = Display(tuple(made))
    if lead:
        prose.say(language.pieces("several.holds", 0, display=shown))
    else:
        prose.put(shown)
    listed = Statement(Solution(function, ()), language, notation, "").symbols(claim.constants)
    if listed:
        items: Inlines = language.join(listed)
        prose.say(language.pieces("statement.legend", 0, items=items))
    prose.end_paragraph()
    return tuple(prose.blocks)
