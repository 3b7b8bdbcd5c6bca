"""A solution in words: the record of a derivation, told line by line as a lecturer tells it.

First what maps to what and the form aimed at; then the chain of equalities, one relation a row with a short reason
beside it; a decisive step is introduced by its whole sentence, and the chain goes on after it. At last the canonical
form with its coefficient isolated, the transposition, the answer in a box and a check of the sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgen.algebra.latex import annotated, latex, rows
from docgen.algebra.node import Node
from docgen.algebra.notation import Notation
from docgen.algebra.sizes import Shape
from docgen.calculus.derivation import Derivation, Line, Solution
from docgen.calculus.derive import STUDIES
from docgen.calculus.rules import RULES
from docgen.handouts import goals, wording
from docgen.handouts.document import Answer, Block, Display, Inlines, Math, Row, Text
from docgen.handouts.inline import Piece
from docgen.handouts.language import Language, seed
from docgen.handouts.prose import Prose

#: Wider formulas are not put under a brace, and get no sizes under their factors.
WIDEST_BRACE = 44
WIDEST_SIZES = 40

#: Methods that reach the derivative without its canonical form; how they set out is said in a phrase of their own.
OPENINGS = frozenset({"chain", "expand"})

#: Readings whose sentence is given once in a handout: what follows the display says the rest every time.
SHORT_READING = frozenset({"read_gradient", "read_matrix_gradient", "read_row_gradient"})


class Narrator:
    """Tells one solution. ``name`` is the problem's id: it picks among alternates, so that no other problem changes.

    ``known`` are the everyday rules that an earlier problem explained in a sentence; they get their short words only.
    """

    def __init__(
        self, solution: Solution, language: Language, notation: Notation, name: str, known: set[str] | None = None
    ) -> None:
        self.solution, self.function = solution, solution.function
        self.language, self.notation, self.name = language, notation, name
        self.prose = Prose(language)
        self.seen: set[str] = set()  # decisive rules that had their sentence
        self.explained: set[str] = set()  # rules that had a sentence or a label
        self.known = set() if known is None else known
        self.told = 0

    # ---- small parts -------------------------------------------------------------------------------------------

    def turn(self, key: str) -> int:
        """Which alternate of a sentence this problem takes; a second use in one problem takes the next."""
        self.told += 1
        return seed(f"{self.name}/{key}") + self.told

    def phrase(self, key: str, **values: object) -> tuple[Piece, ...]:
        return self.language.blocks(key, self.turn(key), **values)

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
        for number, derivation in enumerate(self.solution.derivations):
            before = self.solution.derivations[:number]
            if len(methods) > 1 and derivation.method not in {d.method for d in before}:
                self.seen, self.explained = set(), set()
                method = self.language.word(f"methods.{derivation.method}")
                k = str(methods.index(derivation.method) + 1)
                self.prose.end_paragraph()
                self.prose.run_in = _words(self.language.phrase("method.head", 0, k=k, method=method))
            self.derivation(derivation, first=number == 0)
        self.prose.end_paragraph()
        return tuple(self.prose.blocks)

    def derivation(self, derivation: Derivation, first: bool) -> None:
        """One derivation: opening, chains, reading-off, answer, check."""
        if derivation.task in STUDIES:
            from docgen.handouts.study import tell

            tell(self, derivation, first)
            return
        self.work(derivation, first, boxed=True)
        self.prose.put(self.answer(derivation))
        self.closing(derivation)

    def work(self, derivation: Derivation, first: bool, boxed: bool) -> None:
        """The lines of a derivative told; ``boxed``: its answer follows in a box."""
        stages = _stages(derivation.lines)
        self.opening(derivation, first)
        for number, (chain, reading) in enumerate(stages):
            final = boxed and number == len(stages) - 1
            if chain and chain[0].rule == "reuse_gradient":
                self.prose.end_paragraph()
                if derivation.method in OPENINGS:
                    self.prose.say(self.text(derivation, chain[0], 0))
                else:
                    self.prose.say(self.text(derivation, chain[0]))
                    self.open(derivation)
                chain = chain[1:]
            named = not _is_reading(reading[:1]) or reading[0].rule == "read_differential"
            self.chain(derivation, chain, final and named)
            self.reading(derivation, reading, final)

    def opening(self, derivation: Derivation, first: bool) -> None:
        """What maps to what, the form aimed at, and the sizes of the factors."""
        if derivation.task != "hessian":
            self.open(derivation)
        elif derivation.lines and derivation.lines[0].rule != "reuse_gradient":
            self.prose.say(self.phrase("open.gradient_first"))
            self.open(replace(derivation, task="gradient"))
        if first:
            self.sizes()

    def open(self, derivation: Derivation) -> None:
        direct = derivation.method in OPENINGS
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
        """The formula with the sizes under its factors, where that fits on a line and says something."""
        formula = self.function.formula
        if not _has_factors(formula) or goals.width(self.latex(formula)) > WIDEST_SIZES:
            return
        row = Row(goals.at_point(self.function, self.notation), "=", (annotated(formula, self.notation),))
        self.prose.say(self.phrase("open.sizes", display=self.display([row])))

    def chain(self, derivation: Derivation, lines: Sequence[Line], answered: bool) -> None:
        """The chain of equalities, cut before each decisive step that is new. ``answered``: the last line is the
        answer itself, so a display of this line alone is left out."""
        for segment in self.segments(lines):
            head = segment[0]
            again = head.rule in self.explained or (head.rule in self.known and not _is_decisive(head.rule))
            text = () if again else self.text(derivation, head)
            if answered and len(segment) == 1 and head is lines[-1] and head.expression is derivation.answer:
                self.prose.say(text or self.text(derivation, head))
                continue
            made = [
                Row("", "=", rows(line.expression, self.notation), self.reason(derivation, line)) for line in segment
            ]
            made[0] = replace(made[0], left=self.left(derivation, lines, head), reason=() if text else made[0].reason)
            display = self.display(made)
            self.explained.update(line.rule for line in segment)
            self.known.add(head.rule)
            if text:
                self.lead(text, display)
            else:
                start = head is lines[0] and head.left != "dg" and head.quantity == "differential"
                self.prose.say(self.phrase("then.start" if start else "then.again", display=display))

    def segments(self, lines: Sequence[Line]) -> list[list[Line]]:
        """The lines of a chain in displays: a new one where a decisive rule comes for the first time, or where the
        lines start to speak of another quantity or part."""
        found: list[list[Line]] = []
        for line in lines:
            before = found[-1][-1] if found else None
            decisive = _is_decisive(line.rule) and line.rule not in self.seen
            other = before is not None and (before.quantity != line.quantity or before.part is not line.part)
            if before is None or decisive or other or line.left is not None:
                found.append([line])
            else:
                found[-1].append(line)
            if decisive:
                self.seen.add(line.rule)
        return found

    def text(self, derivation: Derivation, line: Line, turn: int | None = None) -> Inlines:
        """The whole sentence of a line's rule; ``turn`` asks for one of its alternates."""
        values = wording.slots(line, derivation, self.function, self.notation)
        return self.language.rule_text(line.rule, values, self.turn(line.rule) if turn is None else turn)

    def reason(self, derivation: Derivation, line: Line) -> Inlines:
        """The words beside a line."""
        label = self.language.rule_label(line.rule, wording.slots(line, derivation, self.function, self.notation))
        return self.language.typeset(label)

    def left(self, derivation: Derivation, lines: Sequence[Line], line: Line) -> str:
        """The left-hand side that a line of a chain shares with the lines before it."""
        before = list(lines[: list(lines).index(line) + 1])
        named = [one for one in before if one.left is not None and one.quantity == line.quantity]
        return wording.left(named[-1] if named else line, derivation, self.function, self.notation)

    def reading(self, derivation: Derivation, lines: Sequence[Line], final: bool) -> None:
        """From the canonical form to the derivative. The answer itself is left to the box."""
        if not lines:
            return
        rest = list(lines)
        if _is_reading(lines[:1]):
            head = rest.pop(0)
            of = derivation if final or derivation.task != "hessian" else replace(derivation, task="gradient")
            self.isolate(of, head)
            key = f"after.{goals.kind(of, self.function)}"
            if rest and rest[0].rule == "transpose_answer":
                self.prose.say(self.phrase(key))
            elif head.quantity == "derivative":
                rest.insert(0, head)
        layout = [line for line in rest if line.rule.startswith("layout_")]
        derivative = [line for line in rest if line.quantity == "derivative"]
        shown = derivative if layout else derivative[:-1]
        if shown and final:
            made = [Row("", "=", rows(one.expression, self.notation), self.reason(derivation, one)) for one in shown]
            named = replace(shown[0], left="derivative")
            left = wording.left(named, derivation, self.function, self.notation)
            made[0] = replace(made[0], left=left, reason=())
            self.prose.put(self.display(made))
        last = derivative[-1] if derivative and not layout and len(derivative) > 1 else None
        for line in [*([last] if last is not None and final else []), *layout]:
            self.prose.say(self.text(derivation, line))

    def isolate(self, derivation: Derivation, line: Line) -> None:
        """The canonical form once more, its coefficient under a brace."""
        text = self.text(derivation, line)
        left = goals.form(derivation, self.function, self.notation).split(" = ")[0]
        name = goals.coefficient_name(derivation, self.function, self.notation)
        coefficient = self.latex(line.expression)
        if line.rule == "read_differential":
            self.prose.say(text)
            return
        if goals.width(coefficient) > WIDEST_BRACE:
            row = Row(name, "=", rows(line.expression, self.notation))
        else:
            canonical = goals.canonical(derivation, self.function, self.notation, line.expression)
            row = Row(left, "=", (canonical,))
        if line.rule in self.known and line.rule in SHORT_READING:
            self.prose.say(self.phrase("then.read", display=self.display([row])))
        else:
            self.lead(text, self.display([row]))
        self.known.add(line.rule)

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
        reading = follows or line.rule.startswith(("read_", "layout_"))
        if line.rule == "reuse_gradient" or (not reading and stages[-1][1]):
            stages.append(([], []))
        (stages[-1][1] if reading and line.rule != "reuse_gradient" else stages[-1][0]).append(line)
    return [stage for stage in stages if stage[0] or stage[1]]


def narrate(
    solution: Solution, language: Language, notation: Notation, name: str, known: set[str] | None = None
) -> tuple[Block, ...]:
    """The worked solution of a problem as blocks.

    ``name`` is the problem's id. ``known`` holds the everyday rules explained in earlier problems of the page; those
    that this solution explains are added to it.
    """
    return Narrator(solution, language, notation, name, known).tell()
