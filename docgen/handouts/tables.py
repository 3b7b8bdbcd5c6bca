"""Tables: docgen's own, and tables of functions with their derivatives in the layouts that are asked for.

Docgen's own tables are words and formulas of the language (``templates/<language>/tables.toml``: caption, head, rows,
note). In a table of functions nothing is typed: every derivative is derived and proved like that of a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from docgen.algebra.latex import latex
from docgen.algebra.node import Node
from docgen.algebra.notation import Notation
from docgen.calculus.derivation import Solution
from docgen.errors import LanguageError, Place, SpecError
from docgen.handouts.document import Block, Inlines, Math, Table
from docgen.handouts.handout import Chart
from docgen.handouts.language import Language, languages, load_language
from docgen.handouts.statement import Statement
from docgen.handouts.symbols import membership, rows_by_columns
from docgen.handouts.texts import Texts
from docgen.handouts.values import nearest
from docgen.handouts.wording import notation_of

if TYPE_CHECKING:
    from docgen.handouts import contents
    from docgen.handouts.spec import Problem

FILE = "tables.toml"
#: The entry of the file that holds the words of tables of functions; it is no table.
COMPUTED = "functions"

Solve = Callable[["Problem", Place], Solution]


@lru_cache(maxsize=32)
def entries(language: Language) -> Mapping[str, Any]:
    """The tables of a language by id, and the words of tables of functions."""
    return language.read(FILE)


# ---- from a spec ------------------------------------------------------------------------------------------------


def chart(block: contents.Table, number: int, layouts: Sequence[str], solve: Solve, at: Callable[..., Place]) -> Chart:
    """A table of the contents, its functions differentiated. ``layouts`` are those of the file, for a table that names
    none; ``at`` gives the place of a key of the block.

    Raises what ``solve`` raises, and SpecError where the functions have no variable.
    """
    if not block.rows:
        return Chart(block.table, str(number), caption=block.caption, place=at())
    chosen = tuple(block.layout or layouts)
    places = [at("rows", index) for index in range(len(block.rows))]
    rows = tuple(
        solve(_problem(block, row, chosen, place), place) for row, place in zip(block.rows, places, strict=True)
    )
    return Chart(block.table, str(number), rows, chosen, block.caption, at())


def _problem(block: contents.Table, row: contents.TableRow, layouts: tuple[str, ...], place: Place) -> Problem:
    from docgen.handouts.spec import Problem

    variable = row.variable or block.variable
    if variable is None:
        raise SpecError("the table names no variable", hint="Add one: variable: x", place=place)
    return Problem.model_validate(
        {
            "id": block.table,
            "function": row.function,
            "variable": variable,
            "shapes": {**block.shapes, **row.shapes},
            "assume": {**block.assume, **row.assume},
            "layout": layouts,
        }
    )


# ---- on a page --------------------------------------------------------------------------------------------------


def blocks(chart: Chart, language: Language, texts: Texts, chosen: Mapping[str, Any], caption: Inlines) -> list[Block]:
    """The table and the note below it. ``chosen`` is the file's notation, ``caption`` the author's.

    Raises LanguageError where the language lacks the table or a word of it, SpecError where no language has it.
    """
    number = language.word("tables.number").replace("#", chart.number)
    if chart.rows:
        return [_computed(chart, language, chosen, caption, number)]
    entry = _entry(language, chart.id, chart.place)
    head, rows = entry["head"], entry["rows"]
    table = Table(
        tuple(texts.inline(cell) for cell in head),
        tuple(tuple(texts.inline(cell) for cell in row) for row in rows),
        entry.get("align", "l" * len(head)),
        caption or texts.inline(entry["caption"]),
        chart.id,
        number,
    )
    return [table, *(texts.blocks(entry["note"]) if entry.get("note") else ())]


def _entry(language: Language, id: str, place: Place | None) -> Mapping[str, Any]:
    there, name = entries(language), id.replace("_", "-")
    entry = there.get(name)
    if isinstance(entry, Mapping) and {"caption", "head", "rows"} <= set(entry):
        return entry
    if any(name in entries(load_language(code)) for code in languages()):
        raise LanguageError(
            f"the language {language.code} has no table `{name}`",
            hint=f"Add [{name}] with caption, head and rows to templates/{language.code}/{FILE}.",
            place=place,
        )
    known = tuple(name for name in there if name != COMPUTED)
    hint = f"{nearest(name, known)} A table of your own has `rows:`, a list of functions."
    raise SpecError(f"there is no table `{id}`", hint=hint, place=place)


class _Words:
    """The words of a table of functions."""

    def __init__(self, language: Language, place: Place | None) -> None:
        self.language, self.place = language, place
        self.table = entries(language).get(COMPUTED, {})

    def __call__(self, key: str, **slots: object) -> Inlines:
        if key not in self.table:
            raise LanguageError(
                f"the language {self.language.code} has no words for `{key}` in tables of functions",
                hint=f"Add {key} to [{COMPUTED}] in templates/{self.language.code}/{FILE}.",
                place=self.place,
            )
        return self.language.typeset(self.language.fill(FILE, f"{COMPUTED}.{key}", self.table[key], slots))


def _computed(chart: Chart, language: Language, chosen: Mapping[str, Any], caption: Inlines, number: str) -> Table:
    """Function, condition, and a derivative for each layout."""
    words = _Words(language, chart.place)
    first = chart.rows[0].function
    one_variable = all(row.function.variable.data.name == first.variable.data.name for row in chart.rows)
    notation = notation_of(language, first, chosen)
    where = _where(first.variable, notation)
    head = [words("function_of", x=Math(where)) if one_variable else words("function")]
    conditions = [
        _conditions(row, language, notation_of(language, row.function, chosen), chart.id) for row in chart.rows
    ]
    variables = [() if one_variable else (Math(_where(r.function.variable, notation)),) for r in chart.rows]
    if not one_variable:
        head.append(words("variable"))
    if any(conditions):
        head.append(words("condition"))
    head += [words(layout) for layout in chart.layouts]
    rows = []
    for solution, condition, variable in zip(chart.rows, conditions, variables, strict=True):
        mine = notation_of(language, solution.function, chosen)
        cells: list[Inlines] = [(Math(latex(solution.function.formula, mine)),)]
        cells += [variable] if not one_variable else []
        cells += [condition] if any(conditions) else []
        cells += [(Math(written(d.answer, mine)),) for d in solution.derivations]
        rows.append(tuple(cells))
    title = caption or words("caption")
    return Table(tuple(head), tuple(rows), "l" * len(head), title, chart.id, number)


def _where(variable: Node, notation: Notation) -> str:
    return membership([latex(variable, notation)], variable.data, variable.shape)


def _conditions(solution: Solution, language: Language, notation: Notation, name: str) -> Inlines:
    """What is assumed of the variable of a row, what the other symbols are, and where its formulas make sense."""
    told = Statement(solution, language, notation, name)
    clauses = [*told.told_of([solution.function.variable]), *told.constants()]
    clauses += [(Math(found.latex),) for found in told.conditions() if found.kind == "formula"]
    return language.typeset(told.listed(clauses)) if clauses else ()


def written(answer: Node, notation: Notation) -> str:
    """A derivative as a table prints it: a zero that is no number has its size."""
    if answer.op == "zeros" and answer.shape.kind != "scalar":
        return f"0_{{{rows_by_columns(answer.shape)}}}"
    return latex(answer, notation)
