"""From a spec file to a handout: every problem read, derived and proved, numbered, and put in its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from docgen.algebra.node import workspace
from docgen.calculus.derivation import Function, Solution
from docgen.calculus.rules import RULES
from docgen.errors import DocgenError, Place, SpecError
from docgen.handouts import contents, figures, reuse
from docgen.handouts import tables as charts
from docgen.handouts.formulas import Formulas
from docgen.handouts.handout import (
    Break,
    Claimed,
    Entry,
    Handout,
    Item,
    Lesson,
    Passage,
    Plate,
    ProblemList,
    RuleTable,
    Section,
    Sheet,
)
from docgen.handouts.proofs import At, prove_claim
from docgen.handouts.resolve import declared
from docgen.handouts.solving import Solved, solve_parts, solve_problem
from docgen.handouts.spec import Problem
from docgen.handouts.values import Words, nearest
from docgen.reading import canonical, read_shape

if TYPE_CHECKING:
    from docgen.handouts.load import SpecFile

#: Kinds of rules that a table of the rules used lists; the rest are everyday algebra or the canonical forms.
LISTED = ("differential", "move", "recognise", "chain", "coordinate")
#: Rules of other kinds that it lists, too.
LISTED_TOO = ("trace_linear",)


def solve(problem: Problem, place: Place | None = None) -> Solution:
    """A problem without parts, solved alone. An error says where the formula was typed."""
    here = Place() if place is None else place
    return solve_problem(problem, lambda *keys, part="": here).solutions[0]


def prepare(spec: SpecFile, only: Collection[str] = ()) -> Handout:
    """The handout of a spec file. ``only`` names problems: the others are left out, and the numbers stay.

    Raises a DocgenError with its place for the first problem that cannot be solved, and for a key or block of the
    contents that docgen cannot carry out.
    """
    shown = numbers(spec)
    for name in only:
        if name not in shown:
            known = ", ".join(shown)
            raise SpecError(f"{spec.name} shows no problem {name!r}", hint=f"Its problems are: {known}.")
    _check_names(spec)
    sheets = {id: _sheet(spec, spec.problem(id), number) for id, number in shown.items() if not only or id in only}
    items = _items(spec, sheets, whole=not only)
    if only:
        items = [item for item in items if isinstance(item, ProblemList) and item.sheets]
    keys = spec.keys
    references = tuple(
        Entry(entry.id, number, entry.text, spec.place("references", number - 1))
        for number, entry in enumerate(keys.references, 1)
        if entry.text is not None
    )
    return Handout(
        name=spec.name,
        title=spec.title,
        items=tuple(items),
        course=keys.course,
        kind=keys.kind,
        number=keys.number,
        date=keys.date,
        author=keys.author,
        due=keys.due,
        macros=keys.macros,
        macros_place=spec.place("macros") if keys.macros else None,
        paper=keys.paper,
        notation=keys.notation.model_dump(exclude_none=True),
        symbols=_letters(spec),
        references=references,
    )


def _letters(spec: SpecFile) -> dict[str, bool]:
    """The symbols of the whole file with their rows and entries, and whether they are vectors or matrices."""
    found = {}
    for name, symbol in spec.keys.symbols.items():
        if symbol.shape is not None:
            kind = read_shape(symbol.shape, name).kind
            found[canonical(name)] = kind != "scalar"
            for member in (symbol.rows, symbol.entries):
                if member is not None:
                    found[canonical(member)] = kind == "matrix"
    return found


def numbers(spec: SpecFile) -> dict[str, str]:
    """The numbers of the problems that the contents show, by id and in order."""
    prefix = "" if spec.keys.number is None else f"{spec.keys.number}."
    shown = [id for block in spec.contents if isinstance(block, contents.Problems) for id in _ids(block, spec)]
    return {id: f"{prefix}{number}" for number, id in enumerate(shown, 1)}


def _ids(block: contents.Problems, spec: SpecFile) -> Sequence[str]:
    """The ids of a block of problems."""
    return [problem.id for problem in spec.problems] if block.problems == ("all",) else block.problems


def _items(spec: SpecFile, sheets: Mapping[str, Sheet], whole: bool) -> list[Item]:
    """The contents; only a ``whole`` handout has figures."""
    items: list[Item] = []
    tables = plates = 0
    for index, block in enumerate(spec.contents):
        at = partial(spec.place, "contents", index)
        match block:
            case contents.Section():
                items.append(Section(block.section, block.editions, at()))
            case contents.Paragraphs():
                items.append(Passage(block.text, at()))
            case contents.Rules():
                tables += 1
                items.append(_rule_table(block, tables, sheets.values(), at))
            case contents.Problems():
                items.append(ProblemList(tuple(sheets[id] for id in _ids(block, spec) if id in sheets)))
            case contents.Theory():
                items.append(Lesson(block.theory, at()))
            case contents.Table():
                tables += 1
                items.append(charts.chart(block, tables, spec.keys.layout, partial(_solve_row, spec), at))
            case contents.Claim():
                items.append(_claimed(block, spec, at(), at("claim")))
            case contents.Figure() if whole:
                plates += 1
                items.append(_plate(block, plates, spec, sheets, index))
            case contents.PageBreak() if block.page_break:
                items.append(Break())
    return items


def _rule_table(block: contents.Rules, number: int, sheets: Collection[Sheet], at: At) -> RuleTable:
    """A table of rules; that of the rules used lists those of the problems that are shown."""
    used = block.rules == ("used",)
    rules = _used(sheets) if used else tuple(RULES) if block.rules == ("all",) else block.rules
    for index, rule in enumerate(rules):
        if rule not in RULES:
            raise SpecError(
                f"there is no rule `{rule}`",
                hint=nearest(rule, ("used", "all", *RULES), "`docgen rules` lists the rules."),
                place=at("rules", index),
            )
    return RuleTable(f"rules-{number}", str(number), rules, used, block.caption, at())


def _plate(block: contents.Figure, number: int, spec: SpecFile, sheets: Mapping[str, Sheet], index: int) -> Plate:
    """A figure; where it names no problem, the nearest before it is tried first."""

    def functions(id: str) -> list[Function]:
        found = sheets[id].solutions if id in sheets else solved(spec, spec.problem(id))[0].solutions
        return [one.function for one in found]

    def own(keys: contents.FigureKeys) -> Function:
        given = {key: getattr(keys, key) for key in ("function", "name", "variable", "variables", "shapes", "assume")}
        problem = _of_file(spec, Problem.model_construct(**given))
        with workspace():
            found = [Formulas(problem).function(name) for name in problem.variables or (problem.variable,)]
        arguments = tuple(one.variable for one in found) if len(found) > 1 else ()
        return replace(found[0], arguments=arguments)

    above = [one for one in spec.contents[:index] if isinstance(one, contents.Problems)]
    before = [id for one in above for id in _ids(one, spec) if id in sheets]
    near = dict.fromkeys((*reversed(before), *sheets))
    at = partial(spec.place, "contents", index, "figure")
    return figures.plate(block, number, spec.path.parent, at, functions, iter(near), own)


def _used(sheets: Collection[Sheet]) -> tuple[str, ...]:
    """The rules that the solutions use, in the order of the table of rules."""
    used = {line.rule for sheet in sheets for one in sheet.solutions for d in one.derivations for line in d.lines}
    return tuple(rule for rule, row in RULES.items() if rule in used and (row.kind in LISTED or rule in LISTED_TOO))


def solved(spec: SpecFile, problem: Problem) -> tuple[Solved, ...]:
    """A problem of a file with all that its author states of it proved: itself, or each of its parts."""

    def at(*keys: str | int, part: str = "") -> Place:
        return spec.place_of(problem.id, *keys, part=part)

    if problem.parts:
        return solve_parts(problem, at)
    if reuse.goes_on(problem, [spec.problem(id) for id in problem.reuse]):
        return (reuse.without_gradient(solve_problem(reuse.with_gradient(problem), at)),)
    return (solve_problem(problem, at),)


def _sheet(spec: SpecFile, problem: Problem, number: str) -> Sheet:
    """One problem, solved."""
    found = solved(spec, problem)
    sheet = _filled(problem, number, found[0], spec, problem.id)
    if not problem.parts:
        return sheet
    parts = tuple(
        replace(
            _filled(part, part.id, one, spec, problem.id, part.id),
            goes_on=part.of is not None or _same_function(part, problem),
        )
        for part, one in zip(problem.parts, found, strict=True)
    )
    given = [part.points for part in parts if part.points is not None and not part.bonus]
    if given and sheet.points is not None and sum(given) != sheet.points:
        raise SpecError(
            f"the points of the parts add up to {sum(given):g}, and the problem has {sheet.points:g}",
            hint="Leave out the points of the problem: they are added up.",
            place=spec.place_of(problem.id, "points"),
        )
    sharing = [one for one, part in zip(parts, problem.parts, strict=True) if _same_function(part, problem)]
    points = sum(given) if given else sheet.points
    stated = sharing[0] if sharing else parts[0]
    return replace(
        sheet, parts=parts, points=points, solution=stated.solution, others=stated.others, cases=(), whole=bool(sharing)
    )


def _same_function(part: Problem, problem: Problem) -> bool:
    """Whether a part asks for something else of its problem's function."""
    keys = ("function", "variable", "variables", "shapes", "assume", "where")
    return problem.function is not None and all(getattr(part, key) == getattr(problem, key) for key in keys)


#: The keys of a problem with texts.
_TEXTS = ("title", "statement", "hint", "remark", "grading", "special")


def _filled(problem: Problem, number: str, found: Solved, spec: SpecFile, owner: str, part: str = "") -> Sheet:
    """The sheet of a problem or of a part of it; ``owner`` is the problem's id."""
    notes = [note.points for note in problem.grading if note.points]
    if notes and problem.points is not None and sum(notes) != problem.points:
        raise SpecError(
            f"the grading notes add up to {sum(notes):g}, and the points are {problem.points:g}",
            hint="Correct one of them.",
            place=spec.place_of(owner, "grading", part=part),
        )
    return Sheet(
        id=problem.id,
        number=number,
        solution=found.solutions[0],
        title=problem.title,
        statement=problem.statement,
        hint=problem.hint,
        remark=problem.remark,
        points=problem.points if problem.points is not None else sum(notes) if notes else None,
        bonus=problem.bonus,
        grading=tuple((note.points, note.text) for note in problem.grading),
        space=problem.space,
        place=spec.place_of(owner, part=part),
        places={key: spec.place_of(owner, key, part=part) for key in _TEXTS},
        form=problem.form,
        others=found.solutions[1:],
        cases=found.cases,
        says=_said(problem),
        reuse=problem.reuse,
    )


def _said(problem: Problem) -> dict[str, Words]:
    """What the file calls its symbols, by canonical name; a symbol whose shape the problem gives itself is another."""
    found: dict[str, Words] = {}
    for name, symbol in problem.common.symbols.items():
        if symbol.says is not None and symbol.shape is not None and symbol.is_meant(name, problem.shapes):
            found[canonical(name)] = symbol.says
    return found


def _claimed(block: contents.Claim, spec: SpecFile, place: Place, own: Place) -> Claimed:
    """A claim of the contents, proved with what the file says of its symbols."""
    problem = _of_file(spec, Problem.model_construct(shapes=block.shapes, assume=block.assume))
    with workspace():
        try:
            return Claimed(prove_claim(Formulas(problem), block.claim, own), block.text, place)
        except DocgenError as error:
            raise error.at(own) from None


def _solve_row(spec: SpecFile, problem: Problem, place: Place) -> Solution:
    """A row of a table of functions."""
    return solve(_of_file(spec, problem), place)


def _of_file(spec: SpecFile, problem: Problem) -> Problem:
    """A problem made of a block of the contents, with what the file says of the symbols that it does not declare."""
    said = declared(spec.keys)
    fitting = {name: what for name, what in said["assume"].items() if name not in problem.shapes}
    update = {"shapes": said["shapes"] | problem.shapes, "assume": fitting | problem.assume, "where": said["where"]}
    return problem.model_copy(update=update).within(spec.common)


def _check_names(spec: SpecFile) -> None:
    """Macros, functions and ties of symbols that no problem could use are told at once, at their own place."""
    with workspace():
        Formulas(_of_file(spec, Problem.model_construct())).macros.check()
