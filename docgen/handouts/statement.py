"""The statement of a problem, generated from the problem itself.

It names every symbol with its shape, what is constant and what is assumed, the conditions under which the formulas
make sense and the signs that need a word, and it ends with the quantity to find, in the symbols of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Symbol, walk
from docgen.algebra.notation import Notation
from docgen.algebra.sizes import Shape, Size
from docgen.calculus.derivation import Solution
from docgen.handouts import goals
from docgen.handouts.conditions import Condition, conditions
from docgen.handouts.document import Block, Display, Inlines, Math, Row, Text
from docgen.handouts.inline import Piece
from docgen.handouts.language import Language, seed
from docgen.handouts.prose import Prose
from docgen.handouts.spelling import of_function

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


def space(shape: Shape) -> str:
    """The space of the values of a shape: ``\\mathbb{R}^{n \\times m}``."""
    if shape.kind == "scalar":
        return r"\mathbb{R}"
    if shape.kind == "vector":
        return rf"\mathbb{{R}}^{{{shape.rows.latex()}}}"
    return rf"\mathbb{{R}}^{{{shape.rows.latex()} \times {shape.cols.latex()}}}"


def membership(names: Sequence[str], symbol: Symbol, shape: Shape) -> str:
    """Where symbols of one kind lie: ``a, b \\in \\mathbb{R}^{n}``, ``\\lambda > 0``, ``y \\in \\{-1, 1\\}``."""
    listed = ", ".join(names)
    if symbol.values:
        return rf"{listed} \in \{{{', '.join(str(value) for value in symbol.values)}\}}"
    if shape.kind == "scalar" and "positive" in symbol.assumptions:
        return f"{listed} > 0"
    return rf"{listed} \in {space(shape)}"


class Statement:
    """Writes one statement. ``name`` is the problem's id, which picks among alternates.

    ``says`` is what the file calls a symbol, by name; ``form`` is ``show`` where the results stand in the statement;
    ``others`` are the solutions for further variables.
    """

    def __init__(
        self,
        solution: Solution,
        language: Language,
        notation: Notation,
        name: str,
        says: Mapping[str, Inlines] | None = None,
        form: str = "find",
        others: Sequence[Solution] = (),
    ) -> None:
        self.solution, self.function = solution, solution.function
        self.language = language.written(of_function(self.function, notation).formula)
        self.notation, self.name = notation, name
        self.says, self.form = says or {}, form
        self.solutions = (solution, *others)

    def phrase(self, key: str, **slots: object) -> tuple[Piece, ...]:
        return self.language.blocks(f"statement.{key}", seed(f"{self.name}/{key}"), **slots)

    def words(self, key: str, **slots: object) -> Inlines:
        return self.language.phrase(f"statement.{key}", seed(f"{self.name}/{key}"), **slots)

    # ---- symbols -----------------------------------------------------------------------------------------------

    def properties(self, symbol: Symbol, shape: str, form: str) -> tuple[list[str], list[str]]:
        """The assumptions on a symbol in words: before its noun in the form asked for, and after it."""
        adjectives: list[str] = []
        attributes: list[str] = []
        table = self.language.phrases.get("statement", {})
        for assumption in ASSUMPTIONS:
            if assumption not in symbol.assumptions or (shape == "scalar" and assumption == "positive"):
                continue
            if assumption in table.get("adjectives", {}):
                adjectives.append(self.word(f"adjectives.{assumption}.{form}"))
            else:
                attributes.append(self.word(f"attributes.{assumption}"))
        return adjectives, attributes

    def word(self, key: str) -> str:
        return "".join(p.text for p in self.language.phrase(f"statement.{key}") if isinstance(p, Text))

    def constants(self) -> list[Inlines]:
        """One clause for each kind of constant: their names, where they lie, what they are."""
        groups: dict[tuple[str, Symbol], dict[Shape, list[str]]] = {}
        counts = self.counts()
        variables = {one.function.variable.data.name for one in self.solutions}
        for node in self.function.symbols:
            if node.data.name in variables or node.data.name in self.says:
                continue
            kind = Symbol("", node.data.assumptions, node.data.index, node.data.values)
            group = groups.setdefault((node.shape.kind, kind), {})
            group.setdefault(node.shape, []).extend(self.names(node, counts))
        clauses = []
        for (shape, kind), spaces in groups.items():
            many = sum(map(len, spaces.values())) > 1
            form = "many" if many else "one"
            adjectives, attributes = self.properties(kind, shape, form)
            symbols = [(Math(membership(names, kind, where)),) for where, names in spaces.items()]
            clauses.append(
                self.words(
                    "constant",
                    symbols=self.language.join(symbols),
                    shape=shape,
                    many=many,
                    adjectives=adjectives,
                    attributes=attributes,
                    noun=self.word(f"nouns.{shape}.{form}"),
                )
            )
        return [*self.called(), *clauses, *self.tied()]

    def called(self) -> list[Inlines]:
        """One clause for each symbol that the file has words for."""
        clauses = []
        variables = {one.function.variable.data.name for one in self.solutions}
        for node in sorted(self.function.symbols, key=lambda node: node.data.name not in variables):
            words = self.says.get(node.data.name)
            if words is None:
                continue
            adjectives, attributes = self.properties(node.data, node.shape.kind, "one")
            names = self.names(node, self.counts())
            known = node.data.name in variables
            symbols = Math(", ".join(names) if known else membership(names, node.data, node.shape))
            told = () if known else adjectives
            clauses.append(
                self.words(
                    "said", symbols=symbols, words=words, adjectives=told, attributes=() if known else attributes
                )
            )
        return clauses

    def symbols(self, constants: Sequence[Node] = ()) -> list[Inlines]:
        """One clause for each symbol: where it lies and what is assumed of it; ``constants`` do not vary."""
        clauses = []
        for node in self.function.symbols:
            adjectives, attributes = self.properties(node.data, node.shape.kind, "one")
            names = self.names(node, self.counts())
            clauses.append(
                self.words(
                    "symbol",
                    symbols=Math(membership(names, node.data, node.shape)),
                    constant=node in constants,
                    shape=node.shape.kind,
                    adjectives=adjectives,
                    attributes=attributes,
                    noun=self.word(f"nouns.{node.shape.kind}.one"),
                )
            )
        return clauses

    def tied(self) -> list[Inlines]:
        """One clause for each matrix or column of the function whose rows or entries are in the function, too."""
        clauses = []
        symbols = {node.data.name: node for node in self.function.symbols}
        for name, member in self.function.stacked.items():
            if name in symbols and member.data.name in symbols:
                of, one = symbols[name], symbols[member.data.name]
                key = "rows" if of.shape.kind == "matrix" else "entries"
                x = latex(one, self.notation)
                row = x if one.is_scalar else f"{x}^{{{self.notation.transpose}}}"
                clauses.append(self.words(key, of=Math(latex(of, self.notation)), row=Math(row)))
        return clauses

    def names(self, node: Node, counts: Mapping[str, Size]) -> list[str]:
        """The symbol as printed; a family by its first and last member."""
        written = latex(node, self.notation)
        index = node.data.index
        if index is None:
            return [written]
        count = counts[index].latex() if index in counts else None
        place = re.compile(rf"(?<=[_(])\{{?{re.escape(index)}\}}?(?=$|\))|(?<=_)\{{{re.escape(index)}\}}")
        if count is None or not place.search(written):
            return [written]
        last = f"{{{count}}}"  # a function: a count such as \\ell is no pattern of replacement
        return [place.sub("{1}", written), r"\dots", place.sub(lambda _: last, written)]

    def listed(self, clauses: Sequence[Inlines]) -> Inlines:
        """Clauses in one sentence."""
        out: list[object] = []
        for number, clause in enumerate(clauses):
            if number:
                last = number == len(clauses) - 1
                between = self.language.phrases["statement"]["parts"]["last" if last else "comma"]
                out.append(Text(between.replace("~", "\u00a0")))
            out.extend(clause)
        return tuple(out)  # type: ignore[arg-type]

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
            constants=self.listed(self.constants()),
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

    def named(self) -> tuple[Piece, ...]:
        """What the author's own names in the formula stand for; nothing where there are none."""
        items: list[Inlines] = [
            (Math(f"{latex(name, self.notation)} = {latex(meaning, self.notation)}"),)
            for name, meaning in self.function.named
        ]
        return self.phrase("named", items=self.language.join(items)) if items else ()

    def declared(self) -> Inlines:
        """Every symbol with the place where it lies: ``{declare}`` in an author's statement."""
        items = [
            (Math(membership(self.names(node, self.counts()), node.data, node.shape)),)
            for node in self.function.symbols
        ]
        return self.language.join(items)

    def counts(self) -> dict[str, Size]:
        """The number of values of every summation index."""
        return {n.data.index: n.data.count for n in walk(self.function.formula) if n.op == "total"}

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
            d.answer
            for solution in self.solutions
            for d in solution.derivations
            if not any(one.means == "stack" and one.symbol.data.name in d.answer.free for one in d.introduced)
        ]
        return conditions([self.function.formula, *answers], self.notation, dict(self.function.named))

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
        for one in self.solutions:
            for derivation in one.derivations:
                if self.form == "show":
                    asked[(Math(goals.answer(derivation, one.function, self.notation)),)] = None
                    continue
                key = goals.goal_word(derivation, one.function)
                goal = Math(goals.goal(derivation, one.function, self.notation))
                asked[self.language.phrase(f"goal.{key}", goal=goal)] = None
        if self.form == "show":
            return self.phrase("show", result=self.language.join(list(asked)))
        return self.phrase("find", goals=self.language.join(list(asked)))

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
        prose = Prose(self.language)
        for part in (*self.given(), self.find()):
            prose.say(part)
        prose.end_paragraph()
        return tuple(prose.blocks)

    def given(self) -> tuple[tuple[Piece, ...], ...]:
        """What is given, without the question."""
        return (
            self.consider(), self.named(), self.assumptions(), self.assumed(), self.symmetric(), self.legend(),
        )  # fmt: skip

    def intro(self) -> tuple[Block, ...]:
        """What is given, alone."""
        prose = Prose(self.language)
        for part in self.given():
            prose.say(part)
        prose.end_paragraph()
        return tuple(prose.blocks)

    def question(self) -> tuple[Block, ...]:
        """What to find, alone: the parts of a problem share what is given."""
        prose = Prose(self.language)
        prose.say(self.find())
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


#: Assumptions in the order in which they are named.
ASSUMPTIONS = (
    "symmetric",
    "diagonal",
    "orthogonal",
    "positive_definite",
    "invertible",
    "full_column_rank",
    "positive",
    "one_hot",
)


def statement(solution: Solution, language: Language, notation: Notation, name: str) -> tuple[Block, ...]:
    """The generated statement of a problem as blocks. ``name`` is the problem's id."""
    return Statement(solution, language, notation, name).write()
