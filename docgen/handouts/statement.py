"""The statement of a problem, generated from the problem itself.

It names every symbol with its shape, what is constant and what is assumed, the conditions under which the formulas
make sense and the signs that need a word, and it ends with the quantity to find, in the symbols of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, walk
from docgen.algebra.notation import Notation
from docgen.calculus.abbreviate import written_out
from docgen.calculus.derivation import Solution
from docgen.handouts import goals
from docgen.handouts.conditions import Condition, conditions
from docgen.handouts.document import Block, Display, Inlines, Math, Row, Text
from docgen.handouts.inline import Piece
from docgen.handouts.iterates import step_letter
from docgen.handouts.language import Language
from docgen.handouts.prose import Prose
from docgen.handouts.symbols import Symbols, membership
from docgen.reading.declarations import ASSUMPTIONS

#: A function that is written wider than this gets a display of its own.
WIDEST_INLINE = 60

#: Operators and functions whose signs are explained, by the key of their words.
LEGEND: Mapping[str, str] = {
    "softmax": "softmax",
    "had": "hadamard",
    "kron": "kronecker",
    "vec": "vec",
    "adj": "adjugate",
    "expm": "exponential",
}

#: Goals that are no formula to find but a property to judge.
JUDGED = frozenset({"definiteness", "second_sign"})


class Statement(Symbols):
    """Writes one statement."""

    # ---- sentences ---------------------------------------------------------------------------------------------

    def consider(self) -> tuple[Piece, ...]:
        """The function, its variable and its constants."""
        variable = self.function.variable
        adjectives, attributes = self.properties(variable.data, variable.shape.kind, "of")
        return self.phrase(
            "consider",
            value=self.function.maps[1],
            function=self.formula(),
            variable=self.variables(),
            noun=self.word(f"nouns.{variable.shape.kind}.of"),
            adjectives=adjectives,
            attributes=attributes,
            constants=self.listed([*self.constants(), *(self.meanings() if self.named_within() else ())]),
        )

    def variables(self) -> Inlines:
        """Where the variable lies; where there are several, each further one with its noun before it."""
        found: list[Inlines] = []
        for one in self.solutions:
            variable = one.function.variable
            where: Inlines = (Math(membership([latex(variable, self.notation)], variable.data, variable.shape)),)
            if found:
                adjectives, attributes = self.properties(variable.data, variable.shape.kind, "of")
                noun = self.word(f"nouns.{variable.shape.kind}.of")
                where = self.words("further", noun=noun, variable=where, adjectives=adjectives, attributes=attributes)
            found.append(where)
        return self.language.join(found)

    def meanings(self) -> list[Inlines]:
        """What each of the author's own names stands for."""
        return [
            (Math(f"{latex(name, self.notation)} = {latex(meaning, self.notation)}"),)
            for name, meaning in self.function.named
        ]

    def named_within(self) -> bool:
        """Whether the language tells these in the sentence that names the constants."""
        return bool(self.language.setting("typography.named_within"))

    def named(self) -> tuple[Piece, ...]:
        """What the author's own names in the formula stand for; nothing where there are none."""
        items = self.meanings()
        return self.phrase("named", items=self.language.join(items)) if items else ()

    def declared(self) -> Inlines:
        """Every symbol with the place where it lies: ``{declare}`` in an author's statement."""
        items = [
            (Math(membership(self.names(node, self.counts()), node.data, node.shape)),)
            for node in self.function.symbols
        ]
        return self.language.join(items)

    def told_of(self, symbols: Iterable[Node]) -> list[Inlines]:
        """The assumptions on symbols as clauses, but for those that the place where they lie says."""
        return [
            self.language.phrase(f"special.{assumption}", 0, v=Math(", ".join(self.names(node, self.counts()))))
            for node in symbols
            for assumption in ASSUMPTIONS
            if assumption in node.data.assumptions and not (node.is_scalar and assumption == "positive")
        ]

    def supposed(self) -> Inlines:
        """What is assumed of the symbols and is not said by the place where they lie, in a sentence."""
        found = self.told_of(self.function.symbols)
        return self.words("assume", conditions=self.language.join(found)) if found else ()

    def formula(self) -> Math | Display:
        """``f(x) = …``, in the line where it fits."""
        left = goals.at_point(self.function, self.notation)
        right = latex(self.function.typed, self.notation)
        if goals.width(right) > WIDEST_INLINE or r"\sum" in right:
            return Display((Row(left, "=", (right,)),))
        return Math(f"{left} = {right}")

    def conditions(self) -> tuple[Condition, ...]:
        """Where the function and the answers make sense."""
        answers = [  # a data matrix that a solution brings in is not known in the statement
            written_out(d.answer, d)
            for solution in self.solutions
            for d in solution.derivations
            if not any(one.means == "stack" and one.symbol.data.name in d.answer.free for one in d.introduced)
        ]
        firsts = (d.lines[0] for solution in self.solutions for d in solution.derivations if d.lines)
        joined = (line.expression for line in firsts if line.rule == "join_components")  # says it of whole vectors
        formula = next(joined, self.function.formula)
        return conditions([formula, *answers], self.notation, dict(self.function.named))

    def assumptions(self) -> tuple[Piece, ...]:
        """The conditions in a sentence; nothing where there are none."""
        found: list[Inlines] = []
        for condition in self.conditions():
            if condition.kind == "formula":
                found.append((Math(condition.latex),))
            else:
                found.append(self.words(condition.kind, v=Math(condition.latex)))
        return self.phrase("assume", conditions=self.language.join(found)) if found else ()

    def legend(self) -> tuple[Piece, ...]:
        """The signs in the formula that need a word; nothing where there are none."""
        keys: dict[str, None] = {}
        for node in walk(self.function.formula):
            if node.op == "fn":
                keys[{"log": "log", "sigma": "sigma", "relu": "relu"}.get(node.data, "")] = None
                if not node.is_scalar:
                    keys["elementwise"] = None
            elif node.op == "ones":
                keys["ones"] = None
            elif node.op in ("norm", "normsq") and node.args[0].shape.kind == "matrix":
                keys["frobenius"] = None
            elif node.op in LEGEND:
                keys[LEGEND[node.op]] = None
        keys.pop("", None)
        if self.notation.log == r"\ln":
            keys.pop("log", None)
        if not keys:
            return ()
        items = [self.language.phrase(f"legend.{key}", sign=Math(self.notation.log)) for key in keys]
        return self.phrase("legend", items=self.listed(items))

    def find(self) -> tuple[Piece, ...]:
        """What to find, in the symbols of the answers; or what to show."""
        asked: dict[Inlines, None] = {}
        judged: dict[Inlines, None] = {}
        for one in self.solutions:
            for derivation in one.derivations:
                if self.form == "show":
                    asked[(Math(goals.answer(derivation, one.function, self.notation)),)] = None
                    continue
                key = goals.goal_word(derivation, one.function)
                goal = Math(goals.goal(derivation, one.function, self.notation))
                gamma = Math(step_letter(derivation, one.function, self.notation))
                said = self.language.phrase(f"goal.{key}", goal=goal, gamma=gamma)
                if layout := goals.layout_named(derivation, one):
                    label = self.language.rule_label(layout, {})
                    said = self.language.phrase("statement.goal_in", goal=said, layout=label)
                (judged if key in JUDGED else asked)[said] = None
        if self.form == "show":
            return self.phrase("show", result=self.language.join(list(asked)))
        properties = self.language.join(list(judged))
        if not asked:
            return self.phrase("judge", goals=properties)
        listed = self.language.join(list(asked))
        if len(asked) + len(judged) == 1:
            return self.phrase("find", goals=listed)
        if judged:
            listed += self.language.phrase("statement.and_judge", goals=properties)
        return self.language.pieces("statement.find", goals=listed)  # the first of the verbs suits every goal

    def symmetric(self) -> tuple[Piece, ...]:
        """What a derivative by a symmetric matrix means."""
        variable = self.function.variable
        if not variable.data.assumptions & {"symmetric", "positive_definite"}:
            return ()
        if any(line.rule == "constrained_symmetric" for d in self.solution.derivations for line in d.lines):
            return self.phrase("constrained")
        return self.phrase("independent", x=Math(latex(variable, self.notation)))

    def write(self) -> tuple[Block, ...]:
        """The whole statement."""
        return self._set((*self.given(), self.find()))

    def given(self) -> tuple[tuple[Piece, ...], ...]:
        """What is given, without the question."""
        named = () if self.named_within() else self.named()
        return (
            self.consider(), named, self.assumptions(), self.assumed(), self.symmetric(), self.legend(),
        )  # fmt: skip

    def intro(self) -> tuple[Block, ...]:
        """What is given, alone."""
        return self._set(self.given())

    def question(self) -> tuple[Block, ...]:
        """What to find, alone: the parts of a problem share what is given."""
        return self._set([self.find()])

    def _set(self, sentences: Iterable[tuple[Piece, ...]]) -> tuple[Block, ...]:
        """Sentences as blocks."""
        prose = Prose(self.language)
        for sentence in sentences:
            prose.say(sentence)
        prose.end_paragraph()
        return tuple(prose.blocks)

    def assumed(self) -> tuple[Piece, ...]:
        """What docgen assumed while reading and the statement does not say otherwise."""
        out: list[Piece] = []
        for notice in self.solution.assumed:
            if notice.id == "shape_assumed":
                continue  # the statement gives the shape of every symbol
            facts: dict[str, Any] = {
                name: Math(fact if isinstance(fact, str) else latex(fact, self.notation))
                for name, fact in notice.facts.items()
            }
            if out:
                out.append(Text(self.language.word("typography.between")))
            out.extend(self.language.phrase(f"assumed.{notice.id}", 0, **facts))
        return tuple(out)


def statement(solution: Solution, language: Language, notation: Notation, name: str) -> tuple[Block, ...]:
    """The generated statement of a problem as blocks. ``name`` is the problem's id."""
    return Statement(solution, language, notation, name).write()
