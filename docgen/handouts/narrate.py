"""A solution in words: the record of a derivation, told line by line as a lecturer tells it.

First what maps to what and the form aimed at; then the chain of equalities, one relation a row with a short reason
beside it, down to the canonical form with a brace under its coefficient. A decisive step gets its whole sentence where
the page comes to it for the first time. At last the transposition, the answer in a box and a check of the sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgen.algebra.latex import rows
from docgen.algebra.node import Node
from docgen.algebra.notation import Notation
from docgen.calculus.abbreviate import NAMES
from docgen.calculus.choices import STUDIES
from docgen.calculus.derivation import Derivation, Line, Solution
from docgen.handouts import chains, dimensions, goals, readoff, study, wording
from docgen.handouts.document import Block, Inlines, Math, Row, Strong, Text
from docgen.handouts.language import Language
from docgen.handouts.memory import Memory
from docgen.handouts.teller import Teller

#: Methods that reach the derivative without its canonical form; how they set out is said in a phrase of their own.
OPENINGS = frozenset({"chain", "expand", "coordinates"})


class Narrator(Teller):
    """Tells one solution from its first sentence to the check of its answers."""

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
            if any((d.task, d.method) == (derivation.task, derivation.method) for d in before):
                self.other_layout(derivation)
            else:
                self.derivation(derivation, first=number == 0)
        self.prose.end_paragraph()
        return tuple(self.prose.blocks)

    def names(self) -> None:
        """Which variable varies where there are several, and the formula with the author's functions written out."""
        function, x = self.function, self.function.variable
        others = [one for one in function.arguments if one is not x]
        if others:
            listed = self.language.join([(Math(self.latex(one)),) for one in others])
            self.prose.say(self.language.pieces("several.fixed", 0, x=Math(self.latex(x)), others=listed))
        if any("(" in name.data.name for name, _ in function.named):
            row = Row(goals.at_point(function, self.notation), "=", rows(function.formula, self.notation))
            self.prose.say(self.language.pieces("several.by_name", 0, display=self.display([row])))
        told: dict[Node, tuple[Derivation, Line]] = {}
        for derivation in self.solution.derivations:
            for line in derivation.lines:
                if line.rule in NAMES:
                    told.setdefault(line.expression, (derivation, line))
        for derivation, line in told.values():  # once, before the derivations that have them
            self.prose.say(self.text(derivation, line))
        rest = (
            replace(d, lines=tuple(line for line in d.lines if line.rule not in NAMES))
            for d in self.solution.derivations
        )
        self.solution = replace(self.solution, derivations=tuple(rest))

    def derivation(self, derivation: Derivation, first: bool) -> None:
        """One derivation: opening, chains, reading-off, answer, check."""
        if not first and any(one.task in STUDIES for one in self.solution.derivations):
            self.prose.end_paragraph()
            head = self.language.phrase(f"part.{goals.part_word(derivation, self.function)}")
            self.prose.say((Strong(head),))
        if derivation.task in STUDIES:
            study.tell(self, derivation, first)
            return
        self.work(derivation, first, boxed=True)
        if derivation.reached is not None:
            as_found = replace(derivation, answer=derivation.reached, reached=None)
            left, _, right = goals.answer(as_found, self.function, self.notation).partition(" = ")
            self.prose.put(self.display([Row(left, "=", (right,))]))
            self.prose.say(self.language.pieces("several.rewritten"))
        self.prose.put(self.answer(derivation))
        dimensions.check(self, derivation)

    def other_layout(self, derivation: Derivation) -> None:
        """The answer of a derivation that was told before, in another layout."""
        layout = goals.layout_named(derivation, self.solution)
        turned = [line for line in derivation.lines if line.rule.startswith("layout_")]
        for line in turned:
            self.prose.say(self.text(derivation, line))
        if layout and not turned:
            self.prose.say(self.phrase(layout.replace("layout_", "layout.")))
        if layout or goals.is_turned(derivation, self.function):  # no layout changes a Hessian
            self.prose.put(self.answer(derivation))

    def work(self, derivation: Derivation, first: bool, boxed: bool) -> None:
        """The lines of a derivative told; ``boxed``: its answer follows in a box."""
        stages = _stages(derivation.lines)
        self.opening(derivation, first)
        for number, (chain, reading) in enumerate(stages):
            last = number == len(stages) - 1
            final = boxed and last
            if chain and chain[0].rule == "reuse_gradient":
                if number or not any(isinstance(piece, Strong) for piece in self.prose.sentences):
                    self.prose.end_paragraph()  # the head of a part stays with it
                self.second(derivation, chain)
                chain = chain[1:]
            reads = bool(reading) and readoff.is_reading(reading[0]) and reading[0].rule != "read_differential"
            of = derivation if last or derivation.task != "hessian" else replace(derivation, task="gradient")
            braced = chains.chain(self, derivation, chain, final and not reads, of, reading if reads else ())
            readoff.reading(self, derivation, reading, final, of, braced)

    def second(self, derivation: Derivation, chain: Sequence[Line]) -> None:
        """How a chain sets out that differentiates the gradient, which its first line recalls."""
        if self.function.variable.is_scalar:
            g = wording.slots(chain[0], derivation, self.function, self.notation)["g"]
            self.prose.say(self.phrase("open.second_derivative", g=g))
        elif derivation.method in OPENINGS:
            self.prose.say(self.text(derivation, chain[0], 0))
            if any(line.rule == "expand" for line in chain):
                self.prose.say(self.phrase("open.expand_hessian"))
        else:
            self.prose.say(self.text(derivation, chain[0]))
            self.open(derivation)

    def opening(self, derivation: Derivation, first: bool) -> None:
        """What maps to what, the form aimed at, and the sizes of the factors."""
        if derivation.task != "hessian":
            self.open(derivation)
        elif derivation.lines and derivation.lines[0].rule != "reuse_gradient":
            scalar = self.function.variable.is_scalar
            self.prose.say(self.phrase("open.derivative_first" if scalar else "open.gradient_first"))
            self.open(replace(derivation, task="gradient"))
        if first and self.notation.sizes != "never":
            dimensions.under_factors(self)

    def open(self, derivation: Derivation) -> None:
        """What maps to what, and the form aimed at."""
        direct = derivation.method in OPENINGS
        if direct:
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


def _words(inlines: Inlines) -> str:
    return "".join(p.text for p in inlines if isinstance(p, Text))


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
