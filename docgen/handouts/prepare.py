"""From a spec file to a handout: every problem read, derived and proved, numbered, and put in its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from docgen.algebra.node import workspace
from docgen.calculus.derivation import Assumed, Function, Solution
from docgen.calculus.derive import Request, derive_all
from docgen.calculus.rules import RULES
from docgen.errors import DocgenError, Place, SpecError
from docgen.handouts import tables as charts
from docgen.handouts import theory
from docgen.handouts.handout import (
    Break,
    Entry,
    Handout,
    Item,
    Lesson,
    Passage,
    ProblemList,
    RuleTable,
    Section,
    Sheet,
)
from docgen.reading import declare, read

if TYPE_CHECKING:
    from docgen.handouts.load import SpecFile
    from docgen.handouts.spec import Problem

#: Kinds of rules that a table of the rules used lists; the rest are everyday algebra or the canonical forms.
LISTED = ("differential", "move", "recognise")

#: Keys of a problem and of a file that are read and checked but not carried out.
_REFUSED = ("parts", "of", "variables", "where", "equals", "answer", "special", "claim", "reuse")
_REFUSED_FILE = ("functions", "macros")


def solve(problem: Problem, place: Place | None = None) -> Solution:
    """A problem of a spec file read, derived and proved. An error says where the formula was typed."""
    try:
        with workspace():
            reading = read(
                problem.function or "",
                problem.variable,
                declare(problem.shapes or None, problem.assume or None),
                elementwise=problem.elementwise,
                place=Place(formula=problem.function),
            )
            function = Function(problem.name, reading.formula, reading.variable, reading.symbols, reading.notation)
            request = Request(problem.task, problem.method, problem.layout, problem.detail, problem.constrained)
            found = derive_all(function, request)
    except DocgenError as error:
        raise (error.at(place) if place is not None else error) from None
    assumed = tuple(Assumed(notice.id, notice.facts) for notice in reading.notices)
    return Solution(function, found, assumed, {symbol.data.name: symbol.shape for symbol in function.symbols})


def prepare(spec: SpecFile, only: Collection[str] = ()) -> Handout:
    """The handout of a spec file. ``only`` names problems: the others are left out, and the numbers stay.

    Raises a DocgenError with its place for the first problem that cannot be solved, and for a key or block of the
    contents that docgen cannot carry out.
    """
    _refuse_file(spec)
    listed = _listed(spec)
    for name in only:
        if name not in listed:
            known = ", ".join(listed)
            raise SpecError(f"{spec.name} shows no problem {name!r}", hint=f"Its problems are: {known}.")
    sheets = {
        id: _sheet(spec, spec.problem(id), number) for number, id in enumerate(listed, 1) if not only or id in only
    }
    items = _items(spec, listed, sheets)
    if only:
        items = [item for item in items if isinstance(item, ProblemList) and item.sheets]
    keys = spec.keys
    references = tuple(
        Entry(entry.id, number, entry.text, spec.place("references", number - 1))
        for number, entry in enumerate(keys.references, 1)
        if entry.text is not None
    )
    chosen: dict[str, Any] = keys.notation.model_dump(exclude_none=True)
    return Handout(
        name=spec.name,
        title=spec.title,
        items=tuple(items),
        course=keys.course,
        kind=keys.kind,
        number=keys.number,
        date=keys.date,
        author=keys.author,
        paper=keys.paper,
        notation=chosen,
        references=references,
    )


def _listed(spec: SpecFile) -> list[str]:
    """The ids of the problems that the contents show, in order."""
    found: list[str] = []
    for block in spec.contents:
        if _kind(block) == "problems":
            found += [p.id for p in spec.problems] if block.problems == ("all",) else block.problems
    return found


def _kind(block: Any) -> str:
    """The key that says what a block of the contents is."""
    return {"Paragraphs": "text", "PageBreak": "page_break"}.get(type(block).__name__, type(block).__name__.lower())


def _items(spec: SpecFile, listed: list[str], sheets: Mapping[str, Sheet]) -> list[Item]:
    """The contents; a table of the rules used lists those of the problems that are shown."""
    items: list[Item] = []
    tables = 0
    for index, block in enumerate(spec.contents):
        place = spec.place("contents", index)
        match _kind(block):
            case "section":
                items.append(Section(block.section, block.editions, place))
            case "text":
                items.append(Passage(block.text, place))
            case "rules":
                tables += 1
                used = block.rules == ("used",)
                rules = _used(sheets.values()) if used else tuple(RULES) if block.rules == ("all",) else block.rules
                items.append(RuleTable(f"rules-{tables}", str(tables), tuple(rules), used, block.caption, place))
            case "problems":
                ids = listed if block.problems == ("all",) else block.problems
                items.append(ProblemList(tuple(sheets[id] for id in ids if id in sheets)))
            case "theory":
                items.append(Lesson(theory.resolved(block.theory, place), place))
            case "table":
                tables += 1
                items.append(charts.chart(block, tables, spec.keys.layout, solve, place))
            case "page_break":
                if block.page_break:
                    items.append(Break())
            case other:
                raise SpecError(f"docgen cannot carry out the block `{other}`", hint="Leave it out.", place=place)
    return items


def _used(sheets: Collection[Sheet]) -> tuple[str, ...]:
    """The rules that the solutions use, in the order of the table of rules."""
    used = {line.rule for sheet in sheets for d in sheet.solution.derivations for line in d.lines}
    return tuple(rule for rule, row in RULES.items() if rule in used and row.kind in LISTED)


def _sheet(spec: SpecFile, problem: Problem, number: int) -> Sheet:
    """One problem, solved and numbered."""
    for key in _REFUSED:
        if getattr(problem, key):
            place = spec.place_of(problem.id, key)
            raise SpecError(f"docgen cannot carry out the key `{key}` of a problem", hint="Leave it out.", place=place)
    if problem.form == "show":
        raise SpecError(
            "docgen cannot carry out `form: show`", hint="Leave it out.", place=spec.place_of(problem.id, "form")
        )
    solution = solve(problem, spec.place_of(problem.id, "function"))
    prefix = "" if spec.keys.number is None else f"{spec.keys.number}."
    return Sheet(
        id=problem.id,
        number=f"{prefix}{number}",
        solution=solution,
        title=problem.title,
        statement=problem.statement,
        hint=problem.hint,
        remark=problem.remark,
        points=problem.points,
        bonus=problem.bonus,
        grading=tuple((note.points, note.text) for note in problem.grading),
        space=problem.space,
        place=spec.place_of(problem.id),
    )


def _refuse_file(spec: SpecFile) -> None:
    for key in _REFUSED_FILE:
        if getattr(spec.keys, key):
            message = f"docgen cannot carry out the key `{key}` of a file"
            raise SpecError(message, hint="Leave it out.", place=spec.place(key))
