"""The symbols of a problem in words: where they lie, what is assumed of them, what the file calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Symbol, walk
from docgen.algebra.notation import Notation
from docgen.algebra.sizes import Shape, Size
from docgen.calculus.derivation import Solution
from docgen.handouts.document import Inlines, Math, Text
from docgen.handouts.inline import Piece
from docgen.handouts.language import Language, seed, separated
from docgen.handouts.spelling import of_function
from docgen.reading.declarations import ASSUMPTIONS


def rows_by_columns(shape: Shape) -> str:
    """``n \\times m``."""
    return rf"{shape.rows.latex()} \times {shape.cols.latex()}"


def space(shape: Shape) -> str:
    """The space of the values of a shape: ``\\mathbb{R}^{n \\times m}``."""
    if shape.kind == "scalar":
        return r"\mathbb{R}"
    if shape.kind == "vector":
        return rf"\mathbb{{R}}^{{{shape.rows.latex()}}}"
    return rf"\mathbb{{R}}^{{{rows_by_columns(shape)}}}"


def membership(names: Sequence[str], symbol: Symbol, shape: Shape) -> str:
    """Where symbols of one kind lie: ``a, b \\in \\mathbb{R}^{n}``, ``\\lambda > 0``, ``y \\in \\{-1, 1\\}``."""
    listed = ", ".join(names)
    if symbol.values:
        return rf"{listed} \in \{{{', '.join(str(value) for value in symbol.values)}\}}"
    if shape.kind == "scalar" and "positive" in symbol.assumptions:
        return f"{listed} > 0"
    return rf"{listed} \in {space(shape)}"


class Symbols:
    """Writes what a statement says of symbols. ``name`` is the problem's id, which picks among alternates.

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
        return self.language.pieces(f"statement.{key}", seed(f"{self.name}/{key}"), **slots)

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
        """One clause for each matrix or column of the function or of an answer, whose rows or entries are in the
        function."""
        clauses = []
        symbols = {node.data.name: node for node in self.function.symbols}
        answers = [derivation for solution in self.solutions for derivation in solution.derivations]
        told = symbols | {
            one.symbol.data.name: one.symbol
            for derivation in answers
            for one in derivation.introduced
            if one.means == "stack" and one.symbol.data.name in derivation.answer.free
        }
        for name, member in self.function.stacked.items():
            if name in told and member.data.name in symbols:
                of, one = told[name], symbols[member.data.name]
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

        def member(which: str) -> str:  # braces round an index, none in brackets of its own: x_{1}, x^{(1)}
            return place.sub(lambda at: which if written[at.start() - 1] == "(" else f"{{{which}}}", written)

        return [member("1"), r"\dots", member(count)]

    def listed(self, clauses: Sequence[Inlines]) -> Inlines:
        """Clauses in one sentence."""
        return separated(clauses, self.word("parts.comma"), self.word("parts.last"))

    def counts(self) -> dict[str, Size]:
        """The number of values of every summation index."""
        return {n.data.index: n.data.count for n in walk(self.function.formula) if n.op == "total"}
