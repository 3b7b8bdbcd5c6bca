"""What every piece of a told solution is made of: sentences, rows and displays in one language and notation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgen.algebra.latex import latex, rows
from docgen.algebra.node import Node
from docgen.algebra.notation import Notation
from docgen.calculus.derivation import Derivation, Line, Solution
from docgen.calculus.rules import RULES
from docgen.handouts import goals, wording
from docgen.handouts.document import Answer, Display, Inlines, Math, Row, Text
from docgen.handouts.inline import Piece
from docgen.handouts.language import Language
from docgen.handouts.memory import Memory
from docgen.handouts.prose import Prose
from docgen.handouts.spelling import of_function


class Teller:
    """Says things of one solution. ``name`` is the problem's id, which picks among alternates.

    ``memory`` is what the page has told so far: a rule that it explained gets its short words only, and no sentence
    comes twice in a row.
    """

    def __init__(
        self, solution: Solution, language: Language, notation: Notation, name: str, memory: Memory | None = None
    ) -> None:
        self.solution, self.function = solution, solution.function
        self.language = language.written(of_function(self.function, notation).formula)
        self.notation, self.name = notation, name
        self.prose = Prose(self.language)
        self.memory = Memory() if memory is None else memory

    def phrase(self, key: str, **values: object) -> tuple[Piece, ...]:
        turn = self.memory.turn(key, self.language.alternates(key), self.name)
        return self.language.pieces(key, turn, **values)

    def latex(self, node: Node) -> str:
        return latex(node, self.notation)

    def rows(self, node: Node) -> tuple[str, ...]:
        return rows(node, self.notation)

    def display(self, rows_: Sequence[Row]) -> Display:
        """A display that ends a sentence."""
        return Display((*rows_[:-1], replace(rows_[-1], punctuation=self.language.word("display.stop"))))

    def equalities(self, derivation: Derivation, lines: Sequence[Line], explained: Sequence[Line]) -> list[Row]:
        """A row for each line, its reason beside it unless it is one of the lines that a sentence explains."""
        return [
            Row("", "=", self.rows(line.expression), () if line in explained else self.reason(derivation, line))
            for line in lines
        ]

    def lead(self, texts: Sequence[Inlines], display: Display) -> None:
        """Sentences and a display: the full stop of the last sentence becomes a colon. Where it has a colon already, or
        where there are no sentences, a word of its own leads to the display."""
        *before, text = texts or [()]
        for sentence in before:
            self.prose.say(sentence)
        stop, colon = self.language.word("display.lead.from"), self.language.word("display.lead.to")
        last = text[-1] if text else None
        colons = any(isinstance(p, Text) and (":" in p.text or "：" in p.text) for p in text)
        if isinstance(last, Text) and last.text.endswith(stop) and not colons:
            self.prose.say((*text[:-1], Text(last.text[: -len(stop)] + colon)))
            self.prose.put(display)
        else:
            self.prose.say(text)
            self.prose.say(self.phrase("then.lead", display=display))

    def text(self, derivation: Derivation, line: Line, turn: int | None = None) -> Inlines:
        """The whole sentence of a line's rule; ``turn`` asks for one of its alternates."""
        values = wording.slots(line, derivation, self.function, self.notation)
        if line.rule == "reuse_gradient" and values["g"].latex in self.memory.cited:  # the formula was just given
            values["g"] = Math(goals.gradient(self.function, self.notation))
        if turn is None:
            key = f"{line.rule}.text"
            turn = self.memory.turn(key, self.language.alternates(key, "rules"), self.name)
        return self.language.rule_text(line.rule, values, turn)

    def reason(self, derivation: Derivation, line: Line, rule: str = "") -> Inlines:
        """The words beside a line: the short words of its rule, or of another, with its formulas."""
        values = wording.slots(line, derivation, self.function, self.notation)
        return self.language.typeset(self.language.rule_label(rule or line.rule, values))

    def answer(self, derivation: Derivation) -> Answer:
        """The boxed answer, with the name of its layout where there are several."""
        several = len({one.layout for one in self.solution.derivations}) > 1
        layout = goals.layout_named(derivation, self.solution) if several else ""
        head = self.language.answer_in(layout) if layout else self.language.word("heads.answer")
        return Answer(head, goals.answer(derivation, self.function, self.notation))


def is_decisive(rule: str) -> bool:
    """Whether a rule gets its whole sentence where the page comes to it for the first time."""
    return rule in RULES and RULES[rule].decisive
