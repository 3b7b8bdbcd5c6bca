"""One problem on the page: its head, its statement with parts, and what the edition shows of the solution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from docgen.algebra.latex import latex
from docgen.algebra.node import Node
from docgen.algebra.notation import Notation
from docgen.calculus import derivation as record
from docgen.handouts import goals, wording
from docgen.handouts.cases import Case
from docgen.handouts.document import (
    Answer,
    Block,
    Display,
    Inlines,
    Listing,
    Math,
    Paragraph,
    Problem,
    Row,
    Solution,
    Space,
    Text,
)
from docgen.handouts.fractions import several
from docgen.handouts.handout import Sheet, Words
from docgen.handouts.narrate import narrate
from docgen.handouts.prose import Prose, headed
from docgen.handouts.statement import Statement
from docgen.handouts.wording import notation_of

if TYPE_CHECKING:
    from docgen.handouts.compose import Composer

#: Room on a worksheet: for each problem, and for each line of its solution, in centimetres.
ROOM, ROOM_PER_LINE, MOST_ROOM = 1.5, 0.9, 15.0


class Exercise:
    """Writes one problem, or one part of it, for a page."""

    def __init__(self, page: Composer, sheet: Sheet, label: str = "", name: str = "") -> None:
        self.page, self.sheet, self.language = page, sheet, page.language
        self.label, self.name = label, name or sheet.id
        self.parts = [
            Exercise(page, part, self._label(part.number, place), f"{self.name}.{part.number}")
            for place, part in enumerate(sheet.parts)
        ]

    def _label(self, id: str, place: int) -> str:
        """What stands before a part: its letter in the language's alphabet where parts are lettered, else its id."""
        letters = self.language.word("parts.letters")
        own = letters[place] if id == chr(ord("a") + place) and place < len(letters) else id
        return self.language.word("parts.label").replace("#", own)

    def notation(self, solution: record.Solution) -> Notation:
        """How the formulas of a solution are written."""
        return notation_of(self.language, solution.function, self.page.chosen)

    @cached_property
    def stated(self) -> Statement:
        """What writes the statement."""
        sheet = self.sheet
        says = {name: self.page.inline(words, sheet.place) for name, words in sheet.says.items()}
        notation = self.notation(sheet.solution)
        return Statement(sheet.solution, self.language, notation, self.name, says, sheet.form, sheet.others)

    # ---- the problem -------------------------------------------------------------------------------------------

    def blocks(self, shown: str) -> list[Block]:
        """The problem with what the edition shows of it: ``solutions``, ``statements`` or ``answers``."""
        sheet, page = self.sheet, self.page
        page.speak_of([sheet])
        kind = page.handout.kind or "seminar"
        head = self.language.word(f"heads.problem.{kind}").replace("#", sheet.number)
        title = page.inline(sheet.title, sheet.at("title"))
        roomy = page.edition == "worksheet" and shown == "statements"
        statement = self.short() if shown == "answers" else self.statement(roomy)
        blocks: list[Block] = [Problem(sheet.id, head, title, statement, self.note())]
        if shown == "solutions":
            blocks.append(_solution(self.language.word("heads.solution"), self.told()))
            blocks.extend(self.asides("remark"))
        elif shown == "answers":
            blocks.extend(self.answers())
            blocks.extend(self.grading())
        else:
            blocks.extend(self.asides("hint"))
            if roomy:
                blocks.extend(self.room())
        return blocks

    def statement(self, roomy: bool = False) -> tuple[Block, ...]:
        """The statement: the author's where there is one, docgen's own otherwise. ``roomy`` leaves the room that parts
        ask for of their own."""
        sheet, own = self.sheet, self.stated
        if sheet.statement is not None:
            slots = {"declare": own.declared, "function": lambda: (own.formula(),)}
            text = self.page.text(sheet.statement, sheet.at("statement"))
            stated = self.page.texts.blocks(text, sheet.at("statement"), slots)
            if "{declare}" in text and (supposed := own.supposed()):
                stated = (*stated, Paragraph(supposed))
        elif sheet.parts:
            stated = own.intro() if sheet.whole else ()
        else:
            stated = own.question() if sheet.goes_on else own.write()
        for part in self.parts:
            room = part.room() if roomy and self.parted else ()
            stated = (*stated, *part.labelled(part.statement(), noted=True), *room)
        return stated

    def labelled(self, blocks: Sequence[Block], noted: bool = False) -> tuple[Block, ...]:
        """Blocks with the letter of the part in front, and its points where the statement is given."""
        points = self.note() if noted else ()
        between: Inlines = (Text("("), *points, Text(") ")) if points else ()
        if blocks and isinstance(blocks[0], Paragraph) and not blocks[0].run_in:
            inlines = self.language.typeset((*between, *blocks[0].inlines))
            return (Paragraph(inlines, self.label), *blocks[1:])
        return (Paragraph(between, self.label), *blocks)

    def short(self) -> tuple[Block, ...]:
        """The functions alone, and what the author's names in them stand for: for the key."""
        prose = Prose(self.language)
        found: list[Inlines] = []
        for exercise in self.parts or [self]:
            formula = exercise.stated.formula()
            if isinstance(formula, Display):
                prose.put(formula)
            elif (formula,) not in found:
                found.append((formula,))
            prose.say(exercise.stated.named())
        if found and prose.sentences:
            stop = self.language.word("display.stop") + self.language.word("typography.between")
            prose.sentences[:0] = (*self.language.join(found), Text(stop))
        elif found:
            prose.say(self.language.join(found))
        prose.end_paragraph()
        return tuple(prose.blocks)

    # ---- the solution ------------------------------------------------------------------------------------------

    def told(self) -> tuple[Block, ...]:
        """The worked solution, part by part."""
        if self.parts:
            return tuple(block for part in self.parts for block in part.labelled(part.told()))
        sheet, page = self.sheet, self.page
        found: tuple[Block, ...] = self.cited()
        for solution in sheet.solutions:
            found += narrate(solution, self.language, self.notation(solution), self.name, page.memory)
        page.memory.cited.clear()
        for case in sheet.cases:
            found += self.case(case)
        return found

    def cited(self) -> tuple[Block, ...]:
        """The results of earlier problems that the solution may use."""
        prose = Prose(self.language)
        kind = self.page.handout.kind or "seminar"
        for id in self.sheet.reuse:
            other = next((one for one in self.page.handout.sheets if one.id == id), None)
            if other is None:
                continue
            notation = self.notation(other.solution)
            results = _once(
                {goals.answer(d, one.function, notation): d for one in other.solutions for d in one.derivations}
            )
            function = other.solution.function
            f = f"{goals.at_point(function, notation)} = {latex(function.typed, notation)}"
            self.page.memory.cited.update(results)
            listed = self.language.join([(Math(result),) for result in results])
            number = (self.page.refer(id),)
            word, _, rest = self.language.word(f"heads.cited.{kind}").partition("#")
            cited = (Text(word), *number, Text(rest))
            prose.say(self.language.phrase("several.reuse", 0, problem=cited, number=number, f=Math(f), results=listed))
        prose.end_paragraph()
        return tuple(prose.blocks)

    def case(self, case: Case) -> tuple[Block, ...]:
        """A special case: the condition, and what becomes of each answer."""
        language, function = self.language, self.sheet.solution.function
        notation = self.notation(self.sheet.solution)
        said: list[Inlines] = []
        for symbol, assumed in case.when:
            for assumption in assumed:
                said.append(self.condition(latex(symbol, notation), symbol.is_scalar, assumption))
        said += [(Math(f"{latex(symbol, notation)} = {latex(value, notation)}"),) for symbol, value in case.set]
        rows = []
        for result in case.results:
            left = goals.goal(result.derivation, function, notation)
            given, simple = latex(result.given, notation), latex(result.simple, notation)
            last = result is case.results[-1]
            mark = language.word("display.stop" if last else "display.comma")
            rows.append(Row(left, "=", (given,) if given == simple else (given, f" = {simple}"), (), mark))
        prose = Prose(language)
        title = self.page.inline(case.title, self.sheet.at("special"))
        if not title:
            prose.run_in = language.word("heads.case")
        prose.say(language.pieces("several.case", 0, conditions=language.join(said), display=Display(tuple(rows))))
        prose.end_paragraph()
        before, _, after = language.word("heads.titled").partition("#")
        head = language.typeset((Text(before), *title, Text(after))) if title else ()
        return tuple(headed(head, prose.blocks, language))

    def condition(self, symbol: str, scalar: bool, assumption: str) -> Inlines:
        """An assumption as a clause: ``A is symmetric``, ``\\lambda > 0``."""
        if "{" in assumption:
            values = assumption.split("{")[1].rstrip("}").strip()
            return (Math(rf"{symbol} \in \{{{values}\}}"),)
        if scalar and assumption == "positive":
            return (Math(f"{symbol} > 0"),)
        return self.language.phrase(f"special.{assumption}", 0, v=Math(symbol))

    # ---- the key -----------------------------------------------------------------------------------------------

    def answers(self) -> list[Block]:
        """The answers, as they stand in the boxes of the solution."""
        if self.parts:
            found: list[Block] = []
            for part in self.parts:
                found += [
                    Answer(part.label if number == 0 else "", one.latex)
                    for number, one in enumerate(block for block in part.answers() if isinstance(block, Answer))
                ]
            return found
        stated = _once(
            {
                self.stated_answer(derivation, solution): derivation
                for solution in self.sheet.solutions
                for derivation in solution.derivations
            }
        )
        head = self.language.word("heads.answers" if len(stated) > 1 else "heads.answer")
        found = []
        for number, (answer, derivation) in enumerate(stated.items()):
            layout = goals.layout_named(derivation, self.sheet.solution)
            told = self.language.answer_in(layout) if layout else head if number == 0 else ""
            found.append(Answer(told, answer))
        return found

    def stated_answer(self, derivation: record.Derivation, solution: record.Solution) -> str:
        """An answer as the key has it: with the rank on which a stationary point depends."""
        notation = self.notation(solution)
        answer = goals.answer(derivation, solution.function, notation)
        if derivation.task != "stationary_point":
            return answer
        for line in derivation.lines:
            matrix = line.facts.get("X")
            if line.rule in ("full_rank_invertible", "assume_rank") and matrix is not None:
                rank = wording.slots(line, derivation, solution.function, notation).get("rank")
                if rank is None and isinstance(matrix, Node):
                    rank = Math(rf"\operatorname{{rank}} {latex(matrix, notation)} = {matrix.shape.cols.latex()}")
                return answer if rank is None else rf"{answer}, \quad {rank.latex}"
        return answer

    def grading(self) -> Sequence[Block]:
        """The grading notes, those of the parts under their letters."""
        items = []
        for exercise in (self, *self.parts):
            sheet, label = exercise.sheet, f"{exercise.label} " if exercise.label else ""
            for points, words in sheet.grading:
                text = self.page.inline(words, sheet.at("grading"))
                counted = Text(self.language.count("points", points))
                told = (Text(label), *text, Text(" — "), counted) if text else (Text(label), counted)
                items.append((Paragraph(self.language.typeset(told)),))
        return self.page.headed("grading", (Listing(tuple(items)),)) if items else ()

    # ---- small parts -------------------------------------------------------------------------------------------

    def note(self) -> Inlines:
        """The points."""
        sheet = self.sheet
        if sheet.points is None:
            return ()
        points = self.language.count("points", sheet.points)
        return self.language.phrase("note.bonus" if sheet.bonus else "note.points", points=points)

    def asides(self, key: str) -> Sequence[Block]:
        """The hint or the remark of the problem, and those of its parts under their letters."""
        found: list[Block] = list(self.aside(key, getattr(self.sheet, key)))
        for part in self.parts:
            words = getattr(part.sheet, key)
            if words is not None:
                found += part.aside(key, words, part.label)
        return found

    def aside(self, key: str, words: Words | None, label: str = "") -> Sequence[Block]:
        """A text under its head."""
        if words is None:
            return ()
        place = self.sheet.at(key)
        blocks = self.page.texts.blocks(self.page.text(words, place), place)
        if label and blocks and isinstance(blocks[0], Paragraph):
            blocks = (Paragraph((Text(f"{label} "), *blocks[0].inlines)), *blocks[1:])
        return self.page.headed(key, blocks)

    @property
    def parted(self) -> bool:
        """Whether each part has room of its own, because one of them asks for it."""
        return any(part.space != "auto" for part in self.sheet.parts)

    def room(self) -> Sequence[Block]:
        """Room to work in, in proportion to the length of the solution."""
        space = self.sheet.space
        if space == "none" or (space == "auto" and self.parted):
            return ()
        if space == "page":
            return (Space("page"),)
        lines = 0
        for solution in self.sheet.solutions:
            method = solution.derivations[0].method
            lines += sum(len(one.lines) for one in solution.derivations if one.method == method)
        auto = min(round(ROOM + ROOM_PER_LINE * lines, 1), MOST_ROOM)
        if space == "box":
            return (Space("box", auto),)
        if space.endswith("cm"):
            return (Space("lines", float(space[:-2])),)
        return (Space("lines", auto),)


def _solution(head: str, told: tuple[Block, ...]) -> Solution:
    """A worked solution; the first of several has the name of its method in its head."""
    first = told[0]
    if isinstance(first, Paragraph) and first.run_in.startswith(head.rstrip(".:")):
        return Solution(first.run_in, (Paragraph(first.inlines), *told[1:]))
    return Solution(head, told)


def _once(answers: Mapping[str, record.Derivation]) -> dict[str, record.Derivation]:
    """The answers without a Hessian that comes again with its sign."""
    signed = [answer for answer, derivation in answers.items() if derivation.verdict in goals.SIGNS]
    return {
        answer: derivation
        for answer, derivation in answers.items()
        if not any(one.startswith(f"{several(answer)[0]} ") for one in signed)
    }


__all__ = ["Exercise"]
