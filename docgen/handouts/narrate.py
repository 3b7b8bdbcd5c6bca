"""A solution in words: the record of a derivation, told line by line as a lecturer tells it.

First what maps to what and the form aimed at; then the chain of equalities, one relation a row with a short reason
beside it, down to the canonical form with a brace under its coefficient. A decisive step gets its whole sentence where
the page comes to it for the first time. At last the transposition, the answer in a box and a check of the sizes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from docgen.algebra.latex import annotated, latex, rows
from docgen.algebra.node import Node
from docgen.algebra.notation import Notation
from docgen.algebra.sizes import Shape
from docgen.calculus.derivation import Derivation, Line, Solution
from docgen.calculus.derive import STUDIES
from docgen.calculus.rules import RULES
from docgen.handouts import goals, wording
from docgen.handouts.document import Answer, Block, Display, Inlines, Math, Row, Strong, Text
from docgen.handouts.inline import Piece
from docgen.handouts.language import Language
from docgen.handouts.memory import Memory
from docgen.handouts.prose import Prose
from docgen.handouts.spelling import of_function

#: Wider formulas are not put under a brace, and get no sizes under their factors.
WIDEST_BRACE = 44
WIDEST_SIZES = 40

#: Methods that reach the derivative without its canonical form; how they set out is said in a phrase of their own.
OPENINGS = frozenset({"chain", "expand", "coordinates"})


_SIZED = re.compile(r"\\[bB]igg?[lr]?(?![A-Za-z])|\s")


@dataclass(slots=True)
class Segment:
    """A display of a chain. ``explained`` are the lines whose rule the sentence before it explains; ``cut`` tells that
    it only goes on with the chain of the display before."""

    lines: list[Line]
    explained: list[Line]
    cut: bool = False


class Narrator:
    """Tells one solution. ``name`` is the problem's id, which picks among alternates.

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

    # ---- small parts -------------------------------------------------------------------------------------------

    def phrase(self, key: str, **values: object) -> tuple[Piece, ...]:
        turn = self.memory.turn(key, self.language.alternates(key), self.name)
        return self.language.blocks(key, turn, **values)

    def latex(self, node: Node) -> str:
        return latex(node, self.notation)

    @property
    def stop(self) -> str:
        return self.language.word("display.stop")

    def display(self, rows_: Sequence[Row]) -> Display:
        """A display that ends a sentence."""
        return Display((*rows_[:-1], replace(rows_[-1], punctuation=self.stop)))

    def lead(self, text: Inlines, display: Display) -> None:
        """A sentence that introduces a display: its full stop becomes a colon. Where it has a colon already, a word
        of its own leads to the display."""
        stop, colon = self.language.word("display.lead.from"), self.language.word("display.lead.to")
        last = text[-1] if text else None
        colons = any(isinstance(p, Text) and (":" in p.text or "：" in p.text) for p in text)
        if isinstance(last, Text) and last.text.endswith(stop) and not colons:
            self.prose.say((*text[:-1], Text(last.text[: -len(stop)] + colon)))
            self.prose.put(display)
        else:
            self.prose.say(text)
            self.prose.say(self.phrase("then.lead", display=display))

    # ---- the parts of a solution -------------------------------------------------------------------------------

    def tell(self) -> tuple[Block, ...]:
        """The blocks of the whole solution."""
        methods = list(dict.fromkeys(d.method for d in self.solution.derivations))
        self.names()
        for number, derivation in enumerate(self.solution.derivations):
            before = self.solution.derivations[:number]
            if len(methods) > 1 and derivation.method not in {d.method for d in before}:
                method = self.language.word(f"methods.{derivation.method}")
                k = str(methods.index(derivation.method) + 1)
                self.prose.end_paragraph()
                self.prose.run_in = _words(self.language.phrase("method.head", 0, k=k, method=method))
            told = any(d.task == derivation.task and d.answer is derivation.answer for d in before)
            if told and derivation.task in STUDIES:  # what does not depend on the method is told once
                continue
            self.derivation(derivation, first=number == 0)
        self.prose.end_paragraph()
        return tuple(self.prose.blocks)

    def names(self) -> None:
        """Which variable varies where there are several, and the formula with the author's functions written out."""
        function, x = self.function, self.function.variable
        others = [one for one in function.arguments if one is not x]
        if others:
            listed = self.language.join([(Math(self.latex(one)),) for one in others])
            self.prose.say(self.language.blocks("several.fixed", 0, x=Math(self.latex(x)), others=listed))
        if any("(" in name.data.name for name, _ in function.named):
            row = Row(goals.at_point(function, self.notation), "=", rows(function.formula, self.notation))
            self.prose.say(self.language.blocks("several.by_name", 0, display=self.display([row])))

    def derivation(self, derivation: Derivation, first: bool) -> None:
        """One derivation: opening, chains, reading-off, answer, check."""
        if not first and any(one.task in STUDIES for one in self.solution.derivations):
            self.prose.end_paragraph()
            head = self.language.phrase(f"part.{goals.part_word(derivation, self.function)}")
            self.prose.say((Strong(head),))
        if derivation.task in STUDIES:
            from docgen.handouts.study import tell

            tell(self, derivation, first)
            return
        self.work(derivation, first, boxed=True)
        if derivation.reached is not None:
            as_found = replace(derivation, answer=derivation.reached, reached=None)
            left, _, right = goals.answer(as_found, self.function, self.notation).partition(" = ")
            self.prose.put(self.display([Row(left, "=", (right,))]))
            self.prose.say(self.language.blocks("several.rewritten"))
        self.prose.put(self.answer(derivation))
        self.closing(derivation)

    def work(self, derivation: Derivation, first: bool, boxed: bool) -> None:
        """The lines of a derivative told; ``boxed``: its answer follows in a box."""
        stages = _stages(derivation.lines)
        self.opening(derivation, first)
        for number, (chain, reading) in enumerate(stages):
            last = number == len(stages) - 1
            final = boxed and last
            if chain and chain[0].rule == "reuse_gradient":
                if number or not any(isinstance(piece, Strong) for piece in self.prose.sentences):
                    self.prose.end_paragraph()
                if derivation.method in OPENINGS:
                    self.prose.say(self.text(derivation, chain[0], 0))
                    if any(line.rule == "expand" for line in chain):
                        self.prose.say(self.phrase("open.expand_hessian"))
                else:
                    self.prose.say(self.text(derivation, chain[0]))
                    self.open(derivation)
                chain = chain[1:]
            head = reading[0] if _is_reading(reading[:1]) and reading[0].rule != "read_differential" else None
            of = derivation if last or derivation.task != "hessian" else replace(derivation, task="gradient")
            braced = self.chain(derivation, chain, final and head is None, of, reading if head else ())
            self.reading(derivation, reading, final, of, braced)

    def opening(self, derivation: Derivation, first: bool) -> None:
        """What maps to what, the form aimed at, and the sizes of the factors."""
        if derivation.task != "hessian":
            self.open(derivation)
        elif derivation.lines and derivation.lines[0].rule != "reuse_gradient":
            self.prose.say(self.phrase("open.gradient_first"))
            self.open(replace(derivation, task="gradient"))
        if first and self.notation.sizes != "never":
            self.sizes()

    def open(self, derivation: Derivation) -> None:
        direct = derivation.method in OPENINGS
        if derivation.method == "coordinates":
            of, to = self.function.maps
            self.prose.say(self.phrase("open.maps", f=Math(self.function.name), of=of, to=to))
        key = derivation.method if direct else goals.kind(derivation, self.function)
        self.prose.say(
            self.phrase(
                f"open.{key}",
                f=Math(self.function.name),
                x=Math(self.latex(self.function.variable)),
                dx=Math(goals.increment(self.function, self.notation)),
                form=Math(goals.form(derivation, self.function, self.notation)),
            )
        )

    def sizes(self) -> None:
        """The formula with the sizes under its factors, where that fits on a line and says something: for the first
        function of each kind on the page, or for every one where the notation says so."""
        formula = self.function.formula
        if not _has_factors(formula) or goals.width(self.latex(formula)) > WIDEST_SIZES:
            return
        if not self.memory.first("sizes/{}/{}".format(*self.function.maps)) and self.notation.sizes != "always":
            return
        row = Row(goals.at_point(self.function, self.notation), "=", (annotated(formula, self.notation),))
        self.prose.say(self.phrase("open.sizes", display=self.display([row])))

    def chain(
        self, derivation: Derivation, lines: Sequence[Line], answered: bool, of: Derivation, reading: Sequence[Line]
    ) -> bool:
        """The chain of equalities, in one display or cut where a decisive rule is new to the page.

        ``answered``: the last line is the answer itself, so a display of this line alone is left out. ``reading`` are
        the lines that read the derivative off: the chain ends with the canonical form and a brace under its
        coefficient. Gives whether it does.
        """
        segments = self.segments(lines)
        braced = False
        for segment in segments:
            head, last = segment.lines[0], segment is segments[-1]
            texts = [self.text(derivation, line) for line in segment.explained]
            if answered and last and len(segment.lines) == 1 and head.expression is derivation.answer:
                for text in texts or [self.text(derivation, head)]:
                    self.prose.say(text)
                continue
            told = [id(line) for line in segment.explained]  # what a sentence says, no label says again
            made = [
                Row("", "=", self.rows(line.expression), () if id(line) in told else self.reason(derivation, line))
                for line in segment.lines
            ]
            made[0] = replace(made[0], left=self.left(derivation, lines, head))
            if last and reading:
                braced = self.brace(made, segment.lines[-1], of, reading)
            display = self.display(made)
            for text in texts[:-1]:
                self.prose.say(text)
            if texts:
                self.lead(texts[-1], display)
            else:
                start = head is lines[0] and head.left != "dg" and head.quantity == "differential"
                key = head.left if head.left in ("value", "partial") else "start" if start else "again"
                if key == "value":  # the phrase says what the reason beside the line would
                    display = self.display([replace(made[0], reason=()), *made[1:]])
                self.prose.say(self.phrase(f"then.{key}", display=display))
        return braced

    def segments(self, lines: Sequence[Line]) -> list[Segment]:
        """The lines of a chain in displays. A new one begins where the lines start to speak of another quantity or
        part, and where a decisive rule is new to the page; the sentence before it explains no more than two rules."""
        found: list[Segment] = []
        for line in lines:
            before = found[-1].lines[-1] if found else None
            new = self.memory.first(line.rule)
            decisive = new and _is_decisive(line.rule)
            starts = before is None or before.quantity != line.quantity or before.part is not line.part
            if starts or line.left is not None:
                found.append(Segment([line], [line] if new else []))
            elif decisive and not (found[-1].cut and len(found[-1].explained) < 2):
                found.append(Segment([line], [line], cut=True))
            else:
                found[-1].lines.append(line)
                found[-1].explained += [line] if decisive else []
        return found

    def brace(self, made: list[Row], line: Line, of: Derivation, reading: Sequence[Line]) -> bool:
        """Put a brace under the coefficient of the last row, or add the canonical form as a row of its own. Not where
        the coefficient is too wide, nor where the rows speak of something else than the canonical form."""
        function, notation, head = self.function, self.notation, reading[0]
        left = goals.form(of, function, notation).split(" = ")[0]
        if line.quantity != "differential" or made[0].left != left:
            return False
        coefficient = goals.coefficient(of, function, notation, reading)
        if goals.width(self.latex(coefficient)) > WIDEST_BRACE:
            return False
        right = goals.canonical(of, function, notation, coefficient)
        same = goals.canonical(of, function, notation, coefficient, named=False)
        if _bare(same) == _bare(self.latex(line.expression)):
            made[-1] = replace(made[-1], right=(right,))
        else:
            rule = "inner_product" if goals.is_inner(of, function, notation) else head.rule
            made.append(Row("", "=", (right,), self.label(of, head, rule)))
        return True

    def rows(self, node: Node) -> tuple[str, ...]:
        return rows(node, self.notation)

    def text(self, derivation: Derivation, line: Line, turn: int | None = None) -> Inlines:
        """The whole sentence of a line's rule; ``turn`` asks for one of its alternates."""
        values = wording.slots(line, derivation, self.function, self.notation)
        if line.rule == "reuse_gradient" and values["g"].latex in self.memory.cited:  # the formula was just given
            values["g"] = Math(goals.gradient(self.function, self.notation))
        if turn is None:
            key = f"{line.rule}.text"
            turn = self.memory.turn(key, self.language.alternates(key, "rules"), self.name)
        return self.language.rule_text(line.rule, values, turn)

    def reason(self, derivation: Derivation, line: Line) -> Inlines:
        """The words beside a line."""
        return self.label(derivation, line, line.rule)

    def label(self, derivation: Derivation, line: Line, rule: str) -> Inlines:
        """The short words of a rule, with the formulas of a line."""
        label = self.language.rule_label(rule, wording.slots(line, derivation, self.function, self.notation))
        return self.language.typeset(label)

    def left(self, derivation: Derivation, lines: Sequence[Line], line: Line) -> str:
        """The left-hand side that a line of a chain shares with the lines before it."""
        before = list(lines[: list(lines).index(line) + 1])
        named = [one for one in before if one.left is not None and one.quantity == line.quantity]
        return wording.left(named[-1] if named else line, derivation, self.function, self.notation)

    def reading(
        self, derivation: Derivation, lines: Sequence[Line], final: bool, of: Derivation, braced: bool
    ) -> None:
        """From the canonical form to the derivative. The answer itself is left to the box."""
        if not lines:
            return
        rest = list(lines)
        if _is_reading(lines[:1]):
            head = rest.pop(0)
            if head.rule == "read_differential":
                self.prose.say(self.text(derivation, head))
            else:
                self.read_off(of, head, lines, braced)
            if head.quantity == "derivative" and not (rest and rest[0].rule == "transpose_answer"):
                rest.insert(0, head)
        layout = [line for line in rest if line.rule.startswith("layout_")]
        derivative = [line for line in rest if line.quantity == "derivative"]
        for line in derivative[:1]:
            if line.rule.startswith("stack_"):  # the partial derivatives put together
                self.prose.say(self.text(derivation, line))
        shown = derivative if len(derivative) > 1 or layout else []
        symmetric = next((line for line in derivative if line.rule == "constrained_symmetric"), None)
        if symmetric is not None:  # no equality: the gradient among the symmetric matrices is another one
            self.turned(derivation, derivative[: derivative.index(symmetric)])
            self.prose.say(self.text(derivation, symmetric))
            return
        if shown and (final or shown[-1].rule == "symmetry"):
            self.turned(derivation, shown)
        for line in layout:
            self.prose.say(self.text(derivation, line))

    def turned(self, derivation: Derivation, lines: Sequence[Line]) -> None:
        """The derivative and what is made of it after it was read off."""
        new = [line for line in lines[1:] if self.memory.first(line.rule) and _is_decisive(line.rule)]
        told = [id(line) for line in new]
        made = [
            Row("", "=", self.rows(line.expression), () if id(line) in told else self.reason(derivation, line))
            for line in lines
        ]
        named = replace(lines[0], left="derivative")
        left = goals.unconstrained(derivation, self.function, self.notation)
        left = left or wording.left(named, derivation, self.function, self.notation)
        made[0] = replace(made[0], left=left, reason=())
        for line in new[:-1]:
            self.prose.say(self.text(derivation, line))
        if new:
            self.lead(self.text(derivation, new[-1]), self.display(made))
        else:
            self.prose.say(self.phrase("then.lead", display=self.display(made)))

    def read_off(self, of: Derivation, line: Line, lines: Sequence[Line], braced: bool) -> None:
        """What the coefficient in the canonical form is, in full for the first time on the page; before that the
        coefficient in a display of its own where the chain does not show it."""
        function, notation = self.function, self.notation
        kind, inner = goals.kind(of, function), goals.is_inner(of, function, notation)
        first = self.memory.first(line.rule)
        if not braced:
            name = goals.coefficient_name(of, function, notation)
            row = Row(name, "=", self.rows(goals.coefficient(of, function, notation, lines)))
            self.prose.say(self.phrase("then.coefficient", display=self.display([row])))
        dx, x = Math(goals.increment(function, notation)), Math(self.latex(function.variable))
        turned = len(lines) > 1 and lines[1].rule == "transpose_answer" and not inner
        if goals.unconstrained(of, function, notation):
            self.prose.say(self.phrase("read.independent", dx=dx, x=x))
        elif first and not inner:
            self.prose.say(self.text(of, line))
            if turned:
                self.prose.say(self.phrase(f"after.{kind}"))
        elif not turned and not inner and kind.endswith("gradient") and of.layout == "mixed":
            self.prose.say(self.phrase("read.symmetric", dx=dx, x=x))
        elif inner:
            self.prose.say(self.phrase("read.inner", dx=dx, x=x, form=Math(goals.form(of, function, notation))))
        else:
            self.prose.say(self.phrase(f"read.{kind}", dx=dx, x=x))

    def answer(self, derivation: Derivation) -> Answer:
        """The boxed answer."""
        head = self.language.word("heads.answer")
        return Answer(head, goals.answer(derivation, self.function, self.notation))

    def closing(self, derivation: Derivation) -> None:
        """A check of the sizes, where it says something."""
        of, answer = goals.kind(derivation, self.function), derivation.answer
        x = Math(self.latex(self.function.variable))
        if answer.is_scalar or derivation.layout != "mixed" or answer.op in ("zeros", "num"):
            return
        size = Math(_size(answer.shape))
        if of in ("gradient", "matrix_gradient", "row_gradient"):
            factors = _factors(answer)
            if answer.op == "add":
                self.prose.say(self.phrase("close.terms", size=size, x=x))
            elif len(factors) > 1:
                chain = "".join(f"[{_size(f)}]" for f in factors)
                self.prose.say(self.phrase("close.product", sizes=Math(f"{chain} = [{_size(answer.shape)}]"), x=x))
            else:
                self.prose.say(self.phrase("close.single", size=size, x=x))
        elif of in ("jacobian", "hessian"):
            self.prose.say(self.phrase(f"close.{of}", size=size, x=x))


def _bare(formula: str) -> str:
    """A formula without what only sizes its brackets and sets its spaces."""
    return _SIZED.sub("", formula)


def _is_decisive(rule: str) -> bool:
    return rule in RULES and RULES[rule].decisive


def _words(inlines: Inlines) -> str:
    return "".join(p.text for p in inlines if isinstance(p, Text))


def _size(shape: Shape) -> str:
    return rf"{shape.rows.latex()} \times {shape.cols.latex()}"


def _factors(node: Node) -> list[Shape]:
    """The shapes of the factors of a product that are no scalars."""
    return [a.shape for a in node.args if not a.is_scalar] if node.op == "mul" else []


def _has_factors(node: Node) -> bool:
    """Whether a formula is a product, or the trace of one, of at least two factors that are no scalars."""
    inside = node.args[0] if node.op == "tr" else node
    return inside.op == "mul" and len([a for a in inside.args if not a.is_scalar]) > 1


def _is_reading(lines: Sequence[Line]) -> bool:
    return bool(lines) and lines[0].rule.startswith("read_")


def _stages(lines: Sequence[Line]) -> list[tuple[list[Line], list[Line]]]:
    """The lines as stages: a chain of equalities, and the reading-off that follows it."""
    stages: list[tuple[list[Line], list[Line]]] = [([], [])]
    for line in lines:
        follows = line.quantity == "derivative" and (bool(stages[-1][1]) or line.rule == "d_constant")
        reading = follows or line.rule.startswith(("read_", "layout_", "stack_"))
        if line.rule == "reuse_gradient" or (not reading and stages[-1][1]):
            stages.append(([], []))
        (stages[-1][1] if reading and line.rule != "reuse_gradient" else stages[-1][0]).append(line)
    return [stage for stage in stages if stage[0] or stage[1]]


def narrate(
    solution: Solution, language: Language, notation: Notation, name: str, memory: Memory | None = None
) -> tuple[Block, ...]:
    """The worked solution of a problem as blocks.

    ``name`` is the problem's id. ``memory`` is what earlier problems of the page told; what this one tells is added.
    """
    return Narrator(solution, language, notation, name, memory).tell()
